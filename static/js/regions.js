// Updates part of a page from a newer copy of it, section by section, but never where somebody is typing, choosing or
// uploading.
import { planUpdate } from "./region_rules.js";
import { request } from "./requests.js";

const FIELDS = "input:not([type=hidden]), textarea, select";

/** Whether somebody is typing, choosing or uploading in a region. */
export function isBusy(region) {
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
const regionsOf = (root) => [...root.querySelectorAll(REGIONS)].filter((region) => {
  const outer = region.parentElement.closest(REGIONS);
  return !outer || outer === root || !root.contains(outer);
});
const nameOf = (region) => region.dataset.region ?? region.getAttribute("aria-labelledby");
/** A region's HTML, without what differs every time it is rendered. */
const contentOf = (region) => region.outerHTML.replace(/name="once" value="[^"]*"/g, "").replace(/<time[^>]*>[^<]*/g, "");

/** Replaces a region by a newer copy, and preserves what was unfolded in it. */
function replaceRegion(old, fresh) {
  const openStates = [...old.querySelectorAll("details")].map((details) => details.open);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  if (openStates.length === fresh.querySelectorAll("details").length) {
    fresh.querySelectorAll("details").forEach((details, index) => { details.open = openStates[index]; });
  }
  old.replaceWith(fresh);
  if (!focused) return;
  const address = CSS.escape(focused.getAttribute("href") ?? "");
  const focusable = focused.id ? document.getElementById(focused.id) : fresh.querySelector(`a[href="${address}"]`);
  focusable?.focus({ preventScroll: true });
}

/** Replaces the regions of the page whose content differs in `copy`, a part of a newer page. */
export function replaceRegions(copy) {
  for (const fresh of copy.querySelectorAll("[data-region]")) {
    const old = document.querySelector(`main [data-region="${CSS.escape(fresh.dataset.region)}"]`);
    if (old && !isBusy(old) && contentOf(old) !== contentOf(fresh)) replaceRegion(old, fresh);
  }
}

/** Places a region where the newer copy has it: after its previous sibling region, or first in its container there. */
function insertRegion(root, newer, previousRegion) {
  const container = newer.parentElement.id && root.querySelector(`#${CSS.escape(newer.parentElement.id)}`);
  const first = regionsOf(root)[0];
  let previous = previousRegion;
  while (container && previous && previous.parentElement !== container) previous = previous.parentElement;
  if (container && previous) previous.after(newer);
  else if (container) container.prepend(newer);
  else if (previousRegion) previousRegion.after(newer);
  else if (first) first.before(newer);
}

/** Shows, in a region that somebody works in, whether its subject (`data-scope`) has changed meanwhile. */
function markOutdated(old, fresh) {
  const warning = old.dataset.scope && old.querySelector("[data-outdated]");
  if (warning) warning.hidden = old.dataset.scope === fresh.dataset.scope;
}

/** Updates the regions of `root` from those of `fresh`, another copy of it. */
export function updateRegions(root, fresh) {
  const shown = new Map(regionsOf(root).map((region) => [nameOf(region), region]));
  const newer = new Map(regionsOf(fresh).map((region) => [nameOf(region), region]));
  const describe = (region) => ({
    name: nameOf(region),
    content: () => contentOf(region),
    isBusy: isBusy(region),
    readsFrom: region.dataset.readsFrom,
  });
  const steps = planUpdate([...shown.values()].map(describe), [...newer.values()].map(describe));
  for (const { name, action, after } of steps) {
    if (action === "keep") markOutdated(shown.get(name), newer.get(name));
    if (action === "replace") replaceRegion(shown.get(name), newer.get(name));
    if (action === "insert") insertRegion(root, newer.get(name), shown.get(after));
    if (action === "remove") shown.get(name).remove();
    if (action === "replace" || action === "insert") shown.set(name, newer.get(name));
  }
}

/** Fetches a page of this site; null when that fails or exceeds the time limit. */
export async function fetchPage(address) {
  const response = await request(address, { headers: { accept: "text/html" } }).catch(() => null);
  return response?.ok ? new DOMParser().parseFromString(response.text, "text/html") : null;
}
