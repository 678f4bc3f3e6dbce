// The files of the index. Each is asked for once. Those of one build belong together: where a site was published anew meanwhile, they
// are asked for again. Root says which version of each other file belongs to it, so that a browser keeps those that stayed.
const address = new URL(document.querySelector("[data-index]").dataset.index, location.href);
const ending = address.pathname.slice(address.pathname.lastIndexOf("."));

const versionSize = 5;

let files = new Map();
let version = "";
let opened = null; // what root says
let anew = false; // whether a browser may have old files under new names

class Stale extends Error {}

// lines returns the lines of a file.
export function lines(name) {
  if (!files.has(name)) {
    files.set(name, load(name).catch((error) => {
      files.delete(name); // it may come the next time
      throw error;
    }));
  }
  return files.get(name);
}

// versionOf returns the version of a file: those of a sort follow one another, each for as many files.
async function versionOf(name) {
  const [, sort, n] = name.match(/^([a-z]+)(\d*)$/);
  const { files: together, versions } = (await root()).versions[sort];
  const at = Math.floor(n / together) * versionSize;
  return versions.slice(at, at + versionSize);
}

async function load(name) {
  const wanted = name === "root" ? "" : await versionOf(name);
  const where = new URL(`${name}${ending}`, address);
  where.search = wanted;
  const [own, ...rest] = (await (ending === ".js" ? script(name, where) : fetched(name, where))).split("\n");
  if (wanted && own !== wanted) throw new Stale(name);
  if (name === "root" && own !== version) {
    files = new Map([...files].filter(([known]) => known === "root"));
    opened = JSON.parse(rest[0]);
    version = own;
  }
  return rest.filter(Boolean);
}

// root returns what is known of the whole index.
export async function root() {
  await lines("root");
  return opened;
}

// renew asks whether the site was published anew since the index was first read, or, in a preview, changed.
export async function renew() {
  files.delete("root");
  await root();
}

// steady does something with files of one build: once more where the site was published anew meanwhile.
export async function steady(act, tries = 3) {
  await root();
  const began = version;
  try {
    const out = await act();
    if (began === version) return out;
  } catch (error) {
    if (tries < 1 || (began === version && !(error instanceof Stale))) throw error;
    if (error instanceof Stale) {
      files.delete("root");
      anew = true;
    }
  }
  return steady(act, tries - 1);
}

async function fetched(name, where) {
  const answer = await fetch(where, { cache: anew ? "reload" : name === "root" ? "no-cache" : "default" });
  if (!answer.ok) throw new Error(`${where}: ${answer.status}`);
  const data = new Uint8Array(await answer.arrayBuffer());
  if (data[0] !== 0x1f) return new TextDecoder().decode(data); // a host has opened it already
  return new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

// script reads a file that is a script: a browser gives no others from a disk.
function script(name, where) {
  return new Promise((done, failed) => {
    const waiting = (globalThis.waymarkIndexes ??= {});
    globalThis.waymarkIndex ??= (called, text) => waiting[called].splice(0).forEach((give) => give(text));
    (waiting[name] ??= []).push(done);
    const element = document.createElement("script");
    element.src = where.href;
    element.onload = element.onerror = () => {
      element.remove();
      failed(new Error(where.href)); // unless it has been given
    };
    document.head.append(element);
  });
}
