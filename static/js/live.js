// Live updates: the server sends what changed since the event that the page was made from. A lost connection and an
// ended session are reported as different things; the stream reconnects and catches up.
import { isolated } from "./elements.js";
import { notify } from "./notices.js";
import { freshen, isOpen } from "./open.js";
import { show } from "./item.js";
import { read, update } from "./regions.js";
import { sayBack, sayEnded } from "./requests.js";
import { follow } from "./stream.js";

const { launch, seq: made, person } = document.body.dataset;
let seen = Number(made);
let at = performance.timeOrigin; // the time of the state that the page shows

const words = { done: "marked done", open: "set back to open", blocked: "marked blocked", not_applicable: "marked not applicable" };

function apply(change) {
  if (change.seq <= seen && !change.lapsed) return;
  seen = Math.max(seen, change.seq);
  at = Date.now();
  const others = [];
  for (const item of change.items) {
    const shown = document.querySelector(`.item[data-item="${item.id}"]`);
    const news = !shown || Number(shown.dataset.version) < item.version;
    const row = show(item);
    if (!item.restated || !news || item.marked?.[0] === person) continue;
    row?.classList.remove("changed");
    if (row) void row.offsetWidth; // restarts the animation
    row?.classList.add("changed");
    others.push(item);
  }
  verdict(change);
  if (change.items.some((item) => isOpen(item.id))) freshen();
  again();
  if (others.length === 1) notify([isolated(others[0].marked[0]), ` ${words[others[0].stored]}: `, isolated(others[0].title)]);
  if (others.length > 1) notify(`${others.length} items were changed by others.`);
}

/** Waits until the page is visible: fetching the page marks its content as seen. */
const looked = () => document.hidden && new Promise((seen) => document.addEventListener("visibilitychange", seen, { once: true }));

/** A page that does not consist of rows is updated from a newer copy of itself, with at most one fetch at a time. */
const REST = 150; // milliseconds to wait for more changes; a random delay is added so that not all pages ask at once
let waiting = false;
function again() {
  const root = document.querySelector("main[data-refresh]");
  if (!root || waiting) return;
  waiting = true;
  setTimeout(async () => {
    await looked();
    waiting = false;
    // A form that came back has the address it was sent to, which cannot be fetched.
    const fresh = await read(root.dataset.refresh);
    if (fresh) update(root, fresh.querySelector("main"));
  }, REST + Math.random() * REST);
}

function verdict({ verdict: word, summary, stage }) {
  const head = document.querySelector(".head .verdict[data-verdict]");
  const old = document.body.dataset.stage;
  if (old && old !== stage) {
    notify("The launch has moved on.", { stay: true, action: "Show it", onAction: () => location.reload() });
    document.body.dataset.stage = stage;
  }
  if (!head) return;
  if (head.dataset.verdict !== word) {
    const verdicts = { go: "GO", conditional_go: "Conditional GO", no_go: "NO-GO" };
    const icons = { go: "go", conditional_go: "conditional", no_go: "no-go" };
    head.dataset.verdict = word;
    head.querySelector("b").textContent = verdicts[word];
    head.querySelector("use")?.setAttribute("href", `#i-${icons[word]}`);
    notify(`The verdict is ${verdicts[word]} now: ${summary}.`);
  }
  const text = head.querySelector("span");
  if (text) text.textContent = summary;
}

let forget = null;
let said = "open";

/** Shows the state of this page's connection to the stream. */
function stands(how) {
  if (how === "open") sayBack();
  if (how === said) return;
  said = how;
  forget?.();
  forget = null;
  if (how === "ended") sayEnded();
  if (how === "lost") forget = notify("The connection is lost. What others do is not shown until it is back.", { kind: "lost", stay: true });
  if (how === "gone") forget = notify("This launch is no longer shown to you, so that what others do is not either.", { kind: "lost", stay: true });
}

if (launch) follow(launch, { shown: () => ({ seq: seen, at }), heard: apply, stands });
