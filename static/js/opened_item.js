// Opens an item within the list, at its own address: the content of that address's page is shown in the row. Changes by
// others appear, but never in a part in which somebody types. Without this script the same link leads to the item's own
// page.
import { isPlainClick } from "./clicks.js";
import { element } from "./elements.js";
import { fetchPage, updateRegions } from "./regions.js";
import { text } from "./texts.js";

// On past pages of a launch the rows lead elsewhere: an item's page shows the present.
const list = document.body.dataset.launch ? document.querySelector(".items") : null;
let opened = null; // { row, region, item }

/** The open item: its row, the region in which it is shown, and its id. Null when there is none. */
export const openedItem = () => opened;

/** Adds a title for screen readers and a close button around the item's own page. */
function frameItem(row, body) {
  const region = element("div", "opened");
  region.setAttribute("role", "region");
  region.setAttribute("aria-labelledby", row.querySelector(".title").id);
  const ownPageLink = element("a", "", text("open_on_own_page"));
  ownPageLink.href = row.querySelector(".title").href;
  const close = element("button", "button quiet small", text("close_item"));
  close.type = "button";
  close.addEventListener("click", closeItem);
  region.append(element("p", "opened-bar", ownPageLink, close), body);
  return region;
}

function removeOpened() {
  if (!opened) return;
  opened.region.remove();
  opened.row.querySelector(".title").setAttribute("aria-expanded", "false");
  opened.row.classList.remove("open");
  opened = null;
}

/** Closes the open item. Text typed there is stored in this tab, and restored when the item is opened again. */
function closeItem() {
  if (!opened) return;
  const { row } = opened;
  if (history.state?.item) history.back();
  else removeOpened();
  row.querySelector(".title").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

/** Opens an item in its row; the element within it that `focusSelector` matches gets the focus. */
export async function openItem(row, focusSelector = "") {
  const { item } = row.dataset;
  if (opened?.item === item) return focusWithin(focusSelector);
  const title = row.querySelector(".title");
  title.setAttribute("aria-busy", "true");
  const fresh = await fetchPage(`/items/${item}`);
  title.removeAttribute("aria-busy");
  const body = fresh?.querySelector(".item-page");
  // Signed out, not found, or unreachable: the page itself shows which.
  if (!body) return location.assign(title.href);
  const wasOpen = Boolean(opened);
  removeOpened();
  const region = frameItem(row, body);
  row.append(region);
  row.classList.add("open");
  title.setAttribute("aria-expanded", "true");
  opened = { row, region, item };
  import("./opened_item_forms.js").catch(() => null); // without it, the forms lead to the item's page
  if (wasOpen) history.replaceState({ item }, "", `/items/${item}`);
  else history.pushState({ item }, "", `/items/${item}`);
  document.dispatchEvent(new CustomEvent("signoff:shown", { detail: region }));
  row.scrollIntoView({ block: "nearest" });
  focusWithin(focusSelector);
}

function focusWithin(focusSelector) {
  const target = focusSelector && opened.region.querySelector(focusSelector);
  if (!target) return;
  for (let fold = target.closest("details"); fold && opened.region.contains(fold); fold = fold.parentElement.closest("details")) fold.open = true;
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}

/** Whether an item is open in its row. */
export const isOpen = (item) => opened?.item === item;

/** Updates the open item. */
export async function refreshOpenedItem() {
  if (!opened) return;
  const { item, region } = opened;
  const body = (await fetchPage(`/items/${item}`))?.querySelector(".item-page");
  if (body && opened?.item === item) updateRegions(region.querySelector(".item-page"), body);
}

if (list) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".item > .what > .title, .item > .meta > .tally, .item > .meta > .attach");
    if (!link || event.defaultPrevented || !isPlainClick(event)) return;
    event.preventDefault();
    const row = link.closest(".item");
    const focusSelector = link.matches(".tally") ? "#evidence h2, #evidence" : link.matches(".attach") ? "#attach input[type=file]" : "";
    if (isOpen(row.dataset.item) && !focusSelector) closeItem();
    else openItem(row, focusSelector);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opened || event.defaultPrevented || document.querySelector("dialog:modal, details.menu[open]")) return;
    if (event.target.closest?.("input, textarea, select")) return event.target.blur();
    closeItem();
  });
  addEventListener("popstate", (event) => {
    const row = event.state?.item && document.getElementById(`item-${event.state.item}`);
    if (!row) removeOpened();
    else if (!isOpen(event.state.item)) location.assign(location.href);
  });
  for (const title of document.querySelectorAll(".item > .what > .title")) title.setAttribute("aria-expanded", "false");
}
