#!/usr/bin/env bash
# `make screenshots`: rewrites docs/screenshots/, with the printed sheet as PDF, from the demo on a temporary database.
# With ALL=yes: one picture of every page of the demo, light and dark, on a desktop screen and a phone, in target/pages.
# They are taken by the journeys' browser, in what would be tests if they did not write into the working copy.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

pictures=of_the_documentation
[ "${ALL:-no}" = no ] || pictures=of_every_page
if command -v cargo-nextest >/dev/null; then
    set -- --test main --run-ignored only "screenshots_$pictures"
else
    set -- --test main "screenshots_$pictures" -- --ignored
fi
"$ROOT/scripts/test.sh" "$@"
if [ "$pictures" = of_every_page ]; then
    say "$(find "$ROOT/target/pages" -name '*.png' | wc -l) pictures in target/pages"
    exit
fi
say "$(du -ch "$ROOT"/docs/screenshots/*.{png,pdf} | tail -n 1 | cut -f 1) in docs/screenshots"
