// Formats sizes as the server does.
import { text } from "./texts.js";

const UNITS = ["kB", "MB", "GB"];

/** A size for people: three figures, decimal units. */
export function formatSize(bytes) {
  if (bytes < 1000) return text("size_in_bytes", { count: bytes });
  const thousands = Math.min(UNITS.length, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** thousands).toPrecision(3))} ${UNITS[thousands - 1]}`;
}
