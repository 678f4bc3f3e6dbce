// tips lets Escape put away the meaning of a term (WCAG 2.2, 1.4.13), and keeps it inside the page.
export function tips() {
  document.querySelectorAll(".term").forEach((term) => {
    const open = () => {
      term.classList.remove("away");
      const box = term.querySelector(".tip").getBoundingClientRect();
      term.classList.toggle("back", box.right > document.documentElement.clientWidth - 8);
    };
    term.addEventListener("pointerenter", open);
    term.addEventListener("focusin", open);
    let finger = false;
    term.addEventListener("pointerdown", (event) => (finger = event.pointerType === "touch"));
    term.addEventListener("click", (event) => {
      // A finger has no way to point: its first tap opens the meaning, and the next one follows the link.
      const tapped = finger && event.detail > 0; // a key makes a click without one
      finger = false;
      if (!tapped || !event.target.closest("a") || term.classList.contains("tapped")) return;
      event.preventDefault();
      document.querySelectorAll(".term.tapped").forEach((t) => t.classList.remove("tapped"));
      term.classList.add("tapped");
      open();
    });
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll(".term").forEach((t) => t.classList.add("away"));
  });
  addEventListener("pointerdown", (event) => document.querySelectorAll(".term.tapped").forEach((t) => t.contains(event.target) || t.classList.remove("tapped")));
}
