// What a preview adds to a page: it follows the page's changes, and shows its author what a reader never sees. The tag
// that loads this script says which version of the page was sent.
import { show } from "./bar.js";
import { patch } from "./patch.js";

const tag = document.querySelector("script[data-waymark]");
const own = tag.dataset;
const path = location.pathname;
let style = own.style || "";
let stream;
let known; // the page as the server last sent it: a promise of its text, until the first change of the parsed page
let work = Promise.resolve(); // changes are taken one after the other

// listen asks to be told of changes. What changed meanwhile is told at once.
function listen() {
  if (stream) return;
  stream = new EventSource(`/_waymark/events?${new URLSearchParams({ path, version: own.version, style, look: own.look || "", edits: own.follow || "", files: own.files || "", browser: browser() })}`);
  stream.addEventListener("rest", hush);
  stream.addEventListener("reload", () => (work = work.then(renew)));
  stream.addEventListener("go", (e) => go(JSON.parse(e.data)));
  stream.addEventListener("style", (e) => (work = work.then(() => restyle(e.data))));
  stream.addEventListener("files", (e) => changed(JSON.parse(e.data)));
  stream.addEventListener("look", look);
}

// browser is a number that all pages of this browser share: it has six connections to a server, and the server sees to it
// that some are left. A page that has to rest listens again when somebody turns to it.
function browser() {
  try {
    return (localStorage["waymark-browser"] ||= Math.random().toString(36).slice(2));
  } catch {
    return "";
  }
}

function hush() {
  stream?.close();
  stream = undefined;
}

function leave(how) {
  hush();
  how();
}

const reload = () => leave(() => location.reload());

// go leads to another page. Who comes back to this one is not led there again.
function go({ to, edits }) {
  own.follow = edits;
  leave(() => location.assign(to));
}

function changed({ files, known }) {
  own.files = known;
  if (files.some(loaded)) reload();
}

const fetchPage = async () => {
  const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
  return { ok: answer.ok, text: await answer.text() };
};

// renew puts changed words in their places, which takes a third of the time of a reload and keeps all that the reader did
// in the page. Where more changed than words, the page is loaded again; browsers keep its scroll position.
async function renew() {
  if (!known) return reload();
  try {
    const [before, after] = await Promise.all([known, fetchPage()]);
    const parser = new DOMParser();
    const old = before.page || parser.parseFromString(before.text, "text/html");
    const next = parser.parseFromString(after.text, "text/html");
    const version = next.querySelector("script[data-waymark]")?.dataset.version;
    if (!after.ok || !version || !before.ok || !patch(old, next)) return reload();
    own.version = version;
    known = Promise.resolve({ ok: true, page: next });
    look();
  } catch {
    reload();
  }
}

// remember fetches the page once more as it was sent, without what scripts did to it since.
async function remember() {
  const page = await fetchPage();
  return { ok: page.ok && page.text.includes(`data-version="${own.version}"`), text: page.text };
}

const absolute = (address) => new URL(address, location.href).href;

// loaded reports whether this page shows a file.
function loaded(address) {
  const whole = absolute(address);
  return performance.getEntriesByType("resource").some((r) => r.name === whole) ||
    [...document.querySelectorAll("img, source, video, audio, script, link")].some((e) => (e.currentSrc || e.src || e.href) === whole);
}

// restyle puts a new style sheet in the place of the old ones, which hold until the new one is there.
function restyle(address) {
  const old = [...document.querySelectorAll("link[rel=stylesheet]")].filter((l) => l.href === absolute(style) || "waymarkStyle" in l.dataset);
  if (!old.length) return reload();
  style = address;
  known = remember().catch(() => ({ ok: false }));
  const next = old.at(-1).cloneNode();
  next.removeAttribute("integrity");
  next.dataset.waymarkStyle = "";
  next.href = address;
  next.addEventListener("load", () => old.forEach((l) => l.remove()));
  next.addEventListener("error", () => address === style && reload());
  old.at(-1).after(next);
}

async function look() {
  if (own.look) return reload(); // this page is nothing but a report
  try {
    const answer = await fetch(`/_waymark/look?${new URLSearchParams({ path })}`);
    if (answer.ok) show(await answer.json());
  } catch {
    // The server went away; the stream comes back when it does.
  }
}

// A page that nobody sees does not listen, unless it is to follow.
const watch = () => (document.visibilityState === "hidden" && own.follow === undefined ? hush() : listen());
document.addEventListener("visibilitychange", watch);
addEventListener("focus", watch);
addEventListener("pointerenter", watch, true);
addEventListener("pagehide", hush);
addEventListener("pageshow", watch);
watch();
if (!own.look) known = remember().catch(() => ({ ok: false }));
