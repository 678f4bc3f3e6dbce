// make makes an element with properties, and what stands in it.
export function make(tag, properties = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...inside);
  return element;
}

// press makes a button. label is what is read aloud, where that is not its text.
export function press(text, act, label) {
  const button = make("button", { type: "button", className: "button" }, text);
  if (label) button.setAttribute("aria-label", label);
  button.addEventListener("click", act);
  return button;
}
