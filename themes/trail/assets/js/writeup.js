// What a reader learnt, as a note for a site of their own.
import words from "waymark:words/writeup";
import { speaker } from "./say.js";
import { log, names } from "./store.js";

const say = speaker(words);
const quoted = JSON.stringify; // which YAML reads as it is meant
const block = (name, items) => (items.length ? [`${name}:`, ...items.map((i) => `  - ${quoted(i)}`)] : []);
const quote = (text) => text.split("\n").map((l) => `> ${l}`).join("\n");

// writeUp returns the note: what was read, what one can do now, one's own answers, what was filled in, and what is still open.
export function writeUp() {
  const texts = JSON.parse(document.querySelector("[data-texts]")?.textContent ?? "{}");
  const answers = (item) => log(item).filter((e) => e.k === "answer" || e.k === "grade");
  const right = (e) => e && (e.r === 1 || e.g > 1);
  const read = [...document.querySelectorAll(".learned [data-page]")].filter((li) => li.querySelector("[data-did]").textContent);
  const reached = [...document.querySelectorAll(".learned li.reached")].map((li) => li.textContent.trim());
  const asked = names().filter((n) => n.startsWith("q/") && texts[n] && answers(n).length).sort();
  const open = asked.filter((n) => !right(answers(n).at(-1))).map((n) => texts[n]);
  const own = asked.map((n) => [texts[n], answers(n).findLast((e) => e.k === "answer" && /\s/.test(e.a ?? ""))?.a]).filter(([, a]) => a);
  const title = say("title", { site: document.querySelector(".brand").textContent.trim() });
  const day = new Date().toLocaleDateString("sv"); // which writes a day as ISO 8601 does
  const lines = ["---", `title: ${quoted(title)}`, `date: ${day}`, "type: note", "tags: [learning]", ...block("key_points", reached), ...block("questions", open), "revisit: [+1w, +1m]", "---", ""];
  const part = (heading, body) => body.length && lines.push(`## ${heading}`, "", ...body, "");
  part(say("read"), read.map((li) => {
    const a = li.querySelector("a");
    return `- [${a.textContent.trim().replace(/[[\]]/g, "\\$&")}](<${a.href}>)`;
  }));
  part(say("can"), reached.map((r) => `- ${r}`));
  part(say("own"), own.flatMap(([text, a]) => [`**${text}**`, "", quote(a), ""]));
  for (const item of names().filter((n) => /^[kw]\//.test(n) && texts[n]).sort()) {
    const state = {};
    for (const e of log(item).sort((a, b) => a.t - b.t)) if (e.k === "fill") state[e.f] = e.v;
    const filled = Object.entries(texts[item].parts).filter(([name]) => state[name]);
    part(texts[item].title, filled.flatMap(([name, label]) => (state[name] === true ? [`- [x] ${label}${state[`${name}/how`] ? `: ${state[`${name}/how`].replace(/\s+/g, " ")}` : ""}`] : [`**${label}**`, "", quote(String(state[name])), ""])));
  }
  part(say("open"), open.map((o) => `- ${o}`));
  return `${lines.join("\n").trimEnd()}\n`;
}
