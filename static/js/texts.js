// The texts of scripts, which the page carries as JSON: see `texts/en/scripts.ftl`.
// A text is a list of words, `{ argument }`, and `{ by, texts }`: forms by number.

const texts = JSON.parse(document.getElementById("texts")?.content.textContent || "{}");

/** The language of the texts, as the browser's own formats take it. */
export const language = document.documentElement.lang;

const format = (pieces, values) => pieces.flatMap((piece) => {
  if (typeof piece === "string") return [piece];
  if (piece.argument) return [values[piece.argument]];
  return format(piece.texts[values[piece.by]] ?? piece.texts.other, values);
});

/** The text of a key, with its arguments. With an element among them it is a list of its parts, for `append`. */
export function text(key, values = {}) {
  const parts = format(texts[key], values);
  return parts.some((part) => typeof part === "object") ? parts : parts.join("");
}
