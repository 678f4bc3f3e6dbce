// What a query finds. The index is in many small files: the words of the query say which are needed.
import { lines, root, steady } from "./files.js";
import { distance, fold, words } from "./fold.js";

// postings reads which entries a group of words has, and at which level: the format is that of the package search.
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

const groups = new WeakMap(); // by the lines of a file

async function groupsOf(file) {
  const text = await lines(`t${file}`);
  if (!groups.has(text)) groups.set(text, text.map(group));
  return groups.get(text);
}

const mostFiles = 3; // that are looked into for words with one beginning

// filesFor returns the files in which a word is, or words that begin with it, and whether there are more of these.
async function filesFor(form, prefix) {
  const { firsts } = await root();
  const at = Math.max(firsts.findLastIndex((first) => first <= form), 0);
  let end = at + 1;
  if (prefix) while (firsts[end]?.startsWith(form)) end++;
  const last = Math.min(end, at + mostFiles);
  return { files: Array.from({ length: last - at }, (_, i) => at + i), more: last < end };
}

// whole adds to a group the entries that are not among its best.
async function whole(g) {
  if (!g.rest) return g;
  const [file, line] = g.rest.split(".");
  return { ...g, list: new Map([...g.list, ...postings((await lines(`r${file}`))[line])]), rest: "" };
}

// mayDiffer says how many letters of a word may be wrong.
const mayDiffer = (form) => (form.length < 4 || /\d/.test(form) ? 0 : form.length < 8 ? 1 : 2);

// near returns the word of the index that was probably meant: one in which a letter differs, another form of the same word as far as
// its beginning shows that, or one in which two letters differ. Of several it is the commonest.
async function near(form) {
  const most = mayDiffer(form);
  if (!most) return "";
  const known = (await Promise.all((await filesFor(form)).files.map(groupsOf))).flat();
  let best = { d: most + 1, n: 0, word: "" };
  const look = (word, n) => {
    const d = distance(form, word, most);
    if (d < best.d || (d === best.d && d <= most && n > best.n)) best = { d, n, word };
  };
  for (const g of known) for (const word of g.words) look(word, g.size);
  if (best.d > 1) {
    for (const line of await lines("common")) {
      const [size, list] = line.split("\t");
      for (const word of list.split(" ")) look(word, 2 ** (size - 1));
    }
  }
  for (let end = 1; best.d > 1 && end <= 3 && form.length - end >= 4; end++) {
    const stem = form.slice(0, -end);
    for (const g of known) for (const word of g.words) if (word.startsWith(stem) && word.length - stem.length <= 3) best = { d: 1, word };
  }
  return best.word;
}

// A word that a third of the site has, and of which not all is known, decides nothing; the beginning of a word counts for less than a
// word; and to be all of a title counts where it is all of the query.
const everywhere = 1 / 3;
const begun = 0.6;

// find returns what has a form, or begins with it: how much it counts where, its words, and whether there is more of it.
async function find(form, prefix, { all, alone }) {
  const { entries, levels } = await root();
  const { files, more } = await filesFor(form, prefix);
  const known = (await Promise.all(files.map(groupsOf))).flat();
  const has = (g) => g.words.includes(form);
  const exact = known.some(has);
  const begins = (g) => (prefix || !exact) && g.words.some((w) => w.startsWith(form));
  const out = { scores: new Map(), cut: false, words: new Set() };
  let size = 0;
  for (let g of new Map(known.filter((g) => has(g) || begins(g)).map((g) => [g.line, g])).values()) {
    const is = has(g);
    if (all) g = await whole(g);
    for (const [entry, level] of g.list) {
      const worth = ((is ? 1 : begun) * (Math.min(level, alone ? levels : levels - 2) + 1)) / levels;
      out.scores.set(entry, Math.max(out.scores.get(entry) ?? 0, worth));
    }
    g.words.filter((w) => is || w.startsWith(form)).forEach((w) => out.words.add(w));
    size = Math.max(size, g.size);
    out.cut ||= Boolean(g.rest);
  }
  size = Math.max(size, out.scores.size);
  const rarity = Math.log(1 + (entries - size + 0.5) / (size + 0.5)) + 0.1;
  for (const [entry, score] of out.scores) out.scores.set(entry, score * rarity);
  out.everywhere = out.cut && size > entries * everywhere;
  out.cut ||= more && (prefix || !exact);
  return out;
}

// both returns what is in all of several maps from entries to scores, and either what is in any of them.
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

// clause returns what has a word of the query, in any of the ways in which it can be written; or what has the word that was probably
// meant.
async function clause(word, last, how) {
  const inWays = async (ways) => {
    const found = await Promise.all(ways.map((way) => Promise.all(way.map((form, i) => find(form, last && i === way.length - 1, how)))));
    const parts = found.flat();
    return {
      scores: either(found.map((way) => both(way.map((p) => p.scores)))), cut: parts.some((p) => p.cut), everywhere: parts.every((p) => p.everywhere),
      words: new Set(parts.flatMap((p) => [...p.words])),
    };
  };
  const found = await inWays(word.ways);
  if (found.scores.size || word.dense) return found;
  const meant = await near(word.ways[0][0]);
  if (!meant) return found;
  how.slips.set(word.text, meant);
  return inWays([[meant]]);
}

// chosen returns the entries that filters leave, or null where there are none: {kind: "post", tag: "x"}.
async function chosen(filters) {
  const wanted = Object.entries(filters).filter(([, value]) => value);
  if (!wanted.length) return null;
  const all = await listed();
  return both(await Promise.all(wanted.map(async ([by, value]) => {
    const found = all.find((f) => f.by === by && f.value === value);
    if (!found) return new Map();
    const [file, line] = found.at.split(".");
    return postings((await lines(`l${file}`))[line]);
  })));
}

const listed = async () => (await lines("filters")).map((line) => {
  const [by, value, size, at] = JSON.parse(line);
  return { by, value, size, at };
});

// facets lists what entries can be chosen by.
export const facets = () => steady(listed);

const mostWords = 24; // of a query: what is behind them is left out

// search returns what a query finds: the best entries, from one to another; how many there are, at least; whether there may be more,
// which are found where all is asked for; what was taken for slips; and how the words of the query are written there.
export const search = (query, { filters = {}, from = 0, count = 10, all = false } = {}) => steady(async () => {
  const asked = words(query).slice(0, mostWords);
  const leaving = chosen(filters);
  const filtered = Object.values(filters).some(Boolean);
  const slips = new Map();
  const answer = async (whole) => {
    const how = { all: whole, slips, alone: asked.length === 1 };
    const clauses = await Promise.all(asked.map((word, i) => clause(word, i === asked.length - 1 && !/\s$/.test(query), how)));
    const only = await leaving;
    const decide = clauses.filter((c) => !c.everywhere);
    let scores = clauses.length ? (decide.length ? both : either)((decide.length ? decide : clauses).map((c) => c.scores)) : only ?? new Map();
    if (decide.length) for (const c of clauses) if (c.everywhere) for (const [entry, score] of c.scores) if (scores.has(entry)) scores.set(entry, scores.get(entry) + score);
    if (only) scores = new Map([...scores].filter(([entry]) => only.has(entry)));
    return { clauses, scores, more: (decide.length ? decide : clauses).some((c) => c.cut) };
  };
  let found = await answer(all || filtered);
  if (!found.scores.size && found.more && !all) found = await answer(true);
  const { clauses, scores, more } = found;
  const ranked = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(from, from + count);
  const results = await Promise.all(ranked.map(([entry]) => described(entry)));
  if (!from && asked.length) results.sort((a, b) => called(b, asked) - called(a, asked));
  return { results, total: scores.size, more: more && !all, slips, matches: clauses.map((c, i) => ({ ...asked[i], words: c.words })) };
});

// called says how far a result is called what is asked for: 2 where it is that, 1 where that is a part of what it is called.
function called(result, asked) {
  const spelt = (list) => ` ${list.map((w) => w.folded).join(" ")} `;
  const query = spelt(asked);
  return Math.max(...[result.title, ...result.names].map((name) => spelt(words(name))).map((name) => (name === query) + name.includes(query)));
}

async function described(entry) {
  const { block, language: usual } = await root();
  const [title, url, kind, trail, about, places, names, language] = JSON.parse((await lines(`p${Math.floor(entry / block)}`))[entry % block]);
  const headings = [];
  for (let i = 0; i < places.length; i += 2) headings.push({ id: places[i], text: places[i + 1] });
  return { title, url, kind, trail, about, headings, names: names ?? [], language: language || usual };
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
// less of it, or to the first place where a word of it stands.
export function place(result, matches) {
  const inTitle = hits(result.title, matches);
  if (result.url.includes("#") || !matches.length || inTitle === matches.length) return { url: result.url };
  let best = { n: inTitle };
  for (const h of result.headings) {
    const n = hits(h.text, matches);
    if (n > best.n) best = { n, heading: h };
  }
  if (best.heading) return { url: `${result.url}#${encodeURIComponent(best.heading.id)}`, heading: best.heading.text };
  const text = matches.filter((m) => !m.dense && m.words.has(fold(m.text))).map((m) => m.text.toLowerCase())[0];
  return { url: text ? `${result.url}#:~:text=${encodeURIComponent(text).replaceAll("-", "%2D")}` : result.url };
}
