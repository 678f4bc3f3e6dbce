// How far a reader has come: what they read, what they answered, and where they go on.
import words from "waymark:words/progress";
import { save } from "./file.js";
import { keep } from "./keep.js";
import { make, press } from "./make.js";
import { speaker } from "./say.js";
import { add, get, log, move, parsed, set } from "./store.js";

const say = speaker(words);
const { page, was, in: top, record } = document.body.dataset;

// isRead reports whether a reader has read a page, by its lasting id.
export const isRead = (id) => log(`p/${id}`).findLast((e) => e.k === "read" || e.k === "unread")?.k === "read";

export function progress() {
  if (was) move(`p/${page}`, was.split("|").map((id) => `p/${id}`));
  const place = document.querySelector("[data-read]");
  if (place) reading(place);
  marks();
  goOn();
  document.addEventListener("waymark:kept", ({ detail }) => {
    if (place && detail.k === "answer") answered(place);
    summary();
    keepSafe();
    clearTimeout(saving);
    saving = setTimeout(save, 500);
  });
}

let saving;

// reading offers to mark a page as read, and does so when its end is seen after a third of the time that it takes.
function reading(place) {
  const began = performance.now();
  const due = Number(place.dataset.read) * 20e3;
  let own = false; // whether the reader decided
  const set_ = (k) => {
    add(`p/${page}`, { k });
    if (k === "read") keep(document.querySelectorAll("main :is(.recall, .question:not(.ahead))"), location.pathname);
    draw();
    marks();
    goOn();
  };
  const draw = () => {
    place.hidden = false;
    const status = make("span", { className: "is-read" }, say("read"));
    const focused = place.contains(document.activeElement);
    const button = press(say(isRead(page) ? "unread" : "mark"), () => {
      own = true;
      set_(isRead(page) ? "unread" : "read");
    });
    place.replaceChildren(...(isRead(page) ? [status, button] : [button]));
    if (focused) button.focus();
  };
  place.markRead = () => own || isRead(page) || set_("read");
  draw();
  new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting && performance.now() - began >= due) place.markRead();
  }).observe(place);
}

// answered marks a page as read when each of its questions was answered.
function answered(place) {
  const asked = [...document.querySelectorAll(".question:not(.ahead)")];
  if (asked.length && asked.every((q) => log(`q/${q.dataset.item}`).some((e) => e.k === "answer"))) place.markRead();
}

// summary keeps how much of a page was answered and practised, so that others can say it.
function summary() {
  const count = (css, kind, of) => {
    const all = [...document.querySelectorAll(css)];
    return [all.filter((x) => log(`${kind}/${x.dataset.item}`).some((e) => of.includes(e.k))).length, all.length];
  };
  const sum = { q: count("main .question:not(.ahead)", "q", ["answer"]), c: count("main .recall", "c", ["grade"]) };
  if ((sum.q[1] || sum.c[1]) && document.querySelector("[data-read]")) set(`sum/${page}`, JSON.stringify(sum));
}

// marks shows beside links which pages were read.
function marks() {
  for (const link of document.querySelectorAll("[data-page-link]")) {
    const read = isRead(link.dataset.pageLink);
    link.classList.toggle("was-read", read);
    const says = link.querySelector(".hidden.read-mark");
    if (read && !says) link.append(make("span", { className: "hidden read-mark" }, ` (${say("read.mark")})`));
    if (!read) says?.remove();
  }
  const far = document.querySelector("[data-far]");
  if (!far) return;
  const links = own("main");
  const ids = links.map((a) => a.dataset.pageLink);
  const n = ids.filter(isRead).length;
  if (!n) return;
  const sums = ids.map((id) => parsed(`sum/${id}`, null)).filter(Boolean);
  const total = (of, at) => sums.reduce((sum, s) => sum + s[of][at], 0);
  const parts = [say("far.read", { done: n, n: ids.length })];
  if (total("q", 1)) parts.push(say("far.answered", { done: total("q", 0), n: total("q", 1) }));
  if (total("c", 0)) parts.push(say("far.practised", { n: total("c", 0) }));
  const next = furthest(links);
  far.replaceChildren(parts.join(" · "), ...(next ? [" ", make("a", { href: next.href, className: "button" }, say("continue", { page: titleOf(next) }))] : []));
  far.hidden = false;
}

// own returns the links to pages in a part of the page, each page once, in their order.
function own(css) {
  const seen = new Set();
  return [...document.querySelectorAll(`${css} [data-page-link]`)].filter((a) => !seen.has(a.dataset.pageLink) && seen.add(a.dataset.pageLink));
}

const titleOf = (link) => [...link.childNodes].filter((n) => !n.classList?.contains("read-mark")).map((n) => n.textContent).join("").trim();

// furthest returns the unread page that comes behind the last one that was read, or else the first that was not.
function furthest(links) {
  const last = links.findLastIndex((a) => isRead(a.dataset.pageLink));
  return links.slice(last + 1).find((a) => !isRead(a.dataset.pageLink)) ?? links.find((a) => !isRead(a.dataset.pageLink));
}

// goOn remembers where to go on, and says it on the home page.
function goOn() {
  const links = own(".side");
  if (top && links.length) {
    const next = furthest(links);
    set("last", next ? JSON.stringify({ top, url: new URL(next.href).pathname, page: titleOf(next) }) : null);
  }
  const place = document.querySelector("[data-continue]");
  const last = parsed("last", null);
  if (!place || !last) return;
  place.replaceChildren(make("a", { href: last.url, className: "button" }, say("continue", { page: last.page })), ` ${last.top}`);
  place.hidden = false;
}

// keepSafe says, after the tenth thing that was done and again after each fifty that are in no file, that browsers forget.
function keepSafe() {
  const unsaved = Number(get("unsaved") ?? 0) + 1;
  set("unsaved", String(unsaved));
  if (!record || (unsaved !== 10 && unsaved % 50 !== 0)) return;
  const line = make("div", { className: "notice safe", role: "status" });
  document.body.append(line);
  const away = press(say("safe.later"), () => line.remove());
  const safe = press(say("safe.do"), async () => {
    await navigator.storage?.persist?.();
    location.assign(record);
  });
  line.append(make("p", {}, say("safe")), make("p", { className: "tools" }, safe, away));
}
