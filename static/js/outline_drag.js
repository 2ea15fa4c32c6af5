// Drags an item of a draft by its grip to another place. Alt with an arrow key, and the forms of an open item, do the same.
import { enqueue, idOf, placeItem, rowsOf } from "./outline.js";

const EDGE = 60; // pixels from the top and bottom of the window within which the page scrolls
const SCROLL = 12; // pixels for each movement of the pointer

let dragged = null; // { row, after: the row or section that it would follow }

function mark(target) {
  document.querySelector(".drop-after")?.classList.remove("drop-after");
  dragged.after = target;
  target?.classList.add("drop-after");
}

/** The row that an item dropped here would follow; the section, at its beginning. */
function findTarget(x, y) {
  const over = document.elementFromPoint(x, y);
  const row = over?.closest(".edit-row[id^=node-]");
  const section = over?.closest(".edit-section");
  if (!row) return section;
  const { top, height } = row.getBoundingClientRect();
  if (y > top + height / 2) return row;
  const rows = rowsOf(section);
  return rows[rows.indexOf(row) - 1] ?? section;
}

function stop() {
  mark(null);
  dragged.row.classList.remove("dragged");
  dragged = null;
}

document.querySelector("[data-outline]")?.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button !== 0) return;
  event.preventDefault();
  grip.setPointerCapture(event.pointerId);
  dragged = { row: grip.closest(".edit-row"), after: null };
  dragged.row.classList.add("dragged");
});

addEventListener("pointermove", ({ clientX, clientY }) => {
  if (!dragged) return;
  if (clientY < EDGE) scrollBy(0, -SCROLL);
  else if (clientY > innerHeight - EDGE) scrollBy(0, SCROLL);
  const target = findTarget(clientX, clientY);
  mark(target === dragged.row ? null : target);
});

addEventListener("pointerup", () => {
  if (!dragged) return;
  const { row, after } = dragged;
  stop();
  if (after) enqueue(() => placeItem(row, { after: idOf(after) }));
});

addEventListener("pointercancel", () => dragged && stop());
addEventListener("keydown", ({ key }) => key === "Escape" && dragged && stop());
