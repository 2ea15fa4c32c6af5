#!/usr/bin/env bash
# `make test`: every test, against a PostgreSQL and a Redis that end with the tests. Further arguments go to the test
# runner: make test ARGS='readiness'

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/services.sh"

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
    # The same random inputs on every run, so that a run fails because of the code and not by chance. New inputs are
    # looked for with another seed and more cases: make test-random
    export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-20261127}"
    # The scripts of the pages, and the examples in the documentation, which nextest does not run; first, so that the
    # tests' result comes last.
    if [ $# = 0 ]; then
        run_child node --test "$ROOT"/tests/scripts/*.test.js || return
        run_child cargo test --locked --doc --quiet || return
        set -- --lib --bins --tests
    fi
    if command -v cargo-nextest >/dev/null; then
        [ -z "${CI:-}" ] || set -- --profile ci "$@"
        run_child cargo nextest run --locked "$@"
    else
        run_child cargo test --locked "$@"
    fi
}

cd "$ROOT"
need_rust
open_home
find_programs compiler browser python unzip node promtool
[ -z "${DATABASE_URL:-}" ] || make_roles "$DATABASE_URL"
start_stores
run_tests "$@"
