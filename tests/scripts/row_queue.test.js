// Rows are asked for with one request at a time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRowQueue } from "../../static/js/row_queue.js";

/** A queue whose requests are answered by hand: `answer(loaded)` answers the oldest. */
function newQueue({ most = 3 } = {}) {
  const [batches, open, pauses] = [[], [], []];
  const load = (ids) => new Promise((resolve) => { batches.push(ids); open.push(resolve); });
  const pause = async (tries) => { pauses.push(tries); };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const answer = async (loaded = true) => { open.shift()(loaded); await settle(); };
  return { add: createRowQueue(load, { most, pause }), batches, open, pauses, settle, answer };
}

test("createRowQueue_burst_is_one_request", async () => {
  const queue = newQueue();
  queue.add(["a"]);
  queue.add(["b", "a"]);
  await queue.settle();
  assert.deepEqual(queue.batches, [["a", "b"]]);
});

test("createRowQueue_change_during_a_request_waits_for_its_answer", async () => {
  const queue = newQueue();
  const first = queue.add(["a"]);
  await queue.settle();
  queue.add(["a"]);
  queue.add(["b"]);
  await queue.settle();
  assert.equal(queue.open.length, 1, "one at a time");
  await queue.answer();
  assert.deepEqual(queue.batches, [["a"], ["a", "b"]], "what changed again is asked for again");
  await queue.answer();
  await first;
});

test("createRowQueue_many_items_are_split", async () => {
  const queue = newQueue({ most: 2 });
  queue.add(["a", "b", "c"]);
  await queue.settle();
  await queue.answer();
  assert.deepEqual(queue.batches, [["a", "b"], ["c"]]);
});

test("createRowQueue_no_items_still_ask_for_the_figures", async () => {
  const queue = newQueue();
  queue.add([]);
  await queue.settle();
  assert.deepEqual(queue.batches, [[]]);
});

test("createRowQueue_request_without_answer_is_repeated_after_a_pause_and_not_for_ever", async () => {
  const queue = newQueue();
  const done = queue.add(["a"]);
  await queue.settle();
  while (queue.open.length > 0) await queue.answer(false);
  await done;
  assert.deepEqual(queue.pauses, [0, 1, 2, 3, 4]);
  assert.deepEqual(new Set(queue.batches.flat()), new Set(["a"]));
  // The next change asks for what is missing too.
  queue.add(["b"]);
  await queue.settle();
  assert.deepEqual(queue.batches.at(-1), ["a", "b"]);
});
