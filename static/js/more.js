// “More” on a row: not applicable or blocked, with a reason, in the list. Without this script it leads to the item's
// own page, which has the same form.
const template = document.getElementById("more");
const list = location.pathname + location.search; // while an item is open, the address is the item's
let shown = null; // { row, panel }

const linkOf = (row) => row.querySelector(":scope > a.more"); // live updates replace it

function closePanel() {
  if (!shown) return;
  shown.panel.remove();
  linkOf(shown.row)?.setAttribute("aria-expanded", "false");
  shown = null;
}

/** Closes the panel; the focus returns to its link. */
function closeAndFocus() {
  const { row } = shown;
  closePanel();
  linkOf(row)?.focus();
}

function openPanel(link) {
  closePanel();
  const row = link.closest(".item");
  const panel = template.content.firstElementChild.cloneNode(true);
  const { item, version } = row.dataset;
  panel.action = `/items/${item}/state`;
  panel.elements.version.value = version;
  panel.elements.next.value = `${list}#${row.id}`;
  panel.setAttribute("aria-labelledby", row.querySelector(".title").id);
  link.after(panel);
  link.setAttribute("aria-expanded", "true");
  shown = { row, panel };
  panel.querySelector("textarea").focus();
}

if (template) {
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".more-panel [data-shut]")) {
      return closeAndFocus();
    }
    const link = event.target.closest?.("a.more");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (shown?.row === link.closest(".item")) closePanel();
    else openPanel(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown?.panel.contains(event.target)) return;
    event.preventDefault();
    closeAndFocus();
  });
}
