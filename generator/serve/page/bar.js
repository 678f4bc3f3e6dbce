// The author's bar at the foot of a page, and the list of mistakes above it.

let bar; // its parts that change

const make = (tag, className, ...children) => {
  const e = document.createElement(tag);
  e.className = className;
  e.append(...children.filter(Boolean));
  return e;
};

const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

function place(text, edit) {
  if (!edit) return make("span", "place", text);
  const a = make("a", "place", text);
  a.href = edit;
  a.title = "Open in your editor";
  return a;
}

function mistake(d) {
  const source = d.source && make("pre", "", d.mark ? `${d.source}\n${d.mark}` : d.source);
  if (source) source.tabIndex = 0;
  return make("li", d.severity,
    make("p", "what", make("b", "", d.severity), " ", d.message),
    make("p", "where", place(d.place, d.edit)),
    source,
    d.hint && make("p", "hint", d.hint));
}

const listed = (title, list) => (list.length ? [make("h3", "", title), make("ul", "", ...list.map(mistake))] : []);

function build() {
  const host = make("div", "waymark-preview");
  const root = host.attachShadow({ mode: "open" });
  const sheet = make("link", "");
  sheet.rel = "stylesheet";
  sheet.href = new URL("./preview.css", import.meta.url).href;
  const status = make("button", "status");
  status.type = "button";
  status.setAttribute("aria-controls", "panel");
  const panel = make("section", "panel");
  panel.id = "panel";
  panel.tabIndex = 0;
  panel.setAttribute("aria-label", "Mistakes");
  const facts = make("p", "facts");
  const news = make("p", "hidden");
  news.setAttribute("role", "status");
  const aside = make("aside", "", panel, make("div", "line", facts, status), news);
  aside.setAttribute("aria-label", "Author's bar");
  root.append(sheet, aside);
  document.body.append(host);
  document.documentElement.style.scrollPaddingBottom = "4rem"; // what has the focus is not behind the bar
  bar = { status, panel, facts, news, key: undefined };
  status.addEventListener("click", () => {
    open(panel.hidden);
    remember(panel.hidden ? bar.key : "");
  });
  root.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || panel.hidden) return;
    open(false);
    remember(bar.key);
    status.focus();
  });
}

function open(yes) {
  bar.panel.hidden = !yes;
  bar.status.setAttribute("aria-expanded", String(yes));
}

// Who closed a list of errors does not see it again on each page until there are other errors.
function remember(key) {
  try {
    sessionStorage.setItem("waymark-closed", key);
  } catch {
    // Then it opens again.
  }
}

function closedBefore(key) {
  try {
    return sessionStorage.getItem("waymark-closed") === key;
  } catch {
    return false;
  }
}

// show draws the bar. Errors that keep the page from being what its source says open the list, and close it when they go.
export function show(l) {
  if (!bar) build();
  const errors = [...l.wide, ...l.diagnostics].filter((d) => d.severity === "error");
  const something = l.wide.length + l.diagnostics.length + l.elsewhere.length + (l.waits || []).length > 0;
  bar.facts.replaceChildren(...facts(l));
  bar.panel.replaceChildren(...panel(l, errors));
  const counts = [l.errors && count(l.errors, "error"), l.warnings && count(l.warnings, "warning")].filter(Boolean).join(", ");
  bar.status.textContent = counts || (l.waits ? "Why it is held back" : "No mistakes");
  bar.status.classList.toggle("bad", l.errors > 0);
  bar.status.disabled = !something;
  const key = errors.map((d) => `${d.place} ${d.message}`).join("\n");
  if (key !== bar.key) {
    open(key !== "" && !closedBefore(key));
    bar.news.textContent = errors.length ? `${errors[0].place}: ${errors[0].message}` : bar.key ? "The mistake is mended" : "";
  }
  bar.key = key;
  if (!something) open(false);
}

const words = { draft: "Draft", future: "Scheduled", expired: "Expired" };

function facts(l) {
  return [
    make("b", "", "Preview"),
    ...(l.waits || []).map((w) => {
      const flag = make("span", "flag", words[w.reason]);
      flag.title = w.detail;
      return flag;
    }),
    l.stale && make("span", "bad", "shown as it was"),
    l.missing && !l.file ? make("span", "place", "no page has this address") : l.file ? place(l.file, l.edit) : make("span", "place", "no file: Waymark makes this page"),
    l.words && make("span", "more", count(l.words, "word")),
    l.words && make("span", "more", `${l.minutes} min`),
  ].filter(Boolean);
}

function title(l, errors) {
  if (!errors.length) return "About this page";
  if (l.wide.length) return "A mistake that concerns the whole site";
  return l.stale ? "This page is shown as it was" : "This page has errors";
}

function panel(l, errors) {
  const rest = l.warnings + l.errors - l.diagnostics.length - l.wide.length - l.elsewhere.length;
  const held = (l.waits || []).map((w) => make("li", "warning", make("p", "what", w.detail)));
  return [
    make("h2", "", title(l, errors)),
    ...listed("Until it is mended, what was there before holds", l.wide),
    ...listed("This page", l.diagnostics),
    ...(held.length ? [make("h3", "", "A plain build holds it back"), make("ul", "", ...held)] : []),
    ...listed("Other pages", l.elsewhere),
    rest > 0 && make("p", "hint", `${rest} more on other pages; waymark build prints them all.`),
  ].filter(Boolean);
}
