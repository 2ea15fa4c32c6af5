// A tick marks the row at once and is then sent to the server; if the server refuses, the mark is taken back with the
// reason. Without this script the same form posts and the page comes back.
import { isolated } from "./elements.js";
import { notify } from "./notices.js";
import { NoAnswer, SessionEnded, ask, showSessionEnded } from "./requests.js";
import { refreshRows, rowOf } from "./rows.js";

/** The server's message, from the page or the JSON of its answer. */
function readProblem({ isJson, text }) {
  if (isJson) return JSON.parse(text).error;
  const page = new DOMParser().parseFromString(text, "text/html");
  return page.querySelector("[role=alert]")?.textContent.trim() || "The server did not take this; nothing was saved.";
}

/** Shows a row as ticked or open, and returns a function that takes this back. */
function mark(button, state) {
  const row = button.closest(".item");
  const box = button.querySelector(".box");
  const before = [row.dataset.state, box.className, button.getAttribute("aria-checked")];
  row.dataset.state = state;
  box.className = `box ${state}${box.classList.contains("critical") ? " critical" : ""}`;
  button.setAttribute("aria-checked", String(state === "done"));
  return () => {
    row.dataset.state = before[0];
    box.className = before[1];
    button.setAttribute("aria-checked", before[2]);
  };
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
    const undo = () => rowOf(item)?.querySelector(":scope > .tick")?.click();
    notify([state === "done" ? "Done: " : "Open again: ", isolated(title)], { action: "Undo", onAction: undo });
  } catch (error) {
    unmark();
    if (error instanceof SessionEnded) return showSessionEnded(`Your session has ended, so “${title}” is as it was.`);
    if (error instanceof NoAnswer) notify(`${error.message} “${title}” is shown as it was; try again.`, { kind: "bad" });
    else notify(error.message, { kind: "bad" });
  } finally {
    button.removeAttribute("aria-busy");
  }
  // The server's row has who ticked it and when, and shows what others changed meanwhile.
  refreshRows([item]);
}

export const tickForms = {
  matches: (form, submitter) => Boolean(submitter?.matches(".item > .tick")),
  handle(event) {
    event.preventDefault();
    tick(event.submitter);
  },
};
