// Which files a form cannot take, and which uploads can be sent again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { canRetry, findTooLarge } from "../../static/js/file_limits.js";

const files = [{ name: "report.txt", size: 10 }, { name: "dump.bin", size: 2_000_001 }, { name: "film.mp4", size: 3e9 }];

test("findTooLarge_file_of_exactly_the_limit_is_taken", () => {
  assert.deepEqual(findTooLarge(files, 2_000_001), [files[2]]);
  assert.deepEqual(findTooLarge(files, 2_000_000), [files[1], files[2]]);
});

test("findTooLarge_without_limit_takes_all", () => {
  assert.deepEqual(findTooLarge(files, Infinity), []);
});

test("canRetry_refused_file_is_not_sent_again", () => {
  for (const status of [400, 403, 404, 413, 415, 422]) assert.equal(canRetry(status), false, String(status));
  for (const status of [0, 401, 409, 429, 500, 502, 503]) assert.equal(canRetry(status), true, String(status));
});
