// Moves a part, a section or an item of a checklist draft: at once, without scrolling the page, and with the result
// read out. Alt with an arrow key moves the focused one. Without this script the same buttons send the same form.
import { notify } from "./notices.js";
import { NoAnswer, SessionEnded, ask, showSessionEnded } from "./requests.js";
import { text } from "./texts.js";

const form = document.querySelector("form[data-order]");
const row = (element) => element?.closest("[data-node]");
const beside = (element) => [...element.parentElement.children].filter((other) => other.matches("[data-node]"));

/** Replaces the lists by those of the server's answer, and preserves what was open and typed in them. */
function show(page) {
  for (const list of document.querySelectorAll("[data-order-list]")) {
    const fresh = page.getElementById(list.id);
    if (!fresh) continue;
    const kept = [...list.querySelectorAll(".fold[open] input[id]")].map(({ id, value }) => ({ id, value }));
    list.replaceChildren(...fresh.childNodes);
    for (const { id, value } of kept) {
      const field = document.getElementById(id);
      if (!field) continue;
      field.value = value;
      field.closest(".fold").open = true;
    }
  }
  const version = page.querySelector("form[data-order] input[name=version]");
  if (version) form.elements.version.value = version.value;
}

/** The error message of an answer, from its page or from an error page. */
const said = (page) => page.querySelector("[role=alert], .fault h1 + p")?.textContent.trim();

let moving = Promise.resolve();

async function move(name, id) {
  const moved = document.getElementById(`node-${id}`);
  const title = moved?.dataset.node ?? "";
  const body = new URLSearchParams({ version: form.elements.version.value, [name]: id });
  try {
    const answer = await ask(form.action, { method: "POST", body, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(answer.text, "text/html");
    show(page);
    if (!answer.ok) throw new Error(said(page) || text("server_refused_nothing_moved"));
    const now = document.getElementById(`node-${id}`);
    const all = beside(now);
    notify(text("moved_to_place", { title, place: all.indexOf(now) + 1, count: all.length }));
  } catch (error) {
    if (error instanceof SessionEnded) showSessionEnded(text("session_ended_nothing_moved", { title }));
    else notify(error instanceof NoAnswer ? text("node_is_shown_where_it_was", { why: error.message, title }) : error.message, { kind: "bad" });
  }
  focus(id, name);
}

/** Keeps the focus with the moved element: on the same button, or on the other one at an end of the list. */
function focus(id, name) {
  const button = (which) => document.querySelector(`button[form=order][name=${which}][value="${id}"]`);
  const same = button(name);
  const next = same && !same.disabled ? same : button(name === "up" ? "down" : "up");
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

/** Moves are sent one after another, since each needs the version that the one before it produced. */
const queue = (name, id) => { moving = moving.then(() => move(name, id)); };

export const moveForms = {
  matches: (sent, button) => sent === form && ["up", "down"].includes(button?.name) && Boolean(row(button)),
  handle(event) {
    event.preventDefault();
    queue(event.submitter.name, event.submitter.value);
  },
};

if (form) {
  for (const hint of document.querySelectorAll("[data-scripted]")) hint.hidden = false;

  addEventListener("keydown", (event) => {
    const name = event.altKey && !event.ctrlKey && !event.metaKey && { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const target = name && !event.target.closest?.("input, textarea, select") && row(event.target);
    if (!target) return;
    event.preventDefault();
    const button = target.querySelector(`button[form=order][name=${name}][value="${target.id.replace("node-", "")}"]`);
    if (button && !button.disabled) queue(name, button.value);
  });
}
