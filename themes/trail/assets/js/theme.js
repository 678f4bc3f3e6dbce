const choices = ["system", "light", "dark"];

// themeSwitch lets a reader choose colours; "system" forgets the choice.
export function themeSwitch() {
  const button = document.querySelector("[data-theme-switch]");
  if (!button) return;
  const name = button.querySelector("[data-theme-name]");
  let chosen = document.documentElement.dataset.theme || "system";
  const show = () => {
    name.textContent = chosen[0].toUpperCase() + chosen.slice(1);
    button.setAttribute("aria-label", `Colours: ${chosen}. Change`);
  };
  button.addEventListener("click", () => {
    chosen = choices[(choices.indexOf(chosen) + 1) % choices.length];
    try {
      if (chosen === "system") {
        delete document.documentElement.dataset.theme;
        localStorage.removeItem("waymark-theme");
      } else {
        document.documentElement.dataset.theme = chosen;
        localStorage.setItem("waymark-theme", chosen);
      }
    } catch {
      // The choice holds for this page, and is not remembered.
    }
    show();
  });
  show();
  button.hidden = false;
}
