// Selects many items: a range with Shift, a section or all with one press, and shows how many are selected. Without
// this script each box is ticked by itself, and sections and all are links to the same page with their boxes ticked.
import { text } from "./texts.js";

const form = document.querySelector("form.bulk");
const boxes = () => [...document.querySelectorAll('.pick input[type="checkbox"]')];
let last = null;

function count() {
  const chosen = boxes().filter((box) => box.checked).length;
  form.querySelector("[data-count]").textContent = text("items_are_selected", { count: chosen });
  form.querySelector(".bulk-acts").inert = chosen === 0;
}

function choose(which, on) {
  for (const box of which) box.checked = on;
  count();
}

/** The boxes that a link selects. */
function meant(what) {
  if (what === "all" || what === "none") return boxes();
  return [...document.querySelectorAll(`[data-section="${CSS.escape(what)}"] .pick input`)];
}

if (form) {
  count();
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.(".pick input");
    if (box) {
      const all = boxes();
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      if (event.shiftKey && from >= 0) choose(all.slice(from, to + 1), box.checked);
      last = box;
      count();
    }
    const link = event.target.closest?.("a[data-select]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const which = meant(link.dataset.select);
    // A second press deselects the section.
    choose(which, link.dataset.select !== "none" && (link.dataset.select === "all" || which.some((box) => !box.checked)));
  });
  document.addEventListener("change", (event) => event.target.matches(".pick input") && count());
}
