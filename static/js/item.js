// An item's row and its cell of the wall, brought up to date in place. The server wrote both; this changes only what
// differs, so that nothing moves under whoever reads.
import { refresh } from "./times.js";

const row = (id) => document.querySelector(`.item[data-item="${id}"]`);
const plain = (state) => state.replace("_", " ");

/** The box that stands for a state, keeping whether it is critical. */
function draw(box, state) {
  if (box) box.className = `box ${state}${box.classList.contains("critical") ? " critical" : ""}`;
}

/** Shows an item as `{ id, state, stored, version, reason, evidence, who, initials, at }` says it is. */
export function show(item) {
  const cell = document.querySelector(`[data-cell="${item.id}"]`);
  draw(cell, item.state);
  if (cell) cell.title = `${item.title}: ${plain(item.state)}`;
  count(cell?.closest("li"));
  const shown = row(item.id);
  if (!shown) return null;
  shown.dataset.state = item.state;
  shown.dataset.version = item.version;
  draw(shown.querySelector(".tick .box, :scope > .box"), item.state);
  shown.querySelector(".tick button")?.setAttribute("aria-checked", String(item.stored === "done"));
  for (const version of shown.querySelectorAll('input[name="version"]')) version.value = item.version;
  const next = shown.querySelector('.tick input[name="state"]');
  if (next) next.value = item.stored === "done" ? "open" : "done";
  reason(shown, item);
  marked(shown, item);
  return shown;
}

/** Why it has its state. */
function reason(shown, { state, reason: text }) {
  let line = shown.querySelector(".reason");
  if (!text) { line?.remove(); return; }
  if (!line) {
    line = document.createElement("p");
    line.className = "reason";
    shown.querySelector(".what").append(line);
  }
  const words = { blocked: "Blocked:", not_applicable: "Not applicable:" }[state];
  line.replaceChildren(...(words ? [Object.assign(document.createElement("b"), { textContent: words }), " "] : []), text);
}

/** Who marked it, and when. */
function marked(shown, { who, initials, at }) {
  if (!at) return;
  const meta = shown.querySelector(".meta");
  let time = meta.querySelector("time");
  if (!time) {
    time = document.createElement("time");
    time.dataset.relative = "";
    meta.append(time);
  }
  time.dateTime = at;
  time.title = new Date(at).toString();
  let person = meta.querySelector(".who");
  if (!person) {
    person = document.createElement("span");
    person.className = "who";
    person.innerHTML = '<span aria-hidden="true"></span><span class="visually-hidden"></span>';
    meta.append(person);
  }
  person.title = who;
  person.children[0].textContent = initials;
  person.children[1].textContent = who;
  refresh(meta);
}

/** The figures of a block of the wall, and of the same part beside the items. */
function count(block) {
  if (!block) return;
  const cells = [...block.querySelectorAll("[data-cell]")];
  const of = (...states) => cells.filter((cell) => states.some((state) => cell.classList.contains(state))).length;
  const resolved = of("done", "not_applicable", "waived");
  const figures = block.querySelector(".count");
  if (figures) {
    figures.children[0].textContent = `${resolved}/${cells.length}`;
    figures.children[1].textContent = `${resolved} of ${cells.length} resolved, ${of("blocked")} blocked`;
  }
  const href = block.querySelector("a")?.getAttribute("href");
  const line = href && document.querySelector(`.toc a[href="${href}"]`);
  if (!line) return;
  line.querySelector(".num").textContent = `${resolved}/${cells.length}`;
  const bar = line.querySelector("progress");
  bar.value = resolved;
  bar.setAttribute("aria-label", `${resolved} of ${cells.length} resolved`);
}

/** What is known of a row now, to put it back. */
export function snapshot(id) {
  const shown = row(id);
  const box = shown?.querySelector(".tick .box, :scope > .box");
  return shown && {
    id,
    title: shown.querySelector(".title").textContent,
    state: shown.dataset.state,
    stored: shown.querySelector(".tick button")?.getAttribute("aria-checked") === "true" ? "done" : [...box.classList].find((name) => !["box", "critical"].includes(name)),
    version: Number(shown.dataset.version),
    reason: shown.querySelector(".reason")?.lastChild.textContent ?? "",
    at: null,
  };
}
