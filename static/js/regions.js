// Updates part of a page from a newer copy of it, section by section, but never where somebody is typing, choosing or
// uploading.
import { ask } from "./requests.js";

const FIELDS = "input:not([type=hidden]), textarea, select";

/** Whether somebody is typing, choosing or uploading in a region. */
export function busy(region) {
  if (region.querySelector("[data-busy]")) return true;
  if (region.contains(document.activeElement) && document.activeElement.matches(FIELDS)) return true;
  return [...region.querySelectorAll(FIELDS)].some((field) => {
    if (field.type === "file") return field.files.length > 0;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.matches("select")) return field.selectedIndex !== Math.max([...field.options].findIndex((option) => option.defaultSelected), 0);
    return field.value !== field.defaultValue;
  });
}

const REGIONS = "section[aria-labelledby], [data-region]";
/** The outermost regions within `root`, whatever `root` itself is in. */
const named = (root) => [...root.querySelectorAll(REGIONS)].filter((region) => {
  const outer = region.parentElement.closest(REGIONS);
  return !outer || outer === root || !root.contains(outer);
});
const name = (region) => region.dataset.region ?? region.getAttribute("aria-labelledby");
/** A region's HTML, without what differs every time it is rendered. */
const content = (region) => region.innerHTML.replace(/name="once" value="[^"]*"/g, "").replace(/<time[^>]*>[^<]*/g, "");

/** Replaces a region by a newer copy, and preserves what was unfolded in it. */
function replace(old, fresh) {
  const open = [...old.querySelectorAll("details")].map((details) => details.open);
  const focus = old.contains(document.activeElement) && document.activeElement.id;
  if (open.length === fresh.querySelectorAll("details").length) {
    fresh.querySelectorAll("details").forEach((details, at) => { details.open = open[at]; });
  }
  old.replaceWith(fresh);
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
}

/** Places a region where the newer copy has it: after its previous sibling region, or first in its container there. */
function place(root, newer, before) {
  const home = newer.parentElement.id && root.querySelector(`#${CSS.escape(newer.parentElement.id)}`);
  const first = named(root)[0];
  if (home && before?.parentElement !== home) home.prepend(newer);
  else if (before) before.after(newer);
  else if (first) first.before(newer);
}

/** Updates the regions of `root` from those of `fresh`, another copy of it. */
export function update(root, fresh) {
  const known = new Map(named(root).map((region) => [name(region), region]));
  const present = new Map(known);
  // What is agreed to in one region is read in another: the one that stays as it is keeps the other with it.
  const isKept = (old) => busy(old) || (present.has(old.dataset.readsFrom) && busy(present.get(old.dataset.readsFrom)));
  let before = null;
  for (const newer of named(fresh)) {
    const old = known.get(name(newer));
    known.delete(name(newer));
    if (!old) {
      place(root, newer, before);
      before = newer;
    } else if (isKept(old) || content(old) === content(newer)) {
      before = old;
    } else {
      replace(old, newer);
      before = newer;
    }
  }
  for (const gone of known.values()) if (!busy(gone)) gone.remove();
}

/** Fetches a page of this site; nothing when that fails or exceeds the time limit. */
export async function read(address) {
  const answer = await ask(address, { headers: { accept: "text/html" } }).catch(() => null);
  return answer?.ok ? new DOMParser().parseFromString(answer.text, "text/html") : null;
}
