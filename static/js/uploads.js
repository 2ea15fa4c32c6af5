// Uploads the files of an evidence form one by one while the page stays: each has a row with its progress, a cancel
// button, and afterwards its result. The form's other fields are sent along, and stay filled in.
import { element } from "./elements.js";
import { notify } from "./notices.js";
import { sayEnded } from "./requests.js";
import { read, update } from "./regions.js";
import { size } from "./sizes.js";

/** How long an upload may make no progress, or its answer take, in milliseconds. */
const STANDSTILL = 30_000;
const AT_ONCE = 2; // for all forms of the page; browsers give a site six connections, and others need some
const waiting = [];
const sending = new Set();
const batches = new WeakMap(); // form -> { total, done, open }

/** Uploads files to a form's address. With `rest`, the form's link or note is sent too, as one more upload. */
export function upload(form, files, { rest = false } = {}) {
  const sent = new FormData(form);
  const days = ["observed_on", "valid_until"].map((name) => [name, sent.get(name) ?? ""]);
  const texts = ["url", "note"].map((name) => [name, sent.get(name) ?? ""]).filter(([, text]) => text.trim() !== "");
  clear(form);
  for (const file of files) queue(new Upload(form, file.name, file, [...days, ["files", file]]));
  if (rest && texts.length > 0) queue(new Upload(form, texts.map(([, text]) => text).join(", "), null, [...days, ...texts]));
}

/** Removes the rows of the last batch when all of it has ended; failures stay until they are dismissed. */
function clear(form) {
  const batch = batches.get(form);
  if (batch?.open > 0) return;
  batches.set(form, { total: 0, done: 0, open: 0 });
  for (const row of form.querySelectorAll(".uploads .attached")) row.remove();
}

/** Shows the rows while there are any, and marks this part of the page so that live updates leave it alone. */
function tidy(form) {
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
  one.stands("waiting");
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
    this.told = element("p", "told");
    this.progress = document.createElement("progress");
    this.progress.setAttribute("aria-label", `Sending ${name}`);
    this.retry = this.button("retry", () => begin(this));
    this.stop = this.button("stop", () => (this.isOpen ? this.cancel() : this.dismiss()));
    const bytes = element("span", "size", file ? size(file.size) : "");
    this.row.append(element("span", "name", name), bytes, this.retry, this.stop, this.progress, this.told);
    form.querySelector(".uploads").append(this.row);
    tidy(form);
  }

  button(name, does) {
    const button = element("button", `button quiet small ${name}`);
    button.type = "button";
    button.addEventListener("click", does);
    return button;
  }

  /** Shows the state: waiting, sending, checking, attached, failed or cancelled, with a message if there is one. */
  stands(state, sentence = "") {
    this.isOpen = ["waiting", "sending", "checking"].includes(state);
    this.row.className = state;
    this.told.textContent = sentence;
    this.told.hidden = sentence === "";
    this.progress.hidden = !this.isOpen;
    this.retry.hidden = !["failed", "cancelled"].includes(state);
    this.retry.textContent = "Retry";
    if (state === "attached") this.leave();
    const word = this.isOpen ? "Cancel" : "Dismiss";
    this.stop.textContent = word;
    this.stop.setAttribute("aria-label", `${word}: ${this.name}`);
    this.retry.setAttribute("aria-label", `Retry: ${this.name}`);
    // A file that has arrived completely cannot be cancelled, only withdrawn. The button keeps the focus, if it has it.
    this.stop.setAttribute("aria-disabled", String(state === "checking"));
    if (state === "waiting") this.progress.removeAttribute("value");
  }

  send() {
    const most = Number(this.form.dataset.most ?? Infinity);
    if (this.file && this.file.size > most) return this.ends("failed", `${this.name} is larger than ${size(most)}.`);
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
      this.stands("checking");
    });
    request.addEventListener("load", () => (request.status === 201 ? this.arrived() : this.ends("failed", words(request))));
    request.addEventListener("error", () => this.ends("failed", "The connection was lost, or the file can't be read. Retry: it is attached once at most."));
    request.addEventListener("abort", () => {
      if (this.stuck) this.ends("failed", "The server does not answer. Retry: it is attached once at most.");
      else this.ends("cancelled", "Cancelled; nothing was attached.");
    });
    this.stands("sending");
    this.watch();
    return request.send(body);
  }

  /** Gives up when there is no progress for too long. */
  watch() {
    clearTimeout(this.watching);
    this.stuck = false;
    this.watching = setTimeout(() => {
      this.stuck = true;
      this.request.abort();
    }, STANDSTILL);
  }

  arrived() {
    for (const [name, value] of this.fields) {
      const field = ["url", "note"].includes(name) && this.form.elements[name];
      if (!field || field.value !== value) continue;
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    batches.get(this.form).done += 1;
    this.ends("attached", "Attached.");
  }

  cancel() {
    if (this.stop.ariaDisabled === "true") return undefined;
    const at = waiting.indexOf(this);
    if (at < 0) return this.request?.abort();
    waiting.splice(at, 1);
    return this.ends("cancelled", "Cancelled; nothing was attached.");
  }

  /** Removes the button when it has no use any more; its focus, if it had it, moves to the file input. */
  leave() {
    const focused = document.activeElement === this.stop;
    this.stop.hidden = true;
    if (focused) this.form.querySelector("[data-drop] input")?.focus();
  }

  dismiss() {
    this.row.remove();
    tidy(this.form);
    this.form.querySelector("[data-drop] input")?.focus();
  }

  ends(state, sentence) {
    clearTimeout(this.watching);
    sending.delete(this);
    this.stands(state, sentence);
    const batch = batches.get(this.form);
    batch.open -= 1;
    const status = this.form.querySelector(".uploaded");
    const failed = state === "failed" ? `${this.name}: ${sentence} ` : "";
    status.textContent = `${failed}${batch.done} of ${batch.total} attached${batch.open > 0 ? " so far" : ""}.`;
    // The item, open in a list, was closed meanwhile.
    if (failed && !this.form.isConnected) notify(failed, { kind: "bad", stay: true });
    if (batch.open === 0 && batch.done > 0) show(this.form);
    next();
  }
}

/** The server's message, from the JSON or the page of its answer. */
function words(request) {
  if (request.status === 401 || new URL(request.responseURL).pathname === "/login") {
    sayEnded();
    return "Your session has ended, so nothing was attached. Sign in, then retry.";
  }
  const kind = request.getResponseHeader("content-type") ?? "";
  if (kind.includes("json")) return JSON.parse(request.responseText).error;
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const said = [...page.querySelectorAll("#attach .error")].map((error) => error.textContent.trim());
  if (said.length > 0) return said.join(" ");
  return page.querySelector("main [role=alert]")?.textContent.trim() || "The server did not take this. Nothing was attached.";
}

/** Updates the item of a form: its evidence and history. Text being typed there is preserved. */
async function show(form) {
  const shown = form.closest(".item-page");
  const page = await read(new URL(form.action).pathname.replace(/\/evidence$/, ""));
  const fresh = page?.querySelector(".item-page");
  if (shown && fresh) update(shown, fresh);
}

addEventListener("beforeunload", (event) => {
  if (sending.size + waiting.length > 0) event.preventDefault();
});
