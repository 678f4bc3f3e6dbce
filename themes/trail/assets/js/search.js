// The search, as readers see it: in a dialog on every page, and on a page of its own.
import words from "waymark:words/search";
import { make, press } from "./make.js";
import { speaker } from "./say.js";
import { renew } from "./search/files.js";
import { facets, marked, place, search } from "./search/query.js";

const say = speaker(words);
const link = document.querySelector("[data-search]");
const page = new URL(link.href); // addresses of results are as this page would have them
const filterNames = ["kind", "tag", "phase", "course"];

// pieces makes what is shown of a text, with what was found in it marked.
const pieces = (text, matches) => marked(text, matches).map(([piece, found]) => (found ? make("mark", {}, piece) : piece));

// searcher makes a field, filters, and a list of what they find. In a dialog the list is that of a combobox (ARIA Authoring Practices
// Guide); on a page it is a list of links.
function searcher(inDialog) {
  const id = inDialog ? "wm-find" : "wm-search";
  const input = make("input", { type: "search", name: "q", id, autocomplete: "off", spellcheck: false, placeholder: say("label"), enterKeyHint: "search" });
  input.setAttribute("aria-label", say("label"));
  const list = make(inDialog ? "div" : "ol", { className: "results", id: `${id}-list` });
  const status = make("p", { className: "soft", role: "status" });
  const more = press(say("more"), () => show(shown, true));
  more.hidden = true;
  const filters = make("details", { className: "filters" }, make("summary", {}, say("filters")));
  const chosen = {};
  let asked = 0; // what is asked last is shown, whatever comes later
  let shown = "";
  let waiting; // until nothing is typed any more
  let active = -1;
  if (inDialog) {
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) input.setAttribute(name, value);
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", say("list"));
  }
  list.hidden = true;

  const options = () => [...list.querySelectorAll("a")];

  // choose makes one of the options the active one; none where there is no such.
  function choose(n) {
    const all = options();
    active = all.length && n >= -1 ? n % all.length : all.length - 1;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    const option = all[active];
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function item(result, matches, n) {
    const to = place(result, matches);
    const trail = [result.trail, to.heading].filter(Boolean);
    const a = make("a", { href: new URL(to.url, page).href, id: `${id}-${n}` },
      make("span", {}, make("strong", {}, ...pieces(result.title, matches)), " ", make("small", {}, say(`kind.${result.kind}`))),
      ...(trail.length ? [make("span", { className: "trail" }, ...trail.flatMap((t, i) => (i ? [" › ", ...pieces(t, matches)] : pieces(t, matches))))] : []),
      ...(result.about ? [make("span", {}, ...pieces(result.about, matches))] : []));
    if (!inDialog) return make("li", {}, a);
    a.setAttribute("role", "option");
    a.tabIndex = -1;
    return a;
  }

  async function show(query, further = false) {
    clearTimeout(waiting);
    const turn = ++asked;
    const from = further ? options().length : 0;
    try {
      const nothing = !query.trim() && !Object.values(chosen).some(Boolean);
      const found = nothing ? { results: [], total: 0, slips: [] } : await search(query, chosen, from);
      if (turn !== asked) return;
      shown = query;
      const items = found.results.map((r, i) => item(r, found.matches, from + i));
      if (further) list.append(...items);
      else list.replaceChildren(...items);
      const count = options().length;
      list.hidden = !count;
      more.hidden = count >= found.total;
      const said = count ? (found.more ? say("least") : say("results", { n: found.total })) : say("none", { query: query.trim() });
      status.textContent = nothing ? "" : [...[...found.slips].map(([typed, meant]) => say("slip", { typed, meant })), said].join(" ");
      list.dataset.of = query;
      if (inDialog) input.setAttribute("aria-expanded", String(count > 0));
      if (inDialog) choose(further ? from : -1);
      else if (further) options()[from]?.focus();
    } catch {
      if (turn === asked) status.replaceChildren(`${say("wrong")} `, make("a", { href: link.href }, say("everything")));
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => show(input.value), 80);
  });
  input.addEventListener("keydown", (event) => {
    if (!inDialog || event.isComposing) return;
    if (event.key === "ArrowDown") choose(active + 1);
    else if (event.key === "ArrowUp") choose(active < 0 ? -2 : active - 1);
    else if (event.key === "Escape") dialog.close(); // which would only empty the field
    else return;
    event.preventDefault();
  });
  filters.addEventListener("toggle", async () => {
    if (!filters.open || filters.querySelector("select")) return;
    try {
      const all = await facets();
      for (const by of filterNames) {
        const values = all.filter((f) => f.by === by);
        if (values.length < 2) continue;
        const named = (f) => (by === "kind" ? say(`kind.${f.value}`) : f.value);
        const select = make("select", {}, make("option", { value: "" }, say("any")), ...values.map((f) => make("option", { value: f.value }, `${named(f)} (${f.size})`)));
        select.addEventListener("change", () => {
          chosen[by] = select.value;
          show(input.value);
        });
        filters.append(make("label", {}, `${say(`by.${by}`)} `, select));
      }
    } catch {
      status.textContent = say("wrong");
    }
  });
  const form = make("form", { action: page.href, role: "search" }, input);
  form.addEventListener("submit", (event) => {
    if (inDialog && active < 0) return; // then the page shows all
    event.preventDefault();
    if (inDialog) return options()[active].click();
    const here = new URL(location.href);
    here.searchParams.set("q", input.value);
    try {
      history.replaceState(null, "", here);
    } catch {
      // A page of a file system keeps its address.
    }
    show(input.value);
  });
  return { form, input, nodes: [form, filters, status, list, more], show };
}

// onPage puts the search into the page that is made for it.
function onPage(here) {
  const own = searcher(false);
  here.replaceChildren(...own.nodes);
  const query = new URLSearchParams(location.search).get("q");
  if (query) {
    own.input.value = query;
    own.show(query);
  }
}

let dialog;

function open() {
  if (!dialog) {
    const own = searcher(true);
    const close = press("×", () => dialog.close(), say("close"));
    own.form.append(close);
    dialog = make("dialog", { className: "search-dialog" }, ...own.nodes, make("p", { className: "soft keys" }, say("keys")));
    dialog.setAttribute("aria-label", say("label"));
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("a")) dialog.close();
    });
    dialog.addEventListener("close", () => dialog.remove()); // the page is as it was sent, which a preview asks for
  } else if (!dialog.open) renew().catch(() => {});
  if (!dialog.open) {
    document.body.append(dialog);
    dialog.showModal();
  }
  const input = dialog.querySelector("input");
  input.focus();
  input.select();
}

document.addEventListener("waymark:search", open);
const here = document.querySelector("[data-search-here]");
if (here) onPage(here);
renew().catch(() => {}); // so that it is there when the first letter is typed
