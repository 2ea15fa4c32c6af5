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

async function tick(form) {
  const item = form.closest("[data-item]").dataset.item;
  if (asked.has(item)) return;
  asked.add(item);
  const before = snapshot(item);
  const body = new URLSearchParams(new FormData(form));
  const wanted = body.get("state");
  show({ ...before, state: wanted, stored: wanted, reason: "" });
  form.querySelector("button").setAttribute("aria-busy", "true");
  try {
    const headers = { accept: "application/json, text/html;q=0.5" };
    const response = await fetch(form.action, { method: "POST", body, headers, redirect: "manual" });
    if (response.type !== "opaqueredirect" && !response.ok) throw new Error(await words(response));
    // Someone else's change may have come meanwhile through the event stream, and is the newer.
    const known = snapshot(item);
    if (known.version <= before.version) show({ ...known, version: before.version + 1 });
    const word = wanted === "done" ? "Done" : "Open again";
    notify(`${word}: ${before.title}`, { action: "Undo", onAction: () => form.requestSubmit() });
  } catch (error) {
    show(before);
    const offline = error instanceof TypeError;
    notify(offline ? `The server can't be reached; “${before.title}” is as it was.` : error.message, { kind: "bad" });
  } finally {
    form.querySelector("button").removeAttribute("aria-busy");
    asked.delete(item);
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.tick")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  tick(event.target);
}, true);
