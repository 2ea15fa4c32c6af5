#!/usr/bin/env bash
# `make run`: installs what is missing, builds, starts PostgreSQL and Redis, migrates the database, creates the demo
# people the first time, and serves until Ctrl-C. Then it stops what it started.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/services.sh"

# PROFILE=release makes a build that takes longer and serves faster.
PROFILE=${PROFILE:-dev}
SIGNOFF_LISTEN=${SIGNOFF_LISTEN:-127.0.0.1:8080}

# Only one run at a time for a home, since its data is not shared.
take_home() {
    exec 9>>"$SIGNOFF_HOME/run.lock"
    # A run that is just ending gets some time.
    for _ in {1..20}; do
        ! try_lock 9 || break
        sleep 0.1
    done
    try_lock 9 || fail "signoff already runs on this SIGNOFF_HOME ($SIGNOFF_HOME), as process $(cat "$SIGNOFF_HOME/run.lock"). End it there with Ctrl-C, or with: make stop"
    echo $$ >"$SIGNOFF_HOME/run.lock"
}

build() {
    local target directory=$PROFILE
    [ "$PROFILE" != dev ] || directory=debug
    SQLX_OFFLINE=true run_child cargo build --locked --profile "$PROFILE" --bin signoff ||
        fail 'the build failed (see above).'
    target=$(cargo metadata --locked --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
    BINARY=$target/$directory/signoff
}

check_settings() {
    [ -z "${DATABASE_URL:-}" ] || [ -n "${MIGRATION_DATABASE_URL:-}" ] ||
        fail 'DATABASE_URL is set, and MIGRATION_DATABASE_URL is not. The first is the application (a member of signoff_app), the second owns the database and runs the migrations; see docs/running.md.'
}

start_stores() {
    if [ -z "${DATABASE_URL:-}" ] || [ -z "${REDIS_URL:-}" ]; then
        open_services "$SIGNOFF_HOME" durable
        trap close EXIT
    fi
    if [ -z "${DATABASE_URL:-}" ]; then
        OWN_POSTGRES=yes
        start_postgres
        DATABASE_URL=$(web_url)
        MIGRATION_DATABASE_URL=$(owner_url)
    fi
    if [ -z "${REDIS_URL:-}" ]; then
        OWN_REDIS=yes
        start_redis
        REDIS_URL=$(redis_url)
    fi
    export DATABASE_URL MIGRATION_DATABASE_URL REDIS_URL
}

close() {
    trap '' INT TERM HUP
    [ -z "${CHILD:-}" ] || end_process "$CHILD" 20
    [ -z "${OWN_REDIS:-}" ] || stop_redis
    [ -z "${OWN_POSTGRES:-}" ] || stop_postgres
}

make_evidence_directory() {
    SIGNOFF_EVIDENCE_DIR=${SIGNOFF_EVIDENCE_DIR:-$SIGNOFF_HOME/evidence}
    (umask 077 && mkdir -p "$SIGNOFF_EVIDENCE_DIR")
    SIGNOFF_EVIDENCE_DIR=$(cd "$SIGNOFF_EVIDENCE_DIR" && pwd)
    export SIGNOFF_EVIDENCE_DIR
}

# absolute PATH: makes a path absolute, since the server changes directory.
absolute() { case $1 in /*) echo "$1" ;; *) echo "$ROOT/$1" ;; esac; }

# The key is created once: the database remembers it, and accepts no other.
make_key() {
    SIGNOFF_KEY_FILE=$(absolute "${SIGNOFF_KEY_FILE:-$SIGNOFF_HOME/signoff.key}")
    SIGNOFF_CHECKPOINT_DIR=$(absolute "${SIGNOFF_CHECKPOINT_DIR:-$SIGNOFF_HOME/checkpoints}")
    export SIGNOFF_KEY_FILE SIGNOFF_CHECKPOINT_DIR
    [ -e "$SIGNOFF_KEY_FILE" ] || run_child "$BINARY" keys new >/dev/null 2>&1 ||
        fail "the installation's key could not be made: $SIGNOFF_KEY_FILE"
}

# The key that encrypts secrets in the database: created once, and useless without that database.
make_secret_key() {
    if [ -z "${SIGNOFF_SECRET_KEY:-}" ]; then
        [ -s "$SIGNOFF_HOME/secret-key" ] || (umask 077 && random_secret 32 >"$SIGNOFF_HOME/secret-key")
        SIGNOFF_SECRET_KEY=$(cat "$SIGNOFF_HOME/secret-key")
    fi
    export SIGNOFF_SECRET_KEY
}

# The server works in a directory of this project, so that a later run can recognise it.
serve() {
    cd "$SIGNOFF_HOME/server"
    exec "$BINARY" serve
}

wait_until_it_answers() {
    until "$BINARY" healthcheck >/dev/null 2>&1; do
        kill -0 "$CHILD" 2>/dev/null || return 1
        sleep 0.1
    done
}

main() {
    local status=0
    cd "$ROOT"
    need_rust
    check_settings
    open_home
    take_home
    stop_left_server
    ! port_taken "${SIGNOFF_LISTEN%:*}" "${SIGNOFF_LISTEN##*:}" ||
        fail "$SIGNOFF_LISTEN is taken by another program. Choose another address: SIGNOFF_LISTEN=127.0.0.1:8081 make run"
    find_programs compiler
    [ -z "${DATABASE_URL:-}" ] || make_roles "$MIGRATION_DATABASE_URL"
    build
    start_stores

    export SIGNOFF_LISTEN
    make_evidence_directory
    make_key
    make_secret_key
    run_child "$BINARY" migrate || fail 'the database could not be brought up to date (see above).'
    if [ "${DEMO:-yes}" != no ]; then
        SIGNOFF_LOG=${SIGNOFF_LOG:-warn} run_child "$BINARY" demo --people "$SIGNOFF_HOME/demo-people.txt" || fail 'the demo could not be made (see above).'
    fi

    mkdir -p "$SIGNOFF_HOME/server"
    start_child serve
    echo "$CHILD" >"$SIGNOFF_HOME/server/pid"
    if wait_until_it_answers; then
        say
        say "signoff is ready: ${SIGNOFF_PUBLIC_URL:-http://$SIGNOFF_LISTEN}"
        [ ! -e "$SIGNOFF_HOME/demo-people.txt" ] ||
            say "People to sign in as, with their passwords: $SIGNOFF_HOME/demo-people.txt"
        say 'Ctrl-C stops it.'
    fi
    wait_child || status=$?
    rm -f "$SIGNOFF_HOME/server/pid"
    if [ -n "$CHILD_SIGNAL" ]; then
        say 'signoff has stopped.'
        exit 0
    fi
    fail "the server ended by itself, with status $status (its words are above)."
}

main
