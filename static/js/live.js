// Live updates: the server sends what changed since the event that the page was made from. A lost connection and an
// ended session are reported as different things; the stream reconnects and catches up.
import { setStreamLost } from "./connection.js";
import { isolated } from "./elements.js";
import { notify } from "./notices.js";
import { isOpen, refreshOpenedItem } from "./opened_item.js";
import { fetchPage, updateRegions } from "./regions.js";
import { showPrintButtons } from "./print.js";
import { hideSessionEnded, showSessionEnded } from "./requests.js";
import { refreshRows, rowOf } from "./rows.js";
import { follow } from "./stream.js";
import { text } from "./texts.js";

const { launch, seq: made, person } = document.body.dataset;
let newestSeq = Number(made);
let updatedAt = performance.timeOrigin; // the time of the state that the page shows

const STATE_CHANGES = {
  done: (change) => text("other_marked_done", change),
  open: (change) => text("other_set_back_to_open", change),
  blocked: (change) => text("other_marked_blocked", change),
  not_applicable: (change) => text("other_marked_not_applicable", change),
};

async function applyChange(change) {
  if (change.seq <= newestSeq && !change.lapsed) return;
  newestSeq = Math.max(newestSeq, change.seq);
  updatedAt = Date.now();
  const others = change.items.filter((item) => isNews(item));
  announceStage(change.stage);
  if (change.items.some((item) => isOpen(item.id))) refreshOpenedItem();
  if (page) refreshPage();
  else await refreshRows(change.items.map((item) => item.id));
  announceVerdict();
  for (const item of others) highlight(rowOf(item.id));
  if (others.length === 1) announceItem(others[0]);
  if (others.length > 1) notify(text("others_changed_items", { count: others.length }));
}

/** Whether somebody else has changed the state of an item since the page was made. */
function isNews(item) {
  const row = rowOf(item.id);
  return item.restated && item.marked?.[0] !== person && (!row || Number(row.dataset.version) < item.version);
}

const announceItem = ({ marked, stored, title }) => notify(STATE_CHANGES[stored]({ who: isolated(marked[0]), item: isolated(title) }));

function highlight(row) {
  row?.classList.remove("changed");
  if (row) void row.offsetWidth; // restarts the animation
  row?.classList.add("changed");
}

/** Waits until the page is visible: fetching the page marks its content as seen. */
const untilVisible = () => document.hidden && new Promise((seen) => document.addEventListener("visibilitychange", seen, { once: true }));

/** A page that does not consist of rows is updated from a newer copy of itself, with at most one fetch at a time. */
const page = document.querySelector("main[data-refresh]");
const REST = 150; // milliseconds to wait for more changes; a random delay is added so that not all pages ask at once
let isWaiting = false;
function refreshPage() {
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(async () => {
    await untilVisible();
    isWaiting = false;
    // A form that came back has the address it was sent to, which cannot be fetched.
    const fresh = await fetchPage(page.dataset.refresh);
    if (fresh) updateRegions(page, fresh.querySelector("main"));
    showPrintButtons();
    announceVerdict();
  }, REST + Math.random() * REST);
}

function announceStage(stage) {
  const { dataset } = document.body;
  if (!dataset.stage || dataset.stage === stage) return;
  notify(text("stage_of_launch_changed"), { stay: true, action: text("show_new_stage"), onAction: () => location.reload() });
  dataset.stage = stage;
}

const shownVerdict = () => document.querySelector(".head .verdict[data-verdict]");
let knownVerdict = shownVerdict()?.dataset.verdict;

/** Announces the verdict in the head of the page when it is another one than before. */
function announceVerdict() {
  const shown = shownVerdict();
  if (!shown || shown.dataset.verdict === knownVerdict) return;
  knownVerdict = shown.dataset.verdict;
  const [verdict, summary] = [shown.querySelector("b"), shown.querySelector("span")].map((part) => part?.textContent);
  notify(summary ? text("verdict_is_now_with_summary", { verdict, summary }) : text("verdict_is_now", { verdict }), { place: "verdict" });
}

let removeNotice = null;
let shownState = "open";

/** Shows the state of this page's connection to the stream. */
function showConnection(state) {
  if (state === "open") hideSessionEnded();
  if (state === shownState) return;
  shownState = state;
  removeNotice?.();
  removeNotice = null;
  if (state === "ended") showSessionEnded();
  setStreamLost(state === "lost");
  if (state === "gone") removeNotice = notify(text("launch_is_not_shown_any_more"), { kind: "lost", stay: true });
}

if (launch) follow(launch, { getState: () => ({ seq: newestSeq, at: updatedAt }), applyChange, showConnection });
