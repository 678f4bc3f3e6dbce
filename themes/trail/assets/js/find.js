// find opens the search: by its button, by "/" and by Ctrl-K. What searches is loaded when it is first wanted.
export function find() {
  const link = document.querySelector("[data-search]");
  if (!link) return;
  let loading;
  const load = () => (loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = link.dataset.search;
    if (link.dataset.integrity) script.integrity = link.dataset.integrity;
    script.onload = () => {
      script.remove();
      done();
    };
    script.onerror = () => failed((loading = undefined));
    document.head.append(script);
  }));
  const open = (event) => {
    event.preventDefault();
    const here = document.querySelector("[data-search-here] input");
    if (here) here.focus();
    else load().then(() => document.dispatchEvent(new Event("waymark:search")), () => location.assign(link.href));
  };
  for (const early of ["pointerenter", "focus"]) link.addEventListener(early, () => document.querySelector("[data-search-here]") || load().catch(() => {}));
  link.addEventListener("click", (event) => event.ctrlKey || event.metaKey || event.shiftKey || open(event));
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (slash || (event.key?.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey)) open(event);
  });
}
