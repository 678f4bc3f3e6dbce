import words from "waymark:words/copy";
import { speaker } from "./say.js";

const say = speaker(words);

// copyCode offers to copy a block of code, where the browser lets us.
export function copyCode() {
  if (!navigator.clipboard) return;
  for (const pre of document.querySelectorAll(".code pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = say("copy");
    button.setAttribute("aria-label", say("code"));
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(pre.textContent);
        button.textContent = say("done");
        setTimeout(() => (button.textContent = say("copy")), 2000);
      } catch {
        button.remove();
      }
    });
    pre.parentElement.append(button);
  }
}

// copyLink offers to copy the page's address, where the browser lets us.
export function copyLink() {
  const item = document.querySelector("[data-copy-link]");
  if (!item || !navigator.clipboard) return;
  const button = item.querySelector("button");
  const address = document.querySelector("link[rel=canonical]")?.href || location.href;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address);
      button.textContent = say("done");
    } catch {
      button.textContent = address;
    }
  });
  item.hidden = false;
}
