// What scripts say comes from i18n/<tag>.yaml, from the keys that begin with "script.".
import words from "waymark:words";

const rules = new Intl.PluralRules(words.lang);

// say returns the words of a key, with its {names} filled in. Where a number decides, that is n.
export function say(key, values = {}) {
  const found = words[key] ?? key;
  const text = typeof found === "string" ? found : found[rules.select(values.n)] ?? found.other;
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}
