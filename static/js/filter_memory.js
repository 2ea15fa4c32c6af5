// Remembers the filter of each launch's checklist: links that lead to the checklist from other pages lead to it with that
// filter. An address that somebody types or passes on shows what it says.
const CHECKLIST = /^\/launches\/[0-9a-f-]{36}$/;
const keyOf = (path) => `filter:${path}`;

if (CHECKLIST.test(location.pathname) && document.querySelector(".list-bar")) {
  const filter = new URLSearchParams(location.search).get("show");
  if (filter) localStorage.setItem(keyOf(location.pathname), filter);
  else localStorage.removeItem(keyOf(location.pathname));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="/launches/"]');
  const path = link?.getAttribute("href");
  // On the page of the checklist itself its links are the filters.
  if (!path || !CHECKLIST.test(path) || path === location.pathname) return;
  const filter = localStorage.getItem(keyOf(path));
  if (filter) link.href = `${path}?show=${encodeURIComponent(filter)}`;
}, true);
