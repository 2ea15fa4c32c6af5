// A tick marks the row at once and is then sent to the server; if the server refuses, the mark is taken back with the
// reason. Without this script the same form posts and the page comes back.
import { isolated } from "./elements.js";
import { notify } from "./notices.js";
import { NoAnswer, SessionEnded, ask, showSessionEnded } from "./requests.js";
import { refreshRows, rowOf } from "./rows.js";
import { text } from "./texts.js";

/** The server's message, from the page or the JSON of its answer. */
function readProblem(answer) {
  if (answer.isJson) return JSON.parse(answer.text).error;
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  return page.querySelector("[role=alert]")?.textContent.trim() || text("server_refused_nothing_saved");
}

/** Whether an item does not count as long as its evidence is missing. */
const lacksEvidence = (row) => Boolean(row?.querySelector(".needed, .lack"));

/** Shows a row as ticked or open, and returns a function that takes this back. */
function mark(button, state) {
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

const TICK = { done: (of) => text("item_ticked", of), open: (of) => text("item_unticked", of) };
const TICKS = {
  done: (of) => text("items_ticked", of),
  open: (of) => text("items_unticked", of),
  lacking: (of) => text("item_ticked_without_evidence", of),
};
let run = null; // the ticks that the notice covers: { state, items }

/** Announces a tick, together with those before it that its notice still covers; one press takes all of them back. */
function announce(item, title, state) {
  if (run?.state !== state) run = { state, items: new Set() };
  const own = run;
  own.items.add(item);
  const count = own.items.size;
  const covers = { count, item: isolated(title) };
  const undo = () => [...own.items].reverse().forEach((id) => rowOf(id)?.querySelector(":scope > .tick")?.click());
  const describe = count > 1 ? TICKS[state] : lacksEvidence(rowOf(item)) && state === "done" ? TICKS.lacking : TICK[state];
  notify(describe(covers), { action: text("undo_tick"), onAction: undo, onGone: () => { if (run === own) run = null; } });
  run = own;
}

/** Makes the button send the opposite, of the version that the tick has made. */
function turnAround(button, state) {
  button.value = state === "done" ? "open" : "done";
  button.formAction = button.formAction.replace(/\d+$/, (version) => String(Number(version) + 1));
}

async function tick(button) {
  if (button.hasAttribute("aria-busy")) return;
  const { item } = button.closest("[data-item]").dataset;
  const title = rowOf(item).querySelector(".title").textContent;
  const [address, body] = [button.formAction, new URLSearchParams(new FormData(button.form, button))];
  const state = body.get("state");
  const unmark = mark(button, state);
  button.setAttribute("aria-busy", "true");
  try {
    // With these headers a success is answered without a redirect: a redirect is never taken for success.
    const headers = { accept: "application/json", prefer: "return=minimal" };
    const answer = await ask(address, { method: "POST", body, headers, redirect: "manual" });
    if (!answer.ok) throw new Error(readProblem(answer));
    turnAround(button, state);
    announce(item, title, state);
  } catch (error) {
    unmark();
    if (error instanceof SessionEnded) return showSessionEnded(text("session_ended_item_unchanged", { item: title }));
    if (error instanceof NoAnswer) notify(text("item_is_shown_as_it_was", { why: error.message, item: isolated(title) }), { kind: "bad" });
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
