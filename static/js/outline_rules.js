// The rules of the outline of a draft: where a new item goes, and what Tab does. The depth of an item is 0, or 1 and more if it is
// nested.

/**
 * The position of a new item of this depth, below items of these depths: the index of the item that it follows, -1 for the end
 * of the section, and whether it is nested in that.
 */
export function positionOfNew(depths, depth) {
  const after = depths.findLastIndex((other) => other <= depth);
  return { after, nested: after >= 0 && depths[after] < depth };
}

/**
 * What Tab does in a title: `deeper`, `outward`, or null where it moves the focus as everywhere. It nests only while the
 * caret is at the beginning, so that moving through the page by Tab changes nothing: then all of a title is
 * selected, or the caret is at its end. `depthBefore` is the depth of the item before it; null for the first of a section.
 */
export function nestStep(event, { selectionStart, selectionEnd }, depth, depthBefore) {
  const isPlain = event.key === "Tab" && !event.altKey && !event.ctrlKey && !event.metaKey;
  if (!isPlain || selectionStart !== 0 || selectionEnd !== 0) return null;
  if (event.shiftKey) return depth > 0 ? "outward" : null;
  return depthBefore !== null && depthBefore >= depth ? "deeper" : null;
}

/** The fields of a form as one text, for comparison with those that were saved: without those that the page sets. */
export const serializeFields = (entries) => JSON.stringify([...entries].filter(([name]) => !["version", "once", "since"].includes(name)));
