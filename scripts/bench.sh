#!/usr/bin/env bash
# `make bench`: measures the program as it is shipped, against services of its own that live as long as this. Prints
# figures; fails only when something can't be measured. ARGS names what to measure (pages, bulk, browser, open_pages).

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
# A thousand open pages are as many connections, at both ends.
ulimit -n "$(ulimit -H -n)"
export DATABASE_URL MIGRATION_DATABASE_URL REDIS_URL SIGNOFF_LISTEN SIGNOFF_EVIDENCE_DIR SIGNOFF_BENCH_PEOPLE
export SIGNOFF_KEY_FILE SIGNOFF_CHECKPOINT_DIR
DATABASE_URL=$(web_url)
MIGRATION_DATABASE_URL=$(owner_url)
REDIS_URL=$(redis_url)
SIGNOFF_LISTEN=127.0.0.1:$(free_port)
SIGNOFF_EVIDENCE_DIR=$SERVICES/evidence
SIGNOFF_KEY_FILE=$SERVICES/signoff.key
SIGNOFF_CHECKPOINT_DIR=$SERVICES/checkpoints
SIGNOFF_BENCH_PEOPLE=$SERVICES/people
SIGNOFF_LOG=warn SQLX_OFFLINE=true run_child cargo bench --locked --bench bench -- "$@"
