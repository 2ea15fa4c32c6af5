// A click on one cell of the readiness wall goes to its item: to its row, or to its own page if a filter hides the row.
// Elsewhere the block's own link goes to its part. Cells are too small to be targets of their own, so this only adds to
// what the links already do.
import { isPlainClick } from "./clicks.js";

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
