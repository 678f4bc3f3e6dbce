import words from "waymark:words/map";
import { speaker } from "./say.js";

const say = speaker(words);

// What maps gain where scripts run: a larger and a smaller picture, branches that fold, filters that stand in the
// address, and a way to a card wherever it is shown.
export function maps() {
  document.querySelectorAll(".map").forEach((map) => {
    const scroll = map.querySelector(".map-scroll");
    if (!scroll) return;
    const tools = document.createElement("div");
    tools.className = "map-tools";
    scroll.before(tools);
    zooming(scroll, tools);
    folding(map, tools);
  });
  filtering();
  goToCard();
  addEventListener("hashchange", goToCard);
}

function button(text, label, act) {
  const b = document.createElement("button");
  b.type = "button";
  b.className = "button";
  b.textContent = text;
  if (label) b.setAttribute("aria-label", label);
  b.addEventListener("click", act);
  return b;
}

const steps = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];

// zooming makes a map larger and smaller: with buttons, with + - 0 on the keyboard, with the wheel and Ctrl, and with
// two fingers. Panning is scrolling, and dragging with a mouse does it too.
function zooming(scroll, tools) {
  const content = scroll.firstElementChild;
  const picture = content.matches("svg");
  let scale = 1;
  let natural = 0;
  const to = (wanted, x = scroll.clientWidth / 2, y = scroll.clientHeight / 2) => {
    const next = Math.min(Math.max(wanted, steps[0]), steps.at(-1));
    if (scale === 1) natural = content.getBoundingClientRect().width;
    const left = (scroll.scrollLeft + x) / scale;
    const top = (scroll.scrollTop + y) / scale;
    scale = next;
    if (picture) {
      content.style.minWidth = scale === 1 ? "" : "0";
      content.style.width = scale === 1 ? "" : `${natural * scale}px`;
    } else {
      content.style.zoom = scale === 1 ? "" : scale;
    }
    scroll.classList.toggle("zoomed", scale > 1);
    scroll.scrollLeft = left * scale - x;
    scroll.scrollTop = top * scale - y;
    says.textContent = `${Math.round(scale * 100)}%`;
  };
  const larger = () => to(steps.find((s) => s > scale + 0.01) ?? scale);
  const smaller = () => to(steps.findLast((s) => s < scale - 0.01) ?? scale);
  const says = document.createElement("output");
  says.className = "soft";
  says.textContent = "100%";
  tools.append(button("+", say("larger"), larger), button("−", say("smaller"), smaller), button(say("fit"), say("fit.label"), () => to(1)), says);
  scroll.addEventListener("keydown", (event) => {
    const act = { "+": larger, "=": larger, "-": smaller, 0: () => to(1) }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.target !== scroll) return;
    event.preventDefault();
    act();
  });
  scroll.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = scroll.getBoundingClientRect();
    to(scale * Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  fingers(scroll, () => scale, to);
  if (picture) dragging(scroll);
}

// fingers zooms by the distance of two of them.
function fingers(scroll, scale, to) {
  const down = new Map();
  let distance = 0;
  let from = 1;
  const apart = () => {
    const [a, b] = [...down.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  scroll.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (down.size === 2) {
      distance = apart();
      from = scale();
    }
  });
  scroll.addEventListener("pointermove", (event) => {
    if (!down.has(event.pointerId)) return;
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (down.size === 2 && distance > 0) to((from * apart()) / distance);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    scroll.addEventListener(end, (event) => down.delete(event.pointerId));
  }
}

function dragging(scroll) {
  let last = null;
  scroll.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0 || event.target === scroll) return;
    last = { x: event.clientX, y: event.clientY };
    scroll.setPointerCapture(event.pointerId);
  });
  scroll.addEventListener("pointermove", (event) => {
    if (!last) return;
    scroll.scrollLeft -= event.clientX - last.x;
    scroll.scrollTop -= event.clientY - last.y;
    last = { x: event.clientX, y: event.clientY };
  });
  for (const end of ["pointerup", "pointercancel"]) scroll.addEventListener(end, () => (last = null));
}

// folding lets a reader put away branches of an impact map and slices of a story map, and, in a text, the whole list.
function folding(map, tools) {
  const list = map.querySelector(".map-list");
  if (list && map.closest(".text")) {
    const toggle = button(say("list"), "", () => {
      const open = map.classList.toggle("unfolded");
      toggle.textContent = say(open ? "list.hide" : "list");
      toggle.setAttribute("aria-expanded", String(open));
    });
    toggle.classList.add("wide-only");
    toggle.setAttribute("aria-expanded", "false");
    tools.append(toggle);
  }
  map.querySelectorAll(".branch li > .branch").forEach((branch) => {
    const card = branch.parentElement.querySelector(":scope > .card > p");
    const name = card.querySelector(".what").textContent;
    card.prepend(fold(name, (open) => {
      branch.hidden = !open;
      mark(map, branch);
    }));
  });
  map.querySelectorAll("tbody[data-slice], .map-slices section[data-slice]").forEach((slice) => {
    const heading = slice.querySelector(".slice-title, h2, h3, h4, h5, h6");
    const rest = slice.matches("tbody") ? slice.querySelectorAll("tr:not(.slice)") : slice.querySelectorAll(":scope > ol");
    heading.prepend(fold(heading.querySelector(".slice-name").textContent, (open) => rest.forEach((r) => (r.hidden = !open))));
  });
}

// open unfolds the branches and slices that a card stands in.
function open(card) {
  for (let at = card.parentElement.closest("li, tbody, section"); at; at = at.parentElement.closest("li, tbody, section")) {
    at.querySelector(":scope > :is(.card, .slice, h2, h3, h4, h5, h6) .fold-branch[aria-expanded=false]")?.click();
  }
}

// named returns what an address's fragment names, if anything.
function named(fragment) {
  try {
    return document.getElementById(decodeURIComponent(fragment));
  } catch {
    return null; // no fragment that we wrote
  }
}

function fold(name, act) {
  const b = button("−", say("fold", { name }), () => {
    const open = b.getAttribute("aria-expanded") !== "true";
    b.setAttribute("aria-expanded", String(open));
    b.textContent = open ? "−" : "+";
    act(open);
  });
  b.className = "fold-branch";
  b.setAttribute("aria-expanded", "true");
  return b;
}

// mark takes the cards of folded branches out of the picture, and brings those of opened ones back.
function mark(map, branch) {
  branch.querySelectorAll("li[data-card]").forEach((card) => {
    const away = card.parentElement.closest(".branch[hidden]") !== null;
    map.querySelectorAll(`g[data-card="${CSS.escape(card.dataset.card)}"]`).forEach((g) => g.classList.toggle("collapsed", away));
  });
}

// filtering shows only the cards that a reader asks for. The choice stands in the address, so that it can be shared.
function filtering() {
  const form = document.querySelector("[data-map-filters]");
  if (!form) return;
  const map = document.querySelector(".map-page .map");
  const selects = [...form.querySelectorAll("select")];
  const leaves = [...map.querySelectorAll(".stories .card, .branch .deliverable, .branch .option")];
  const pictured = [...map.querySelectorAll("g[data-card]")];
  const fits = (card) => selects.every((s) => !s.value || (card.dataset[s.name] ?? "").split("|").includes(s.value));
  const apply = () => {
    const chosen = selects.some((s) => s.value);
    const shown = new Set();
    leaves.forEach((card) => {
      const fit = fits(card);
      card.classList.toggle("filtered-out", chosen && !fit);
      if (fit) for (let c = card; c; c = c.parentElement.closest("li[data-card]")) shown.add(c);
    });
    map.querySelectorAll(".branch li").forEach((card) => {
      const below = card.parentElement.closest(".deliverable");
      card.classList.toggle("filtered-out", chosen && !shown.has(card) && !shown.has(below));
    });
    map.querySelectorAll("tbody[data-slice], .map-slices section[data-slice], .map-slices li:has(> .path)").forEach((part) => {
      part.classList.toggle("filtered-out", chosen && !part.querySelector(".stories .card:not(.filtered-out)"));
    });
    const names = new Set([...map.querySelectorAll(".branch li:not(.filtered-out)")].map((c) => c.dataset.card));
    pictured.forEach((g) => g.classList.toggle("filtered-out", chosen && !names.has(g.dataset.card)));
    const all = new Set(leaves.map((c) => c.dataset.card));
    const left = new Set(leaves.filter((c) => !c.classList.contains("filtered-out")).map((c) => c.dataset.card));
    form.querySelector("output").textContent = chosen ? say("shown", { shown: left.size, all: all.size }) : "";
  };
  const address = new URLSearchParams(location.search);
  selects.forEach((s) => {
    const value = address.get(s.name);
    if ([...s.options].some((o) => o.value === value)) s.value = value;
  });
  const remember = () => {
    const query = new URLSearchParams();
    selects.forEach((s) => s.value && query.set(s.name, s.value));
    const text = query.toString();
    history.replaceState(null, "", location.pathname + (text ? `?${text}` : "") + location.hash);
    apply();
  };
  form.addEventListener("change", remember);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(remember));
  form.hidden = false;
  apply();
}

// goToCard brings a card into view that the address names, where its own place is hidden: on a phone, where a story map
// is shown slice by slice, or in a list that is folded away.
function goToCard() {
  const place = named(location.hash.slice(1)); // the browser itself may not have looked yet
  const map = place?.closest(".map");
  if (!map || place === map) return;
  if (!place.checkVisibility() && map.querySelector(".map-list")) map.classList.add("unfolded");
  open(place);
  let card = place;
  if (!card.checkVisibility()) {
    const name = place.dataset.card ?? place.closest("[data-slice]")?.dataset.slice;
    const others = [...map.querySelectorAll("[data-card], section[data-slice]")];
    card = others.find((c) => c.checkVisibility() && !c.closest("svg") && (c.dataset.card ?? c.dataset.slice) === name);
  }
  if (!card) return;
  map.querySelectorAll(".named").forEach((c) => c.classList.remove("named"));
  card.classList.add("named");
  card.scrollIntoView({ block: "center", behavior: "instant" });
}
