import { name } from "./site.js";

// Runs before the page is drawn, so that a reader's choice of colours never flashes, and nothing folds away later.
document.documentElement.classList.add("js");
try {
  const chosen = localStorage.getItem(name("theme"));
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be closed to us; the system's colours hold.
}
