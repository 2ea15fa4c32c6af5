// One event stream a browser, however many of its pages are open: over HTTP/1.1 a browser gives a site six connections, and
// a stream holds one for as long as it is open. Of the pages that somebody can see, the one that has the lock holds the
// stream, of all launches that those pages show, and hands on what it hears. A page that nobody can see neither holds nor
// follows anything; shown again, it asks for what it has missed. In a browser without locks each page in sight has a stream
// of its own.
import { NoAnswer, SessionEnded, ask } from "./requests.js";

const NAME = "signoff:live";
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** How long the holder waits for other pages to say what they show before it connects, in milliseconds. */
const GATHER = 50;
/** The most launches of one stream; the server takes no more. */
const MOST = 20;

const shares = Boolean(navigator.locks && globalThis.BroadcastChannel);
const self = Math.random().toString(36).slice(2);

let page = null; // { launch, shown, heard, stands }: what this page follows
let channel = null;
let active = null; // while somebody can see the page: ends with it
let standing = "";
// Of the page that holds the stream:
let leading = false;
let source = null;
let wanted = new Map(); // page -> launch
let known = new Map(); // launch -> { seq, at }: what all who follow it have heard of, and since when
let pause = FIRST_PAUSE;
let timer = null;

/**
 * Follows a launch while somebody can see this page. `shown()` says what the page shows: `seq`, its newest event, and `at`,
 * the moment as of which, in milliseconds. `heard` is called with each change, and `stands` with "open", "lost", "ended" or
 * "gone", whenever that may have changed.
 */
export function follow(launch, { shown, heard, stands }) {
  page = { launch, shown, heard, stands };
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  addEventListener("pagehide", stop);
  addEventListener("pageshow", start);
  // Somebody may have signed in beside this page.
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

const want = () => channel?.postMessage({ wants: page.launch, shown: page.shown(), by: self });

/** Tells every page in sight, this one too. */
function share(message) {
  channel?.postMessage(message);
  hear(message);
}

function hear({ asks, wants, shown, by, leaves, change, stands, of }) {
  if (asks) want();
  if (wants && leading) add(by, wants, shown);
  if (leaves) wanted.delete(leaves);
  if (change?.launch === page.launch) page.heard(change);
  if (!stands || !of.includes(page.launch)) return;
  standing = stands;
  page.stands(stands);
}

/** Holds the stream until nobody can see this page any more. */
function lead(signal) {
  leading = true;
  wanted = new Map();
  known = new Map();
  pause = FIRST_PAUSE;
  channel?.postMessage({ asks: true });
  add(self, page.launch, page.shown());
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

/** A page follows a launch, which it shows as of an event and a moment: the stream begins again from there. */
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
    if (source !== own) return; // another was opened meanwhile, or nobody can see the page any more
    source = null;
    share({ stands, of: launches });
    if (stands !== "lost") return; // another try is made when a page is shown, or another one opened
    soon(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  });
}

/** Why a stream ended: an `EventSource` does not say, so that the server is asked once more, for the head alone. */
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
