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

const { launch, seq: pageSeq, person } = document.body.dataset;
let newestSeq = Number(pageSeq);
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
  const changedByOthers = change.items.filter((item) => isChangedByOthers(item));
  announceStage(change.stage);
  if (change.items.some((item) => isOpen(item.id))) refreshOpenedItem();
  if (page) refreshPage();
  else await refreshRows(change.items.map((item) => item.id));
  announceVerdict();
  for (const item of changedByOthers) highlight(rowOf(item.id));
  if (changedByOthers.length === 1) announceItem(changedByOthers[0]);
  if (changedByOthers.length > 1) notify(text("others_changed_items", { count: changedByOthers.length }));
}

/** Whether somebody else has changed the state of an item since the page was made. */
function isChangedByOthers(item) {
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
const untilVisible = () => document.hidden && new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));

/** A page that does not consist of rows is updated from a newer copy of itself, with at most one fetch at a time. */
const page = document.querySelector("main[data-refresh]");
const MIN_DEBOUNCE_MS = 150; // more changes may arrive in this time; a random delay is added so that not all pages ask at once
let isRefreshScheduled = false;
function refreshPage() {
  if (isRefreshScheduled) return;
  isRefreshScheduled = true;
  setTimeout(async () => {
    await untilVisible();
    isRefreshScheduled = false;
    // The page of a refused form has the address to which the form was sent, which cannot be fetched.
    const fresh = await fetchPage(page.dataset.refresh);
    if (fresh) updateRegions(page, fresh.querySelector("main"));
    showPrintButtons();
    announceVerdict();
  }, MIN_DEBOUNCE_MS * (1 + Math.random()));
}

function announceStage(stage) {
  const { dataset } = document.body;
  if (!dataset.stage || dataset.stage === stage) return;
  notify(text("stage_of_launch_changed"), { stay: true, action: text("show_new_stage"), onAction: () => location.reload() });
  dataset.stage = stage;
}

const currentVerdict = () => document.querySelector(".head .verdict[data-verdict]");
let announcedVerdict = currentVerdict()?.dataset.verdict;

/** Announces the verdict in the head of the page when it is another one than before. */
function announceVerdict() {
  const current = currentVerdict();
  if (!current || current.dataset.verdict === announcedVerdict) return;
  announcedVerdict = current.dataset.verdict;
  const [verdict, summary] = [current.querySelector("b"), current.querySelector("span")].map((part) => part?.textContent);
  notify(summary ? text("verdict_is_now_with_summary", { verdict, summary }) : text("verdict_is_now", { verdict }), { slot: "verdict" });
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
