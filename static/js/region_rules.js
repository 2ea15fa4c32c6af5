// Decides what happens to each region of a page when a newer copy of it arrives.

/**
 * The steps that lead from the regions of a page to those of a newer copy, in the order of the copy.
 *
 * `shown` and `newer` are lists of `{ name, content }`; those of `shown` also have `isBusy`, whether somebody works
 * there, and `readsFrom`, the name of the region with the content that is agreed to here: a region stays as it is as
 * long as that one does. `content` is a function, and is called only where a region may be replaced.
 *
 * A step is `{ name, action, after }`: `keep`, `replace` or `insert` the region, which comes after the one named
 * `after` (null for the first); or `remove` it.
 */
export function planUpdate(shown, newer) {
  const present = new Map(shown.map((region) => [region.name, region]));
  const isKept = (region) => region.isBusy || Boolean(present.get(region.readsFrom)?.isBusy);
  const remaining = new Map(present);
  let after = null;
  const steps = newer.map(({ name, content }) => {
    const old = remaining.get(name);
    remaining.delete(name);
    const step = { name, action: chooseAction(old, content), after };
    after = name;
    return step;
  });
  function chooseAction(old, content) {
    if (!old) return "insert";
    return isKept(old) || old.content() === content() ? "keep" : "replace";
  }
  const gone = [...remaining.values()].filter((region) => !region.isBusy);
  return [...steps, ...gone.map(({ name }) => ({ name, action: "remove", after: null }))];
}
