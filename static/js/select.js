// Selects many items: a range with Shift, a section or all with one press, and shows how many are selected. Without
// this script each box is ticked by itself, and sections and all are links to the same page with their boxes ticked.
import { isPlainClick } from "./clicks.js";
import { text } from "./texts.js";

const form = document.querySelector("form.bulk");
const boxes = () => [...document.querySelectorAll('.pick input[type="checkbox"]')];
let lastClicked = null;

function showCount() {
  const count = boxes().filter((box) => box.checked).length;
  form.querySelector("[data-count]").textContent = text("items_are_selected", { count });
  form.querySelector(".bulk-acts").inert = count === 0;
}

function setChecked(changed, isChecked) {
  for (const box of changed) box.checked = isChecked;
  showCount();
}

/** The boxes that a link selects. */
function boxesOf(target) {
  if (target === "all" || target === "none") return boxes();
  return [...document.querySelectorAll(`[data-section="${CSS.escape(target)}"] .pick input`)];
}

if (form) {
  showCount();
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.(".pick input");
    if (box) {
      const all = boxes();
      const [from, to] = [all.indexOf(lastClicked), all.indexOf(box)].sort((a, b) => a - b);
      if (event.shiftKey && from >= 0) setChecked(all.slice(from, to + 1), box.checked);
      lastClicked = box;
      showCount();
    }
    const link = event.target.closest?.("a[data-select]");
    if (!link || !isPlainClick(event)) return;
    event.preventDefault();
    const selected = boxesOf(link.dataset.select);
    // A second press deselects the section.
    setChecked(selected, link.dataset.select !== "none" && (link.dataset.select === "all" || selected.some(({ checked }) => !checked)));
  });
  document.addEventListener("change", (event) => event.target.matches(".pick input") && showCount());
}
