// What happens to each region of a page when a newer copy of it arrives.
import assert from "node:assert/strict";
import { test } from "node:test";
import { planUpdate } from "../../static/js/region_rules.js";

const region = (name, content, more = {}) => ({ name, content: () => content, isBusy: false, ...more });
/** The plan in short: `action name` in order. */
const plan = (shown, newer) => planUpdate(shown, newer).map(({ name, action }) => `${action} ${name}`);

test("planUpdate_only_regions_that_differ_are_replaced", () => {
  const shown = [region("state", "open"), region("evidence", "none")];
  assert.deepEqual(plan(shown, [region("state", "done"), region("evidence", "none")]), ["replace state", "keep evidence"]);
});

test("planUpdate_busy_region_is_kept", () => {
  const shown = [region("comments", "old", { isBusy: true })];
  assert.deepEqual(plan(shown, [region("comments", "new")]), ["keep comments"]);
});

test("planUpdate_busy_region_that_is_gone_stays", () => {
  const shown = [region("comments", "old", { isBusy: true }), region("waivers", "old")];
  assert.deepEqual(plan(shown, []), ["remove waivers"]);
});

test("planUpdate_region_is_kept_while_what_it_agrees_to_is_being_written", () => {
  const agreement = region("agreement", "old", { readsFrom: "state" });
  const newer = [region("state", "new"), region("agreement", "new")];
  assert.deepEqual(plan([region("state", "old", { isBusy: true }), agreement], newer), ["keep state", "keep agreement"]);
  assert.deepEqual(plan([region("state", "old"), agreement], newer), ["replace state", "replace agreement"]);
});

test("planUpdate_region_that_reads_from_none_is_replaced", () => {
  const shown = [region("agreement", "old", { readsFrom: "state" })];
  assert.deepEqual(plan(shown, [region("agreement", "new")]), ["replace agreement"]);
});

test("planUpdate_new_region_comes_after_its_predecessor_in_the_copy", () => {
  const newer = [region("agreement", "a"), region("state", "s"), region("waivers", "w")];
  assert.deepEqual(planUpdate([region("state", "s")], newer), [
    { name: "agreement", action: "insert", after: null },
    { name: "state", action: "keep", after: "agreement" },
    { name: "waivers", action: "insert", after: "state" },
  ]);
});

test("planUpdate_busy_region_is_not_read", () => {
  const unread = () => assert.fail("the content of a busy region is of no use");
  planUpdate([{ name: "comments", content: unread, isBusy: true }], [{ name: "comments", content: unread }]);
});
