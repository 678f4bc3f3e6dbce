// The page of what a reader did: told by course and objective, taken along as a file, brought back from one, and deleted.
import words from "waymark:words/record";
import { choose, fileName, isItem, save, site, whole } from "./file.js";
import { make, press } from "./make.js";
import { merge, read } from "./merge.js";
import { isRead } from "./progress.js";
import { day, speaker } from "./say.js";
import { get, log, names, set } from "./store.js";
import { writeUp } from "./writeup.js";

const say = speaker(words);
const list = (text) => (text ?? "").split("|").filter(Boolean);
const firstAnswer = (id) => log(`q/${id}`).find((e) => e.k === "answer");

// tell fills in what was done.
function tell() {
  document.querySelector("[data-date]").textContent = day(Date.now());
  for (const section of document.querySelectorAll(".learned")) {
    const pages = [...section.querySelectorAll("[data-page]")];
    let done = 0;
    for (const li of pages) {
      const asks = list(li.dataset.asks);
      const answered = asks.map(firstAnswer).filter(Boolean);
      const practised = list(li.dataset.cards).filter((id) => log(`c/${id}`).some((e) => e.k === "grade")).length;
      const read = isRead(li.dataset.page);
      if (read) done++;
      const says = [];
      if (read) says.push(say("read"));
      if (answered.length) says.push(say("answered", { done: answered.length, n: asks.length, right: answered.filter((e) => e.r === 1).length }));
      if (practised) says.push(say("practised", { n: practised }));
      li.querySelector("[data-did]").textContent = says.join(" · ");
      li.classList.toggle("nothing", !says.length);
      for (const o of li.querySelectorAll("li[data-asks]")) {
        const own = list(o.dataset.asks);
        const right = own.map((id) => log(`q/${id}`).findLast((e) => e.k === "answer" || e.k === "grade")).filter((e) => e && (e.r === 1 || e.g > 1)).length;
        o.classList.toggle("reached", right === own.length);
        o.classList.toggle("nothing", !right);
      }
    }
    section.querySelector("[data-sum]").textContent = say("sum", { done, n: pages.length });
  }
}

const place = document.querySelector("[data-own]");
const result = make("p", { role: "status", className: "result" });

// bring merges a file into what is kept. Nothing is deleted, whatever is in it.
function bring(text) {
  const file = read(text, site);
  if (file.problem) return say(`import.${file.problem}`, { site: file.name ?? "" });
  const known = new Set(names().filter(isItem));
  for (const li of document.querySelectorAll(".learned [data-page]")) {
    known.add(`p/${li.dataset.page}`);
    list(li.dataset.asks).forEach((id) => known.add(`q/${id}`));
    list(li.dataset.cards).forEach((id) => known.add(`c/${id}`));
  }
  let fresh = 0;
  let unknown = 0;
  for (const [item, events] of Object.entries(file.good)) {
    if (!isItem(item)) continue;
    const before = log(item);
    const after = merge(before, events);
    if (!known.has(item)) unknown++;
    fresh += after.length - before.length;
    if (after.length !== before.length) set(item, JSON.stringify({ v: 1, log: after }));
  }
  const bad = [...Object.entries(file.bad).map(([item, value]) => [`broken:import:${item}`, JSON.stringify(value)]), ...Object.entries(file.broken)];
  for (const [name, value] of bad) set(name.startsWith("broken:") ? name : `broken:${name}`, String(value));
  return [say("import.done", { n: fresh }), ...(unknown ? [say("import.unknown", { n: unknown })] : []), ...(bad.length ? [say("import.aside", { n: bad.length })] : [])].join(" ");
}

function download(name, text, type) {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

function exported() {
  download(fileName, whole(), "application/json");
  set("unsaved", "0");
}

function panel() {
  const input = make("input", { type: "file", accept: ".json,application/json", className: "hidden", tabIndex: -1, "aria-hidden": "true" });
  input.addEventListener("change", async () => {
    const texts = await Promise.all([...input.files].map((f) => f.text()));
    result.textContent = texts.map(bring).join(" ");
    input.value = "";
    tell();
  });
  const buttons = [press(say("export"), exported), press(say("import"), () => input.click())];
  if ("showSaveFilePicker" in globalThis) {
    const on = get("file") === "on";
    buttons.push(press(say(on ? "save.resume" : "save.always"), async () => {
      const saved = await (on ? save(true) : choose()).catch(() => false);
      result.textContent = say(saved ? "save.done" : "save.failed");
    }));
  }
  buttons.push(press(say("writeup"), () => download("what-i-learnt.md", writeUp(), "text/markdown")), press(say("print"), () => print()));
  const remove = press(say("delete"), () => {
    const sure = press(say("delete.sure"), () => {
      names().forEach((n) => n !== "theme" && set(n, null));
      tell();
      panel();
      result.textContent = say("deleted");
      place.querySelector("button").focus();
    });
    remove.replaceWith(sure);
    sure.focus();
  });
  place.replaceChildren(make("p", { className: "tools" }, ...buttons, remove), input, result);
  place.hidden = false;
}

tell();
panel();
