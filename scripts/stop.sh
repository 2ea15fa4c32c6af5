#!/usr/bin/env bash
# `make stop`: ends everything of this working copy that still runs, wherever it was started.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/services.sh"

# A `make run` that still holds its lock is asked to stop, and does so in good order.
stop_running_script() {
    local pid
    exec 9>>"$SIGNOFF_HOME/run.lock"
    ! try_lock 9 || return 0
    pid=$(cat "$SIGNOFF_HOME/run.lock")
    say "asking the running signoff (process $pid) to stop"
    kill -TERM "$pid" 2>/dev/null || true
    for _ in {1..600}; do
        ! try_lock 9 || return 0
        sleep 0.1
    done
    fail "process $pid has not stopped within a minute."
}

[ -d "$SIGNOFF_HOME" ] || exit 0
open_home
find_postgres || true
stop_running_script
stop_left_server
# These are recognised by their working directory; neither port nor password is needed.
SERVICES=$SIGNOFF_HOME SERVICES_KIND=durable
stop_services
sweep_scratch
