// Requests from a page that stays open. Every request has a time limit and one of three outcomes: a response, an ended
// session, or no response. An ended session is never reported as a lost connection, nor as success.
import { notify } from "./notices.js";
import { text } from "./texts.js";

/** The time limit of a request, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** The time limit of a request with files. */
const TIMEOUT_WITH_FILES_MS = 120_000;

/** The session has ended: nothing was done, and signing in helps. */
export class SessionEnded extends Error {
  constructor() {
    super(text("session_ended_nothing_saved"));
  }
}

/** There was no response, so that it is unknown whether the request was executed. */
export class NoResponse extends Error {
  constructor(isTimeout) {
    super(isTimeout ? text("server_does_not_answer") : text("server_cannot_be_reached"));
    this.isTimeout = isTimeout;
  }
}

/** Whether a response asks for signing in: by its status, or because it is the login page. */
function asksToSignIn(response) {
  if (response.status === 401) return true;
  if (response.type === "opaqueredirect") return true; // with `redirect: "manual"`, used where no redirect is expected
  return response.redirected && new URL(response.url).pathname === "/login";
}

const hasFiles = (body) => body instanceof FormData && [...body.values()].some((value) => value instanceof File && value.size > 0);

/** Sends a request and reads the whole response: `{ ok, status, text, isJson }`. Throws `SessionEnded` or `NoResponse`. */
export async function request(address, options = {}) {
  const timeout = hasFiles(options.body) ? TIMEOUT_WITH_FILES_MS : TIMEOUT_MS;
  try {
    const response = await fetch(address, { ...options, signal: AbortSignal.timeout(timeout) });
    if (asksToSignIn(response)) throw new SessionEnded();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return { ok: response.ok, status: response.status, text: await response.text(), isJson };
  } catch (error) {
    if (error instanceof SessionEnded) throw error;
    throw new NoResponse(error.name === "TimeoutError" || error.name === "AbortError");
  }
}

/** Checks that the server can be reached, by requesting this file. Throws `NoResponse`. */
export async function checkConnection() {
  const { status } = await request(import.meta.url, { method: "HEAD", cache: "no-store" });
  if (status >= 500) throw new NoResponse(false);
}

/** The login page, which leads back here. */
const signInAddress = () => `/login?next=${encodeURIComponent(location.pathname + location.search)}`;

let removeNotice = null;

/** Shows once that the session has ended, with a link to sign in in another tab, so that all text typed here stays. */
export function showSessionEnded(message = text("session_has_ended")) {
  removeNotice?.();
  removeNotice = notify(message, { kind: "bad", stay: true, action: text("sign_in_again"), href: signInAddress() });
}

/** Removes the notice of an ended session; called when somebody is signed in again. */
export function hideSessionEnded() {
  removeNotice?.();
  removeNotice = null;
}
