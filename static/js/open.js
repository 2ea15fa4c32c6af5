// Opens an item within the list, at its own address: the content of that address's page is shown in the row. Its forms
// are sent from there and their answers shown there; changes by others appear, but never in a part in which somebody
// types. Without this script the same link leads to the item's own page.
import { element } from "./elements.js";
import { forget } from "./drafts.js";
import { notify } from "./notices.js";
import { SessionEnded, ask, sayEnded } from "./requests.js";
import { busy, read, update } from "./regions.js";

// On past pages of a launch the rows lead elsewhere: an item's page shows the present.
const list = document.body.dataset.launch ? document.querySelector(".items") : null;
let opened = null; // { row, region, item }

/** Adds a title for screen readers and a close button around the item's own page. */
function frame(row, body) {
  const region = element("div", "opened");
  region.setAttribute("role", "region");
  region.setAttribute("aria-labelledby", row.querySelector(".title").id);
  const own = element("a", "", "Open on its own page");
  own.href = row.querySelector(".title").href;
  const close = element("button", "button quiet small", "Close");
  close.type = "button";
  close.addEventListener("click", leave);
  region.append(element("p", "opened-bar", own, close), body);
  return region;
}

function shut() {
  if (!opened) return;
  opened.region.remove();
  opened.row.querySelector(".title").setAttribute("aria-expanded", "false");
  opened.row.classList.remove("open");
  opened = null;
}

/** Closes the open item. Text typed there is stored in this tab, and restored when the item is opened again. */
function leave() {
  if (!opened) return;
  const { row } = opened;
  if (history.state?.item) history.back();
  else shut();
  row.querySelector(".title").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

/** Opens an item in its row; the element that `then` selects within it gets the focus. */
export async function open(row, then = "") {
  const { item } = row.dataset;
  if (opened?.item === item) return focus(then);
  const title = row.querySelector(".title");
  title.setAttribute("aria-busy", "true");
  const fresh = await read(`/items/${item}`);
  title.removeAttribute("aria-busy");
  const body = fresh?.querySelector(".item-page");
  // Signed out, not found, or unreachable: the page itself shows which.
  if (!body) return location.assign(title.href);
  const already = Boolean(opened);
  shut();
  const region = frame(row, body);
  row.append(region);
  row.classList.add("open");
  title.setAttribute("aria-expanded", "true");
  opened = { row, region, item };
  if (already) history.replaceState({ item }, "", `/items/${item}`);
  else history.pushState({ item }, "", `/items/${item}`);
  document.dispatchEvent(new CustomEvent("signoff:shown", { detail: region }));
  row.scrollIntoView({ block: "nearest" });
  focus(then);
}

function focus(then) {
  const place = then && opened.region.querySelector(then);
  if (!place) return;
  for (let fold = place.closest("details"); fold && opened.region.contains(fold); fold = fold.parentElement.closest("details")) fold.open = true;
  place.scrollIntoView({ block: "center" });
  place.focus({ preventScroll: true });
}

/** Whether an item is open in its row, so that its changes have to be fetched. */
export const isOpen = (item) => opened?.item === item;

/** Updates the open item. */
export async function freshen() {
  if (!opened) return;
  const { item, region } = opened;
  const body = (await read(`/items/${item}`))?.querySelector(".item-page");
  if (body && opened?.item === item) update(region.querySelector(".item-page"), body);
}

async function send(form, submitter) {
  const { region, item } = opened;
  const data = new FormData(form, submitter);
  const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  submitter?.setAttribute("aria-busy", "true");
  let response;
  try {
    response = await ask(form.action, { method: "POST", body, headers: { accept: "text/html" } });
  } catch (error) {
    if (error instanceof SessionEnded) return sayEnded(error.message);
    const unsure = error.late ? "Whether it was saved is not known" : "Nothing was saved";
    return notify(`${error.message} ${unsure}, and what you entered is still here.`, { kind: "bad" });
  } finally {
    submitter?.removeAttribute("aria-busy");
  }
  const answer = new DOMParser().parseFromString(response.text, "text/html");
  const fresh = answer.querySelector(".item-page");
  if (!fresh) return refused(answer);
  if (response.ok) forget(form);
  const others = [...region.querySelectorAll("section")].filter((section) => !section.contains(form) && busy(section));
  // Text being typed in another part of the item is preserved; otherwise the answer replaces the item.
  if (others.length > 0 && response.ok) {
    form.reset();
    delete form.dataset.busy;
    document.activeElement?.blur();
    update(region.querySelector(".item-page"), fresh);
  } else {
    region.querySelector(".item-page").replaceWith(fresh);
  }
  const problem = answer.querySelector(".problem");
  region.querySelector(":scope > .problem")?.remove();
  if (!response.ok && problem && !fresh.contains(problem)) region.querySelector(".opened-bar").after(problem);
  document.dispatchEvent(new CustomEvent("signoff:shown", { detail: region }));
  const said = answer.querySelector(".flash");
  if (said) notify(said.textContent.trim(), { kind: said.classList.contains("bad") ? "bad" : "" });
  const wrong = region.querySelector('.problem, [aria-invalid="true"]');
  if (!response.ok && wrong) wrong.scrollIntoView({ block: "center" });
  if (!response.ok && wrong?.matches("[aria-invalid]")) wrong.focus({ preventScroll: true });
  else if (opened?.item === item) opened.row.querySelector(".title").focus({ preventScroll: true });
}

/** Handles an answer that is not a page of the item: rate limited, or not allowed. */
function refused(answer) {
  const words = answer.querySelector("[role=alert], main h1")?.textContent.trim();
  return notify(words || "The server did not take this; nothing was saved.", { kind: "bad" });
}

if (list) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".item > .what > .title, .item > .meta > .tally");
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const row = link.closest(".item");
    const evidence = link.matches(".tally");
    if (isOpen(row.dataset.item) && !evidence) leave();
    else open(row, evidence ? "#evidence h2, #evidence" : "");
  });
  // Runs before the scripts for forms that leave the page.
  document.addEventListener("submit", (event) => {
    if (!opened?.region.contains(event.target) || event.target.method !== "post" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    send(event.target, event.submitter);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opened || event.defaultPrevented || document.querySelector("dialog:modal, details.menu[open]")) return;
    if (event.target.closest?.("input, textarea, select")) return event.target.blur();
    leave();
  });
  addEventListener("popstate", (event) => {
    const row = event.state?.item && document.getElementById(`item-${event.state.item}`);
    if (!row) shut();
    else if (!isOpen(event.state.item)) location.assign(location.href);
  });
  for (const title of document.querySelectorAll(".item > .what > .title")) title.setAttribute("aria-expanded", "false");
}
