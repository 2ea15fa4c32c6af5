// Keeps `<time data-relative>` true while the page stays open. The server writes the first text; the exact time stays in
// the title and in `datetime`. Times read like "2 hours ago" and "in 3 days".

const STEPS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** The text for a moment, seen from `now`; both in milliseconds. */
export function relative(then, now = Date.now()) {
  const seconds = (then - now) / 1000;
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  return step ? words.format(Math.trunc(seconds / step[1]), step[0]) : "just now";
}

/** Brings every relative time under `root` up to date, writing only where the text changes. */
export function refresh(root = document) {
  for (const time of root.querySelectorAll("time[data-relative]")) {
    const text = relative(Date.parse(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}

setInterval(() => document.hidden || refresh(), 30_000);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
