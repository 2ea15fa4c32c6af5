// Adds “more” to each row of the list that can be marked. What it opens is loaded when it is pressed for the first time.
// Without script, the item's own page has the same forms.
import { isPlainClick } from "./clicks.js";
import { element } from "./elements.js";
import { text } from "./texts.js";

const template = document.getElementById("more");

/** Gives a row its “more”, and takes it from one that can't be marked. */
export function updateMore(row) {
  const shown = row.querySelector(":scope > a.more");
  if (!template || !row.querySelector(":scope > .tick")) return shown?.remove();
  if (shown) return;
  const link = element("a", "more");
  link.href = `/items/${row.dataset.item}#state`;
  link.setAttribute("aria-label", text("more_on_item", { item: row.querySelector(".title").textContent }));
  link.setAttribute("aria-expanded", "false");
  row.querySelector(":scope > .meta").after(link);
}

if (template) {
  document.querySelectorAll(".items > .item").forEach(updateMore);
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a.more");
    if (!link || !isPlainClick(event)) return;
    event.preventDefault();
    const more = await import("./more.js").catch(() => null);
    if (more) more.togglePanel(link);
    else location.assign(link.href);
  });
}
