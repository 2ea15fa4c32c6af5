// Creates elements.

/** A text that somebody typed, isolated: whatever direction it has, it does not reorder the text around it. */
export function isolated(text) {
  const created = document.createElement("bdi");
  created.textContent = text;
  return created;
}

/** An element of a class, with texts and elements in it. */
export function element(tag, className, ...content) {
  const created = document.createElement(tag);
  created.className = className;
  created.append(...content);
  return created;
}
