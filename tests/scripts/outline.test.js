// The outline of a draft: where a new item goes, and when Tab nests.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nestStep, positionOfNew, serializeFields } from "../../static/js/outline_rules.js";

test("placeOfNew_follows_the_last_item_that_is_not_deeper", () => {
  for (const [depths, depth, after, nested] of [
    [[], 0, -1, false],
    [[0], 0, 0, false],
    [[0, 1, 2], 2, 2, false],
    [[0, 1, 2], 3, 2, true],
    [[0, 1, 2], 1, 1, false],
    [[0, 1, 2], 0, 0, false],
    [[0, 0], 1, 1, true],
    [[2], 0, -1, false],
  ]) {
    assert.deepEqual(positionOfNew(depths, depth), { after, nested }, `${depths} ${depth}`);
  }
});

const TAB = { key: "Tab" };
const START = { selectionStart: 0, selectionEnd: 0 };

test("nestStep_at_the_beginning_of_a_title_nests_as_far_as_the_item_before", () => {
  assert.equal(nestStep(TAB, START, 0, 0), "deeper");
  assert.equal(nestStep(TAB, START, 1, 2), "deeper");
  assert.equal(nestStep(TAB, START, 1, 0), null, "it is nested in the one before already");
  assert.equal(nestStep(TAB, START, 0, null), null, "there is none before");
  assert.equal(nestStep({ ...TAB, shiftKey: true }, START, 1, 0), "outward");
  assert.equal(nestStep({ ...TAB, shiftKey: true }, START, 0, 0), null);
});

test("nestStep_elsewhere_leaves_the_focus_to_the_browser", () => {
  for (const caret of [{ selectionStart: 5, selectionEnd: 5 }, { selectionStart: 0, selectionEnd: 5 }]) {
    assert.equal(nestStep(TAB, caret, 0, 0), null);
  }
  for (const event of [{ key: "Enter" }, { ...TAB, altKey: true }, { ...TAB, ctrlKey: true }, { ...TAB, metaKey: true }]) {
    assert.equal(nestStep(event, START, 0, 0), null);
  }
});

test("typedIn_ignores_what_the_page_sets", () => {
  assert.equal(serializeFields([["version", "7"], ["title", "A"]]), serializeFields([["version", "9"], ["title", "A"], ["once", "x"]]));
  assert.notEqual(serializeFields([["title", "A"]]), serializeFields([["title", "B"]]));
});
