// Files of an evidence form, sent one by one while the page stays: each has a row with how far it is, a way to cancel,
// and afterwards what became of it. What the form's other fields hold goes along, and stays typed.
import { element } from "./elements.js";
import { notify } from "./notices.js";
import { sayEnded } from "./requests.js";
import { read, update } from "./regions.js";
import { size } from "./sizes.js";

/** How long an upload may stand still, or its answer take, in milliseconds. */
const STANDSTILL = 30_000;
const AT_ONCE = 2; // for all forms of the page; browsers give a site six connections, and others need some
const waiting = [];
const sending = new Set();
const batches = new WeakMap(); // form -> { total, done, open }

/**
 * Sends files to where a form goes. With `rest`, a link or note in it goes too, as one more thing to send.
 */
export function upload(form, files, { rest = false } = {}) {
  const sent = new FormData(form);
  const days = ["observed_on", "valid_until"].map((name) => [name, sent.get(name) ?? ""]);
  const texts = ["url", "note"].map((name) => [name, sent.get(name) ?? ""]).filter(([, text]) => text.trim() !== "");
  clear(form);
  for (const file of files) queue(new Upload(form, file.name, file, [...days, ["files", file]]));
  if (rest && texts.length > 0) queue(new Upload(form, texts.map(([, text]) => text).join(", "), null, [...days, ...texts]));
}

/** Takes away what the last batch left, if all of that is over; failures stay until they are dismissed. */
function clear(form) {
  const batch = batches.get(form);
  if (batch?.open > 0) return;
  batches.set(form, { total: 0, done: 0, open: 0 });
  for (const row of form.querySelectorAll(".uploads .attached")) row.remove();
}

/** While there are rows, they are shown, and what brings the page up to date leaves this part of it alone. */
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

/** One thing that is sent. */
class Upload {
  constructor(form, name, file, fields) {
    Object.assign(this, { form, name, file, fields });
    // Sent again, it is attached once all the same.
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

  /** Shows how it stands: waiting, sending, checking, attached, failed or cancelled, with a sentence where there is one. */
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
    // What arrived whole can't be called back, only withdrawn. The button keeps the focus, if it has it.
    this.stop.setAttribute("aria-disabled", String(state === "checking"));
    if (state === "waiting") this.progress.removeAttribute("value");
  }

  send() {
    const most = Number(this.form.dataset.most ?? Infinity);
    if (this.file && this.file.size > most) return this.ends("failed", `${this.name} is larger than ${size(most)}.`);
    const body = new FormData();
    for (const [name, value] of [["once", this.once], ...this.fields]) {
      // A name with control characters can't be sent, and they are not kept of it anyway.
      if (value instanceof File) body.append(name, value, value.name.replace(/\p{Cc}/gu, ""));
      else body.append(name, value);
    }
    const request = new XMLHttpRequest(); // fetch does not tell how far it is
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

  /** Gives up once nothing has moved for too long. */
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

  /** Takes the button away that is of no more use; the focus, if it was there, goes where more files are chosen. */
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
    // Its item was shut meanwhile, where it was open in a list.
    if (failed && !this.form.isConnected) notify(failed, { kind: "bad", stay: true });
    if (batch.open === 0 && batch.done > 0) show(this.form);
    next();
  }
}

/** What the server said, out of the JSON or the page that it answered with. */
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

/** Brings the item that a form is on up to date: its evidence, its history. What is being typed there stays. */
async function show(form) {
  const shown = form.closest(".item-page");
  const page = await read(new URL(form.action).pathname.replace(/\/evidence$/, ""));
  const fresh = page?.querySelector(".item-page");
  if (shown && fresh) update(shown, fresh);
}

addEventListener("beforeunload", (event) => {
  if (sending.size + waiting.length > 0) event.preventDefault();
});
