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
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll(".term").forEach((t) => t.classList.add("away"));
  });
}
