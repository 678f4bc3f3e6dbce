// All that a reader did on a site, as one file that is theirs.
import { get, log, names, set } from "./store.js";

export const site = document.documentElement.dataset.site;

// isItem tells what happened to something from what this browser keeps for itself.
export const isItem = (name) => /^[pqckw]\//.test(name);

// whole returns the file.
export function whole() {
  const file = { version: 1, site, exported: new Date().toISOString(), log: {}, broken: {} };
  for (const name of names()) {
    if (isItem(name)) file.log[name] = log(name);
    else if (name.startsWith("broken:")) file.broken[name] = get(name);
  }
  return JSON.stringify(file, null, 1);
}

export const fileName = `waymark-progress-${site.replaceAll("/", "-")}.json`;

// handles keeps the file that a reader chose, which no other store of a browser can hold.
function handles(mode, act) {
  return new Promise((done, failed) => {
    const open = indexedDB.open(`waymark:${site}`, 1);
    open.onupgradeneeded = () => open.result.createObjectStore("files");
    open.onerror = () => failed(open.error);
    open.onsuccess = () => {
      const request = act(open.result.transaction("files", mode).objectStore("files"));
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    };
  });
}

// choose lets a reader name a file to which everything is saved from now on.
export async function choose() {
  const handle = await showSaveFilePicker({ suggestedName: fileName, types: [{ accept: { "application/json": [".json"] } }] });
  await handles("readwrite", (s) => s.put(handle, "progress"));
  set("file", "on");
  return save(true);
}

// save writes the file that a reader chose. Without a click of theirs a browser may refuse; then nothing is written, and it says so.
export async function save(asked = false) {
  if (get("file") !== "on") return false;
  try {
    const handle = await handles("readonly", (s) => s.get("progress"));
    const may = asked ? await handle.requestPermission({ mode: "readwrite" }) : await handle.queryPermission({ mode: "readwrite" });
    if (may !== "granted") return false;
    const out = await handle.createWritable();
    await out.write(whole());
    await out.close();
    set("unsaved", "0");
    return true;
  } catch {
    return false;
  }
}
