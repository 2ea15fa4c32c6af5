// One handler takes a submitted form.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addHandler, dispatchSubmits, findHandler } from "../../static/js/submits.js";

const handler = (name, matches) => ({ name, matches, handled: [], handle(event) { this.handled.push(event); } });

/** Dispatches a submit event as a browser would, and returns the handlers that were called. */
function submit(handlers, event) {
  let listener = null;
  globalThis.document = {
    addEventListener: (kind, added, capture) => {
      assert.deepEqual([kind, capture], ["submit", true], "events of nested forms do not bubble");
      listener = added;
    },
  };
  dispatchSubmits(handlers);
  delete globalThis.document;
  listener({ defaultPrevented: false, submitter: null, ...event });
  return handlers.filter(({ handled }) => handled.length > 0).map(({ name }) => name);
}

test("findHandler_several_match_returns_the_first", () => {
  const handlers = [handler("none", () => false), handler("first", () => true), handler("second", () => true)];
  assert.equal(findHandler(handlers, {}, null).name, "first");
});

test("findHandler_passes_form_and_button", () => {
  const [form, button] = [{}, {}];
  const asked = [];
  findHandler([handler("one", (...both) => { asked.push(both); return false; })], form, button);
  assert.deepEqual(asked, [[form, button]]);
});

test("dispatchSubmits_form_calls_only_the_first_matching_handler", () => {
  const handlers = [handler("rows", (form) => form.id === "row"), handler("page", () => true), handler("last", () => true)];
  assert.deepEqual(submit(handlers, { target: { id: "other" } }), ["page"]);
});

test("addHandler_is_before_the_last", () => {
  const [added, last] = [handler("added", () => true), handler("last", () => true)];
  submit([last], { defaultPrevented: true });
  addHandler(added);
  assert.equal(findHandler([added, last], {}, null).name, "added");
});

test("dispatchSubmits_form_without_handler_is_left_to_the_browser", () => {
  assert.deepEqual(submit([handler("rows", () => false)], { target: {} }), []);
});

test("dispatchSubmits_prevented_form_calls_no_handler", () => {
  assert.deepEqual(submit([handler("page", () => true)], { target: {}, defaultPrevented: true }), []);
});
