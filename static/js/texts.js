// The texts of scripts, which the page carries as JSON: see `texts/en/scripts.ftl`.
// A text is a list of words, `{ argument }`, and `{ by, texts }`: forms by number.

const texts = JSON.parse(document.getElementById("texts")?.content.textContent || "{}");

/** The language of the texts, as the browser's own formats take it. */
export const language = document.documentElement.lang;

// A name from right to left must not reorder the words around it: the same rule as in `src/texts/direction.rs`.
const FROM_RIGHT = /[\u0590-\u08ff\u200f\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const isolate = (value) => typeof value === "string" && FROM_RIGHT.test(value) ? `\u2068${value}\u2069` : value;

const format = (pieces, values) => pieces.flatMap((piece) => {
  if (typeof piece === "string") return [piece];
  if (piece.argument) return [isolate(values[piece.argument])];
  return format(piece.texts[values[piece.by]] ?? piece.texts.other, values);
});

/** The text of a key, with its arguments. With an element among them it is a list of its parts, for `append`. */
export function text(key, values = {}) {
  const parts = format(texts[key], values);
  return parts.some((part) => typeof part === "object") ? parts : parts.join("");
}
