// A tick changes the row at once and is then sent to the server; if the server refuses, the row is reverted with the
// reason. Without this script the same form posts and the page comes back.
import { isolated } from "./elements.js";
import { notify } from "./notices.js";
import { NoAnswer, SessionEnded, ask, sayEnded } from "./requests.js";
import { show, snapshot } from "./item.js";

const asked = new Set();

/** The server's message, from the page or the JSON of its answer. */
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
    // With these headers a success is answered without a redirect: a redirect is never taken for success.
    const headers = { accept: "application/json", prefer: "return=minimal" };
    const answer = await ask(address, { method: "POST", body, headers, redirect: "manual" });
    if (!answer.ok) throw new Error(words(answer));
    // Somebody else's change may have arrived through the event stream; it is newer.
    const known = snapshot(item);
    if (known.version <= before.version) show({ ...known, version: before.version + 1 });
    const word = wanted === "done" ? "Done" : "Open again";
    notify([`${word}: `, isolated(before.title)], { action: "Undo", onAction: () => button.click() });
  } catch (error) {
    // A change that arrived through the event stream is newer than the state before.
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
