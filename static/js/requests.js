// Asking the server from a page that stays. Every request has a limit of time, and what came of it has a name: an answer,
// a session that has ended, or no answer at all. An ended session is never reported as a lost connection, nor as success.
import { notify } from "./notices.js";

/** How long a request may take, in milliseconds. */
export const LIMIT = 10_000;
/** The same for one that brings files. */
const LIMIT_WITH_FILES = 120_000;

/** The session has ended: nothing was done, and signing in helps. */
export class SessionEnded extends Error {
  constructor() {
    super("Your session has ended, so nothing was saved. What you entered is still here.");
  }
}

/** There was no answer, so that nobody knows what became of it. */
export class NoAnswer extends Error {
  constructor(late) {
    super(late ? "The server does not answer." : "The server can’t be reached.");
    this.late = late;
  }
}

/** Whether an answer leads to signing in: by its status, or because it is the page for that. */
function asksToSignIn(response) {
  if (response.status === 401) return true;
  if (response.type === "opaqueredirect") return true; // asked for with `redirect: "manual"`, where none is expected
  return response.redirected && new URL(response.url).pathname === "/login";
}

const hasFiles = (body) => body instanceof FormData && [...body.values()].some((value) => value instanceof File && value.size > 0);

/**
 * Asks, and reads the whole answer: `{ ok, status, text, isJson }`. Throws `SessionEnded` or `NoAnswer`.
 */
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

/** The page to sign in at, which leads back here. */
const signIn = () => `/login?next=${encodeURIComponent(location.pathname + location.search)}`;

let forget = null;

/** Says that the session has ended, once, with the way to sign in beside this page, so that all that was typed here stays. */
export function sayEnded(text = "Your session has ended.") {
  forget?.();
  forget = notify(text, { kind: "bad", stay: true, action: "Sign in", href: signIn() });
}

/** Somebody is signed in again. */
export function sayBack() {
  forget?.();
  forget = null;
}
