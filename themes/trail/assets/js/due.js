import words from "waymark:words/due";
import { speaker } from "./say.js";
import { name } from "./site.js";

const say = speaker(words);

// due shows the way to the review, with how much is due, where a reader has one.
export function due() {
  const link = document.querySelector("[data-due]");
  if (!link) return;
  try {
    const { days = {}, fresh = 0 } = JSON.parse(localStorage.getItem(name("due")) ?? "null") ?? {};
    const d = new Date(Date.now() - 4 * 3600e3); // as the review has it, a day begins at four
    const today = `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`;
    const n = Object.entries(days).reduce((sum, [day, count]) => sum + (day <= today ? count : 0), Math.min(fresh, 8));
    if (n) link.textContent = say("review", { n: n > 20 ? "20+" : n });
    link.hidden = !n;
  } catch {
    // Without a store there is no review to lead to.
  }
}
