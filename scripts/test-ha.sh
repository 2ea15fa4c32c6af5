#!/usr/bin/env bash
# `make test-ha`: PostgreSQL under Patroni, Redis under Sentinel, HAProxy and two servers, configured by deploy/ha, on addresses
# of their own in a scratch root. People work through both servers while the primary, the Redis master and a whole machine
# die; then every change that was acknowledged must be in the database, and the history must verify. Prints how long each
# fault was felt (RTO) and what was lost (RPO). About two minutes. Needs root; this machine is not changed.
# PROFILE=release takes a build as it is shipped.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/scratch-root.sh"

PROFILE=${PROFILE:-dev}
cd "$ROOT"
need_rust
need compiler postgres redis failover
SQLX_OFFLINE=true run_child cargo build --locked --profile "$PROFILE" --bin signoff || fail 'the build failed (see above).'
directory=$PROFILE
[ "$PROFILE" != dev ] || directory=debug
target=$(cargo metadata --locked --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
in_scratch_root tests/ha/run.sh "$target/$directory/signoff" 8
