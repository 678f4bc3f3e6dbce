// Cards that a reader takes into their review.
import words from "waymark:words/keep";
import { make, press } from "./make.js";
import { speaker } from "./say.js";
import { add, log, move, parsed, set } from "./store.js";

const say = speaker(words);

// formerly gives an item what it has under the names that it had.
export function formerly(element, kind) {
  move(`${kind}/${element.dataset.item}`, (element.dataset.was ?? "").split("|").filter(Boolean).map((id) => `${kind}/${id}`));
}

// keep takes cards and questions into the review, but for those that are there, and returns how many these are. A page's own script
// knows nothing of schedules: what is new is counted, so that the way to the review can say so.
export function keep(elements, page) {
  let fresh = 0;
  for (const element of elements) {
    if ("once" in element.dataset) continue;
    const item = `${element.matches(".recall") ? "c" : "q"}/${element.dataset.item}`;
    if (log(item).length) continue;
    add(item, { k: "add", p: page });
    fresh++;
  }
  if (fresh) {
    const due = parsed("due", {});
    set("due", JSON.stringify({ ...due, fresh: (due.fresh ?? 0) + fresh }));
  }
  return fresh;
}

// offer lets a reader take the cards of a page into their review.
export function offer() {
  const cards = [...document.querySelectorAll(".recall")];
  if (!cards.length) return;
  cards.forEach((c) => formerly(c, "c"));
  const last = cards.at(-1).closest(".cards-to-keep");
  const status = make("span", { role: "status" });
  const button = press(say("do"), () => {
    keep(cards, location.pathname);
    button.remove();
    status.textContent = say("done");
  });
  const kept = cards.every((c) => log(`c/${c.dataset.item}`).length);
  last.append(make("p", { className: "tools" }, ...(kept ? [] : [button]), status));
  if (kept) status.textContent = say("done");
}
