// followContents marks, in the contents of the page, the part that is being read.
export function followContents() {
  const links = [...document.querySelectorAll(".contents a")];
  const headings = links.map((a) => document.getElementById(decodeURIComponent(a.hash.slice(1)))).filter(Boolean);
  if (headings.length === 0) return;
  const mark = () => {
    const read = headings.filter((h) => h.getBoundingClientRect().top < innerHeight / 3);
    const current = read.at(-1);
    links.forEach((a) => {
      if (current && a.hash === `#${encodeURIComponent(current.id)}`) a.setAttribute("aria-current", "true");
      else a.removeAttribute("aria-current");
    });
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  }, { passive: true });
  mark();
}
