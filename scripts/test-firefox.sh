#!/usr/bin/env bash
# `make test-firefox`: the journeys in Firefox instead of Chromium. The browser is Debian's package, the program that
# drives it is built from crates.io. Further arguments go to the test runner: make test-firefox ARGS='journeys::leads'

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/tools.sh"

need_rust
open_home
need compiler firefox
need_geckodriver
export SIGNOFF_TEST_BROWSER=firefox
[ $# -gt 0 ] || set -- journeys::
"$ROOT/scripts/test.sh" --test main "$@"
