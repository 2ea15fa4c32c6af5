// The outline of a checklist draft: a part, section or item opens in its place, and every change is saved at once. The
// server responds with the elements that changed in the draft since the version that the page shows. An element in which
// somebody is typing stays as it is, with the version from which it was opened. Without this script the same links and
// forms are pages.
import { deleteDraft } from "./drafts.js";
import { isPlainClick } from "./clicks.js";
import { element } from "./elements.js";
import { notify } from "./notices.js";
import { nestStep, positionOfNew, serializeFields } from "./outline_rules.js";
import { NoResponse, SessionEnded, request, showSessionEnded } from "./requests.js";
import { addHandler } from "./submits.js";
import { text } from "./texts.js";

const outline = document.querySelector("[data-outline]");
const base = outline.dataset.outline;
/** Elements that are open for editing: a form is in their place. */
const EDITED = ".edit-row.open, .edit-row.new, .edit-head:has(form), .edit-add:has(form)";
const closedViews = new WeakMap(); // edited element -> the element that replaces it when it is closed
const savedFields = new WeakMap(); // form -> its fields when it was last saved

export const idOf = (node) => node.id.replace("node-", "");
export const rowsOf = (section) => [...section.querySelectorAll(":scope > .edit-rows > .edit-row[id^=node-]")];
const depthOf = (row) => Number(row.dataset.depth ?? 0);
const setDepth = (row, depth) => { if (Number(depth) > 0) row.dataset.depth = depth; else delete row.dataset.depth; };
const itemForm = (row) => row.querySelector("[data-item-form]");
const isSaved = (form) => savedFields.get(form) === serializeFields(new FormData(form));
const linkOf = (id) => document.getElementById(`title-${id}`);
const blankRow = () => outline.querySelector(".edit-row.new:not([id])");

let isReplacing = false; // elements are being replaced: a change event is not caused by the person
let queue = Promise.resolve();

/** Requests are sent one after another, since each needs the version that the one before it created. */
export const enqueue = (task) => (queue = queue.then(task).catch(reportError));

function reportError(error) {
  if (error instanceof SessionEnded) return showSessionEnded(error.message);
  if (!(error instanceof NoResponse)) return notify(error.message, { kind: "bad" });
  const key = error.isTimeout ? "unknown_whether_saved_entries_kept" : "nothing_saved_entries_kept";
  notify(text(key, { why: error.message }), { kind: "bad" });
}

/** Posts fields to an address, or fetches it if there are none: the changed elements, and the state of the draft. */
async function requestChanges(address, fields) {
  const url = new URL(address, location);
  (fields ?? url.searchParams).set("since", outline.dataset.version);
  url.hash = "";
  const response = await request(url, { headers: { accept: "text/html" }, ...(fields && { method: "POST", body: fields }) });
  const page = new DOMParser().parseFromString(response.text, "text/html");
  const state = page.getElementById("answer")?.dataset;
  if (!state) throw Object.assign(new Error(errorMessageOf(page) || text("server_refused_nothing_saved")), { page });
  return { ok: response.ok, page, state };
}

/** The error message of a page, also of an error page. */
const errorMessageOf = (page) => page.querySelector("[role=alert], .error-page h1 + p")?.textContent.trim();

/** Replaces the elements that changed. Edited elements stay, except for `sent`, the one whose form was sent. */
function applyChanges({ ok, page, state }, sent = null, savesForms = ok) {
  const edited = [...outline.querySelectorAll(EDITED)].filter((other) => other !== sent);
  const checkedValues = [...outline.querySelectorAll(".pick input:checked")].map((box) => box.value);
  const focused = document.activeElement;
  const caret = focused?.matches?.("input[type=text]") ? [focused.selectionStart, focused.selectionEnd] : null;
  isReplacing = true;
  for (const changed of [...page.body.children]) {
    const old = changed.id && document.getElementById(changed.id);
    if (!old) continue;
    if (edited.includes(old)) {
      closedViews.set(old, changed);
      continue;
    }
    // The focus is set here: browsers warn about the attribute in elements that are added later.
    for (const field of changed.querySelectorAll("[autofocus]")) {
      field.removeAttribute("autofocus");
      field.dataset.focus = "";
    }
    if (changed.matches(EDITED)) closedViews.set(changed, closedViews.get(old) ?? old);
    old.replaceWith(changed);
    if (savesForms) for (const form of changed.querySelectorAll("[data-item-form]")) savedFields.set(form, serializeFields(new FormData(form)));
  }
  for (const removed of edited) if (!removed.isConnected) restoreEdited(removed);
  isReplacing = false;
  for (const value of checkedValues) {
    const box = outline.querySelector(`.pick input[value="${value}"]`);
    if (box) box.checked = true;
  }
  outline.querySelector(".pick input")?.dispatchEvent(new Event("change", { bubbles: true }));
  Object.assign(outline.dataset, { version: state.version, once: state.once });
  for (const id of ["order", "many"]) document.getElementById(id).elements.version.value = state.version;
  if (document.activeElement !== document.body || !focused?.id && !focused?.isConnected) return;
  const focusable = focused.isConnected ? focused : document.getElementById(focused.id);
  focusable?.focus({ preventScroll: true });
  if (caret && focusable === focused) focused.setSelectionRange(...caret);
}

/** Puts an edited element back into a list that was replaced. */
function restoreEdited(edited) {
  if (edited.matches(".new:not([id])")) return placeBlank(edited);
  const current = document.getElementById(edited.id);
  if (current) {
    closedViews.set(edited, current);
    current.replaceWith(edited);
    setDepth(edited, current.dataset.depth);
  } else if (itemForm(edited) && !isSaved(itemForm(edited))) {
    document.getElementById("parts").append(edited); // its item was removed; saving it shows the typed text again
  }
}

/** Shows the notice or the problem of a response. */
function announce({ page, state }) {
  const problem = page.querySelector("body > .problem");
  if (problem) notify(problem.textContent.trim(), { kind: "bad" });
  const { notice, undo } = state;
  if (undo) notify(notice, { action: text("undo_removal"), onAction: () => enqueue(() => sendFields(undo, new URLSearchParams())) });
  else if (notice) notify(notice);
}

async function sendFields(address, fields, sent = null) {
  const changes = await requestChanges(address, fields);
  applyChanges(changes, sent, changes.ok && fields.get("step") !== "preview");
  announce(changes);
  return changes;
}

/** Moves or nests an item: `{ after }`, `{ nest }`. */
export const placeItem = (row, fields) => {
  const body = new URLSearchParams({ ...fields, version: outline.dataset.version });
  return sendFields(`${base}/items/${idOf(row)}/place`, body);
};

async function open(link, field = "") {
  for (const row of outline.querySelectorAll(".edit-row.open")) if (!(await close(row))) return;
  applyChanges(await requestChanges(link.href));
  const parameters = new URL(link.href).searchParams;
  const opened = document.getElementById(`node-${parameters.get("open")}`) ?? document.getElementById(`end-${parameters.get("add")}`);
  const control = opened?.querySelector(field ? `[name=${field}]:not([type=hidden])` : "[data-focus]");
  control?.focus();
  if (!field) control?.setSelectionRange(control.value.length, control.value.length);
}

/** Closes a form in its place, and saves an item first; false if that was refused. */
async function close(edited) {
  if (!edited.isConnected) return false; // it was refused, and replaced by a copy with its error
  const form = itemForm(edited);
  if (form && !isSaved(form)) return save(edited, { closes: true });
  showClosedView(edited);
  return true;
}

function showClosedView(edited) {
  const hadFocus = edited.contains(document.activeElement);
  const closedView = closedViews.get(edited);
  if (!closedView) return location.assign(edited.querySelector("[data-close]").href);
  const wasSaved = edited.querySelector("[data-saved]")?.textContent;
  edited.replaceWith(closedView);
  if (wasSaved) markSaved(closedView);
  if (hadFocus) closedView.querySelector("a")?.focus({ preventScroll: true });
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
  let changes;
  try {
    changes = await requestChanges(form.getAttribute("action"), new URLSearchParams(data));
  } catch (error) {
    if (!error.page?.getElementById("f-title")) throw error;
    form.submit(); // the item was removed: the server's page shows the typed text again
    return false;
  }
  if (!changes.ok) {
    applyChanges(changes, row);
    // Text that was typed while the request was under way is kept.
    for (const field of form.elements) {
      const newField = field.id && field.type !== "checkbox" && document.getElementById(field.id);
      if (newField && field.value !== data.get(field.name)) newField.value = field.value;
    }
    document.getElementById(row.id).querySelector('[aria-invalid="true"], [data-focus]')?.focus();
    if (!blankRow()?.querySelector("[name=title]").value) blankRow()?.remove();
    return false;
  }
  deleteDraft(form);
  savedFields.set(form, serializeFields(data));
  form.elements.version.value = changes.state.version;
  const keepsFocus = closes && row.contains(document.activeElement);
  applyChanges(changes, closes ? row : null);
  if (closes && row.isConnected) showClosedView(row);
  else if (keepsFocus) linkOf(idOf(row))?.focus({ preventScroll: true });
  markSaved(document.getElementById(row.id));
  return true;
}

/** Puts the row for a new item below the row or section that it names, and below the items nested in that row. */
function placeBlank(blank) {
  const anchor = document.getElementById(blank.dataset.after);
  if (!anchor) return document.getElementById("parts").append(blank);
  if (anchor.matches("section")) return anchor.querySelector(".edit-rows").append(blank);
  let last = anchor;
  while (last.nextElementSibling?.matches(".edit-row") && depthOf(last.nextElementSibling) > depthOf(blank)) last = last.nextElementSibling;
  last.after(blank);
}

function addBlank(anchor, title = "") {
  const oldBlank = blankRow();
  if (oldBlank && !oldBlank.querySelector("[name=title]").value) oldBlank.remove();
  const blank = document.getElementById("new-item").content.firstElementChild.cloneNode(true);
  blank.dataset.after = anchor.id;
  setDepth(blank, anchor.dataset.depth);
  blank.querySelector("[name=title]").value = title;
  placeBlank(blank);
  blank.querySelector("[name=title]").focus();
}

/** Adds the item whose title was typed; the empty row moves below it, for the next one. */
function addItem(blank) {
  const field = blank.querySelector("[name=title]");
  const title = field.value.trim();
  const depth = depthOf(blank);
  if (!title) return;
  field.value = "";
  enqueue(async () => {
    const section = blank.closest(".edit-section");
    const rows = [...section.querySelectorAll(".edit-row")];
    const rowsBefore = rows.slice(0, rows.indexOf(blank)).filter((row) => row.id.startsWith("node-"));
    const { after, nested } = positionOfNew(rowsBefore.map(depthOf), depth);
    const { version, once } = outline.dataset;
    const fields = new URLSearchParams({ title, importance: "required", phase: "before", version, once });
    if (after >= 0) fields.set("after", idOf(rowsBefore[after]));
    if (nested) fields.set("nested", "on");
    try {
      const changes = await requestChanges(`${base}/sections/${idOf(section)}/items`, fields);
      if (changes.ok) blank.dataset.after = `node-${changes.state.added}`;
      applyChanges(changes);
      if (changes.ok) return;
      if (!field.value) blank.remove();
      outline.querySelector('#new [aria-invalid="true"]')?.focus();
    } catch (error) {
      if (field.value) addBlank(document.getElementById(blank.dataset.after), title);
      else field.value = title;
      throw error;
    }
  });
}

/** Nests the item of a row, or the row for a new item. */
function nest(row, step) {
  if (!row.id) return setDepth(row, depthOf(row) + (step === "deeper" ? 1 : -1));
  enqueue(async () => (await save(row)) && placeItem(row, { nest: step }));
}

function move(node, step) {
  const title = node.dataset.node;
  enqueue(async () => {
    const id = idOf(node);
    const { ok } = await sendFields(`${base}/order`, new URLSearchParams({ version: outline.dataset.version, [step]: id }));
    const moved = document.getElementById(node.id);
    if (!ok || !moved) return;
    const siblings = [...moved.parentElement.children].filter((other) => other.matches("[data-node]"));
    notify(text("moved_to_place", { title, place: siblings.indexOf(moved) + 1, count: siblings.length }));
    moved.scrollIntoView({ block: "nearest" });
  });
}

/** Undoes the latest change of the draft, or redoes it, and shows where. */
function takeStep(action) {
  enqueue(async () => {
    const { ok, page } = await sendFields(`${base}/steps`, new URLSearchParams({ action, version: outline.dataset.version }));
    if (ok) document.getElementById(page.querySelector("[data-node]")?.id)?.scrollIntoView({ block: "nearest" });
  });
}

const outlineForms = {
  matches: (form) => outline.contains(form) || form.id === "steps",
  handle(event) {
    event.preventDefault();
    const { target: form, submitter } = event;
    if (form.id === "steps") return takeStep(submitter?.value ?? "undo");
    const row = (submitter ?? form).closest(EDITED);
    if (row?.matches(".new:not([id])")) return addItem(row);
    if (form.matches("[data-item-form]") && submitter?.value !== "preview") return saveAndContinue(row, submitter?.value);
    if (["up", "down"].includes(submitter?.name)) return move(document.getElementById(`node-${submitter.value}`), submitter.name);
    const nodeId = row?.closest("[data-node]")?.id;
    const siblingId = (row?.nextElementSibling ?? row?.previousElementSibling)?.id;
    const replacesRow = !form.matches("#order, [action$='/place']") || submitter?.name === "node";
    enqueue(async () => {
      const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
      const { ok } = await sendFields(address, new URLSearchParams(new FormData(form, submitter)), replacesRow ? row : null);
      if (!ok) return outline.querySelector('[aria-invalid="true"]')?.focus();
      deleteDraft(form);
      if (replacesRow && row?.isConnected) showClosedView(row);
      if (form.id === "many") for (const menu of form.querySelectorAll("details")) menu.open = false;
      else if (form.isConnected && !row) form.reset();
      if (document.activeElement !== document.body) return;
      const next = document.getElementById(submitter?.name === "node" ? siblingId : nodeId);
      next?.querySelector("a")?.focus({ preventScroll: true });
    });
  },
};

/** Saves an item by a button of its form, and opens the next item or adds one below if the button says so. */
function saveAndContinue(row, step) {
  const rows = [...outline.querySelectorAll(".edit-row[id^=node-]")];
  const next = step === "next" && rows[rows.indexOf(row) + 1];
  if (step === "below") addBlank(row);
  enqueue(async () => {
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
  if (key === "Escape" && target.closest(EDITED)) {
    event.preventDefault();
    if (!isBlank) return enqueue(() => close(target.closest(EDITED)));
    addItem(row);
    linkOf(row.dataset.after.replace("node-", ""))?.focus();
    enqueue(() => row.remove());
  } else if (key === "Enter" && isTitle && (isBlank || itemForm(row)) && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (isBlank && !target.value.trim()) {
      linkOf(row.dataset.after.replace("node-", ""))?.focus();
      return row.remove();
    }
    if (isBlank) return addItem(row);
    saveAndContinue(row, "below");
  } else if (isTitle && (isBlank || itemForm(row))) {
    const rowBefore = row.previousElementSibling;
    const nesting = nestStep(event, target, depthOf(row), rowBefore ? depthOf(rowBefore) : null);
    if (!nesting) return;
    event.preventDefault();
    nest(row, nesting);
  }
}

/** Ctrl-Z and Ctrl-Y, except in a field, where they are the browser's. */
function onUndoKey(event) {
  const { target, key } = event;
  if (!(event.ctrlKey || event.metaKey) || event.altKey || target.closest?.("input:not([type=checkbox]), textarea, dialog")) return;
  const action = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  if (!document.getElementById(`${action}-step`)?.disabled) takeStep(action);
}

function onClick(event) {
  const { target } = event;
  if (!isPlainClick(event)) return;
  const edited = target.closest(EDITED);
  const link = target.closest("a");
  if (link?.matches("[data-close]") && closedViews.has(edited)) enqueue(() => showClosedView(edited));
  else if (link?.matches("[data-add]")) {
    const section = link.closest(".edit-section");
    addBlank(rowsOf(section).at(-1) ?? section);
  } else if (link?.matches(".title, .edit-add > a")) enqueue(() => open(link));
  else if (!edited && target.closest(".edit-row > .meta")) {
    const row = target.closest(".edit-row");
    enqueue(() => open(linkOf(idOf(row)), target.closest("[data-field]")?.dataset.field ?? "importance"));
  } else return;
  event.preventDefault();
}

addHandler(outlineForms);
outline.dataset.live = "";
for (const hint of document.querySelectorAll("[data-scripted]")) hint.hidden = false;
for (const form of outline.querySelectorAll("[data-item-form]")) {
  if (!form.querySelector('.problem, [aria-invalid="true"]')) savedFields.set(form, serializeFields(new FormData(form)));
}
outline.addEventListener("keydown", onKey);
document.addEventListener("keydown", onUndoKey);
outline.addEventListener("click", onClick);
outline.addEventListener("change", ({ target }) => {
  const row = !isReplacing && target.closest(".edit-row:is(.open, .new)");
  if (row && target.form?.matches("[data-item-form]")) enqueue(() => row.isConnected && save(row));
  else if (row && row.matches(".new:not([id])") && target.value.trim()) addItem(row);
});
