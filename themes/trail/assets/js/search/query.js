// What a query finds. The index is in many small files: the words of the query say which are needed.
import { lines, root, steady } from "./files.js";
import { distance, fold, words } from "./fold.js";

// postings reads which entries a group of words has, and with which impact: the format is that of the package search.
function postings(text) {
  const out = new Map();
  for (const run of text ? text.split(";") : []) {
    let at = 0;
    for (const more of run.slice(1).split(",")) out.set((at += parseInt(more, 36)), Number(run[0]));
  }
  return out;
}

// group reads the words of one stem: which, where they stand, in how many entries, and where the list goes on.
function group(line) {
  const [own, best, size, rest] = line.split("\t");
  const list = postings(best);
  return { line, words: own.split(" "), list, size: Number(size) || list.size, rest };
}

const groups = new Map();

async function groupsOf(file) {
  const text = await lines(`t${file}`);
  if (!groups.has(text)) groups.set(text, text.map(group));
  return groups.get(text);
}

// filesFor returns the files in which a word is, or words that begin with it.
async function filesFor(form, prefix) {
  const { firsts } = await root();
  let at = firsts.findLastIndex((first) => first <= form);
  at = Math.max(at, 0);
  return prefix && form.length > 1 && firsts[at + 1]?.startsWith(form) ? [at, at + 1] : [at];
}

// whole adds to a group the entries that are not among its best.
async function whole(g) {
  if (!g.rest) return g;
  const [file, line] = g.rest.split(".");
  const more = postings((await lines(`r${file}`))[line]);
  return { ...g, list: new Map([...g.list, ...more]), rest: "" };
}

// longEnough says how many letters of a word may be wrong.
const mayDiffer = (form) => (form.length < 4 || /\d/.test(form) ? 0 : form.length < 8 ? 1 : 2);

// near returns the word of the index that was probably meant.
async function near(form, known) {
  const most = mayDiffer(form);
  if (!most) return "";
  let best = { d: most + 1, n: 0, word: "" };
  const look = (word, n) => {
    const d = distance(form, word, most);
    if (d < best.d || (d === best.d && d <= most && n > best.n)) best = { d, n, word };
  };
  for (const g of known) for (const word of g.words) look(word, g.size);
  if (best.d > 1) (await lines("common")).forEach((line, i, all) => line.split(" ").forEach((word) => look(word, all.length - i)));
  return best.word;
}

// find returns what has a form, or begins with it: how much it counts where, in how many entries, and its words.
async function find(form, prefix, { all, alone, slips }) {
  const { entries, levels } = await root();
  const best = levels - (alone ? 1 : 2); // to be all of a title counts where it is all of the query
  const known = (await Promise.all((await filesFor(form, prefix)).map(groupsOf))).flat();
  const exact = known.filter((g) => g.words.includes(form));
  let more = prefix || !exact.length ? known.filter((g) => !exact.includes(g) && g.words.some((w) => w.startsWith(form))) : [];
  if (!exact.length && !more.length) {
    const word = slips && (await near(form, known));
    if (word) {
      slips.set(form, word);
      return find(word, false, { all, alone });
    }
  }
  if (form.length < 2 && exact.length) more = [];
  const seen = new Set();
  const out = { scores: new Map(), size: 0, cut: false, words: new Set() };
  for (let g of [...exact, ...more]) {
    if (seen.has(g.line)) continue;
    seen.add(g.line);
    if (all) g = await whole(g);
    const worth = exact.includes(g) || g.words.includes(form) ? 1 : 0.6;
    for (const [entry, level] of g.list) out.scores.set(entry, Math.max(out.scores.get(entry) ?? 0, (worth * (Math.min(level, best) + 1)) / levels));
    g.words.filter((w) => worth === 1 || w.startsWith(form)).forEach((w) => out.words.add(w));
    out.size = Math.max(out.size, g.size);
    out.cut ||= Boolean(g.rest);
  }
  out.size = Math.max(out.size, out.scores.size);
  const rarity = Math.log(1 + (entries - out.size + 0.5) / (out.size + 0.5)) + 0.1;
  for (const [entry, score] of out.scores) out.scores.set(entry, score * rarity);
  out.everywhere = out.cut && out.size > entries / 3; // what nearly all have decides nothing
  return out;
}

// both returns what is in all of several maps from entries to scores, or in any of them.
function both(maps) {
  const [first, ...others] = [...maps].sort((a, b) => a.size - b.size);
  const out = new Map();
  for (const entry of first.keys()) if (others.every((m) => m.has(entry))) out.set(entry, maps.reduce((sum, m) => sum + m.get(entry), 0));
  return out;
}

function either(maps) {
  const out = new Map();
  for (const m of maps) for (const [entry, score] of m) out.set(entry, (out.get(entry) ?? 0) + score);
  return out;
}

// clause returns what has a word of the query, in any of the ways in which it can be written.
async function clause(word, last, how) {
  const ways = await Promise.all(word.ways.map(async (way, w) => {
    const parts = await Promise.all(way.map((form, i) => find(form, last && i === way.length - 1, w ? { ...how, slips: null } : how)));
    return { scores: both(parts.map((p) => p.scores)), parts };
  }));
  const parts = ways.flatMap((w) => w.parts);
  return {
    scores: either(ways.map((w) => w.scores)), cut: parts.some((p) => p.cut), everywhere: parts.every((p) => p.everywhere),
    words: new Set(parts.flatMap((p) => [...p.words])),
  };
}

// chosen returns the entries that filters leave, or null where there are none: {kind: "post", tag: "x"}.
async function chosen(filters) {
  const wanted = Object.entries(filters).filter(([, value]) => value);
  if (!wanted.length) return null;
  const lists = await Promise.all(wanted.map(async ([by, value]) => {
    const found = (await facets()).find((f) => f.by === by && f.value === value);
    if (!found) return new Map();
    const [file, line] = found.at.split(".");
    return postings((await lines(`l${file}`))[line]);
  }));
  return both(lists);
}

// facets lists what entries can be chosen by.
export async function facets() {
  return (await lines("filters")).map((line) => {
    const [by, value, size, at] = JSON.parse(line);
    return { by, value, size, at };
  });
}

// search returns what a query finds: the best entries, from one to another; how many there are, at least; whether there may be more;
// what was taken for slips; and how the words of the query are written there.
export const search = (query, filters = {}, from = 0, count = 10) => steady(async () => {
  const asked = words(query);
  const only = await chosen(filters);
  const slips = new Map();
  let clauses = [];
  const found = async (all) => {
    clauses = await Promise.all(asked.map((word, i) => clause(word, i === asked.length - 1 && !/\s$/.test(query), { all, slips, alone: asked.length === 1 })));
    const decides = clauses.filter((c) => !c.everywhere);
    let scores = clauses.length ? (decides.length ? both(decides.map((c) => c.scores)) : either(clauses.map((c) => c.scores))) : only ?? new Map();
    if (only && clauses.length) scores = new Map([...scores].filter(([entry]) => only.has(entry)));
    for (const c of clauses) if (c.everywhere && decides.length) for (const [entry, score] of c.scores) if (scores.has(entry)) scores.set(entry, scores.get(entry) + score);
    return scores;
  };
  let scores = await found(Boolean(only));
  if (!scores.size && clauses.some((c) => c.cut)) scores = await found(true);
  const ranked = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(from, from + count);
  const results = await Promise.all(ranked.map(([entry]) => described(entry)));
  const whole = asked.map((w) => w.folded).join(" ");
  const named = (r) => [r.title, ...r.names].some((name) => words(name).map((w) => w.folded).join(" ") === whole);
  if (!from) results.sort((a, b) => named(b) - named(a));
  return { results, total: scores.size, more: !only && clauses.some((c) => c.cut), slips, matches: clauses.map((c, i) => ({ ...asked[i], words: c.words })) };
});

async function described(entry) {
  const { block } = await root();
  const [title, url, kind, trail, about, places, names] = JSON.parse((await lines(`p${Math.floor(entry / block)}`))[entry % block]);
  const headings = [];
  for (let i = 0; i < places.length; i += 2) headings.push({ id: places[i], text: places[i + 1] });
  return { title, url, kind, trail, about, headings, names: names ?? [] };
}

// meant reports whether a word of a text is one that was found.
const meant = (w, match) => w.ways.some((way) => way.every((form) => match.words.has(form)));

// marked cuts a text into what was found in it and what stands between: [["a ", false], ["story", true]].
export function marked(text, matches) {
  const out = [];
  let done = 0;
  const add = (from, to) => {
    if (from > done) out.push([text.slice(done, from), false]);
    out.push([text.slice(from, to), true]);
    done = to;
  };
  for (const w of words(text)) {
    if (!w.dense) {
      if (matches.some((m) => meant(w, m))) add(w.at, w.at + w.text.length);
      continue;
    }
    for (const m of matches) { // in a script without spaces a word of the text may be a sentence
      const at = w.text.indexOf(m.text);
      if (at >= 0 && w.at + at >= done) add(w.at + at, w.at + at + m.text.length);
    }
  }
  if (done < text.length) out.push([text.slice(done), false]);
  return out;
}

// hits says how many words of the query a text has.
const hits = (text, matches) => {
  const own = words(text);
  return matches.filter((m) => own.some((w) => (w.dense ? w.folded.includes(m.folded) : meant(w, m)))).length;
};

// place returns where in a page a result leads, and the heading there: to the heading that has most of the query where the title has
// not all of it, or to the first place where a word of it stands.
export function place(result, matches) {
  const inTitle = hits(result.title, matches);
  if (result.url.includes("#") || !matches.length || inTitle === matches.length) return { url: result.url };
  let best = { n: inTitle };
  for (const h of result.headings) {
    const n = hits(h.text, matches);
    if (n > best.n || (n === best.n && n && !best.heading && n > inTitle)) best = { n, heading: h };
  }
  if (best.heading) return { url: `${result.url}#${encodeURIComponent(best.heading.id)}`, heading: best.heading.text };
  const text = matches.filter((m) => !m.dense).map((m) => m.text.toLowerCase()).find((t) => matches.some((m) => m.words.has(fold(t))));
  return { url: text ? `${result.url}#:~:text=${encodeURIComponent(text).replaceAll("-", "%2D")}` : result.url };
}
