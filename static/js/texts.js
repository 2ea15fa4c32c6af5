// The texts of scripts, which the page carries as JSON: see `texts/en/scripts.ftl`.
// A text is a list of words, `{ argument }`, and `{ by, texts }`: forms by number.

const texts = JSON.parse(document.getElementById("texts")?.content.textContent || "{}");

const format = (pieces, values) => pieces.map((piece) => {
  if (typeof piece === "string") return piece;
  if (piece.argument) return String(values[piece.argument]);
  return format(piece.texts[values[piece.by]] ?? piece.texts.other, values);
}).join("");

/** The text of a key, with its arguments. */
export const text = (key, values = {}) => format(texts[key], values);
