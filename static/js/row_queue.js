// Fetches changed rows with one request at a time, however many changes arrive meanwhile.

const MAX_TRIES = 5;

/**
 * Makes a function that takes ids and has `load` called with all that are waiting, at most `maxBatch` at once and never
 * twice at the same time. `load` resolves to false when it had no response; the ids then wait for another try, after
 * `delayBeforeTry(tries)`, or, after some tries, for the next call. `delayBeforeTry(0)` comes before the first try, so that
 * a burst is one request. The function resolves when nothing is waiting or being loaded any more.
 */
export function createRowQueue(load, { maxBatch, delayBeforeTry }) {
  const waiting = new Set();
  let isRequested = false;
  let running = null;

  async function run() {
    for (let tries = 0; isRequested && tries < MAX_TRIES; ) {
      await delayBeforeTry(tries);
      isRequested = false;
      const batch = [...waiting].slice(0, maxBatch);
      batch.forEach((id) => waiting.delete(id));
      const loaded = await load(batch);
      if (!loaded) batch.forEach((id) => waiting.add(id));
      tries = loaded ? 0 : tries + 1;
      isRequested ||= !loaded || waiting.size > 0;
    }
    isRequested = false;
  }

  return (ids) => {
    for (const id of ids) waiting.add(id);
    isRequested = true;
    running ??= run().finally(() => { running = null; });
    return running;
  };
}
