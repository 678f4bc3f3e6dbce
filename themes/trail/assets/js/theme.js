import words from "waymark:words/theme";
import { speaker } from "./say.js";
import { name as stored } from "./site.js";

const say = speaker(words);

const choices = ["system", "light", "dark"];

// themeSwitch lets a reader choose colours; "system" forgets the choice.
export function themeSwitch() {
  const button = document.querySelector("[data-theme-switch]");
  if (!button) return;
  const name = button.querySelector("[data-theme-name]");
  let chosen = document.documentElement.dataset.theme || "system";
  const show = () => {
    const choice = say(chosen);
    name.textContent = choice;
    button.setAttribute("aria-label", say("label", { choice }));
  };
  button.addEventListener("click", () => {
    chosen = choices[(choices.indexOf(chosen) + 1) % choices.length];
    try {
      if (chosen === "system") {
        delete document.documentElement.dataset.theme;
        localStorage.removeItem(stored("theme"));
      } else {
        document.documentElement.dataset.theme = chosen;
        localStorage.setItem(stored("theme"), chosen);
      }
    } catch {
      // The choice holds for this page, and is not remembered.
    }
    show();
  });
  show();
  button.hidden = false;
}
