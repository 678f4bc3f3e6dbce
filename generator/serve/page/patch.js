// Changed words are put into a page as it stands. The page as it was sent before is compared with the page as it is sent
// now, and what differs is changed in the page that is shown, if no script can have a hand in it: that has to be the same
// as it was sent, and must be plain text, before and after.

const plain = new Set("A ABBR B BR CODE DD DEL DFN DT EM HR I INS KBD LI MARK P Q S SMALL SPAN STRONG SUB SUP TIME U".split(" "));
const harmless = new Set("href title lang dir datetime colspan rowspan start value".split(" "));
const machines = "meta[name], meta[property], title, script[type='application/ld+json']";

// patch makes the page that is shown, which was sent as old, the page that is sent as next. It returns false, and has
// changed nothing, where that is not sure.
export function patch(old, next) {
  const steps = [];
  const sure = attributesAgree(old.documentElement, next.documentElement) && attributesAgree(old.body, next.body) &&
    heads(old.head, next.head, steps) && compare(old.body, next.body, document.body, steps);
  if (sure) steps.forEach((step) => step());
  return sure;
}

const ours = (node) => node.nodeType === 1 && (node.matches("script[data-waymark]") || node.classList.contains("waymark-preview"));
const children = (node) => [...node.childNodes].filter((c) => !ours(c));
const attributesAgree = (a, b) => a.cloneNode().isEqualNode(b.cloneNode());

// heads compares what is said to machines, element by element.
function heads(old, next, steps) {
  const [before, after, now] = [old, next, document.head].map((head) => [...head.children].filter((e) => !ours(e)));
  if (before.length !== after.length || before.length !== now.length) return false;
  return before.every((e, i) => {
    if (e.isEqualNode(after[i])) return true;
    if (!e.matches(machines) || !after[i].matches(machines) || !now[i].matches(machines)) return false;
    steps.push(() => now[i].replaceWith(document.importNode(after[i], true)));
    return true;
  });
}

// compare finds what has to be done to make shown, which was sent as old, what is sent as next.
function compare(old, next, shown, steps) {
  if (old.isEqualNode(next)) return true;
  const [before, after, now] = [old, next, shown].map(children);
  if (before.length !== now.length) return false;
  let start = 0;
  while (start < before.length && start < after.length && before[start].isEqualNode(after[start])) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end].isEqualNode(after[after.length - 1 - end])) end++;
  const [gone, came, here] = [before.slice(start, before.length - end), after.slice(start, after.length - end), now.slice(start, now.length - end)];
  if (gone.length === came.length && gone.every((node, i) => alike(node, came[i], here[i]))) {
    return gone.every((node, i) => step(node, came[i], here[i], steps));
  }
  const inside = Boolean(shown.closest("pre"));
  if (!gone.every((node, i) => inert(node, inside) && node.isEqualNode(here[i])) || !came.every((node) => inert(node, inside))) return false;
  steps.push(() => {
    const anchor = now[now.length - end] || null;
    here.forEach((node) => node.remove());
    const fresh = came.map((node) => document.importNode(node, true));
    if (anchor) anchor.before(...fresh);
    else shown.append(...fresh);
  });
  return true;
}

// alike reports whether two nodes differ inside at most, and the one that is shown is of their kind.
function alike(a, b, here) {
  if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName || here.nodeName !== a.nodeName) return false;
  return a.nodeType !== 1 || attributesAgree(a, b);
}

function step(old, next, shown, steps) {
  if (old.nodeType === 1) {
    if (old.isEqualNode(next)) return true;
    return !["SCRIPT", "STYLE", "TEMPLATE", "SVG", "svg"].includes(old.nodeName) && compare(old, next, shown, steps);
  }
  if (old.data === next.data) return true;
  if (shown.data !== old.data) return false;
  steps.push(() => (shown.data = next.data));
  return true;
}

// inert reports whether a node is plain text that no script of a theme looks for: no block but a paragraph or an entry of a
// list, no id, and no class, but for the colours inside code.
function inert(node, inside) {
  if (node.nodeType !== 1) return node.nodeType === 3 || node.nodeType === 8;
  if (!plain.has(node.nodeName)) return false;
  return [...node.attributes].every((a) => harmless.has(a.name) || (inside && a.name === "class") || (node.nodeName === "A" && a.name === "class" && a.value === "external")) &&
    [...node.childNodes].every((c) => inert(c, inside));
}
