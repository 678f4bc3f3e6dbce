// The review: what a reader learnt, asked again before it is forgotten. When something is asked again follows from the log of what
// happened, by FSRS; nothing else is kept.
import words from "waymark:words/review";
import { begin } from "./ask.js";
import { formerly, keep } from "./keep.js";
import { make, press } from "./make.js";
import { day, speaker } from "./say.js";
import { add, log, names, parsed, set } from "./store.js";
import { createEmptyCard, fsrs, GenSeedStrategyWithCardId, StrategyMode } from "./ts-fsrs/ts-fsrs-5.4.2.js";

const say = speaker(words);
const scheduler = fsrs({ request_retention: 0.9, maximum_interval: 365, enable_fuzz: true, enable_short_term: false });
scheduler.useStrategy(StrategyMode.SEED, GenSeedStrategyWithCardId("card_id"));

const hour = 3600e3;
const now = () => Date.now();
// dayOf names a day, which begins at four in the morning: who sits up late has not begun another one.
const dayOf = (t) => {
  const d = new Date(t - 4 * hour);
  return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`;
};
const settings = () => ({ reviews: 20, fresh: 8, ...parsed("settings", {}) });

// gradeOf is how well something was remembered, from 1 (forgot) to 4 (at once).
function gradeOf(e) {
  if (e.k === "grade") return e.g;
  if (e.r !== 1) return 1;
  return e.s === 0 ? 2 : 3;
}

// Thing is one way in which a card or question is asked, with what became of it so far.
class Thing {
  constructor(element, face) {
    this.element = element;
    this.question = element.matches(".question");
    this.face = face;
    this.item = `${this.question ? "q" : "c"}/${element.dataset.item}`;
    this.digest = element.dataset.digest;
    this.practice = element.closest(".practice");
    this.replay();
  }

  // replay works out the state from the log.
  replay() {
    const all = log(this.item);
    this.known = all.length > 0;
    const undone = new Set(all.filter((e) => e.k === "undo").map((e) => e.of));
    const events = all.filter((e) => !undone.has(e.t) && (e.k === "grade" || e.k === "answer") && (e.f ?? "") === this.face).sort((a, b) => a.t - b.t);
    this.last = events.at(-1);
    this.events = events;
    this.card = null;
    for (const e of events) {
      const from = this.card ?? { ...createEmptyCard(new Date(e.t)), card_id: `${this.item}:${this.face}` };
      this.card = { ...scheduler.next(from, new Date(e.t), gradeOf(e)).card, card_id: from.card_id };
    }
  }

  get fresh() {
    return this.known && !this.card;
  }

  due(day) {
    return this.card !== null && dayOf(this.card.due.getTime()) <= day;
  }

  get today() {
    return this.events.some((e) => dayOf(e.t) === dayOf(now()));
  }

  // likely is how likely the reader still knows it.
  get likely() {
    return scheduler.get_retrievability(this.card, new Date(Math.max(now(), this.last.t)), false);
  }

  // mistaken says that the reader was sure, and wrong: that is asked first.
  get mistaken() {
    return this.last?.s === 1 && this.last?.r === 0;
  }

  get changed() {
    return Boolean(this.digest && this.last?.h && this.last.h !== this.digest);
  }
}

const things = () =>
  [...document.querySelectorAll(".practice :is(.recall, .question:not([data-once]))")].flatMap((element) => {
    formerly(element, element.matches(".recall") ? "c" : "q");
    return (element.dataset.faces ?? "").split(" ").map((face) => new Thing(element, face));
  });

// queue chooses what is asked today: of what is due, the least likely to be known; then what is new. Of one card only one way is
// asked in a day, and the courses take turns.
function queue(all) {
  const { reviews, fresh } = settings();
  const today = dayOf(now());
  const met = new Set(all.filter((t) => t.today).map((t) => t.item));
  const first = all.filter((t) => t.events.length && dayOf(t.events[0].t) === today && t.today).length;
  const again = all.filter((t) => t.today).length - first;
  const due = all.filter((t) => t.due(today) && !t.today);
  due.sort((a, b) => b.mistaken - a.mistaken || a.likely - b.likely);
  const once = (list, limit) => {
    const out = [];
    for (const t of list) {
      if (out.length >= limit || met.has(t.item)) continue;
      met.add(t.item);
      out.push(t);
    }
    return out;
  };
  const old = once(due, Math.max(0, reviews - again));
  const young = once(all.filter((t) => t.fresh), Math.max(0, fresh - first));
  return { asked: [...turns(old), ...turns(young)], more: old.length >= Math.max(0, reviews - again) && due.some((t) => !met.has(t.item)) };
}

// turns lets the pages of different courses follow one another.
function turns(list) {
  const groups = new Map();
  for (const t of list) {
    const name = t.practice.dataset.in.split("|")[0] || t.practice.dataset.page;
    groups.set(name, [...(groups.get(name) ?? []), t]);
  }
  const out = [];
  while (out.length < list.length) {
    for (const group of groups.values()) if (group.length) out.push(group.shift());
  }
  return out;
}

// forecast keeps how much is due on each day, so that the way to the review can say it without a scheduler.
function forecast(all) {
  const days = {};
  for (const t of all) {
    if (!t.card) continue;
    const day = dayOf(Math.max(t.card.due.getTime(), now()));
    days[day] = (days[day] ?? 0) + 1;
  }
  set("due", JSON.stringify({ days: { ...days, [dayOf(now())]: queue(all).asked.length }, fresh: 0 }));
  return days;
}

const stage = document.querySelector("[data-review]");
let session = null; // what is asked, what was missed, and what was done

function start() {
  keys = {};
  const all = things();
  const { asked, more } = queue(all);
  session = { asked, missed: [], done: [], all, current: undefined };
  forecast(all);
  stage.hidden = false;
  if (!all.some((t) => t.known)) return say_(make("p", { className: "lead" }, say("empty")));
  if (!asked.length) return finished();
  say_(
    make("p", { className: "lead" }, say("due", { n: asked.length }) + (more ? ` ${say("more", { n: settings().reviews })}` : "")),
    make("p", { className: "tools" }, press(say("start"), next)),
    ownSettings(),
  );
}

function say_(...nodes) {
  stage.replaceChildren(...nodes);
}

// next asks what comes next: what is left of today's, then what was missed, until it was right once.
function next() {
  keys = {};
  const t = session.asked.shift() ?? session.missed.shift();
  session.current = t;
  if (!t) return finished();
  const retry = session.missed.includes(t) || session.done.some((d) => d.thing === t);
  const left = session.asked.length + session.missed.length + 1;
  const progress = make("p", { className: "soft" }, say("left", { n: left }));
  const where = make("p", { className: "soft" }, make("a", { href: t.practice.dataset.url }, t.practice.querySelector("summary").firstChild.textContent.trim()));
  const changed = t.changed ? [make("p", { className: "flag" }, say("changed"))] : [];
  if (t.question) ask(t, retry, progress, where, changed);
  else show(t, retry, progress, where, changed);
}

function ask(t, retry, progress, where, changed) {
  const q = t.element.cloneNode(true);
  const onwards = press(say("next"), next);
  onwards.hidden = true;
  say_(progress, ...changed, q, make("p", { className: "tools" }, onwards), where);
  q.dataset.url = new URL(t.practice.dataset.url, location.href).pathname;
  begin(q, (outcome) => {
    session.done.push({ thing: t, counted: false });
    if (outcome !== "right") session.missed.push(t);
    t.replay();
    forecast(session.all);
    onwards.hidden = false;
  }, { quiet: retry });
  q.querySelector("input, select, textarea, button")?.focus();
}

// face returns what of a card is asked, and what is to be remembered.
function face(t) {
  const front = t.element.querySelector(".front").cloneNode(true);
  const back = t.element.querySelector(".back").cloneNode(true);
  if (t.face === "back") return [make("div", {}, ...back.childNodes), make("div", {}, ...front.childNodes)];
  if (!t.face.startsWith("c")) return [make("div", {}, ...front.childNodes), back];
  const number = t.face.slice(1);
  const asked = back.cloneNode(true);
  asked.querySelectorAll("[data-c]").forEach((b) => {
    if (b.dataset.c === number) b.textContent = `[${b.dataset.hint || "…"}]`;
    else b.replaceWith(...b.childNodes);
  });
  back.querySelectorAll("[data-c]").forEach((b) => b.dataset.c === number || b.replaceWith(...b.childNodes));
  return [asked, back];
}

const grades = [1, 2, 3, 4];

function show(t, retry, progress, where, changed) {
  const [asked, answer] = face(t);
  asked.className = "front";
  answer.className = "back";
  answer.hidden = true;
  const hint = t.element.querySelector(".hint")?.cloneNode(true);
  const tools = make("p", { className: "tools" });
  const reveal = () => {
    answer.hidden = false;
    const buttons = grades.map((g) => press(say(`grade.${g}`), () => grade(g)));
    tools.replaceChildren(...buttons);
    buttons[2].focus();
  };
  const grade = (g) => {
    if (!retry) {
      const events = add(t.item, { k: "grade", g, ...(t.face ? { f: t.face } : {}), h: t.digest });
      session.done.push({ thing: t, counted: true, at: events.at(-1).t });
      t.replay();
      forecast(session.all);
    }
    if (g === 1) session.missed.push(t);
    next();
  };
  tools.append(press(say("show"), reveal));
  const card = make("div", { className: "question on-stage" }, asked, ...(hint ? [hint] : []), make("div", { role: "status" }, answer), tools);
  say_(progress, ...changed, card, where, make("p", { className: "soft keys" }, say("keys")));
  tools.firstElementChild.focus();
  keys = { " ": () => answer.hidden && reveal(), ...Object.fromEntries(grades.map((g) => [String(g), () => !answer.hidden && grade(g)])), e: () => location.assign(t.practice.dataset.url) };
}

// undo takes back the last grade.
function undo() {
  const at = session?.done.findLastIndex((d) => d.counted) ?? -1;
  if (at < 0) return;
  const [{ thing, at: when }] = session.done.splice(at, 1);
  add(thing.item, { k: "undo", of: when });
  thing.replay();
  forecast(session.all);
  session.missed = session.missed.filter((t) => t !== thing);
  if (session.current) session.asked.unshift(session.current);
  session.asked.unshift(thing);
  next();
}

// bring fetches the cards of pages that are not in this one, because there are too many: what a reader has there, or adds.
async function bring(pages) {
  for (const practice of pages.filter((p) => "elsewhere" in p.dataset)) {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(practice.dataset.url)).text(), "text/html");
      const base = new URL(practice.dataset.url, location.href);
      page.querySelectorAll("[href], [src]").forEach((e) => ["href", "src"].forEach((a) => e.hasAttribute(a) && e.setAttribute(a, new URL(e.getAttribute(a), base).href)));
      practice.append(...page.querySelectorAll("main :is(.recall, .question:not(.ahead))"));
      delete practice.dataset.elsewhere;
    } catch {
      // From a file system a browser reads no other page: its cards are asked there.
    }
  }
}

let keys = {};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  const act = event.key.toLowerCase() === "u" ? undo : keys[event.key.toLowerCase()];
  if (!act || (event.key === " " && event.target.matches("button, summary, a"))) return;
  event.preventDefault();
  act();
});

function finished() {
  keys = {};
  const all = things();
  const days = forecast(all);
  const later = Object.keys(days).filter((d) => d > dayOf(now())).sort();
  const date = later[0] && day(`${later[0]}T12:00`, "full");
  const waiting = all.filter((t) => t.fresh).length;
  say_(
    make("p", { className: "lead" }, say("done")),
    make("p", {}, [date ? say("next.day", { date, n: days[later[0]] }) : "", waiting ? say("waiting", { n: waiting }) : ""].join(" ")),
    make("p", { className: "tools" }, press(say("calendar"), () => calendar(days))),
    ownSettings(),
  );
}

// calendar gives a file of the next sixty days, with how much is due on each.
function calendar(days) {
  const until = dayOf(now() + 60 * 24 * hour);
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const events = Object.keys(days).filter((d) => d <= until).sort().map((d) => {
    const day = d.replaceAll("-", "");
    const end = new Date(`${d}T12:00:00Z`);
    end.setUTCDate(end.getUTCDate() + 1);
    return `BEGIN:VEVENT\r\nUID:${day}@${document.documentElement.dataset.site.replaceAll("/", ".")}\r\nDTSTAMP:${stamp}\r\nDTSTART;VALUE=DATE:${day}\r\nDTEND;VALUE=DATE:${end.toISOString().slice(0, 10).replaceAll("-", "")}\r\nSUMMARY:${say("calendar.event", { n: days[d] })}\r\nURL:${location.href}\r\nEND:VEVENT\r\n`;
  });
  save("review.ics", `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Waymark//review//EN\r\n${events.join("")}END:VCALENDAR\r\n`, "text/calendar");
}

// save lets the browser save a text as a file.
function save(name, text, type) {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

function ownSettings() {
  const chosen = settings();
  const field = (name) => {
    const input = make("input", { type: "number", min: 0, max: 999, value: chosen[name] });
    input.addEventListener("change", () => set("settings", JSON.stringify({ ...settings(), [name]: Math.max(0, Number(input.value) || 0) })));
    return make("label", {}, `${say(`setting.${name}`)} `, input);
  };
  return make("details", { className: "settings" }, make("summary", {}, say("settings")), make("p", {}, field("reviews")), make("p", {}, field("fresh")));
}

const form = document.querySelector("[data-review-add]");
if (form.querySelector("option")) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wanted = form.querySelector("select").value;
    const having = (name) => (e) => e.dataset[name].split("|").includes(wanted);
    const pages = [...document.querySelectorAll(".practice")].filter(having("in"));
    await bring(pages);
    let n = 0;
    const take = (page, items) => (n += keep(items, new URL(page.dataset.url, location.href).pathname));
    for (const page of pages) take(page, page.querySelectorAll(".recall, .question"));
    for (const term of [...document.querySelectorAll("[data-terms]")].filter(having("terms"))) take(term.closest(".practice"), term.children);
    form.querySelector("output").textContent = n ? say("added", { n }) : say("added.none");
    start();
  });
}
// What a reader has on pages that are not here, their log says.
const had = new Set(names().filter((n) => /^[qc]\//.test(n)).flatMap((n) => log(n).map((e) => e.p)));
bring([...document.querySelectorAll(".practice[data-elsewhere]")].filter((p) => had.has(new URL(p.dataset.url, location.href).pathname))).then(start);
