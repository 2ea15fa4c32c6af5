// One event stream for each browser, however many of its pages are open: over HTTP/1.1 a browser opens six connections
// to a site, and a stream uses one as long as it is open. Of the visible pages, the one that has the lock is the leader:
// it holds the stream, for all launches that those pages show, and forwards its messages. A hidden page neither holds nor
// follows a stream; when it is shown again, it asks for what it has missed. In a browser without locks each visible page
// has its own stream.
import { NoResponse, SessionEnded, request } from "./requests.js";

/** The name of the lock and of the channel. Pages that understand each other's messages have the same. */
const CHANNEL_NAME = "signoff:live-stream";
/** The delays before the stream is opened again after it was lost, in milliseconds. */
const FIRST_RETRY_DELAY = 1_000;
const MAX_RETRY_DELAY = 30_000;
/** How long the leader waits for other pages to send what they show before it connects, in milliseconds. */
const GATHER_DELAY = 50;
/** The maximum number of launches of one stream, as on the server. */
const MAX_LAUNCHES = 20;

const canShareStream = Boolean(navigator.locks && globalThis.BroadcastChannel);
const pageId = Math.random().toString(36).slice(2);

let page = null; // { launch, getState, applyChange, showConnection }: what this page follows; the launch is null if it shows none
let showUnread = () => {};
let channel = null;
let visibility = null; // an AbortController while the page is visible
let connectionState = "";
// State of the leader:
let isLeader = false;
let eventSource = null;
let followers = new Map(); // page id -> launch
let deliveredStates = new Map(); // launch -> { seq, at }: the state that all its followers have received
let retryDelay = FIRST_RETRY_DELAY;
let connectTimer = null;

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
  addEventListener("focus", () => {
    if (connectionState !== "ended" || !visibility) return;
    if (isLeader) scheduleConnect(GATHER_DELAY);
    else postFollower();
  });
  start();
}

/** Shows the number of unread notifications by `show` whenever it changes, also on a page that follows no launch. */
export function followUnread(show) {
  showUnread = show;
  if (!page) follow(null, { getState: () => null, applyChange: () => {}, showConnection: () => {} });
}

function start() {
  if (document.hidden || visibility) return;
  visibility = new AbortController();
  const { signal } = visibility;
  if (!canShareStream) return void lead(signal);
  channel = new BroadcastChannel(CHANNEL_NAME);
  channel.addEventListener("message", ({ data }) => handleMessage(data));
  postFollower();
  navigator.locks.request(CHANNEL_NAME, { signal }, () => lead(signal)).catch(() => {}); // the page was hidden while it waited
}

function stop() {
  if (!visibility) return;
  channel?.postMessage({ type: "leave", pageId });
  visibility.abort();
  visibility = null;
  channel?.close();
  channel = null;
}

/** Asks the leader to follow this page's launch. */
const postFollower = () => channel?.postMessage({ type: "follow", pageId, launch: page.launch, shown: page.getState() });

/** Sends a message to every visible page, this one too. */
function broadcast(message) {
  channel?.postMessage(message);
  handleMessage(message);
}

function handleMessage(message) {
  switch (message.type) {
    case "new-leader":
      return postFollower();
    case "follow":
      if (isLeader) addFollower(message.pageId, message.launch, message.shown);
      return;
    case "leave":
      return void followers.delete(message.pageId);
    case "change":
      if (message.change.launch === page.launch) page.applyChange(message.change);
      return;
    case "unread":
      return void showUnread(message.count);
    case "connection":
      if (!message.launches.includes(page.launch)) return;
      connectionState = message.state;
      page.showConnection(message.state);
  }
}

/** Holds the stream as long as this page is visible. */
function lead(signal) {
  isLeader = true;
  followers = new Map();
  deliveredStates = new Map();
  retryDelay = FIRST_RETRY_DELAY;
  channel?.postMessage({ type: "new-leader" });
  addFollower(pageId, page.launch, page.getState());
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      clearTimeout(connectTimer);
      eventSource?.close();
      eventSource = null;
      isLeader = false;
      resolve();
    }, { once: true });
  });
}

/** Adds a page that follows a launch and shows it as of an event and a time: the stream restarts from there. */
function addFollower(follower, launch, shown) {
  followers.set(follower, launch);
  if (!launch) return void (eventSource ?? scheduleConnect(GATHER_DELAY));
  const { seq, at } = deliveredStates.get(launch) ?? shown;
  deliveredStates.set(launch, { seq: Math.min(seq, shown.seq), at: Math.min(at, shown.at) });
  scheduleConnect(GATHER_DELAY);
}

function scheduleConnect(delay) {
  clearTimeout(connectTimer);
  connectTimer = setTimeout(connect, delay);
}

function connect() {
  eventSource?.close();
  const launches = [...new Set(followers.values())].filter(Boolean).slice(0, MAX_LAUNCHES);
  deliveredStates = new Map(launches.map((launch) => [launch, deliveredStates.get(launch)]));
  const parameter = ([launch, { seq, at }]) => `launch=${launch}.${seq}.${Math.ceil(Math.max(Date.now() - at, 0) / 1_000)}`;
  const address = `/live?${[...deliveredStates].map(parameter).join("&")}`;
  const source = new EventSource(address);
  eventSource = source;
  source.addEventListener("following", ({ data }) => {
    const { launches: following } = JSON.parse(data);
    retryDelay = FIRST_RETRY_DELAY;
    broadcast({ type: "connection", state: "open", launches: following });
    const gone = launches.filter((launch) => !following.includes(launch));
    if (gone.length > 0) broadcast({ type: "connection", state: "gone", launches: gone });
  });
  source.addEventListener("change", ({ data }) => {
    const change = JSON.parse(data);
    deliveredStates.set(change.launch, { seq: change.seq, at: Date.now() });
    broadcast({ type: "change", change });
  });
  source.addEventListener("unread", ({ data }) => broadcast({ type: "unread", ...JSON.parse(data) }));
  source.addEventListener("error", async () => {
    source.close();
    const state = await findConnectionState(address);
    if (eventSource !== source) return; // another stream was opened meanwhile, or the page is hidden
    eventSource = null;
    broadcast({ type: "connection", state, launches });
    if (state !== "lost") return; // the next try is made when a page is shown or opened
    scheduleConnect(retryDelay);
    retryDelay = Math.min(retryDelay * 2, MAX_RETRY_DELAY);
  });
}

/** Finds out why a stream ended: an `EventSource` does not report it, so a HEAD request asks the server again. */
async function findConnectionState(address) {
  try {
    const { status } = await request(address, { method: "HEAD", headers: { accept: "application/json" } });
    return status === 403 || status === 404 ? "gone" : "lost";
  } catch (error) {
    if (error instanceof SessionEnded) return "ended";
    if (error instanceof NoResponse) return "lost";
    throw error;
  }
}
