// How the texts of scripts take their arguments. The page has the texts as JSON, made by `build.rs`.
import assert from "node:assert/strict";
import { test } from "node:test";

const TEXTS = {
  sign_in: ["Sign in"],
  ticked: ["Done: ", { argument: "item" }],
  files_are_large: [{
    by: "count",
    texts: { 1: [{ argument: "names" }, " is too large."], other: [{ argument: "names" }, " are too large."] },
  }],
};
const page = { textContent: JSON.stringify(TEXTS) };
globalThis.document = { documentElement: { lang: "en" }, getElementById: () => ({ content: page }) };
const { text } = await import("../../static/js/texts.js");

test("text_arguments_stand_where_the_text_names_them", () => {
  assert.equal(text("sign_in"), "Sign in");
  assert.equal(text("ticked", { item: "Backups" }), "Done: Backups");
  assert.equal(text("ticked", { item: 0 }), "Done: 0");
  assert.equal(text("ticked", { item: "\u05d0 (1)" }), "Done: \u2068\u05d0 (1)\u2069");
});

test("text_number_chooses_the_form", () => {
  assert.equal(text("files_are_large", { count: 1, names: "a" }), "a is too large.");
  for (const count of [0, 2, 11]) assert.equal(text("files_are_large", { count, names: "a, b" }), "a, b are too large.");
});

test("text_with_an_element_is_a_list_of_its_parts", () => {
  const element = {};
  assert.deepEqual(text("ticked", { item: element }), ["Done: ", element]);
});
