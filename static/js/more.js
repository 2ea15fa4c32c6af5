// “More” on a row: not applicable or blocked, with a reason, in the list. Without this script it leads to the item's
// own page, which has the same form.
const template = document.getElementById("more");
const list = location.pathname + location.search; // while an item is open, the address is the item's
let shown = null; // { link, panel }

function shut() {
  if (!shown) return;
  shown.panel.remove();
  shown.link.setAttribute("aria-expanded", "false");
  shown = null;
}

function show(link) {
  shut();
  const row = link.closest(".item");
  const panel = template.content.firstElementChild.cloneNode(true);
  const { item, version } = row.dataset;
  panel.action = `/items/${item}/state`;
  panel.elements.version.value = version;
  panel.elements.next.value = `${list}#${row.id}`;
  panel.setAttribute("aria-labelledby", row.querySelector(".title").id);
  link.after(panel);
  link.setAttribute("aria-expanded", "true");
  shown = { link, panel };
  panel.querySelector("textarea").focus();
}

if (template) {
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".more-panel [data-shut]")) {
      const { link } = shown;
      shut();
      return link.focus();
    }
    const link = event.target.closest?.("a.more");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (shown?.link === link) shut();
    else show(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown?.panel.contains(event.target)) return;
    event.preventDefault();
    const { link } = shown;
    shut();
    link.focus();
  });
}
