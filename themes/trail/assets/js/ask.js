// Questions that can be answered: a check, what is said to an answer, and what comes of it.
import words from "waymark:words/quiz";
import { make, press } from "./make.js";
import { day, speaker } from "./say.js";
import { add, log, move } from "./store.js";

const say = speaker(words);
const lang = document.documentElement.lang;

// fold makes texts alike that differ in case, accents, apostrophes and spaces only.
const fold = (text) => {
  const same = text.normalize("NFD").replace(/[\u0300-\u036f\u064b-\u065f\u0670]/g, "").normalize("NFC").replace(/[‘’ʼ´`]/g, "'").toLowerCase().replace(/\s+/g, " ").trim();
  return same.replace(/(.)[.!?]$/, "$1");
};

// sameText compares a text with a right one, which counts letter by letter where it stands between quotes.
const sameText = (given, right) => (/^".*"$/.test(right) ? given.trim() === right.slice(1, -1) : fold(given) === fold(right));

const separator = new Intl.NumberFormat(lang).formatToParts(1.5).find((p) => p.type === "decimal").value;
const decimal = separator === "," ? "," : ".";

// zeros are where the digits of other scripts begin that keyboards have.
const zeros = [0x660, 0x6f0, 0x966, 0xff10];

// ascii writes the digits of other scripts, and the marks between them, as the numbers of a program have them.
const ascii = (text) =>
  text.replace(/\u066b/g, decimal).replace(/\u066c/g, "").replace(/\p{Nd}/gu, (d) => {
    const zero = zeros.find((z) => d.codePointAt(0) >= z && d.codePointAt(0) < z + 10);
    return zero ? String(d.codePointAt(0) - zero) : d;
  });

// readNumber reads a number as the page's language writes it, and what stands behind it.
function readNumber(text) {
  const g = ascii(text).trim().replace(/−/g, "-").match(/^([-+]?[\d.,'\s]*\d)\s*(.*)$/);
  if (!g) return null;
  const plain = g[1].replace(/[\s']/g, "");
  const other = decimal === "," ? "." : ",";
  const point = plain.includes(decimal) || new RegExp(`^[-+]?\\d{1,3}(\\${other}\\d{3})+$`).test(plain) ? decimal : other;
  const number = Number(plain.replaceAll(point === "." ? "," : ".", "").replace(point, "."));
  return Number.isNaN(number) ? null : { number, unit: fold(g[2]) };
}

// Each kind says of the question whether there is an answer, and what is right in it: {right, says, chosen, said}. chosen is what is
// kept of it, and said names what the author says to it.
const kinds = {
  single: choices,
  several: choices,
  any: choices,
  order(q) {
    const rows = [...q.querySelectorAll(".rows > li")].map((li) => +li.dataset.n);
    let longest = 0;
    rows.forEach((_, from) => {
      let run = 1;
      while (rows[from + run] === rows[from] + run) run++;
      longest = Math.max(longest, run);
    });
    return { right: longest === rows.length, says: say("rows", { hits: longest, all: rows.length }), chosen: rows.join() };
  },
  match: (q) => shares([...q.querySelectorAll(".pairs > li")].map((li) => [li.querySelector("select").value, li.dataset.with, li])),
  gap(q, key) {
    const gaps = [...q.querySelectorAll(".gap")];
    return shares(gaps.map((g, i) => [g.value, key.gaps[i], g]), (given, right, g) => (g.matches("select") ? given === right : sameText(given, right)));
  },
  text(q, key) {
    const given = q.querySelector(".field input").value;
    return given.trim() && { right: key.texts.some((t) => sameText(given, t)), chosen: given, said: expected(key, given) };
  },
  number(q, key) {
    const given = q.querySelector(".field input").value;
    const read = readNumber(given);
    const near = (a, b) => a <= b + Math.abs(b) * 1e-9;
    const right = read && key.numbers.some((n) => near(n.low, read.number) && near(read.number, n.high) && (!read.unit || read.unit === fold(n.unit ?? "")));
    return given.trim() && { right: Boolean(right), chosen: given, said: expected(key, given, read) };
  },
};

// expected names what the author says to a wrong text or number that was expected.
function expected(key, given, read) {
  const at = (key.wrong ?? []).findIndex((w) => sameText(given, w) || (read && readNumber(w)?.number === read.number));
  return at < 0 ? [] : [`w${at}`];
}

function choices(q) {
  const all = [...q.querySelectorAll(".choices > li")];
  const chosen = all.filter((li) => li.querySelector("input").checked);
  if (!chosen.length) return null;
  const wanted = all.filter((li) => "right" in li.dataset);
  const hits = chosen.filter((li) => "right" in li.dataset).length;
  const more = chosen.length - hits;
  const names = chosen.map((li) => li.dataset.n);
  const answer = { chosen: names.join(), said: names };
  if (q.dataset.kind !== "several") return { ...answer, right: more === 0 };
  const says = more ? say("some.more", { hits, all: wanted.length, more }) : say("some", { hits, all: wanted.length });
  return { ...answer, right: more === 0 && hits === wanted.length, says };
}

function shares(rows, same = (a, b) => a === b) {
  if (rows.every(([given]) => !given.trim())) return null;
  const hits = rows.filter(([given, right, control]) => same(given, right, control));
  rows.forEach((row) => row[2].classList.toggle("off", !hits.includes(row)));
  return { right: hits.length === rows.length, says: say("shares", { hits: hits.length, all: rows.length }), chosen: rows.map(([given]) => given).join("|") };
}

// movable gives each row of an order buttons that move it.
function movable(q) {
  const list = q.querySelector(".rows");
  const status = make("span", { className: "hidden", role: "status" });
  list.after(status);
  const moved = (li, by, button) => {
    const other = by < 0 ? li.previousElementSibling : li.nextElementSibling;
    if (!other) return;
    if (by < 0) other.before(li);
    else other.after(li);
    button.focus();
    const rows = [...list.children];
    status.textContent = say("place", { row: li.firstElementChild.textContent, n: rows.indexOf(li) + 1, all: rows.length });
  };
  [...list.children].forEach((li) => {
    const row = li.firstElementChild.textContent;
    const up = press("↑", () => moved(li, -1, up), say("up", { row }));
    const down = press("↓", () => moved(li, 1, down), say("down", { row }));
    li.append(make("span", { className: "moves" }, up, down));
    li.draggable = true;
    li.addEventListener("dragstart", () => li.classList.add("dragged"));
    li.addEventListener("dragend", () => li.classList.remove("dragged"));
  });
  list.addEventListener("dragover", (event) => {
    const dragged = list.querySelector(".dragged");
    const over = event.target.closest(".rows > li");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged);
    else over.after(dragged);
  });
}

// begin brings a question to life. onDone is told what came of the first attempt: "right", "wrong" or "unknown", and how sure the
// reader was (1, 0, or undefined). A quiet one keeps nothing of it.
export function begin(q, onDone = () => {}, { quiet = false } = {}) {
  const item = `q/${q.dataset.item}`;
  move(item, (q.dataset.was ?? "").split("|").filter(Boolean).map((id) => `q/${id}`));
  const key = JSON.parse(q.dataset.key ?? "{}");
  const kind = q.dataset.kind;
  const answer = q.querySelector("details.key");
  const sheet = make("div", { className: "sheet", hidden: true });
  sheet.append(...[...answer.childNodes].filter((n) => n.nodeName !== "SUMMARY"));
  answer.remove();
  let tries = 0;
  let done = false;

  const result = make("div", { className: "result", role: "status" });
  const tools = make("div", { className: "tools" });
  q.append(tools, result, sheet);
  hints(q);
  if (kind === "order") movable(q);

  const first = (outcome, sure, chosen) => {
    if (tries > 0 || done) return;
    const r = { right: 1, wrong: 0, unknown: -1 }[outcome];
    if (!quiet) add(item, { k: "answer", r, p: q.dataset.url ?? location.pathname, ...(sure === undefined ? {} : { s: sure }), ...(chosen ? { a: chosen } : {}), h: q.dataset.digest });
    onDone(outcome, sure);
  };
  const told = (text, sign = "") => {
    result.className = `result ${sign}`;
    result.replaceChildren(make("p", {}, text));
  };
  const feedback = (names = []) => {
    for (const n of names) {
      const said = sheet.querySelector(`.said > [data-n="${n}"]`);
      const place = [...q.querySelectorAll(".choices > li")].findIndex((li) => li.dataset.n === n);
      if (said && place >= 0) said.firstElementChild.textContent = String.fromCharCode(65 + place);
      if (said) result.append(make("p", { className: "said" }, ...[...said.childNodes].map((c) => c.cloneNode(true))));
    }
  };
  const finish = () => {
    done = true;
    sheet.hidden = false;
    q.classList.add("done");
    q.querySelectorAll(".choices > li").forEach((li) => {
      const chosen = li.querySelector("input").checked;
      const right = "right" in li.dataset;
      if (!chosen && !right) return;
      li.classList.add(right ? "is-right" : "is-wrong");
      li.append(make("span", { className: "verdict" }, say(right ? (chosen ? "marked.right" : "marked.missed") : "marked.wrong")));
    });
    lock(true);
    draw();
  };
  const lock = (on) => q.querySelectorAll("fieldset :is(input, select, textarea, button)").forEach((c) => (c.disabled = on));

  const check = (sure) => {
    const found = kinds[kind](q, key);
    if (!found) return told(say("empty"));
    first(found.right ? "right" : "wrong", sure, found.chosen);
    tries++;
    const says = [found.says].filter(Boolean);
    if (found.right) told(say("right"), "is-right");
    else told([...says, say(tries < 2 ? "wrong" : "over"), ...(sure === 1 && tries === 1 ? [say("surewrong")] : [])].join(" "), "is-wrong");
    feedback(found.said);
    if (found.right || tries > 1) finish();
    else draw();
  };
  const show = (outcome) => {
    first(outcome);
    told(say("told"));
    finish();
  };
  const again = () => {
    done = false;
    tries = 1; // only the first attempt counts
    q.classList.remove("done");
    q.querySelectorAll(".verdict").forEach((v) => v.remove());
    q.querySelectorAll(".is-right, .is-wrong, .off").forEach((c) => c.classList.remove("is-right", "is-wrong", "off"));
    lock(false);
    q.querySelectorAll("fieldset :is(input, select, textarea)").forEach((c) => {
      c.checked = false;
      if (!c.matches("[type=radio], [type=checkbox]")) c.value = "";
    });
    vary(q);
    sheet.hidden = true;
    result.replaceChildren();
    draw();
    q.querySelector("fieldset :is(input, select, textarea, button)").focus();
  };
  const compare = () => {
    told("");
    done = true;
    sheet.hidden = false;
    const judge = (label, outcome, sure) =>
      press(label, () => {
        done = false;
        first(outcome, sure, q.querySelector("textarea").value.trim());
        done = true;
        told(say("noted"));
        draw();
      });
    tools.replaceChildren(judge(say("well"), "right", 1), judge(say("partly"), "right", 0), judge(say("missed"), "wrong"));
    tools.firstElementChild.focus();
  };

  function draw() {
    const focused = tools.contains(document.activeElement);
    const buttons = [];
    if (done) buttons.push(press(say("again"), again));
    else if (kind === "open") buttons.push(press(say("compare"), compare), press(say("unknown"), () => show("unknown")));
    else if ("sure" in q.dataset && tries === 0) buttons.push(press(say("check.sure"), () => check(1)), press(say("check.guess"), () => check(0)), press(say("unknown"), () => show("unknown")));
    else buttons.push(press(say("check"), () => check()), tries ? press(say("show"), () => show("wrong")) : press(say("unknown"), () => show("unknown")));
    tools.replaceChildren(...buttons);
    if (focused) buttons[0].focus();
  }
  draw();
  q.querySelectorAll(".field input, input.gap").forEach((input) =>
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || done) return;
      if ("sure" in q.dataset && tries === 0) tools.firstElementChild.focus(); // how sure, a reader says
      else check();
    }),
  );
  earlier(q, item, result);
}

// hints are shown one at a time.
function hints(q) {
  const all = [...q.querySelectorAll("details.hint")];
  all.slice(1).forEach((h) => (h.hidden = true));
  all.forEach((h, i) => h.addEventListener("toggle", () => h.open && all[i + 1] && (all[i + 1].hidden = false)));
}

// vary puts choices and rows into another order, unless their author wants theirs.
function vary(q) {
  if ("fixed" in q.dataset) return;
  for (const list of q.querySelectorAll(".choices, .rows, .pairs")) {
    const rows = [...list.children].map((li) => [Math.random(), li]).sort((a, b) => a[0] - b[0]);
    list.append(...rows.map(([, li]) => li));
  }
}

// earlier says what a reader did with a question before.
function earlier(q, item, result) {
  const events = log(item).filter((e) => e.k === "answer");
  const last = events.at(-1);
  if (!last) return;
  const date = day(last.t);
  result.append(make("p", { className: "soft" }, say(last.r === 1 ? "earlier.right" : "earlier.wrong", { date })));
}

// ahead keeps a reader's guess from before the text, and shows it at the question's own place.
export function ahead(q) {
  const item = `q/${q.dataset.item}`;
  const own = document.querySelector(`.question:not(.ahead)[data-item="${CSS.escape(q.dataset.item)}"]`);
  const result = make("div", { className: "result", role: "status" });
  const show = (text) => own?.querySelector("fieldset").append(make("p", { className: "soft guess" }, say("guessed", { answer: text })));
  const given = () => {
    const picked = [...q.querySelectorAll(".choices > li")].filter((li) => li.querySelector("input").checked).map((li) => li.querySelector("label").textContent.trim());
    const typed = [...q.querySelectorAll("input[type=text], select, textarea")].map((c) => c.value.trim()).filter(Boolean);
    const rows = [...q.querySelectorAll(".rows > li > :first-child")].map((s) => s.textContent);
    return [...picked, ...typed, ...rows].join(", ");
  };
  if (q.dataset.kind === "order") movable(q);
  const keep = press(say("keep"), () => {
    const text = given();
    if (!text) return result.replaceChildren(make("p", {}, say("empty")));
    add(item, { k: "guess", a: text });
    result.replaceChildren(make("p", {}, say("kept")));
    own?.querySelector(".guess")?.remove();
    show(text);
  });
  q.append(make("div", { className: "tools" }, keep), result);
  const before = log(item).findLast((e) => e.k === "guess");
  if (before) show(before.a);
}
