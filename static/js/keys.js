// Keys for the list of items: j and k move, x ticks, Enter opens, e attaches, c comments, / searches, ? lists them.
// They are ignored while somebody types, and together with a modifier key, which belongs to the browser.
import { openItem } from "./opened_item.js";

const rows = () => [...document.querySelectorAll(".item[data-item]")].filter((row) => row.checkVisibility());
const current = () => document.querySelector('.item[aria-current="true"]');

const HELP = [
  ["j, k", "next, previous item"],
  ["x", "tick, or untick; while selecting, select"],
  ["Enter", "open the item, or shut it"],
  ["e", "attach evidence"],
  ["c", "comment"],
  ["/", "search"],
  ["Esc", "close, or leave the field"],
  ["?", "this list"],
];

/** Opens the folded section after this row, if there is one, so that moving down continues there. */
function unfold(row) {
  const sections = [...document.querySelectorAll("details.section")];
  const next = sections[sections.indexOf(row.closest("details.section")) + 1];
  if (next) next.open = true;
}

function move(by) {
  if (by > 0 && current() && rows().at(-1) === current()) unfold(current());
  const all = rows();
  if (all.length === 0) return;
  const at = all.indexOf(current());
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
  current()?.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  next.querySelector(".title").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/** Ticks the item; while items are being selected, selects it. */
function tick() {
  const pick = current()?.querySelector(".pick input");
  if (pick) pick.click();
  else current()?.querySelector(":scope > .tick")?.click();
}

/** Goes to a part of the current item, which opens for it; on an item's own page, to that part. */
function go(place) {
  const row = current();
  if (row) openItem(row, place);
  else document.querySelector(`main .item-page :is(${place})`)?.focus();
}

function help() {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "keys");
  const list = HELP.map(([key, does]) => `<div><dt><kbd>${key}</kbd></dt><dd>${does}</dd></div>`).join("");
  dialog.innerHTML = `<h2 id="keys">Keys</h2><dl class="keys">${list}</dl><form method="dialog" class="actions"><button class="button">Close</button></form>`;
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

// The page's own search field comes before the one in the bar; where that is only a link, it is followed.
function search() {
  const fields = ["main", ".bar"].map((place) => document.querySelector(`${place} input[type="search"]`));
  const field = fields.find((field) => field?.checkVisibility());
  if (field) field.focus();
  else document.querySelector(".find-link")?.click();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: tick,
  e: () => go('#attach input[type="file"]'),
  c: () => go("#comments textarea"),
  "/": search,
  "?": help,
};

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
  if (event.key === "Escape" && typing && event.target.matches("input[type=search]")) event.target.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const does = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
  if (!does) return;
  event.preventDefault();
  does();
});

// Moving with Tab or the pointer sets the current row.
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".item[data-item]");
  if (!row || row === current()) return;
  current()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
});
