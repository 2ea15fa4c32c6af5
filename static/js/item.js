// Updates an item's row and its cell of the wall in place. The server rendered both; this changes only what differs, so
// that nothing moves while somebody reads.
import { element, isolated } from "./elements.js";
import { refresh } from "./times.js";

const row = (id) => document.querySelector(`.item[data-item="${id}"]`);
const plain = (state) => state.replace("_", " ");

/** Sets the state of an item's box, preserving its mark for critical items. */
function draw(box, state) {
  if (box) box.className = `box ${state}${box.classList.contains("critical") ? " critical" : ""}`;
}

/** Shows an item's state and reason, and, when the server sends them (`ItemFacts`), all facts of its row. */
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
  const tick = shown.querySelector(":scope > .tick");
  if (tick) {
    tick.setAttribute("aria-checked", String(item.stored === "done"));
    tick.formAction = `/items/${item.id}/state?version=${item.version}`;
    tick.value = item.stored === "done" ? "open" : "done";
  }
  const pick = shown.querySelector('.pick input');
  if (pick) pick.value = `${item.id}.${item.version}`;
  reason(shown, item);
  if ("evidence" in item) meta(shown, item);
  return shown;
}

/** Shows the reason of the state. */
function reason(shown, { state, reason: text }) {
  let line = shown.querySelector(".what > .reason");
  if (!text) { line?.remove(); return; }
  if (!line) {
    line = element("p", "reason");
    shown.querySelector(".what").append(line);
  }
  const words = { blocked: "Blocked:", not_applicable: "Not applicable:" }[state];
  line.replaceChildren(...(words ? [Object.assign(document.createElement("b"), { textContent: words }), " "] : []), isolated(text));
}

const unseen = (text) => element("span", "visually-hidden", text);

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

function person(name, initials) {
  const letters = element("span", "", initials);
  letters.setAttribute("aria-hidden", "true");
  const who = element("span", "who", letters, unseen(name));
  who.title = name;
  return who;
}

function tally(item) {
  if (item.evidence === 0 && !item.lacks_evidence) return [];
  const words = item.evidence > 0
    ? [String(item.evidence), unseen(` pieces of evidence on ${item.title}`)]
    : ["needed", unseen(`: evidence on ${item.title}`)];
  const link = element("a", "tally", icon("clip"), ...words);
  link.href = `/items/${item.id}#evidence`;
  return [link];
}

function due({ due: day, late }) {
  if (!day) return [];
  return [element("span", late ? "due late" : "due", icon("calendar"), unseen("due "), day, ...(late ? [" ", unseen("overdue")] : []))];
}

/** Who marked it and when; before that, the assignee. */
function whose({ marked, initials, assignee }) {
  if (!marked) return assignee ? [person(...assignee)] : [];
  const [name, at] = marked;
  const time = document.createElement("time");
  time.dateTime = at;
  time.title = new Date(at).toString();
  time.dataset.relative = "";
  return [element("span", "", time), person(name, initials)];
}

/** Renders the other facts of the row as the server does in `_row.html`. */
function meta(shown, item) {
  const line = shown.querySelector(".meta");
  const chips = [...line.querySelectorAll(".chip")];
  const weighty = (chip) => chip.matches(".critical, .advisory");
  const waived = item.waived_until ? [element("span", "state waived", `waived until ${item.waived_until}`)] : [];
  line.replaceChildren(...chips.filter(weighty), ...waived, ...tally(item), ...chips.filter((chip) => !weighty(chip)), ...due(item), ...whose(item));
  refresh(line);
}

/** Updates the figures of a block of the wall, and of the same part beside the items. */
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

/** The current content of a row, for reverting. */
export function snapshot(id) {
  const shown = row(id);
  const box = shown?.querySelector(".tick .box, :scope > .box");
  return shown && {
    id,
    title: shown.querySelector(".title").textContent,
    state: shown.dataset.state,
    stored: shown.querySelector(":scope > .tick")?.getAttribute("aria-checked") === "true" ? "done" : [...box.classList].find((name) => !["box", "critical"].includes(name)),
    version: Number(shown.dataset.version),
    reason: shown.querySelector(".what > .reason")?.lastChild.textContent ?? "",
  };
}
