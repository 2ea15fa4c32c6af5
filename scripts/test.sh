#!/usr/bin/env bash
# `make test`: every test, against a PostgreSQL and a Redis that live as long as the tests do. Further
# arguments go to the test runner: make test ARGS='readiness'

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/services.sh"

# What is set from outside is used; what is not, is ours.
find_stores() {
    if [ -n "${DATABASE_URL:-}" ]; then
        need_psql
        make_roles "$DATABASE_URL"
    else
        need_postgres
    fi
    [ -n "${REDIS_URL:-}" ] || need_redis
}

start_stores() {
    if [ -n "${DATABASE_URL:-}" ] && [ -n "${REDIS_URL:-}" ]; then
        return
    fi
    open_scratch
    if [ -z "${DATABASE_URL:-}" ]; then
        start_postgres
        DATABASE_URL=$(owner_url)
    fi
    if [ -z "${REDIS_URL:-}" ]; then
        start_redis
        REDIS_URL=$(redis_url)
    fi
}

run_tests() {
    export DATABASE_URL REDIS_URL SQLX_OFFLINE=true
    if ! command -v cargo-nextest >/dev/null; then
        run_child cargo test --locked "$@"
        return
    fi
    # nextest does not run the examples in the documentation.
    [ $# -gt 0 ] || run_child cargo test --locked --doc --quiet || return
    if [ -n "${CI:-}" ]; then
        set -- --profile ci "$@"
    fi
    run_child cargo nextest run --locked "$@"
}

cd "$ROOT"
need_compiler
need_browser
open_home
find_stores
start_stores
run_tests "$@"
