// What scripts say comes from i18n/<tag>.yaml: each takes the keys of its own part, "script.<part>.", from the module
// "waymark:words/<part>".

// speaker returns a function that gives the words of a key, with its {names} filled in. Where a number decides, that is n.
export function speaker(words) {
  const rules = new Intl.PluralRules(words[""]);
  return (key, values = {}) => {
    const found = words[key] ?? key;
    const text = typeof found === "string" ? found : found[rules.select(values.n)] ?? found.other;
    return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  };
}

// day writes a day as pages do: with the day before the month, and Latin digits.
export function day(t, dateStyle = "long") {
  const { lang } = document.documentElement;
  return new Date(t).toLocaleDateString(lang === "en" ? "en-GB" : lang, { dateStyle, numberingSystem: "latn" });
}
