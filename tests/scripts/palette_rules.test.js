import assert from "node:assert/strict";
import { test } from "node:test";
import { bestMatches, moveSelection, rankTitle } from "../../static/js/palette_rules.js";

test("a title is ranked as on the server", () => {
  for (const [title, query, expected] of [
    ["My work", "my", 1],
    ["My work", "work my", 1],
    ["Checklists", "list", 2],
    ["Checklists", "chekc", 3],
    ["Checklists", "checlist", 3],
    ["Checklists", "chexk", 3],
    ["Security", "secruity", 3],
    ["Audit", "aud it", 2],
    ["Audit", "x", null],
    ["Audit", "adt", null],
    ["Launches", "launches admin", null],
    ["Prüfpunkte", "PRÜF", 1],
    ["Anything", "", 1],
  ]) {
    assert.equal(rankTitle(title, query), expected, `${title} ${query}`);
  }
});

test("the best come first, and at most so many", () => {
  const things = ["Reopen", "Open the checklist", "Sign GO", "Opne"].map((title) => ({ title }));
  const titles = (query, most) => bestMatches(things, query, most).map(({ title }) => title);
  assert.deepEqual(titles("open", 9), ["Open the checklist", "Reopen", "Opne"]);
  assert.deepEqual(titles("open", 1), ["Open the checklist"]);
  assert.deepEqual(titles(" ", 9), []);
});

test("the selection goes around the end", () => {
  assert.equal(moveSelection(0, 1, 3), 1);
  assert.equal(moveSelection(2, 1, 3), 0);
  assert.equal(moveSelection(0, -1, 3), 2);
  assert.equal(moveSelection(-1, 1, 3), 0);
  assert.equal(moveSelection(0, 1, 0), -1);
});
