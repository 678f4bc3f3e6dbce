// Words as the index has them. The package search of Waymark folds in the same way, by the same table, and a test compares the two.
import folding from "waymark:folding";

const inside = (signs) => signs.replace(/[\\\]^-]/g, "\\$&");
const word = `\\p{L}\\p{N}\\p{M}`;
const joins = `[${inside(folding.apostrophes + folding.hyphens)}]`;
const tokens = new RegExp(`[${word}${folding.ignored}]+(?:${joins}(?=[${word}])[${word}${folding.ignored}]+)*`, "gu");
const other = new RegExp(`[^${word}'-]`, "u");
const mark = /\p{M}/u;
const dense = new RegExp(`[${folding.dense.map((s) => `\\p{Script=${s}}`).join("")}${folding.denseSigns}]`, "u");

// fold returns a word in small letters and without accents.
export function fold(text) {
  let out = "";
  let base = "";
  for (const sign of text.normalize("NFKD")) {
    let r = sign.toLowerCase();
    if (folding.ignored.includes(r) || folding.marks.some(([from, to, first, last]) => r >= first && r <= last && base >= from && base <= to)) continue;
    if (folding.apostrophes.includes(r)) r = "'";
    else if (folding.hyphens.includes(r) || other.test(r)) r = "-";
    if (!mark.test(r)) base = r;
    out += r;
  }
  return [...out.normalize("NFC")].map((r) => folding.letters[r] ?? r).join("");
}

// pairs cuts a word where its script has no spaces into pairs of signs.
function pairs(part) {
  return (part.match(new RegExp(`${dense.source}+|[^${dense.source.slice(1)}+`, "gu")) ?? []).flatMap((run) => {
    const signs = [...run];
    if (signs.length < 2 || !dense.test(run)) return [run];
    return signs.slice(1).map((sign, i) => signs[i] + sign);
  });
}

// ways returns the ways in which a folded word can be found: each a list of forms that must all be there.
function ways(text) {
  const parts = text.split("-").filter((p) => p.replaceAll("'", ""));
  const plain = parts.map((p) => p.replaceAll("'", ""));
  if (dense.test(text)) return [plain.flatMap(pairs)];
  const behind = parts.map((p) => p.slice(p.lastIndexOf("'") + 1)).map((p, i) => ([...p].length > 2 ? p : plain[i]));
  const all = [[plain.join("")], plain, behind];
  return all.filter((way, i) => way[0] && all.findIndex((other) => other.join() === way.join()) === i);
}

// words returns the words of a text, where each stands, and the ways in which it can be found.
export function words(text) {
  return [...text.matchAll(tokens)].map((m) => {
    const folded = fold(m[0]);
    return { at: m.index, text: m[0], folded, ways: ways(folded), dense: dense.test(folded) };
  }).filter((w) => w.ways.length);
}

// distance returns in how many letters two words differ: one more, one less, another one, or two that changed places. It is most + 1
// where there are more.
export function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, above] = [above, row];
  }
  return Math.min(above[b.length], most + 1);
}
