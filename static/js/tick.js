// Ticking answers at once: the row changes, the server is asked, and what it refuses is put back with its reason.
// Without this the same form posts and comes back.
import { notify } from "./notices.js";
import { show, snapshot } from "./item.js";

const asked = new Set();

/** What the server said, out of the page or the JSON that it answered with. */
async function words(response) {
  if (response.status === 401) return "Your session has ended, so nothing was saved. Sign in and tick it again.";
  const text = await response.text();
  if (response.headers.get("content-type")?.includes("json")) return JSON.parse(text).error;
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
    const headers = { accept: "application/json, text/html;q=0.5" };
    const response = await fetch(address, { method: "POST", body, headers, redirect: "manual" });
    if (response.type !== "opaqueredirect" && !response.ok) throw new Error(await words(response));
    // Someone else's change may have come meanwhile through the event stream, and is the newer.
    const known = snapshot(item);
    if (known.version <= before.version) show({ ...known, version: before.version + 1 });
    const word = wanted === "done" ? "Done" : "Open again";
    notify(`${word}: ${before.title}`, { action: "Undo", onAction: () => button.click() });
  } catch (error) {
    show(before);
    const offline = error instanceof TypeError;
    notify(offline ? `The server can't be reached; “${before.title}” is as it was.` : error.message, { kind: "bad" });
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
