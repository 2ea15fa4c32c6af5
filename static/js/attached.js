// Brings the list of an item's evidence up to date after something was attached, without touching what is there: rows
// that are new are added, so that nothing typed into the others is lost.
import { refresh } from "./times.js";

/** The list that belongs to a form that attaches, wherever on the page the item is shown. */
export async function show(form) {
  const item = new URL(form.action).pathname.split("/")[2];
  const response = await fetch(`/items/${item}`).catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector(`[data-evidence="${item}"]`);
  for (const section of document.querySelectorAll(`[data-evidence="${item}"]`)) {
    merge(section, document.importNode(fresh, true));
    refresh(section);
  }
}

function merge(section, fresh) {
  const list = section.querySelector("ul.evidence");
  if (!list) return section.replaceChildren(...fresh.childNodes);
  const known = new Set([...list.children].map((row) => row.id));
  list.append(...[...fresh.querySelector("ul.evidence").children].filter((row) => !known.has(row.id)));
  return section.querySelector("header .soft")?.replaceWith(fresh.querySelector("header .soft"));
}
