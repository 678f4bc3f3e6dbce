// Checklists and worksheets: what a reader fills in is kept, can be taken along as Markdown, and printed on a page of its own.
import words from "waymark:words/sheet";
import { make, press } from "./make.js";
import { day, speaker } from "./say.js";
import { add, log, move } from "./store.js";

const say = speaker(words);

// stateOf is what was last filled into each part.
function stateOf(item) {
  const state = {};
  for (const e of log(item).sort((a, b) => a.t - b.t)) if (e.k === "fill") state[e.f] = e.v;
  return state;
}

function begin(sheet) {
  const item = `${sheet.dataset.kind === "checklist" ? "k" : "w"}/${sheet.dataset.item}`;
  move(item, (sheet.dataset.was ?? "").split("|").filter(Boolean).map((id) => `${item[0]}/${id}`));
  const state = stateOf(item);
  const parts = [...sheet.querySelectorAll("[data-part]")];
  for (const part of parts) {
    const kept = state[part.dataset.part];
    if (kept !== undefined) {
      if (part.type === "checkbox") part.checked = kept === true;
      else part.value = kept;
    }
    part.addEventListener("change", () => {
      add(item, { k: "fill", f: part.dataset.part, v: part.type === "checkbox" ? part.checked : part.value });
      far();
    });
    if (part.matches("textarea")) {
      const grow = () => {
        part.style.height = "auto";
        part.style.height = `${part.scrollHeight + 2}px`;
      };
      part.addEventListener("input", grow);
      if (part.value) grow();
    }
  }
  const status = make("span", { className: "soft", role: "status" });
  const boxes = parts.filter((p) => p.type === "checkbox");
  const far = () => {
    if (boxes.length) status.textContent = say("ticked", { done: boxes.filter((b) => b.checked).length, n: boxes.length });
  };
  far();
  sheet.append(make("p", { className: "tools" }, press(say("download"), () => download(sheet)), press(say("print"), () => printed(sheet)), status));
}

// labelOf is what a part asks.
const labelOf = (part) => (part.closest("label").querySelector("span") ?? part.closest("label")).textContent.trim();

// markdown writes a sheet as a list or as questions with their answers.
export function markdown(sheet) {
  const title = sheet.querySelector(".sheet-title")?.textContent.trim() || document.querySelector("h1").textContent.trim();
  const value = (name) => sheet.querySelector(`[data-part="${name}"]`)?.value.trim() ?? "";
  const indent = (text) => text.replace(/\n/g, "\n  ");
  const lines = [`# ${title}`, "", `${value("date") || day(Date.now())}${value("names") ? `, ${value("names")}` : ""}`, ""];
  for (const part of sheet.querySelectorAll("[data-part]")) {
    const name = part.dataset.part;
    if (part.type === "checkbox") {
      lines.push(`- [${part.checked ? "x" : " "}] ${labelOf(part)}`);
      const how = value(`${name}/how`);
      if (how) lines.push(`  ${say("how")} ${indent(how)}`);
    } else if (sheet.dataset.kind === "worksheet") {
      lines.push(`**${labelOf(part)}**`, "", part.value.trim() || "____", "");
    }
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

function download(sheet) {
  const name = `${sheet.dataset.item.replaceAll("/", "-")}.md`;
  const link = make("a", { href: URL.createObjectURL(new Blob([markdown(sheet)], { type: "text/markdown" })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

// printed prints a sheet alone.
function printed(sheet) {
  const root = document.documentElement;
  root.classList.add("print-one");
  sheet.classList.add("printing");
  addEventListener("afterprint", () => {
    root.classList.remove("print-one");
    sheet.classList.remove("printing");
  }, { once: true });
  print();
}

document.querySelectorAll(".sheet-to-fill").forEach(begin);
