// Puts the server's newer rows into the list, and with them the cells of the wall and everything on the page that counts
// them. What is open, focused or being typed in a row stays.
import { refreshTimes } from "./times.js";
import { replaceRegions } from "./regions.js";
import { NoAnswer, SessionEnded, ask } from "./requests.js";
import { createRowQueue } from "./row_queue.js";

const { launch } = document.body.dataset;
const MOST = 100; // items of one request, as on the server
const REST = 150; // milliseconds in which more changes may arrive; the wait varies, so that not all pages ask at once
const LONG_REST = 5_000; // after a request without answer

export const rowOf = (id) => document.querySelector(`li[data-item="${id}"]`);
const cellOf = (id) => document.querySelector(`[data-cell="${id}"]`);

/** What in a row can be pressed: these elements stay, so that a press that has begun still ends on the same element. */
const PRESSABLE = [":scope > .what > .title", ":scope > .tick", ":scope > a.more", ":scope > .pick input", ":scope > .meta > .tally", ":scope > .meta > .attach"];
/** What a script has added to a row. */
const ADDED = ":scope > .opened, :scope > .more-panel";

/** Replaces the content of a row by that of a newer copy. */
function replaceRow(row, fresh) {
  if (row.querySelector(":scope > .tick[aria-busy]")) return; // it is asked for again when the tick has its answer
  const focused = document.activeElement;
  for (const selector of PRESSABLE) {
    const [old, newer] = [row, fresh].map((one) => one.querySelector(selector));
    if (!old || !newer) continue;
    for (const { name, value } of newer.attributes) old.setAttribute(name, value);
    old.replaceChildren(...newer.childNodes);
    newer.replaceWith(old);
  }
  const added = [...row.querySelectorAll(ADDED)];
  for (const old of [...row.childNodes]) if (!added.includes(old)) old.remove();
  row.prepend(...fresh.childNodes);
  Object.assign(row.dataset, { state: fresh.dataset.state, version: fresh.dataset.version });
  if (row.contains(focused)) focused.focus({ preventScroll: true });
  refreshTimes(row);
}

/** Puts newer rows, cells and figures into the page, and the head, tabs, filters and burn-up as they are now. */
function putIn(page) {
  for (const fresh of page.querySelectorAll("li[data-item]")) {
    const row = rowOf(fresh.dataset.item);
    if (row) replaceRow(row, fresh);
  }
  for (const fresh of page.querySelectorAll("[data-cell]")) cellOf(fresh.dataset.cell)?.replaceWith(fresh);
  for (const fresh of page.querySelectorAll("[data-piece]")) {
    document.querySelector(`[data-piece="${CSS.escape(fresh.dataset.piece)}"]`)?.replaceWith(fresh);
  }
  replaceRegions(page);
}

/** The address of newer rows; a page that is not one launch's has no other than its own. */
function addressOf(ids) {
  if (!launch) return location.pathname;
  const query = new URLSearchParams({ items: ids.join(","), show: new URLSearchParams(location.search).get("show") ?? "" });
  if (document.querySelector(".item .pick")) query.set("select", "on");
  return `/launches/${launch}/rows?${query}`;
}

/** Fetches the rows of these items; false when there was no answer. */
async function load(ids) {
  try {
    const answer = await ask(addressOf(ids), { headers: { accept: "text/html" } });
    if (answer.ok) putIn(new DOMParser().parseFromString(answer.text, "text/html"));
    return answer.status < 500 && answer.status !== 429;
  } catch (error) {
    if (error instanceof NoAnswer) return false;
    if (error instanceof SessionEnded) return true; // the stream says so
    throw error;
  }
}

const pause = (tries) => new Promise((resume) => setTimeout(resume, tries > 0 ? LONG_REST : REST * Math.random()));
const queue = createRowQueue(load, { most: MOST, pause });

/** Updates the rows of these items, as far as the page shows them, and everything that the page counts. */
export const refreshRows = (ids) => queue(ids.filter((id) => rowOf(id) || cellOf(id)));
