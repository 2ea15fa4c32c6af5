// Asks for what changed, one request at a time, however many changes arrive meanwhile.

const TRIES = 5;

/**
 * Makes a function that takes ids and has `load` called with all that are waiting, at most `most` at once and never
 * twice at the same time. `load` resolves to false when it had no answer; the ids then wait for another try, after
 * `pause(tries)`, or, after some tries, for the next call. `pause(0)` comes before the first try, so that a burst is one
 * request. The function resolves when nothing is waiting or being loaded any more.
 */
export function createRowQueue(load, { most, pause }) {
  const waiting = new Set();
  let isAsked = false;
  let running = null;

  async function run() {
    for (let tries = 0; isAsked && tries < TRIES; ) {
      await pause(tries);
      isAsked = false;
      const batch = [...waiting].slice(0, most);
      batch.forEach((id) => waiting.delete(id));
      const loaded = await load(batch);
      if (!loaded) batch.forEach((id) => waiting.add(id));
      tries = loaded ? 0 : tries + 1;
      isAsked ||= !loaded || waiting.size > 0;
    }
    isAsked = false;
  }

  return (ids) => {
    for (const id of ids) waiting.add(id);
    isAsked = true;
    running ??= run().finally(() => { running = null; });
    return running;
  };
}
