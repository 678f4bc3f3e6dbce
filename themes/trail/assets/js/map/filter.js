import words from "waymark:words/map";
import { speaker } from "../say.js";

const say = speaker(words);

// filtering shows only the cards that a reader asks for, and lays the map out anew without the others. The choice stands in the address,
// so that it can be shared.
export function filtering() {
  const form = document.querySelector("[data-map-filters]");
  if (!form) return;
  const map = document.querySelector(".map-page .map");
  const selects = [...form.querySelectorAll("select")];
  const leaves = [...map.querySelectorAll(".stories .card, .branch .deliverable, .branch .option")];
  const table = map.querySelector("table.story");
  const columns = table && columnsOf(table);
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
    if (columns) narrow(columns, chosen);
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

// columnsOf returns each cell of a story map with the columns that it stands over.
function columnsOf(table) {
  return [...table.rows].flatMap((row) => {
    let at = 0;
    return [...row.cells].map((cell) => ({ cell, from: at, to: (at += cell.colSpan) }));
  });
}

// narrow leaves out the columns of a story map without a card that shows: each cell stands over those of its own that are left.
function narrow(cells, chosen) {
  const live = new Set();
  for (const { cell, from } of cells) if (cell.querySelector(".stories .card:not(.filtered-out)")) live.add(from);
  for (const { cell, from, to } of cells) {
    let left = 0;
    for (let c = from; c < to; c++) if (!chosen || live.has(c)) left++;
    cell.classList.toggle("filtered-out", left === 0);
    if (left) cell.colSpan = left;
  }
}
