// What readers did is kept in their own browser. There is a record for each item (a page, a question, a card), so that two tabs
// never write over one another. A record holds what happened, never what follows from that.
import words from "waymark:words/store";
import { speaker } from "./say.js";
import { name } from "./site.js";

const say = speaker(words);

let memory = null; // what is kept where the browser keeps nothing

// get returns what is kept under a name, or null.
export function get(item) {
  if (memory?.has(item)) return memory.get(item);
  try {
    return localStorage.getItem(name(item));
  } catch {
    return null;
  }
}

// set keeps a text under a name; null forgets it. Where the browser is full, or keeps nothing, the reader is told once, and it is
// kept until the tab is closed.
export function set(item, text) {
  try {
    if (text === null) localStorage.removeItem(name(item));
    else localStorage.setItem(name(item), text);
    memory?.delete(item);
  } catch {
    const told = document.querySelector(".notice.memory"); // perhaps by another script of the page
    memory ??= new Map();
    if (!told) {
      const line = document.createElement("p");
      line.className = "notice memory";
      line.setAttribute("role", "status");
      document.querySelector("main").prepend(line);
      line.textContent = say("memory");
    }
    memory.set(item, text);
  }
}

// parsed returns what is kept under a name as a value, or another one where that cannot be read.
export function parsed(item, otherwise) {
  try {
    return JSON.parse(get(item)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

// log returns what happened to an item, the oldest first. A record that cannot be read is set aside, and nothing of it is lost.
export function log(item) {
  const text = get(item);
  if (text === null) return [];
  try {
    const record = JSON.parse(text);
    if (!Array.isArray(record.log)) throw new TypeError("no log");
    return record.log.filter((e) => typeof e?.t === "number");
  } catch {
    set(`broken:${Date.now()}:${item}`, text);
    set(item, null);
    return [];
  }
}

// add adds what happened now to an item, and tells the page.
export function add(item, event) {
  const events = [...log(item), { t: Date.now(), d: device(), ...event }];
  set(item, JSON.stringify({ v: 1, log: events }));
  document.dispatchEvent(new CustomEvent("waymark:kept", { detail: event }));
  return events;
}

// names returns the names of all that is kept of this site.
export function names() {
  const own = [...(memory?.keys() ?? [])];
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(name("")) && !memory?.has(key.slice(name("").length))) own.push(key.slice(name("").length));
  } catch {
    // What is in memory is all.
  }
  return own;
}

// device is a name for this browser, by which what happened elsewhere is told apart.
export function device() {
  let id = get("device");
  if (!id) set("device", (id = Math.random().toString(36).slice(2, 8)));
  return id;
}

// move gives an item what its former names have, where it has nothing yet.
export function move(item, former) {
  if (get(item) !== null) return;
  const old = former.find((f) => get(f) !== null);
  if (!old) return;
  set(item, get(old));
  set(old, null);
}
