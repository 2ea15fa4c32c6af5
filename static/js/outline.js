// The outline of a checklist draft: a part, section or item opens in its place, and every change is saved at once. The
// server answers with what changed in the draft since the version that the page shows. What somebody works in stays as it
// is, with the version from which it was begun. Without this script the same links and forms are pages.
import { deleteDraft } from "./drafts.js";
import { element } from "./elements.js";
import { notify } from "./notices.js";
import { nestStep, placeOfNew, typedIn } from "./outline_rules.js";
import { NoAnswer, SessionEnded, ask, showSessionEnded } from "./requests.js";
import { text } from "./texts.js";

const outline = document.querySelector("[data-outline]");
const base = outline?.dataset.outline;
/** What has a form in its place: somebody works in it. */
const WORKED = ".edit-row.open, .edit-row.new, .edit-head:has(form), .edit-add:has(form)";
const closed = new WeakMap(); // what is shown instead when it is closed
const saved = new WeakMap(); // what was in a form when it was saved last

export const idOf = (node) => node.id.replace("node-", "");
export const rowsOf = (section) => [...section.querySelectorAll(":scope > .edit-rows > .edit-row[id^=node-]")];
const depthOf = (row) => Number(row.dataset.depth ?? 0);
const setDepth = (row, depth) => { if (Number(depth) > 0) row.dataset.depth = depth; else delete row.dataset.depth; };
const itemForm = (row) => row.querySelector("[data-item-form]");
const titleOf = (form) => form.elements.title;
const isSaved = (form) => saved.get(form) === typedIn(new FormData(form));
const linkOf = (id) => document.getElementById(`title-${id}`);
const blankRow = () => outline.querySelector(".edit-row.new:not([id])");

let isShowing = false; // elements are being replaced: that the focus leaves them is nobody's doing
let queue = Promise.resolve();

/** Requests are sent one after another, since each needs the version that the one before it produced. */
export const inTurn = (job) => (queue = queue.then(job).catch(report));

function report(error) {
  if (error instanceof SessionEnded) return showSessionEnded(error.message);
  if (!(error instanceof NoAnswer)) return notify(error.message, { kind: "bad" });
  const key = error.late ? "unknown_whether_saved_entries_kept" : "nothing_saved_entries_kept";
  notify(text(key, { why: error.message }), { kind: "bad" });
}

/** Sends a form's fields, or asks for an address: the answer's pieces, and what it says. */
async function exchange(address, fields) {
  const to = new URL(address, location);
  (fields ?? to.searchParams).set("since", outline.dataset.version);
  to.hash = "";
  const answer = await ask(to, { headers: { accept: "text/html" }, ...(fields && { method: "POST", body: fields }) });
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  const state = page.getElementById("answer")?.dataset;
  if (!state) throw Object.assign(new Error(messageOf(page) || text("server_refused_nothing_saved")), { page });
  return { ok: answer.ok, page, state };
}

/** The error message of an answer, from its page or from an error page. */
const messageOf = (page) => page.querySelector("[role=alert], .fault h1 + p")?.textContent.trim();

/** Puts the pieces of an answer in their places. What somebody works in stays, except for `fresh`, which is answered. */
function show({ ok, page, state }, fresh = null, savesForms = ok) {
  const worked = [...outline.querySelectorAll(WORKED)].filter((one) => one !== fresh);
  const chosen = [...outline.querySelectorAll(".pick input:checked")].map((box) => box.value);
  const focused = document.activeElement;
  const caret = focused?.matches?.("input[type=text]") ? [focused.selectionStart, focused.selectionEnd] : null;
  isShowing = true;
  for (const piece of [...page.body.children]) {
    const old = piece.id && document.getElementById(piece.id);
    if (!old) continue;
    if (worked.includes(old)) {
      closed.set(old, piece);
      continue;
    }
    // The focus is set here; the attribute is for pages, and a browser would say that it comes too late.
    for (const field of piece.querySelectorAll("[autofocus]")) {
      field.removeAttribute("autofocus");
      field.dataset.focus = "";
    }
    if (piece.matches(WORKED)) closed.set(piece, closed.get(old) ?? old);
    old.replaceWith(piece);
    if (savesForms) for (const form of piece.querySelectorAll("[data-item-form]")) saved.set(form, typedIn(new FormData(form)));
  }
  for (const one of worked) if (!one.isConnected) putBack(one);
  isShowing = false;
  for (const value of chosen) {
    const box = outline.querySelector(`.pick input[value="${value}"]`);
    if (box) box.checked = true;
  }
  outline.querySelector(".pick input")?.dispatchEvent(new Event("change", { bubbles: true }));
  Object.assign(outline.dataset, { version: state.version, once: state.once });
  for (const id of ["order", "many"]) document.getElementById(id).elements.version.value = state.version;
  if (document.activeElement !== document.body || !focused?.id && !focused?.isConnected) return;
  const again = focused.isConnected ? focused : document.getElementById(focused.id);
  again?.focus({ preventScroll: true });
  if (caret && again === focused) focused.setSelectionRange(...caret);
}

/** Puts something that somebody works in back into a list that was replaced. */
function putBack(one) {
  if (one.matches(".new:not([id])")) return placeBlank(one);
  const now = document.getElementById(one.id);
  if (now) {
    closed.set(one, now);
    now.replaceWith(one);
    setDepth(one, now.dataset.depth);
  } else if (itemForm(one) && !isSaved(itemForm(one))) {
    document.getElementById("parts").append(one); // its item is gone; what was typed is offered when it is saved
  }
}

/** Says what an answer says. */
function say({ page, state }) {
  const problem = page.querySelector("body > .problem");
  if (problem) notify(problem.textContent.trim(), { kind: "bad" });
  const { notice, undo } = state;
  if (undo) notify(notice, { action: text("undo_removal"), onAction: () => inTurn(() => sendFields(undo, new URLSearchParams())) });
  else if (notice) notify(notice);
}

async function sendFields(address, fields, fresh = null) {
  const answer = await exchange(address, fields);
  show(answer, fresh, answer.ok && fields.get("step") !== "preview");
  say(answer);
  return answer;
}

/** Moves or nests an item: `{ after }`, `{ nest }`. */
export const placeItem = (row, fields) => {
  const all = new URLSearchParams({ ...fields, version: outline.dataset.version });
  return sendFields(`${base}/items/${idOf(row)}/place`, all);
};

async function open(link, field = "") {
  for (const row of outline.querySelectorAll(".edit-row.open")) if (!(await close(row))) return;
  show(await exchange(link.href));
  const id = new URL(link.href).searchParams;
  const opened = document.getElementById(`node-${id.get("open")}`) ?? document.getElementById(`end-${id.get("add")}`);
  const control = opened?.querySelector(field ? `[name=${field}]:not([type=hidden])` : "[data-focus]");
  control?.focus();
  if (!field) control?.setSelectionRange(control.value.length, control.value.length);
}

/** Closes a form in its place, and saves an item first; false if that was refused. */
async function close(one) {
  if (!one.isConnected) return false; // it was refused, and came back with its error
  const form = itemForm(one);
  if (form && !isSaved(form)) return save(one, { closes: true });
  leave(one);
  return true;
}

function leave(one) {
  const hadFocus = one.contains(document.activeElement);
  const instead = closed.get(one);
  if (!instead) return location.assign(one.querySelector("[data-close]").href);
  const mark = one.querySelector("[data-saved]")?.textContent;
  one.replaceWith(instead);
  if (mark) markSaved(instead);
  if (hadFocus) instead.querySelector("a")?.focus({ preventScroll: true });
}

function markSaved(row) {
  const mark = row.querySelector("[data-saved], .saved") ?? row.querySelector(".meta").appendChild(element("span", "saved"));
  mark.textContent = text("item_is_saved");
}

/** Saves the item of an open row; false if it was refused. */
async function save(row, { closes = false } = {}) {
  const form = itemForm(row);
  const data = new FormData(form);
  if (!closes && isSaved(form)) return true;
  let answer;
  try {
    answer = await exchange(form.getAttribute("action"), new URLSearchParams(data));
  } catch (error) {
    if (!error.page?.getElementById("f-title")) throw error;
    form.submit(); // the item is gone: the server's page offers what was typed
    return false;
  }
  if (!answer.ok) {
    show(answer, row);
    // What was typed since it was sent.
    for (const field of form.elements) {
      const now = field.id && field.type !== "checkbox" && document.getElementById(field.id);
      if (now && field.value !== data.get(field.name)) now.value = field.value;
    }
    document.getElementById(row.id).querySelector('[aria-invalid="true"], [data-focus]')?.focus();
    if (!blankRow()?.querySelector("[name=title]").value) blankRow()?.remove();
    return false;
  }
  deleteDraft(form);
  saved.set(form, typedIn(data));
  form.elements.version.value = answer.state.version;
  const keepsFocus = closes && row.contains(document.activeElement);
  show(answer, closes ? row : null);
  if (closes && row.isConnected) leave(row);
  else if (keepsFocus) linkOf(idOf(row))?.focus({ preventScroll: true });
  markSaved(document.getElementById(row.id));
  return true;
}

/** Puts the field for a new item below the row or section that it names, and what is nested in that row. */
function placeBlank(blank) {
  const anchor = document.getElementById(blank.dataset.after);
  if (!anchor) return document.getElementById("parts").append(blank);
  if (anchor.matches("section")) return anchor.querySelector(".edit-rows").append(blank);
  let last = anchor;
  while (last.nextElementSibling?.matches(".edit-row") && depthOf(last.nextElementSibling) > depthOf(blank)) last = last.nextElementSibling;
  last.after(blank);
}

function addBlank(anchor, title = "") {
  const other = blankRow();
  if (other && !other.querySelector("[name=title]").value) other.remove();
  const blank = document.getElementById("new-item").content.firstElementChild.cloneNode(true);
  blank.dataset.after = anchor.id;
  setDepth(blank, anchor.dataset.depth);
  blank.querySelector("[name=title]").value = title;
  placeBlank(blank);
  blank.querySelector("[name=title]").focus();
}

/** Adds the item whose title was typed, and leaves the field for the next one below it. */
function addItem(blank) {
  const field = blank.querySelector("[name=title]");
  const title = field.value.trim();
  const depth = depthOf(blank);
  if (!title) return;
  field.value = "";
  inTurn(async () => {
    const section = blank.closest(".edit-section");
    const above = [...section.querySelectorAll(".edit-row")];
    const before = above.slice(0, above.indexOf(blank)).filter((row) => row.id.startsWith("node-"));
    const { after, nested } = placeOfNew(before.map(depthOf), depth);
    const { version, once } = outline.dataset;
    const fields = new URLSearchParams({ title, importance: "required", phase: "before", version, once });
    if (after >= 0) fields.set("after", idOf(before[after]));
    if (nested) fields.set("nested", "on");
    try {
      const answer = await exchange(`${base}/sections/${idOf(section)}/items`, fields);
      if (answer.ok) blank.dataset.after = `node-${answer.state.added}`;
      show(answer);
      if (answer.ok) return;
      if (!field.value) blank.remove();
      outline.querySelector('#new [aria-invalid="true"]')?.focus();
    } catch (error) {
      if (field.value) addBlank(document.getElementById(blank.dataset.after), title);
      else field.value = title;
      throw error;
    }
  });
}

/** Nests the item of a row, or of the field for a new one. */
function nest(row, step) {
  if (!row.id) return setDepth(row, depthOf(row) + (step === "deeper" ? 1 : -1));
  inTurn(async () => (await save(row)) && placeItem(row, { nest: step }));
}

function move(node, step) {
  const title = node.dataset.node;
  inTurn(async () => {
    const id = idOf(node);
    const { ok } = await sendFields(`${base}/order`, new URLSearchParams({ version: outline.dataset.version, [step]: id }));
    const now = document.getElementById(node.id);
    if (!ok || !now) return;
    const all = [...now.parentElement.children].filter((other) => other.matches("[data-node]"));
    notify(text("moved_to_place", { title, place: all.indexOf(now) + 1, count: all.length }));
    now.scrollIntoView({ block: "nearest" });
  });
}

export const outlineForms = {
  matches: (form) => Boolean(outline?.contains(form)),
  handle(event) {
    event.preventDefault();
    const { target: form, submitter } = event;
    const row = (submitter ?? form).closest(WORKED);
    if (row?.matches(".new:not([id])")) return addItem(row);
    if (form.matches("[data-item-form]") && submitter?.value !== "preview") return saveBy(row, submitter?.value);
    if (["up", "down"].includes(submitter?.name)) return move(document.getElementById(`node-${submitter.value}`), submitter.name);
    const node = row?.closest("[data-node]")?.id;
    const beside = (row?.nextElementSibling ?? row?.previousElementSibling)?.id;
    const isAnswered = !form.matches("#order, [action$='/place']") || submitter?.name === "node";
    inTurn(async () => {
      const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
      const { ok } = await sendFields(address, new URLSearchParams(new FormData(form, submitter)), isAnswered ? row : null);
      if (!ok) return outline.querySelector('[aria-invalid="true"]')?.focus();
      deleteDraft(form);
      if (isAnswered && row?.isConnected) leave(row);
      if (form.id === "many") for (const menu of form.querySelectorAll("details")) menu.open = false;
      else if (form.isConnected && !row) form.reset();
      if (document.activeElement !== document.body) return;
      const next = document.getElementById(submitter?.name === "node" ? beside : node);
      next?.querySelector("a")?.focus({ preventScroll: true });
    });
  },
};

/** Saves an item by a button of its form. */
function saveBy(row, then) {
  const rows = [...outline.querySelectorAll(".edit-row[id^=node-]")];
  const next = then === "next" && rows[rows.indexOf(row) + 1];
  if (then === "below") addBlank(row);
  inTurn(async () => {
    if ((await close(row)) && next) await open(linkOf(idOf(next)));
  });
}

function onKey(event) {
  const { target, key } = event;
  const node = target.closest("[data-node], .edit-row.new");
  if (!node || event.isComposing) return;
  const step = event.altKey && !event.ctrlKey && !event.metaKey && { ArrowUp: "up", ArrowDown: "down" }[key];
  if (step && node.id && !target.matches("select, textarea")) {
    event.preventDefault();
    return move(node, step);
  }
  const row = target.closest(".edit-row:is(.open, .new)");
  const isBlank = row?.matches(".new:not([id])");
  const isTitle = row && target.name === "title";
  if (key === "Escape" && target.closest(WORKED)) {
    event.preventDefault();
    if (!isBlank) return inTurn(() => close(target.closest(WORKED)));
    addItem(row);
    linkOf(row.dataset.after.replace("node-", ""))?.focus();
    inTurn(() => row.remove());
  } else if (key === "Enter" && isTitle && (isBlank || itemForm(row)) && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (isBlank && !target.value.trim()) {
      linkOf(row.dataset.after.replace("node-", ""))?.focus();
      return row.remove();
    }
    if (isBlank) return addItem(row);
    saveBy(row, "below");
  } else if (isTitle && (isBlank || itemForm(row))) {
    const before = row.previousElementSibling;
    const nests = nestStep(event, target, depthOf(row), before ? depthOf(before) : null);
    if (!nests) return;
    event.preventDefault();
    nest(row, nests);
  }
}

function onClick(event) {
  const { target } = event;
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const one = target.closest(WORKED);
  const link = target.closest("a");
  if (link?.matches("[data-close]") && closed.has(one)) inTurn(() => leave(one));
  else if (link?.matches("[data-add]")) {
    const section = link.closest(".edit-section");
    addBlank(rowsOf(section).at(-1) ?? section);
  } else if (link?.matches(".title, .edit-add > a")) inTurn(() => open(link));
  else if (!one && target.closest(".edit-row > .meta")) {
    const row = target.closest(".edit-row");
    inTurn(() => open(linkOf(idOf(row)), target.closest("[data-field]")?.dataset.field ?? "importance"));
  } else return;
  event.preventDefault();
}

if (outline) {
  outline.dataset.live = "";
  for (const hint of document.querySelectorAll("[data-scripted]")) hint.hidden = false;
  for (const form of outline.querySelectorAll("[data-item-form]")) {
    if (!form.querySelector('.problem, [aria-invalid="true"]')) saved.set(form, typedIn(new FormData(form)));
  }
  outline.addEventListener("keydown", onKey);
  outline.addEventListener("click", onClick);
  outline.addEventListener("change", ({ target }) => {
    const row = !isShowing && target.closest(".edit-row:is(.open, .new)");
    if (row && target.form?.matches("[data-item-form]")) inTurn(() => row.isConnected && save(row));
    else if (row && row.matches(".new:not([id])") && target.value.trim()) addItem(row);
  });
}
