// Puts the server's newer rows into the list, and with them the cells of the wall and the counts of the page. What
// is open, focused or being typed in a row stays.
import { updateMore } from "./more_links.js";
import { refreshTimes } from "./times.js";
import { replaceRegions } from "./regions.js";
import { NoResponse, SessionEnded, request } from "./requests.js";
import { createRowQueue } from "./row_queue.js";

const { launch } = document.body.dataset;
const MAX_ITEMS_PER_REQUEST = 100; // as on the server
const MAX_DEBOUNCE_MS = 150; // more changes may arrive in this time; the wait varies, so that not all pages ask at once
const RETRY_DELAY_MS = 5_000; // after a request without response

export const rowOf = (id) => document.querySelector(`li[data-item="${id}"]`);
const cellOf = (id) => document.querySelector(`[data-cell="${id}"]`);

/** The controls of a row: these elements stay, so that a press that has begun still ends on the same element. */
const CONTROL_SELECTORS = [":scope > .what > .title", ":scope > .tick", ":scope > .pick input", ":scope > .meta > .tally", ":scope > .meta > .attach"];
/** What scripts have added to a row. */
const SCRIPT_ADDED_SELECTOR = ":scope > a.more, :scope > .opened, :scope > .more-panel";

/** Replaces the content of a row by that of a newer copy. */
function replaceRow(row, fresh) {
  if (row.querySelector(":scope > .tick[aria-busy]")) return; // the tick fetches the row when it has its response
  const focused = document.activeElement;
  for (const selector of CONTROL_SELECTORS) {
    const [old, newer] = [row, fresh].map((version) => version.querySelector(selector));
    if (!old || !newer) continue;
    for (const { name, value } of newer.attributes) old.setAttribute(name, value);
    old.replaceChildren(...newer.childNodes);
    newer.replaceWith(old);
  }
  const added = [...row.querySelectorAll(SCRIPT_ADDED_SELECTOR)];
  for (const old of [...row.childNodes]) if (!added.includes(old)) old.remove();
  row.prepend(...fresh.childNodes);
  Object.assign(row.dataset, { state: fresh.dataset.state, version: fresh.dataset.version });
  if (row.contains(focused)) focused.focus({ preventScroll: true });
  updateMore(row);
  refreshTimes(row);
}

/** Replaces rows, cells, counts, the head, tabs, filters and burn-up by those of a newer page. */
function applyUpdate(page) {
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

/** The address from which newer rows are fetched; a page of more than one launch is fetched itself. */
function addressOf(ids) {
  if (!launch) return location.pathname;
  const query = new URLSearchParams({ items: ids.join(","), show: new URLSearchParams(location.search).get("show") ?? "" });
  if (document.querySelector(".item .pick")) query.set("select", "on");
  return `/launches/${launch}/rows?${query}`;
}

/** Fetches the rows of these items; false when the request is to be repeated. */
async function fetchRows(ids) {
  try {
    const response = await request(addressOf(ids), { headers: { accept: "text/html" } });
    if (response.ok) applyUpdate(new DOMParser().parseFromString(response.text, "text/html"));
    return response.status < 500 && response.status !== 429;
  } catch (error) {
    if (error instanceof NoResponse) return false;
    if (error instanceof SessionEnded) return true; // the stream says so
    throw error;
  }
}

const delayBeforeTry = (tries) => new Promise((resolve) => setTimeout(resolve, tries > 0 ? RETRY_DELAY_MS : MAX_DEBOUNCE_MS * Math.random()));
const queue = createRowQueue(fetchRows, { maxBatch: MAX_ITEMS_PER_REQUEST, delayBeforeTry });

/** Updates the rows of these items, as far as the page shows them, and the counts of the page. */
export const refreshRows = (ids) => queue(ids.filter((id) => rowOf(id) || cellOf(id)));
