// What is stored of typed text, and what is restored.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  deleteDrafts, draftKey, hasDrafts, markSent, saveDraft, settleDrafts, textsToRestore,
} from "../../static/js/draft_rules.js";

/** A session storage: its keys are its own properties, as in a browser. */
function newStorage(entries = {}) {
  const methods = {
    getItem(key) { return Object.hasOwn(this, key) ? this[key] : null; },
    setItem(key, value) { this[key] = String(value); },
    removeItem(key) { delete this[key]; },
  };
  return Object.assign(Object.create(methods), entries);
}

const KEY = draftKey("/items/1", "/items/1/comments", "f-body");
const field = (name, value, defaultValue = "") => ({ name, value, defaultValue });
/** The fields of the form on a page that was loaded again. */
const emptyFields = () => [field("title", "", ""), field("body", "", "")];

function storageWithDraft() {
  const storage = newStorage({ "place:7": "{}" });
  saveDraft(storage, KEY, [field("title", ""), field("body", "Half a sentence")]);
  return storage;
}

test("saveDraft_typed_text_is_restored_into_the_field_it_was_typed_in", () => {
  const fields = emptyFields();
  assert.deepEqual(textsToRestore(storageWithDraft(), KEY, fields), [[fields[1], "Half a sentence"]]);
});

test("saveDraft_text_as_it_came_deletes_the_draft", () => {
  const storage = storageWithDraft();
  saveDraft(storage, KEY, emptyFields());
  assert.equal(hasDrafts(storage), false);
});

test("textsToRestore_other_form_restores_nothing", () => {
  assert.deepEqual(textsToRestore(storageWithDraft(), draftKey("/items/2", "/items/2/comments", "f-body"), emptyFields()), []);
});

test("textsToRestore_field_with_another_text_is_left_alone", () => {
  const returned = [field("title", ""), field("body", "As the server sent it", "As the server sent it")];
  assert.deepEqual(textsToRestore(storageWithDraft(), KEY, returned), [[returned[1], "Half a sentence"]], "a newer default");
  const typed = [field("title", ""), field("body", "Typed since", "")];
  assert.deepEqual(textsToRestore(storageWithDraft(), KEY, typed), [], "typed since");
});

test("textsToRestore_changed_form_restores_no_text_into_another_field", () => {
  const changed = [field("body", ""), field("title", "")];
  assert.deepEqual(textsToRestore(storageWithDraft(), KEY, changed), []);
  assert.deepEqual(textsToRestore(storageWithDraft(), KEY, [field("title", "")]), []);
});

test("settleDrafts_accepted_form_deletes_its_draft_alone", () => {
  const storage = storageWithDraft();
  const other = draftKey("/items/2", "/items/2/comments", "f-body");
  saveDraft(storage, other, [field("body", "Not sent")]);
  markSent(storage, KEY);
  settleDrafts(storage, true);
  assert.deepEqual(Object.keys(storage).sort(), [other, "place:7"].sort());
});

test("settleDrafts_refused_form_keeps_its_draft_for_the_next_page_too", () => {
  const storage = storageWithDraft();
  markSent(storage, KEY);
  settleDrafts(storage, false);
  settleDrafts(storage, true);
  assert.equal(textsToRestore(storage, KEY, emptyFields()).length, 1);
});

test("markSent_form_without_draft_stores_nothing", () => {
  const storage = newStorage();
  markSent(storage, KEY);
  assert.deepEqual(Object.keys(storage), []);
});

test("deleteDrafts_leaves_what_is_no_draft", () => {
  const storage = storageWithDraft();
  deleteDrafts(storage);
  assert.deepEqual(Object.keys(storage), ["place:7"]);
});
