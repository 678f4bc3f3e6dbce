// merge joins what two devices know of one item: every event of both, each once, the oldest first. It does not matter which comes
// first, nor how often it is done.
export function merge(a, b) {
  const name = (e) => [e.t, e.d ?? "", e.k ?? "", e.f ?? ""].join("|");
  const found = new Map();
  for (const e of [...a, ...b]) {
    const text = canonical(e);
    const known = found.get(name(e));
    if (!known || text > known[0]) found.set(name(e), [text, e]);
  }
  return [...found.values()].sort(([x, e], [y, f]) => e.t - f.t || (x < y ? -1 : x > y ? 1 : 0)).map(([, e]) => e);
}

// canonical writes an event always the same, whatever order its parts came in.
const canonical = (e) => JSON.stringify(Object.fromEntries(Object.keys(e).sort().map((k) => [k, e[k]])));

// read reads a file of progress. It returns what is in it, or which sentence says why not: {problem, name}.
export function read(text, site) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    return { problem: text.trimStart().startsWith("{") ? "cut" : "foreign" };
  }
  if (typeof file !== "object" || file === null || typeof file.version !== "number" || typeof file.site !== "string" || typeof file.log !== "object" || file.log === null) return { problem: "foreign" };
  if (file.version > 1) return { problem: "newer" };
  if (file.site !== site) return { problem: "other", name: file.site };
  const good = {};
  const bad = {};
  for (const [item, events] of Object.entries(file.log)) {
    if (Array.isArray(events) && events.every((e) => typeof e === "object" && e !== null && Number.isFinite(e.t))) good[item] = events;
    else bad[item] = events;
  }
  return { good, bad, broken: typeof file.broken === "object" && file.broken !== null ? file.broken : {} };
}
