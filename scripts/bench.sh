#!/usr/bin/env bash
# `make bench`: measures the program as it is shipped, against temporary services that end with this script. Prints
# figures; fails only when something cannot be measured. ARGS names what to measure (pages, bulk, history, browser,
# open_pages, and scale, which is measured only when it is named). BENCH_PROFILE=dev takes a build without optimisations.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/services.sh"

cd "$ROOT"
[ -r /proc/self/status ] || fail 'this reads /proc, which Linux alone has.'
need_rust
open_home
need compiler postgres redis browser
open_scratch
start_postgres
start_redis
# A thousand open pages need as many connections, at both ends.
ulimit -n "$(ulimit -H -n)"
set_scratch_server
export SIGNOFF_BENCH_PEOPLE=$SERVICES/people
SIGNOFF_LOG=warn SQLX_OFFLINE=true run_child cargo bench --locked --profile "${BENCH_PROFILE:-bench}" --bench bench -- "$@"
