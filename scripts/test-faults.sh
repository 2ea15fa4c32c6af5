#!/usr/bin/env bash
# `make test-faults`: the tests of tests/faults, with those that take long, break a PostgreSQL and a Redis of their own,
# or need HAProxy. On loopback only. Further arguments go to the test runner: make test-faults ARGS=store_faults
#
# As root, two more cases are tried, on small file systems that only root may mount: the disk of PostgreSQL and the disk
# of the evidence store are full.
#
# All of it has a time limit, TIME_LIMIT in seconds. Whatever the tests have started ends with this script, also when they
# were stopped by the limit or by Ctrl-C.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/services.sh"

TIME_LIMIT=${TIME_LIMIT:-3600}

# end_left DIRECTORY: ends every process that works in this directory or names it in its command line or environment, as
# all do that a test starts, and unmounts what is mounted there.
end_left() {
    local process pid mounted
    for process in /proc/[0-9]*; do
        pid=${process#/proc/}
        [ "$pid" != $$ ] || continue
        case $(working_directory "$pid") in
            "$1"/*) ;;
            *) grep -qsF "$1/" "$process/cmdline" "$process/environ" || continue ;;
        esac
        kill -KILL "$pid" 2>/dev/null || true
    done
    while read -r _ mounted _; do
        case $mounted in "$1"/*) umount -l "$mounted" || true ;; esac
    done </proc/mounts
}

cd "$ROOT"
need_rust
open_home
unset DATABASE_URL REDIS_URL
find_programs compiler haproxy python unzip
open_scratch
TEMPORARY=$SERVICES/tmp
mkdir -p "$TEMPORARY"
# PostgreSQL passes through here as another user.
chmod 711 "$TEMPORARY"
trap 'end_left "$TEMPORARY"; close_scratch' EXIT
start_postgres
start_redis
DATABASE_URL=$(owner_url)
REDIS_URL=$(redis_url)
export DATABASE_URL REDIS_URL POSTGRES_BIN REDIS_SERVER HAPROXY SQLX_OFFLINE=true

say "This machine: $(nproc) processors, $(awk '/MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo) of memory."
# Building does not count.
run_child cargo test --locked --test main --no-run
# One after the other, since they measure how long things take.
status=0
run_child env TMPDIR="$TEMPORARY" timeout --kill-after=30 "$TIME_LIMIT" \
    cargo test --locked --test main -- --include-ignored --test-threads=1 --nocapture "${@:-faults::}" || status=$?
[ "$status" != 124 ] || fail "the tests did not end within $TIME_LIMIT seconds. They were stopped; TIME_LIMIT=... gives them longer."
exit "$status"
