// Uploads the files of an evidence form one by one while the page stays: each has a row with its progress, a cancel
// button, and afterwards its result. The form's days are sent along, and stay filled in; its link and note are sent once
// all files have arrived.
import { canRetry } from "./file_limits.js";
import { element } from "./elements.js";
import { notify } from "./notices.js";
import { showSessionEnded } from "./requests.js";
import { fetchPage, updateRegions } from "./regions.js";
import { formatSize } from "./sizes.js";
import { text } from "./texts.js";

/** How long an upload may make no progress, or its answer take, in milliseconds. */
const STANDSTILL = 30_000;
const AT_ONCE = 2; // for all forms of the page; browsers give a site six connections, and others need some
const waiting = [];
const sending = new Set();
const batches = new WeakMap(); // form -> { total, done, open, rest }

/**
 * Uploads files to a form's address. With `rest`, the form's link or note is sent too, as one more upload, when all
 * files have arrived; otherwise it stays in the form.
 */
export function upload(form, files, { rest = false } = {}) {
  const days = valuesOf(form, DAYS);
  startBatch(form);
  if (rest) batches.get(form).rest = textsOf(form).length > 0;
  for (const file of files) queue(new Upload(form, file.name, file, [...days, ["files", file]]));
}

/** Sends the form's link and note. */
function sendRest(form) {
  const typed = textsOf(form);
  if (typed.length > 0) queue(new Upload(form, typed.map(([, value]) => value).join(", "), null, [...valuesOf(form, DAYS), ...typed]));
}

const DAYS = ["observed_on", "valid_until"];

function valuesOf(form, names) {
  const fields = new FormData(form);
  return names.map((name) => [name, fields.get(name) ?? ""]);
}

const textsOf = (form) => valuesOf(form, ["text"]).filter(([, value]) => value.trim() !== "");

/** Removes the rows of the last batch when all of it has ended; failures stay until they are dismissed. */
function startBatch(form) {
  const batch = batches.get(form);
  if (batch?.open > 0) return;
  batches.set(form, { total: 0, done: 0, open: 0, rest: false });
  for (const row of form.querySelectorAll(".uploads .attached")) row.remove();
}

/** Shows the rows while there are any, and marks this part of the page so that live updates leave it alone. */
function showRows(form) {
  const list = form.querySelector(".uploads");
  list.hidden = list.children.length === 0;
  list.toggleAttribute("data-busy", !list.hidden);
}

function queue(one) {
  const batch = batches.get(one.form);
  batch.total += 1;
  begin(one);
}

function begin(one) {
  batches.get(one.form).open += 1;
  waiting.push(one);
  one.show("waiting");
  next();
}

function next() {
  while (sending.size < AT_ONCE && waiting.length > 0) {
    const one = waiting.shift();
    sending.add(one);
    one.send();
  }
}

/** One upload. */
class Upload {
  constructor(form, name, file, fields) {
    Object.assign(this, { form, name, file, fields });
    // The idempotency key: a file that is sent again is attached only once.
    this.once = crypto.randomUUID();
    this.row = document.createElement("li");
    this.message = element("p", "message");
    this.progress = document.createElement("progress");
    this.progress.setAttribute("aria-label", text("upload_of", { name }));
    this.retry = this.button("retry", () => begin(this));
    this.stop = this.button("stop", () => (this.isOpen ? this.cancel() : this.dismiss()));
    const bytes = element("span", "size", file ? formatSize(file.size) : "");
    this.row.append(element("span", "name", name), bytes, this.retry, this.stop, this.progress, this.message);
    form.querySelector(".uploads").append(this.row);
    showRows(form);
  }

  button(name, does) {
    const button = element("button", `button quiet small ${name}`);
    button.type = "button";
    button.addEventListener("click", does);
    return button;
  }

  /** Shows the state: waiting, sending, checking, attached, failed or cancelled, with a message if there is one. */
  show(state, message = "", { retry = true } = {}) {
    this.isOpen = ["waiting", "sending", "checking"].includes(state);
    this.row.className = state;
    this.message.textContent = message;
    this.message.hidden = message === "";
    this.progress.hidden = !this.isOpen;
    this.retry.hidden = !retry || !["failed", "cancelled"].includes(state);
    const { name } = this;
    this.retry.textContent = text("retry_upload");
    this.retry.setAttribute("aria-label", text("retry_upload_of", { name }));
    if (state === "attached") this.leave();
    this.stop.textContent = this.isOpen ? text("cancel_upload") : text("dismiss_upload");
    this.stop.setAttribute("aria-label", this.isOpen ? text("cancel_upload_of", { name }) : text("dismiss_upload_of", { name }));
    // A file that has arrived completely cannot be cancelled, only withdrawn. The button keeps the focus, if it has it.
    this.stop.setAttribute("aria-disabled", String(state === "checking"));
    if (state === "waiting") this.progress.removeAttribute("value");
  }

  send() {
    const body = new FormData();
    for (const [name, value] of [["once", this.once], ...this.fields]) {
      // A name with control characters cannot be sent, and the server removes them anyway.
      if (value instanceof File) body.append(name, value, value.name.replace(/\p{Cc}/gu, ""));
      else body.append(name, value);
    }
    const request = new XMLHttpRequest(); // fetch does not report upload progress
    this.request = request;
    request.open("POST", this.form.action);
    request.setRequestHeader("accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      this.watch();
      if (!event.lengthComputable) return;
      this.progress.max = event.total;
      this.progress.value = event.loaded;
    });
    request.upload.addEventListener("load", () => {
      this.watch();
      this.show("checking");
    });
    request.addEventListener("load", () => (request.status === 201 ? this.arrived() : this.finish("failed", readProblem(request), request.status)));
    request.addEventListener("error", () => this.finish("failed", text("upload_connection_lost")));
    request.addEventListener("abort", () => {
      if (this.isStuck) this.finish("failed", text("upload_without_answer"));
      else this.finish("cancelled", text("upload_cancelled"));
    });
    this.show("sending");
    this.watch();
    return request.send(body);
  }

  /** Gives up when there is no progress for too long. */
  watch() {
    clearTimeout(this.standstill);
    this.isStuck = false;
    this.standstill = setTimeout(() => {
      this.isStuck = true;
      this.request.abort();
    }, STANDSTILL);
  }

  arrived() {
    for (const [name, value] of this.fields) {
      const field = name === "text" && this.form.elements[name];
      if (!field || field.value !== value) continue;
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    batches.get(this.form).done += 1;
    this.finish("attached", text("file_attached"));
  }

  cancel() {
    if (this.stop.ariaDisabled === "true") return undefined;
    const at = waiting.indexOf(this);
    if (at < 0) return this.request?.abort();
    waiting.splice(at, 1);
    return this.finish("cancelled", text("upload_cancelled"));
  }

  /** Removes the button when it has no use any more; its focus, if it had it, moves to the file input. */
  leave() {
    const focused = document.activeElement === this.stop;
    this.stop.hidden = true;
    if (focused) this.form.querySelector("[data-drop] input")?.focus();
  }

  dismiss() {
    this.row.remove();
    showRows(this.form);
    this.form.querySelector("[data-drop] input")?.focus();
  }

  /** Ends the upload. `status` is that of the answer; 0 when there was none. */
  finish(state, message, status = 0) {
    clearTimeout(this.standstill);
    sending.delete(this);
    this.show(state, message, { retry: canRetry(status) });
    const batch = batches.get(this.form);
    batch.open -= 1;
    const failed = state === "failed" ? text("upload_failed_because", { name: this.name, why: message }) : "";
    const { done, total } = batch;
    const progress = batch.open > 0 ? text("uploads_attached_so_far", { done, total }) : text("uploads_attached", { done, total });
    const held = batch.open === 0 && batch.rest && done < total ? text("link_or_note_not_sent") : "";
    this.form.querySelector(".uploaded").textContent = [failed, progress, held].filter(Boolean).join(" ");
    // The item, open in a list, was closed meanwhile.
    if (failed && !this.form.isConnected) notify(failed, { kind: "bad", stay: true });
    if (batch.open === 0 && batch.rest && batch.done === batch.total) {
      batch.rest = false;
      sendRest(this.form);
    } else if (batch.open === 0 && batch.done > 0) {
      refreshItem(this.form);
    }
    next();
  }
}

/** The server's message, from the JSON or the page of its answer. */
function readProblem(request) {
  if (request.status === 401 || new URL(request.responseURL).pathname === "/login") {
    showSessionEnded();
    return text("upload_session_ended");
  }
  const kind = request.getResponseHeader("content-type") ?? "";
  if (kind.includes("json")) return JSON.parse(request.responseText).error;
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const errors = [...page.querySelectorAll("#attach .error")].map((error) => error.textContent.trim());
  if (errors.length > 0) return errors.join(" ");
  return page.querySelector("main [role=alert]")?.textContent.trim() || text("server_refused_nothing_attached");
}

/**
 * Updates the item of a form: its evidence and history. Text being typed there is preserved. What has been attached is in
 * the list of evidence then, and not among the uploads any more.
 */
async function refreshItem(form) {
  const shown = form.closest(".item-page");
  const page = await fetchPage(new URL(form.action).pathname.replace(/\/evidence$/, ""));
  const fresh = page?.querySelector(".item-page");
  if (!shown || !fresh) return;
  for (const row of form.querySelectorAll(".uploads .attached")) row.remove();
  showRows(form);
  updateRegions(shown, fresh);
}

addEventListener("beforeunload", (event) => {
  if (sending.size + waiting.length > 0) event.preventDefault();
});
