// A tick changes the row at once and is then sent to the server; if the server refuses, the row is restored and the reason
// is shown. Without this script the same form posts and the page is loaded again.
import { isolated } from "./elements.js";
import { notify } from "./notices.js";
import { NoResponse, SessionEnded, request, showSessionEnded } from "./requests.js";
import { refreshRows, rowOf } from "./rows.js";
import { text } from "./texts.js";

/** The server's message, from the page or the JSON of its response. */
function readErrorMessage(response) {
  if (response.isJson) return JSON.parse(response.text).error;
  const page = new DOMParser().parseFromString(response.text, "text/html");
  return page.querySelector("[role=alert]")?.textContent.trim() || text("server_refused_nothing_saved");
}

/** Whether an item does not count as long as its evidence is missing. */
const lacksEvidence = (row) => Boolean(row?.querySelector(".needed, .missing-evidence"));

/** Shows a row as ticked or open, and returns a function that restores it. */
function showState(button, state) {
  const row = button.closest("[data-item]");
  const box = button.querySelector(".box");
  const before = [row.dataset.state, box.className, button.getAttribute("aria-checked")];
  row.dataset.state = state;
  const classes = ["box", state, lacksEvidence(row) && state === "done" && "lacking", box.classList.contains("critical") && "critical"];
  box.className = classes.filter(Boolean).join(" ");
  button.setAttribute("aria-checked", String(state === "done"));
  return () => {
    row.dataset.state = before[0];
    box.className = before[1];
    button.setAttribute("aria-checked", before[2]);
  };
}

const ONE_CHANGED = { done: (of) => text("item_ticked", of), open: (of) => text("item_unticked", of) };
const MANY_CHANGED = {
  done: (of) => text("items_ticked", of),
  open: (of) => text("items_unticked", of),
  lacking: (of) => text("item_ticked_without_evidence", of),
};
let announced = null; // the changes that the notice covers: { state, items }

/** Announces a tick, together with those before it that its notice still covers; one press reverts all of them. */
function announce(item, title, state) {
  if (announced?.state !== state) announced = { state, items: new Set() };
  const changes = announced;
  changes.items.add(item);
  const count = changes.items.size;
  const covers = { count, item: isolated(title) };
  const undo = () => [...changes.items].reverse().forEach((id) => rowOf(id)?.querySelector(":scope > .tick")?.click());
  const describe = count > 1 ? MANY_CHANGED[state] : lacksEvidence(rowOf(item)) && state === "done" ? MANY_CHANGED.lacking : ONE_CHANGED[state];
  notify(describe(covers), { action: text("undo_tick"), onAction: undo, onRemoved: () => { if (announced === changes) announced = null; } });
  announced = changes;
}

/** Makes the button send the opposite state, for the version that the tick has created. */
function invertButton(button, state) {
  button.value = state === "done" ? "open" : "done";
  button.formAction = button.formAction.replace(/\d+$/, (version) => String(Number(version) + 1));
}

async function tick(button) {
  if (button.hasAttribute("aria-busy")) return;
  const { item } = button.closest("[data-item]").dataset;
  const title = rowOf(item).querySelector(".title").textContent;
  const [address, body] = [button.formAction, new URLSearchParams(new FormData(button.form, button))];
  const state = body.get("state");
  const restore = showState(button, state);
  button.setAttribute("aria-busy", "true");
  try {
    // With these headers a success has a response without a redirect: a redirect is never taken for success.
    const headers = { accept: "application/json", prefer: "return=minimal" };
    const response = await request(address, { method: "POST", body, headers, redirect: "manual" });
    if (!response.ok) throw new Error(readErrorMessage(response));
    invertButton(button, state);
    announce(item, title, state);
  } catch (error) {
    restore();
    if (error instanceof SessionEnded) return showSessionEnded(text("session_ended_item_unchanged", { item: title }));
    if (error instanceof NoResponse) notify(text("item_is_shown_as_it_was", { why: error.message, item: isolated(title) }), { kind: "bad" });
    else notify(error.message, { kind: "bad" });
  } finally {
    button.removeAttribute("aria-busy");
  }
  // The server's row has who ticked it and when, and shows what others changed meanwhile.
  refreshRows([item]);
}

export const tickForms = {
  matches: (form, submitter) => Boolean(submitter?.matches("[data-item] > .tick")),
  handle(event) {
    event.preventDefault();
    tick(event.submitter);
  },
};
