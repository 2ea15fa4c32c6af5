// Keeps `<time data-relative>` correct while the page stays open. The server writes the first text by the same rule:
// the largest whole unit, truncated and not rounded. The exact time stays in the title and in `datetime`.
import { language, text } from "./texts.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// Each unit's name, the number of seconds from which it is used, and its length.
const UNITS = [
  ["year", 730 * DAY, 365 * DAY],
  ["month", 60 * DAY, 30 * DAY],
  ["day", DAY, DAY],
  ["hour", HOUR, HOUR],
  ["minute", MINUTE, MINUTE],
];
const relativeFormat = new Intl.RelativeTimeFormat(language);

/** The text for a moment, relative to `now`; both in milliseconds. */
export function formatRelative(then, now = Date.now()) {
  const seconds = Math.trunc((then - now) / 1000);
  const [unit, , length] = UNITS.find(([, threshold]) => Math.abs(seconds) >= threshold) ?? [];
  if (!unit) return seconds <= 0 ? text("time_is_just_now") : text("time_is_in_a_moment");
  return relativeFormat.format(Math.trunc(seconds / length), unit);
}

/** Updates every relative time under `root`, writing only where the text changes. */
export function refreshTimes(root = document) {
  for (const time of root.querySelectorAll("time[data-relative]")) {
    const fresh = formatRelative(Date.parse(time.dateTime));
    if (time.textContent !== fresh) time.textContent = fresh;
  }
}

setInterval(() => document.hidden || refreshTimes(), 30_000);
document.addEventListener("visibilitychange", () => document.hidden || refreshTimes());
