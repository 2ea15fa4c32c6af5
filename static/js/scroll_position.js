// Preserves the scroll position: returning to the checklist from an item, a form or another page of the launch shows
// the same rows in the same place. For going back and reloading the browser does so by itself; an address with a `#`
// sets its own position.
const { launch } = document.body.dataset;
const KEY = `scroll:${launch}`;
const rows = () => [...document.querySelectorAll(".item[data-item]")];

/** The first visible row, and its distance from the top of the window. */
function currentPosition() {
  if (scrollY === 0) return null; // measuring the rows would make the browser lay out all of them
  const row = rows().find((candidate) => candidate.getBoundingClientRect().bottom > 0);
  return row ? { item: row.dataset.item, top: Math.round(row.getBoundingClientRect().top) } : null;
}

if (launch && rows().length > 0) {
  const stored = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  sessionStorage.removeItem(KEY);
  const isNewVisit = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  // From pages of other launches and other sites the page starts at the top.
  const isFromLaunch = document.referrer.startsWith(`${location.origin}/launches/${launch}`) || document.referrer.startsWith(`${location.origin}/items/`);
  const row = isNewVisit && isFromLaunch && !location.hash && stored ? document.getElementById(`item-${stored.item}`) : null;
  const section = row?.closest("details");
  if (section) section.open = true;
  if (row?.checkVisibility()) scrollBy(0, row.getBoundingClientRect().top - stored.top);
  addEventListener("pagehide", () => {
    const position = currentPosition();
    if (position) sessionStorage.setItem(KEY, JSON.stringify(position));
  });
}
