// Keys for the list of items: j and k move, x ticks, Enter opens, e attaches, c comments, / searches, ? lists them.
// They are ignored while somebody types, and together with a modifier key, which belongs to the browser.
import { element } from "./elements.js";
import { openItem } from "./opened_item.js";
import { text } from "./texts.js";

/** What is moved through: the items of a list, or the notifications of the inbox. */
const ROWS = ".item[data-item], [data-notification]";

const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
const current = () => document.querySelector(`:is(${ROWS})[aria-current="true"]`);

const KEY_DESCRIPTIONS = [
  ["Ctrl K", text("key_opens_palette")],
  ["j, k", text("keys_move")],
  ["x", text("keys_tick")],
  ["Enter", text("keys_open")],
  ["e", text("keys_attach")],
  ["c", text("keys_comment")],
  ["/", text("keys_search")],
  ["Esc", text("keys_close")],
  ["?", text("keys_help")],
];

/** Opens the folded section after this row that has unfinished items, so that moving down continues there. */
function unfold(row) {
  const sections = [...document.querySelectorAll("details.section:is([open], :not(.settled))")];
  const next = sections[sections.indexOf(row.closest("details.section")) + 1];
  if (next) next.open = true;
}

function move(step) {
  if (step > 0 && current() && rows().at(-1) === current()) unfold(current());
  const all = rows();
  if (all.length === 0) return;
  const index = all.indexOf(current());
  const next = all[index < 0 ? 0 : Math.min(Math.max(index + step, 0), all.length - 1)];
  current()?.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  next.querySelector("button.title, .title").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/** Ticks the item; while items are being selected, selects it. Marks the notification as read. */
function tick() {
  const mark = current()?.querySelector("[data-mark]");
  if (mark) return void mark.click();
  const pick = current()?.querySelector(".pick input");
  if (pick) pick.click();
  else current()?.querySelector(":scope > .tick")?.click();
}

/** Goes to a part of the current item, which opens for it; on an item's own page, to that part. */
function goTo(selector) {
  const row = current();
  if (row) return void (row.dataset.item && openItem(row, selector));
  document.querySelector(`main .item-page :is(${selector})`)?.focus();
}

function showHelp() {
  const heading = element("h2", "", text("keys_of_list"));
  heading.id = "keys";
  const list = KEY_DESCRIPTIONS.map(([key, description]) => element("div", "", element("dt", "", element("kbd", "", key)), element("dd", "", description)));
  const actions = element("form", "actions", element("button", "button", text("close_list_of_keys")));
  actions.method = "dialog";
  const dialog = element("dialog", "dialog", heading, element("dl", "keys", ...list), actions);
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

// The page's own search field comes before the one in the bar; where that is only a link, it is followed.
function focusSearch() {
  const fields = ["main", ".bar"].map((area) => document.querySelector(`${area} input[type="search"]`));
  const field = fields.find((candidate) => candidate?.checkVisibility());
  if (field) field.focus();
  else document.querySelector(".find-link")?.click();
}

const ACTIONS = {
  j: () => move(1),
  k: () => move(-1),
  x: tick,
  e: () => goTo('#attach input[type="file"]'),
  c: () => goTo("#f-comment-body"),
  "/": focusSearch,
  "?": showHelp,
};

addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
  if (event.key === "Escape" && isTyping && event.target.matches("input[type=search]")) event.target.blur();
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const act = Object.hasOwn(ACTIONS, event.key) ? ACTIONS[event.key] : null;
  if (!act) return;
  event.preventDefault();
  act();
});

// Moving with Tab or the pointer sets the current row.
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(ROWS);
  if (!row || row === current()) return;
  current()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
});
