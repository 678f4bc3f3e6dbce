// What maps gain where scripts run: a larger and a smaller map, one that fits, a whole screen for it, an overview, branches that fold,
// filters that stand in the address, and a way to a card wherever it is shown.
import words from "waymark:words/map";
import { speaker } from "./say.js";
import { overview } from "./map/overview.js";
import { filtering } from "./map/filter.js";

const say = speaker(words);

document.querySelectorAll(".map").forEach((map) => {
  const scroll = map.querySelector(".map-scroll");
  if (!scroll) return;
  const tools = document.createElement("div");
  tools.className = "map-tools";
  scroll.before(tools);
  const look = overview(scroll, tools);
  zooming(map, scroll, tools);
  folding(map);
  heading(scroll);
  further(scroll);
  new ResizeObserver(look).observe(scroll.firstElementChild);
});
filtering();
goToCard();
addEventListener("hashchange", goToCard);

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
const least = 0.02; // to which a map is made smaller to fit
const smallest = 13; // pixels of the smallest text of a map at its natural size
const far = 0.6; // below which only what cards say is shown
const readable = 12; // pixels below which nobody should have to read

// zooming makes a map larger and smaller: with buttons, with keys, with the wheel and Ctrl, and with two fingers. Panning is scrolling,
// and dragging what is empty does it too.
function zooming(map, scroll, tools) {
  const content = scroll.firstElementChild;
  const says = document.createElement("output");
  let scale = 1;
  let fitted = false;
  const set = (next) => {
    scale = next;
    content.style.zoom = scale === 1 ? "" : scale;
    content.classList.toggle("far", scale < far);
  };
  const tell = () => {
    const pixels = Math.floor(smallest * scale * 10) / 10;
    says.textContent = `${Math.round(scale * 100)}%` + (pixels < readable ? `: ${say("small", { pixels: Math.round(pixels) })}` : "");
  };
  const to = (wanted, x = scroll.clientWidth / 2, y = scroll.clientHeight / 2) => {
    const across = getComputedStyle(scroll).direction === "rtl" ? x - scroll.clientWidth : x; // from where scrolling begins
    const left = (scroll.scrollLeft + across) / scale;
    const top = (scroll.scrollTop + y) / scale;
    fitted = false;
    set(Math.min(Math.max(wanted, Math.min(steps[0], scale)), steps.at(-1))); // one that fits may be smaller, and does not grow by shrinking
    scroll.scrollLeft = left * scale - across;
    scroll.scrollTop = top * scale - y;
    tell();
  };
  // A table lays itself out anew at each size, so the size at which all of it is in sight is looked for.
  const fit = () => {
    const room = document.fullscreenElement === map ? scroll.clientHeight : innerHeight - 32;
    const fits = (at) => {
      set(at);
      return scroll.scrollWidth <= scroll.clientWidth && scroll.scrollHeight <= room;
    };
    let [low, high] = [least, 2];
    while (high - low > 0.002) {
      const middle = (low + high) / 2;
      if (fits(middle)) low = middle;
      else high = middle;
    }
    set(low);
    fitted = true;
    tell();
  };
  const larger = () => to(steps.find((s) => s > scale + 0.01) ?? scale);
  const smaller = () => to(steps.findLast((s) => s < scale - 0.01) ?? scale);
  const whole = () => (document.fullscreenElement ? document.exitFullscreen() : map.requestFullscreen());
  says.className = "soft";
  tell();
  tools.append(says, button("+", say("larger"), larger), button("−", say("smaller"), smaller), button(say("fit"), say("fit.label"), fit));
  if (document.fullscreenEnabled) tools.append(button(say("full"), "", whole));
  addEventListener("resize", () => fitted && fit());
  map.addEventListener("fullscreenchange", () => (document.fullscreenElement === map ? fit() : to(1)));
  const keys = { "+": larger, "=": larger, "-": smaller, 0: () => to(1), f: fit };
  scroll.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.target !== scroll) return;
    event.preventDefault();
    act();
  });
  const help = document.createElement("p");
  help.className = "map-keys";
  help.textContent = say("keys");
  scroll.after(help);
  scroll.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = scroll.getBoundingClientRect();
    to(scale * Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  fingers(scroll, () => scale, to);
  dragging(scroll);
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
    if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest(".card, button, a, summary, .slice-title")) return;
    if (event.offsetX > scroll.clientWidth || event.offsetY > scroll.clientHeight) return; // a scroll bar
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

// heading tells where the backbone ends, below which names of slices stay in sight.
function heading(scroll) {
  const head = scroll.querySelector("thead");
  if (head) new ResizeObserver(() => scroll.style.setProperty("--head", `${head.offsetHeight}px`)).observe(head);
}

// further says of a slice none of whose cards is in sight where they are, and leads there.
function further(scroll) {
  const slices = [...scroll.querySelectorAll("tbody[data-slice]")].map((slice) => {
    const lead = button("", "", () => slice.querySelector(".stories .card:not(.filtered-out)").scrollIntoView({ block: "nearest", inline: "center" }));
    lead.classList.add("further");
    lead.hidden = true;
    slice.querySelector(".slice-title").append(lead);
    return { slice, lead };
  });
  if (!slices.length) return;
  const look = () => {
    const frame = scroll.getBoundingClientRect();
    for (const { slice, lead } of slices) {
      const cards = [...slice.querySelectorAll(".stories .card:not(.filtered-out)")].map((c) => c.getBoundingClientRect()).filter((r) => r.width);
      const after = cards.filter((r) => r.left >= frame.right).length;
      const before = cards.filter((r) => r.right <= frame.left).length;
      lead.hidden = !cards.length || after + before < cards.length;
      lead.textContent = `${after > before ? "→" : "←"} ${say("further", { n: cards.length })}`;
    }
  };
  let asked = 0;
  const soon = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(look);
  };
  scroll.addEventListener("scroll", soon, { passive: true });
  const sizes = new ResizeObserver(soon);
  sizes.observe(scroll);
  sizes.observe(scroll.firstElementChild);
}

// folding lets a reader put away branches of an impact map and slices of a story map.
function folding(map) {
  map.querySelectorAll(".branch li > .branch").forEach((branch) => {
    const card = branch.parentElement.querySelector(":scope > .card");
    card.prepend(fold(card.querySelector(".what").textContent, (open) => (branch.hidden = !open)));
  });
  map.querySelectorAll("tbody[data-slice], .map-slices section[data-slice]").forEach((slice) => {
    const title = slice.querySelector(".slice-title, h2, h3, h4, h5, h6");
    const rest = slice.matches("tbody") ? slice.querySelectorAll("tr:not(.slice)") : slice.querySelectorAll(":scope > ol");
    title.prepend(fold(title.querySelector(".slice-name").textContent, (open) => rest.forEach((r) => (r.hidden = !open))));
  });
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

// goToCard brings a card into view that the address names, where its own place is hidden: on a phone, where a story map is shown slice
// by slice, or in what is folded away.
function goToCard() {
  const place = named(location.hash.slice(1)); // the browser itself may not have looked yet
  const map = place?.closest(".map");
  if (!map || place === map || place.matches(".map-end")) return;
  open(place);
  let card = place;
  if (!card.checkVisibility()) {
    const name = place.dataset.card ?? place.closest("[data-slice]")?.dataset.slice;
    const others = [...map.querySelectorAll("[data-card], section[data-slice]")];
    card = others.find((c) => c.checkVisibility() && (c.dataset.card ?? c.dataset.slice) === name);
  }
  if (!card) return;
  map.querySelectorAll(".named").forEach((c) => c.classList.remove("named"));
  card.classList.add("named");
  card.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
}
