// Ticking answers at once: the row changes, the server is asked, and what it refuses is put back with its reason.
// Without this the same form posts and comes back.
import { isolated } from "./elements.js";
import { notify } from "./notices.js";
import { NoAnswer, SessionEnded, ask, sayEnded } from "./requests.js";
import { show, snapshot } from "./item.js";

const asked = new Set();

/** What the server said, out of the page or the JSON that it answered with. */
function words({ isJson, text }) {
  if (isJson) return JSON.parse(text).error;
  const page = new DOMParser().parseFromString(text, "text/html");
  return page.querySelector("[role=alert]")?.textContent.trim() || "The server did not take this; nothing was saved.";
}

async function tick(button) {
  const item = button.closest("[data-item]").dataset.item;
  if (asked.has(item)) return;
  asked.add(item);
  const before = snapshot(item);
  const [address, body] = [button.formAction, new URLSearchParams(new FormData(button.form, button))];
  const wanted = body.get("state");
  show({ ...before, state: wanted, stored: wanted, reason: "" });
  button.setAttribute("aria-busy", "true");
  try {
    // Asked for in this way, what went well is answered without a page to go to: a redirect is never taken for success.
    const headers = { accept: "application/json", prefer: "return=minimal" };
    const answer = await ask(address, { method: "POST", body, headers, redirect: "manual" });
    if (!answer.ok) throw new Error(words(answer));
    // Someone else's change may have come meanwhile through the event stream, and is the newer.
    const known = snapshot(item);
    if (known.version <= before.version) show({ ...known, version: before.version + 1 });
    const word = wanted === "done" ? "Done" : "Open again";
    notify([`${word}: `, isolated(before.title)], { action: "Undo", onAction: () => button.click() });
  } catch (error) {
    // What came through the event stream meanwhile is newer than what was there before.
    const known = snapshot(item);
    if (known.version <= before.version) show(before);
    if (error instanceof SessionEnded) sayEnded(`Your session has ended, so “${before.title}” is as it was.`);
    else if (error instanceof NoAnswer) notify(`${error.message} “${before.title}” is shown as it was; try again.`, { kind: "bad" });
    else notify(error.message, { kind: "bad" });
  } finally {
    button.removeAttribute("aria-busy");
    asked.delete(item);
  }
}

document.addEventListener("submit", (event) => {
  if (!event.submitter?.matches(".item > .tick")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  tick(event.submitter);
}, true);
