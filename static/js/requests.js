// Requests from a page that stays open. Every request has a time limit and one of three outcomes: an answer, an ended
// session, or no answer. An ended session is never reported as a lost connection, nor as success.
import { notify } from "./notices.js";
import { text } from "./texts.js";

/** The time limit of a request, in milliseconds. */
export const LIMIT = 10_000;
/** The time limit of a request with files. */
const LIMIT_WITH_FILES = 120_000;

/** The session has ended: nothing was done, and signing in helps. */
export class SessionEnded extends Error {
  constructor() {
    super(text("session_ended_nothing_saved"));
  }
}

/** There was no answer, so that it is unknown whether the request was executed. */
export class NoAnswer extends Error {
  constructor(late) {
    super(late ? text("server_does_not_answer") : text("server_cannot_be_reached"));
    this.late = late;
  }
}

/** Whether an answer asks for signing in: by its status, or because it is the login page. */
function asksToSignIn(response) {
  if (response.status === 401) return true;
  if (response.type === "opaqueredirect") return true; // with `redirect: "manual"`, used where no redirect is expected
  return response.redirected && new URL(response.url).pathname === "/login";
}

const hasFiles = (body) => body instanceof FormData && [...body.values()].some((value) => value instanceof File && value.size > 0);

/** Sends a request and reads the whole answer: `{ ok, status, text, isJson }`. Throws `SessionEnded` or `NoAnswer`. */
export async function ask(address, options = {}) {
  const limit = hasFiles(options.body) ? LIMIT_WITH_FILES : LIMIT;
  try {
    const response = await fetch(address, { ...options, signal: AbortSignal.timeout(limit) });
    if (asksToSignIn(response)) throw new SessionEnded();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return { ok: response.ok, status: response.status, text: await response.text(), isJson };
  } catch (error) {
    if (error instanceof SessionEnded) throw error;
    throw new NoAnswer(error.name === "TimeoutError" || error.name === "AbortError");
  }
}

/** Checks that the server can be reached, by asking for this file. Throws `NoAnswer`. */
export async function checkConnection() {
  const { status } = await ask(import.meta.url, { method: "HEAD", cache: "no-store" });
  if (status >= 500) throw new NoAnswer(false);
}

/** The login page, which leads back here. */
const signIn = () => `/login?next=${encodeURIComponent(location.pathname + location.search)}`;

let forget = null;

/** Shows once that the session has ended, with a link to sign in in another tab, so that all text typed here stays. */
export function showSessionEnded(sentence = text("session_has_ended")) {
  forget?.();
  forget = notify(sentence, { kind: "bad", stay: true, action: text("sign_in_again"), href: signIn() });
}

/** Called when somebody is signed in again. */
export function hideSessionEnded() {
  forget?.();
  forget = null;
}
