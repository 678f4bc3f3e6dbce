// copyLink offers to copy the page's address, where the browser lets us.
export function copyLink() {
  const item = document.querySelector("[data-copy-link]");
  if (!item || !navigator.clipboard) return;
  const button = item.querySelector("button");
  const address = document.querySelector("link[rel=canonical]")?.href || location.href;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address);
      button.textContent = "Copied";
    } catch {
      button.textContent = address;
    }
  });
  item.hidden = false;
}
