// The search, as readers see it: in a dialog on every page, and on a page of its own.
import words from "waymark:words/search";
import { make, press } from "./make.js";
import { speaker } from "./say.js";
import { renew, root } from "./search/files.js";
import { facets, marked, place, search } from "./search/query.js";

const say = speaker(words);
const link = document.querySelector("[data-search]");
const here = document.querySelector("[data-search-here]");
const page = new URL(link?.href ?? location.pathname, location.href); // addresses of results are as this page would have them
const filterNames = ["kind", "tag", "phase", "course"];
const longest = 200; // signs of a query

// pieces makes what is shown of a text, with what was found in it marked.
const pieces = (text, matches) => marked(text, matches).map(([piece, found]) => (found ? make("mark", {}, piece) : piece));

// searcher makes a field, filters, and a list of what they find. In a dialog the list is that of a combobox (ARIA Authoring Practices
// Guide); on a page it is a list of links. chosen are the filters to begin with.
function searcher(inDialog, chosen = {}) {
  const id = inDialog ? "wm-find" : "wm-search";
  const input = make("input", { type: "search", name: "q", id, autocomplete: "off", spellcheck: false, placeholder: say("label"), enterKeyHint: "search", maxLength: longest, dir: "auto" });
  input.setAttribute("aria-label", say("label"));
  const list = make(inDialog ? "div" : "ol", { className: "results", id: `${id}-list`, hidden: true });
  const status = make("p", { className: "soft", role: "status" });
  const more = press(say("more"), () => show(shown, true));
  const form = make("form", { action: page.href, role: "search", id: `${id}-form` }, input);
  const filters = make("details", { className: "filters" }, make("summary", {}, say("filters")));
  let asked = 0; // what is asked last is shown, whatever comes later
  let shown = "";
  let whole = false; // whether all that there is of it was asked for
  let waiting; // until nothing is typed any more
  let active = -1;
  more.hidden = true;
  if (inDialog) {
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) input.setAttribute(name, value);
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", say("list"));
  }

  const options = () => [...list.querySelectorAll("a")];

  // choose makes one of the options the active one: the first again behind the last, and none for -1.
  function choose(n) {
    const all = options();
    active = n < 0 || !all.length ? -1 : n % all.length;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    const option = all[active];
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function item(result, matches, n) {
    const to = place(result, matches);
    const trail = [result.trail, to.heading].filter(Boolean);
    const a = make("a", { href: new URL(to.url, page).href, id: `${id}-${n}`, dir: "auto", lang: result.language },
      make("span", {}, make("strong", {}, ...pieces(result.title, matches)), " ", make("small", { lang: document.documentElement.lang }, say(`kind.${result.kind}`))),
      ...(trail.length ? [make("span", { className: "trail" }, ...trail.flatMap((t, i) => (i ? [" › ", ...pieces(t, matches)] : pieces(t, matches))))] : []),
      ...(result.about ? [make("span", {}, ...pieces(result.about, matches))] : []));
    if (!inDialog) return make("li", {}, a);
    a.setAttribute("role", "option");
    a.tabIndex = -1;
    return a;
  }

  // show shows what a query finds, or further results of it: where no more are known, all that there are.
  async function show(query, further = false) {
    clearTimeout(waiting);
    more.hidden = true;
    const turn = ++asked;
    const from = further ? options().length : 0;
    try {
      const nothing = !query.trim() && !Object.values(chosen).some(Boolean);
      let found = { results: [], total: 0, slips: [] };
      if (!nothing) found = await search(query, { filters: chosen, from, all: further && whole });
      if (turn !== asked) return;
      shown = query;
      const items = found.results.map((r, i) => item(r, found.matches, from + i));
      if (further) list.append(...items);
      else list.replaceChildren(...items);
      const count = options().length;
      list.hidden = !count;
      whole = found.more && count >= found.total;
      more.hidden = !whole && count >= found.total;
      const said = count ? (found.more ? say("least") : say("results", { n: found.total })) : say("none", { query: query.trim() });
      status.textContent = nothing ? "" : [...[...found.slips].map(([typed, meant]) => say("slip", { typed, meant })), said].join(" ");
      list.dataset.of = query; // for who waits for it: tests, and whoever builds on this
      if (inDialog) {
        input.setAttribute("aria-expanded", String(count > 0));
        if (further) input.focus();
        choose(further && count > from ? from : -1);
      } else if (further) (options()[from] ?? input).focus();
    } catch {
      if (turn !== asked) return;
      list.replaceChildren();
      list.hidden = true;
      status.replaceChildren(`${say("wrong")} `, make("a", { href: page.href }, say("everything")));
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    more.hidden = true;
    waiting = setTimeout(() => show(input.value), 80);
  });
  input.addEventListener("keydown", (event) => {
    if (!inDialog || event.isComposing) return;
    if (event.key === "ArrowDown") choose(active + 1);
    else if (event.key === "ArrowUp") choose(active < 1 ? options().length - 1 : active - 1);
    else if (event.key === "Escape") dialog.close(); // which would only empty the field
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (inDialog && active < 0) return; // then the page shows all
    event.preventDefault();
    if (inDialog) return options()[active].click();
    const address = new URL(location.href);
    for (const [name, value] of new FormData(form)) address.searchParams.set(name, value);
    try {
      history.replaceState(null, "", address);
    } catch {
      // A page of a file system keeps its address.
    }
    show(input.value);
  });

  // filter makes a field to choose by; none where there is nothing to choose.
  function filter(by, all) {
    const values = all.filter((f) => f.by === by);
    if (values.length < (by === "kind" ? 2 : 1)) return [];
    const named = (f) => (by === "kind" ? say(`kind.${f.value}`) : f.value);
    const select = make("select", { name: by }, make("option", { value: "" }, say("any")), ...values.map((f) => make("option", { value: f.value }, `${named(f)} (${f.size})`)));
    select.setAttribute("form", form.id);
    select.value = chosen[by] ?? "";
    select.addEventListener("change", () => {
      chosen[by] = select.value;
      show(input.value);
    });
    return [make("label", {}, `${say(`by.${by}`)} `, select)];
  }
  let filling;
  filters.addEventListener("toggle", () => {
    filling ??= facets().then((all) => {
      const fields = filterNames.flatMap((by) => filter(by, all));
      filters.append(...fields);
      filters.hidden = !fields.length;
    }, () => {
      filling = undefined;
      status.textContent = say("wrong");
    });
  });
  filters.open = Object.values(chosen).some(Boolean);
  return { form, input, nodes: [form, filters, status, list, more], show };
}

// onPage puts the search into the page that is made for it, with what its address asks for.
function onPage() {
  const wanted = new URLSearchParams(location.search);
  const own = searcher(false, Object.fromEntries(filterNames.filter((by) => wanted.get(by)).map((by) => [by, wanted.get(by)])));
  here.replaceChildren(...own.nodes);
  if (!wanted.has("q")) return;
  own.input.value = wanted.get("q").slice(0, longest);
  own.show(own.input.value);
}

let dialog;

function open() {
  if (!dialog) {
    const own = searcher(true);
    own.form.append(press("×", () => dialog.close(), say("close")));
    dialog = make("dialog", { className: "search-dialog" }, make("div", {}, ...own.nodes, make("p", { className: "soft keys" }, say("keys"))));
    dialog.setAttribute("aria-label", say("label"));
    dialog.addEventListener("click", (event) => {
      const leaves = event.target.closest("a") && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (event.target === dialog || leaves) dialog.close();
    });
    dialog.addEventListener("close", () => dialog.open || dialog.remove()); // the page is as it was sent, which a preview asks for
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
if (here) onPage();
root().catch(() => {}); // so that it is there when the first letter is typed
