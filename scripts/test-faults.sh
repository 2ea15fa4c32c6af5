#!/usr/bin/env bash
# `make test-faults`: the tests of tests/faults, with those that take long, break a PostgreSQL and a Redis of their own,
# or need HAProxy. On loopback only. Further arguments go to the test runner: make test-faults ARGS=store_faults
#
# As root, two more cases are tried, on small file systems that only root may mount: the disk of PostgreSQL and the disk
# of the evidence store are full.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/services.sh"

cd "$ROOT"
need_rust
open_home
unset DATABASE_URL REDIS_URL
find_programs compiler haproxy python unzip
open_scratch
start_postgres
start_redis
DATABASE_URL=$(owner_url)
REDIS_URL=$(redis_url)
export DATABASE_URL REDIS_URL POSTGRES_BIN REDIS_SERVER HAPROXY SQLX_OFFLINE=true

say "This machine: $(nproc) processors, $(awk '/MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo) of memory."
# One after the other, since they measure how long things take.
run_child cargo test --locked --test main -- --include-ignored --test-threads=1 --nocapture "${@:-faults::}"
