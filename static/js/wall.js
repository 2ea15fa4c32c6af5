// A click on one cell of the readiness wall goes to its item: to its row, or to its own page if a filter hides the row.
// Elsewhere the block's own link goes to its part. Cells are too small to be targets of their own, so this only adds to
// what the links already do. A cell under the pointer gets the title of its row; one whose row may be hidden has it already.
import { isPlainClick } from "./clicks.js";

document.addEventListener("pointerover", ({ target }) => {
  if (!target.matches?.(".wall [data-cell]:not([title])")) return;
  const title = document.getElementById(`title-${target.dataset.cell}`)?.textContent;
  if (title) target.title = title;
});

document.addEventListener("click", (event) => {
  const cell = event.target.closest?.(".wall [data-cell]");
  if (!cell || !isPlainClick(event)) return;
  event.preventDefault();
  const row = document.getElementById(`item-${cell.dataset.cell}`);
  if (!row) return void location.assign(`/items/${cell.dataset.cell}`);
  const section = row.closest("details");
  if (section) section.open = true;
  location.hash = row.id;
  row.querySelector(".title")?.focus({ preventScroll: true });
});
