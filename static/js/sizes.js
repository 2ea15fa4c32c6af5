// Formats sizes as the server does.

const UNITS = ["bytes", "kB", "MB", "GB"];

/** A size for people: three figures, decimal units. */
export function formatSize(bytes) {
  if (bytes === 1) return "1 byte";
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${Number((bytes / 1000 ** unit).toPrecision(3))} ${UNITS[unit]}`;
}
