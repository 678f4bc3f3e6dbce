// menu closes the phone's menu on Escape, and when the reader turns elsewhere.
export function menu() {
  const details = document.querySelector("details.menu");
  if (!details) return;
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
  addEventListener("click", (event) => {
    if (details.open && !details.contains(event.target)) details.open = false;
  });
}
