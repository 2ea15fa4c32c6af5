// Uploads the files of an evidence form one by one while the page stays: each has a row with its progress, a cancel
// button, and afterwards its result. The form's dates are sent along, and stay filled in; its link and note are sent once
// all files have arrived.
import { canRetry } from "./file_limits.js";
import { element } from "./elements.js";
import { notify } from "./notices.js";
import { showSessionEnded } from "./requests.js";
import { fetchPage, updateRegions } from "./regions.js";
import { formatSize } from "./sizes.js";
import { text } from "./texts.js";

/** How long an upload may make no progress, or its response take, in milliseconds. */
const STALL_TIMEOUT_MS = 30_000;
const MAX_CONCURRENT_UPLOADS = 2; // for all forms of the page; browsers give a site six connections, and others need some
const queued = [];
const sending = new Set();
const batches = new WeakMap(); // form -> { total, attached, unfinished, hasLinkOrNote }

/**
 * Uploads files to a form's address. With `sendsLinkAndNote`, the form's link or note is sent too, as one more
 * upload, when all files have arrived; otherwise it stays in the form.
 */
export function upload(form, files, { sendsLinkAndNote = false } = {}) {
  const dates = fieldValues(form, DATE_FIELDS);
  startBatch(form);
  if (sendsLinkAndNote) batches.get(form).hasLinkOrNote = linkAndNoteOf(form).length > 0;
  for (const file of files) addUpload(new Upload(form, file.name, file, [...dates, ["files", file]]));
}

/** Sends the form's link and note. */
function sendLinkAndNote(form) {
  const typed = linkAndNoteOf(form);
  if (typed.length > 0) addUpload(new Upload(form, typed.map(([, value]) => value).join(", "), null, [...fieldValues(form, DATE_FIELDS), ...typed]));
}

const DATE_FIELDS = ["observed_on", "valid_until"];

function fieldValues(form, names) {
  const fields = new FormData(form);
  return names.map((name) => [name, fields.get(name) ?? ""]);
}

const linkAndNoteOf = (form) => fieldValues(form, ["text"]).filter(([, value]) => value.trim() !== "");

/** Removes the rows of the last batch when all of it has ended; failures stay until they are dismissed. */
function startBatch(form) {
  const batch = batches.get(form);
  if (batch?.unfinished > 0) return;
  batches.set(form, { total: 0, attached: 0, unfinished: 0, hasLinkOrNote: false });
  for (const row of form.querySelectorAll(".uploads .attached")) row.remove();
}

/** Shows the rows while there are any, and marks this part of the page so that live updates leave it alone. */
function showRows(form) {
  const list = form.querySelector(".uploads");
  list.hidden = list.children.length === 0;
  list.toggleAttribute("data-busy", !list.hidden);
}

/** Adds an upload to its form's batch, and queues its first attempt. */
function addUpload(added) {
  batches.get(added.form).total += 1;
  enqueueAttempt(added);
}

function enqueueAttempt(attempted) {
  batches.get(attempted.form).unfinished += 1;
  queued.push(attempted);
  attempted.show("waiting");
  startQueued();
}

function startQueued() {
  while (sending.size < MAX_CONCURRENT_UPLOADS && queued.length > 0) {
    const started = queued.shift();
    sending.add(started);
    started.send();
  }
}

/** An upload with its row: one file, or the form's link and note. */
class Upload {
  constructor(form, name, file, fields) {
    Object.assign(this, { form, name, file, fields });
    // The idempotency key: a file that is sent again is attached only once.
    this.idempotencyKey = crypto.randomUUID();
    this.row = document.createElement("li");
    this.message = element("p", "message");
    this.progress = document.createElement("progress");
    this.progress.setAttribute("aria-label", text("upload_of", { name }));
    this.retryButton = this.createButton("retry", () => enqueueAttempt(this));
    this.cancelButton = this.createButton("cancel", () => (this.isUnfinished ? this.cancel() : this.dismiss()));
    const bytes = element("span", "size", file ? formatSize(file.size) : "");
    this.row.append(element("span", "name", name), bytes, this.retryButton, this.cancelButton, this.progress, this.message);
    form.querySelector(".uploads").append(this.row);
    showRows(form);
  }

  createButton(className, onClick) {
    const button = element("button", `button quiet small ${className}`);
    button.type = "button";
    button.addEventListener("click", onClick);
    return button;
  }

  /** Shows the state: waiting, sending, checking, attached, failed or cancelled, with a message if there is one. */
  show(state, message = "", { retry = true } = {}) {
    this.isUnfinished = ["waiting", "sending", "checking"].includes(state);
    this.row.className = state;
    this.message.textContent = message;
    this.message.hidden = message === "";
    this.progress.hidden = !this.isUnfinished;
    this.retryButton.hidden = !retry || !["failed", "cancelled"].includes(state);
    const { name } = this;
    this.retryButton.textContent = text("retry_upload");
    this.retryButton.setAttribute("aria-label", text("retry_upload_of", { name }));
    if (state === "attached") this.hideCancelButton();
    this.cancelButton.textContent = this.isUnfinished ? text("cancel_upload") : text("dismiss_upload");
    this.cancelButton.setAttribute("aria-label", this.isUnfinished ? text("cancel_upload_of", { name }) : text("dismiss_upload_of", { name }));
    // A file that has arrived completely cannot be cancelled, only withdrawn. The button keeps the focus, if it has it.
    this.cancelButton.setAttribute("aria-disabled", String(state === "checking"));
    if (state === "waiting") this.progress.removeAttribute("value");
  }

  send() {
    const body = new FormData();
    for (const [name, value] of [["once", this.idempotencyKey], ...this.fields]) {
      // A name with control characters cannot be sent, and the server removes them anyway.
      if (value instanceof File) body.append(name, value, value.name.replace(/\p{Cc}/gu, ""));
      else body.append(name, value);
    }
    const request = new XMLHttpRequest(); // fetch does not report upload progress
    this.request = request;
    request.open("POST", this.form.action);
    request.setRequestHeader("accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      this.restartStallTimer();
      if (!event.lengthComputable) return;
      this.progress.max = event.total;
      this.progress.value = event.loaded;
    });
    request.upload.addEventListener("load", () => {
      this.restartStallTimer();
      this.show("checking");
    });
    request.addEventListener("load", () => (request.status === 201 ? this.handleAttached() : this.finish("failed", readErrorMessage(request), request.status)));
    request.addEventListener("error", () => this.finish("failed", text("upload_connection_lost")));
    request.addEventListener("abort", () => {
      if (this.isStalled) this.finish("failed", text("upload_without_answer"));
      else this.finish("cancelled", text("upload_cancelled"));
    });
    this.show("sending");
    this.restartStallTimer();
    return request.send(body);
  }

  /** Gives up when there is no progress for too long. */
  restartStallTimer() {
    clearTimeout(this.stallTimer);
    this.isStalled = false;
    this.stallTimer = setTimeout(() => {
      this.isStalled = true;
      this.request.abort();
    }, STALL_TIMEOUT_MS);
  }

  handleAttached() {
    for (const [name, value] of this.fields) {
      const field = name === "text" && this.form.elements[name];
      if (!field || field.value !== value) continue;
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    batches.get(this.form).attached += 1;
    this.finish("attached", text("file_attached"));
  }

  cancel() {
    if (this.cancelButton.ariaDisabled === "true") return undefined;
    const index = queued.indexOf(this);
    if (index < 0) return this.request?.abort();
    queued.splice(index, 1);
    return this.finish("cancelled", text("upload_cancelled"));
  }

  /** Removes the button when it has no use any more; its focus, if it had it, moves to the file input. */
  hideCancelButton() {
    const focused = document.activeElement === this.cancelButton;
    this.cancelButton.hidden = true;
    if (focused) this.form.querySelector("[data-drop] input")?.focus();
  }

  dismiss() {
    this.row.remove();
    showRows(this.form);
    this.form.querySelector("[data-drop] input")?.focus();
  }

  /** Ends the upload. `status` is that of the response; 0 when there was none. */
  finish(state, message, status = 0) {
    clearTimeout(this.stallTimer);
    sending.delete(this);
    this.show(state, message, { retry: canRetry(status) });
    const batch = batches.get(this.form);
    batch.unfinished -= 1;
    const failed = state === "failed" ? text("upload_failed_because", { name: this.name, why: message }) : "";
    const { attached, total } = batch;
    const progress = batch.unfinished > 0 ? text("uploads_attached_so_far", { done: attached, total }) : text("uploads_attached", { done: attached, total });
    const unsentNotice = batch.unfinished === 0 && batch.hasLinkOrNote && attached < total ? text("link_or_note_not_sent") : "";
    this.form.querySelector(".uploaded").textContent = [failed, progress, unsentNotice].filter(Boolean).join(" ");
    // The form has left the page with its item, which was closed: the failure is shown as a notice.
    if (failed && !this.form.isConnected) notify(failed, { kind: "bad", stay: true });
    if (batch.unfinished === 0 && batch.hasLinkOrNote && batch.attached === batch.total) {
      batch.hasLinkOrNote = false;
      sendLinkAndNote(this.form);
    } else if (batch.unfinished === 0 && batch.attached > 0) {
      refreshItem(this.form);
    }
    startQueued();
  }
}

/** The server's message, from the JSON or the page of its response. */
function readErrorMessage(request) {
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
  const current = form.closest(".item-page");
  const page = await fetchPage(new URL(form.action).pathname.replace(/\/evidence$/, ""));
  const fresh = page?.querySelector(".item-page");
  if (!current || !fresh) return;
  for (const row of form.querySelectorAll(".uploads .attached")) row.remove();
  showRows(form);
  updateRegions(current, fresh);
}

addEventListener("beforeunload", (event) => {
  if (sending.size + queued.length > 0) event.preventDefault();
});
