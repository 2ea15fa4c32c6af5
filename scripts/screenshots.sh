#!/usr/bin/env bash
# `make screenshots`: rewrites docs/screenshots/, with the printed sheet as PDF, from the demo on a temporary database.
# They are taken by the journeys' browser, in what would be a test if it did not write into the working copy.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if command -v cargo-nextest >/dev/null; then
    set -- --test main --run-ignored only journeys::screenshots
else
    set -- --test main journeys::screenshots -- --ignored
fi
"$ROOT/scripts/test.sh" "$@"
say "$(du -ch "$ROOT"/docs/screenshots/*.{png,pdf} | tail -n 1 | cut -f 1) in docs/screenshots"
