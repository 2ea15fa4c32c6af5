// One event stream for each browser, however many of its pages are open: over HTTP/1.1 a browser opens six connections
// to a site, and a stream uses one as long as it is open. Of the visible pages, the one that has the lock holds the
// stream, for all launches that those pages show, and forwards its messages. A hidden page neither holds nor follows a
// stream; when it is shown again, it asks for what it has missed. In a browser without locks each visible page has its
// own stream.
import { NoAnswer, SessionEnded, ask } from "./requests.js";

const NAME = "signoff:live";
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** How long the holder waits for other pages to send what they show before it connects, in milliseconds. */
const GATHER = 50;
/** The maximum number of launches of one stream, as on the server. */
const MOST = 20;

const shares = Boolean(navigator.locks && globalThis.BroadcastChannel);
const self = Math.random().toString(36).slice(2);

let page = null; // { launch, getState, applyChange, showConnection }: what this page follows
let channel = null;
let active = null; // an AbortController while the page is visible
let standing = "";
// State of the page that holds the stream:
let leading = false;
let source = null;
let wanted = new Map(); // page -> launch
let known = new Map(); // launch -> { seq, at }: the state that all its followers have received
let pause = FIRST_PAUSE;
let timer = null;

/**
 * Follows a launch while this page is visible. `getState()` returns what the page shows: `seq`, its newest event, and
 * `at`, the time of that state, in milliseconds. `applyChange` is called with each change, and `showConnection` with
 * "open", "lost", "ended" or "gone" whenever the state of the connection may have changed.
 */
export function follow(launch, { getState, applyChange, showConnection }) {
  page = { launch, getState, applyChange, showConnection };
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  addEventListener("pagehide", stop);
  addEventListener("pageshow", start);
  // Somebody may have signed in on another page.
  addEventListener("focus", () => standing === "ended" && active && (leading ? soon(GATHER) : want()));
  start();
}

function start() {
  if (document.hidden || active) return;
  active = new AbortController();
  if (!shares) return void lead(active.signal);
  channel = new BroadcastChannel(NAME);
  channel.addEventListener("message", ({ data }) => hear(data));
  want();
  navigator.locks.request(NAME, { signal: active.signal }, () => lead(active.signal)).catch(() => {}); // ended while it waited
}

function stop() {
  if (!active) return;
  channel?.postMessage({ leaves: self });
  active.abort();
  active = null;
  channel?.close();
  channel = null;
}

const want = () => channel?.postMessage({ wants: page.launch, shown: page.getState(), by: self });

/** Sends a message to every visible page, this one too. */
function share(message) {
  channel?.postMessage(message);
  hear(message);
}

function hear({ asks, wants, shown, by, leaves, change, stands, of }) {
  if (asks) want();
  if (wants && leading) add(by, wants, shown);
  if (leaves) wanted.delete(leaves);
  if (change?.launch === page.launch) page.applyChange(change);
  if (!stands || !of.includes(page.launch)) return;
  standing = stands;
  page.showConnection(stands);
}

/** Holds the stream as long as this page is visible. */
function lead(signal) {
  leading = true;
  wanted = new Map();
  known = new Map();
  pause = FIRST_PAUSE;
  channel?.postMessage({ asks: true });
  add(self, page.launch, page.getState());
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      source?.close();
      source = null;
      leading = false;
      resolve();
    }, { once: true });
  });
}

/** Adds a page that follows a launch and shows it as of an event and a time: the stream restarts from there. */
function add(by, launch, shown) {
  const { seq, at } = known.get(launch) ?? shown;
  wanted.set(by, launch);
  known.set(launch, { seq: Math.min(seq, shown.seq), at: Math.min(at, shown.at) });
  soon(GATHER);
}

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(connect, wait);
}

function connect() {
  source?.close();
  const launches = [...new Set(wanted.values())].slice(0, MOST);
  known = new Map(launches.map((launch) => [launch, known.get(launch)]));
  const asked = ([launch, { seq, at }]) => `launch=${launch}.${seq}.${Math.ceil(Math.max(Date.now() - at, 0) / 1_000)}`;
  const address = `/live?${[...known].map(asked).join("&")}`;
  const own = new EventSource(address);
  source = own;
  own.addEventListener("following", ({ data }) => {
    const { launches: following } = JSON.parse(data);
    pause = FIRST_PAUSE;
    share({ stands: "open", of: following });
    const gone = launches.filter((launch) => !following.includes(launch));
    if (gone.length > 0) share({ stands: "gone", of: gone });
  });
  own.addEventListener("change", ({ data }) => {
    const change = JSON.parse(data);
    known.set(change.launch, { seq: change.seq, at: Date.now() });
    share({ change });
  });
  own.addEventListener("error", async () => {
    own.close();
    const stands = await why(address);
    if (source !== own) return; // another stream was opened meanwhile, or the page is hidden
    source = null;
    share({ stands, of: launches });
    if (stands !== "lost") return; // the next try is made when a page is shown or opened
    soon(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  });
}

/** Finds out why a stream ended: an `EventSource` does not report it, so a HEAD request asks the server again. */
async function why(address) {
  try {
    const { status } = await ask(address, { method: "HEAD", headers: { accept: "application/json" } });
    return status === 403 || status === 404 ? "gone" : "lost";
  } catch (error) {
    if (error instanceof SessionEnded) return "ended";
    if (error instanceof NoAnswer) return "lost";
    throw error;
  }
}
