// Creates elements.

/** A text that somebody typed, isolated: whatever direction it has, it does not reorder the text around it. */
export function isolated(typed) {
  const made = document.createElement("bdi");
  made.textContent = typed;
  return made;
}

/** An element of a class, with texts and elements in it. */
export function element(tag, className, ...content) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...content);
  return made;
}
