// Keys for the list of items: j and k move, x ticks, Enter opens, e attaches, c comments, / searches, ? lists them. Never
// while one types, and never together with a modifier, which belongs to the browser.
const rows = () => [...document.querySelectorAll(".item[data-item]")];
const current = () => document.querySelector('.item[aria-current="true"]');

const HELP = [
  ["j, k", "next, previous item"],
  ["x", "tick, or untick"],
  ["Enter", "open the item"],
  ["e", "attach evidence"],
  ["c", "comment"],
  ["/", "search"],
  ["Esc", "close, or leave the field"],
  ["?", "this list"],
];

function move(by) {
  const all = rows();
  if (all.length === 0) return;
  const at = all.indexOf(current());
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
  current()?.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  next.querySelector(".title").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const open = (anchor) => {
  const link = current()?.querySelector(".title");
  if (link) location.href = link.href + anchor;
};

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

// The page's own field before the one in the bar; where that is only a link, to the page.
function search() {
  const fields = ["main", ".bar"].map((place) => document.querySelector(`${place} input[type="search"]`));
  const field = fields.find((field) => field?.checkVisibility());
  if (field) field.focus();
  else document.querySelector(".find-link")?.click();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => current()?.querySelector("form.tick")?.requestSubmit(),
  e: () => open("#evidence"),
  c: () => open("#comments"),
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

// Whoever moves with Tab or the pointer goes on from there.
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".item[data-item]");
  if (!row || row === current()) return;
  current()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
});
