// Making elements.

/** An element of a class, with texts and elements in it. */
export function element(tag, className, ...content) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...content);
  return made;
}
