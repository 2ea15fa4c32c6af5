// Changed rows are fetched with one request at a time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRowQueue } from "../../static/js/row_queue.js";

/** A queue whose requests are answered by hand: `respond(loaded)` answers the oldest. */
function newQueue({ maxBatch = 3 } = {}) {
  const [batches, open, delayedTries] = [[], [], []];
  const load = (ids) => new Promise((resolve) => { batches.push(ids); open.push(resolve); });
  const delayBeforeTry = async (tries) => { delayedTries.push(tries); };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const respond = async (loaded = true) => { open.shift()(loaded); await settle(); };
  return { add: createRowQueue(load, { maxBatch, delayBeforeTry }), batches, open, delayedTries, settle, respond };
}

test("createRowQueue_burst_is_one_request", async () => {
  const queue = newQueue();
  queue.add(["a"]);
  queue.add(["b", "a"]);
  await queue.settle();
  assert.deepEqual(queue.batches, [["a", "b"]]);
});

test("createRowQueue_change_during_a_request_waits_for_its_response", async () => {
  const queue = newQueue();
  const first = queue.add(["a"]);
  await queue.settle();
  queue.add(["a"]);
  queue.add(["b"]);
  await queue.settle();
  assert.equal(queue.open.length, 1, "one at a time");
  await queue.respond();
  assert.deepEqual(queue.batches, [["a"], ["a", "b"]], "what changed again is fetched again");
  await queue.respond();
  await first;
});

test("createRowQueue_many_items_are_split", async () => {
  const queue = newQueue({ maxBatch: 2 });
  queue.add(["a", "b", "c"]);
  await queue.settle();
  await queue.respond();
  assert.deepEqual(queue.batches, [["a", "b"], ["c"]]);
});

test("createRowQueue_no_items_still_fetch_the_counts", async () => {
  const queue = newQueue();
  queue.add([]);
  await queue.settle();
  assert.deepEqual(queue.batches, [[]]);
});

test("createRowQueue_request_without_response_is_repeated_after_a_delay_and_not_for_ever", async () => {
  const queue = newQueue();
  const done = queue.add(["a"]);
  await queue.settle();
  while (queue.open.length > 0) await queue.respond(false);
  await done;
  assert.deepEqual(queue.delayedTries, [0, 1, 2, 3, 4]);
  assert.deepEqual(new Set(queue.batches.flat()), new Set(["a"]));
  // The next change asks for what is missing too.
  queue.add(["b"]);
  await queue.settle();
  assert.deepEqual(queue.batches.at(-1), ["a", "b"]);
});
