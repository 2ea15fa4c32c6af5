#!/usr/bin/env bash
# `make check`: format, dependencies, lints and queries; everything that can be checked without running a test.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/services.sh"
. "$ROOT/scripts/queries.sh"
. "$ROOT/scripts/tools.sh"

need_component() {
    cargo "$1" --version >/dev/null 2>&1 || fail "cargo $1 is missing. With rustup: rustup component add $2"
}

check_format() {
    step 'format'
    cargo fmt --check || fail 'the format is not as it should be. To mend it: cargo fmt'
}

check_dependencies() {
    step 'dependencies: bans, licences, sources'
    need_deny
    "$DENY" --locked check --hide-inclusion-graph bans licenses sources || fail 'a dependency is not allowed (see above, and deny.toml).'

    step 'dependencies: known vulnerabilities'
    # The advisory list is downloaded. A failing download is reported, but is not an error of the sources.
    if "$DENY" --locked fetch db >"$SERVICES/fetch.log" 2>&1; then
        "$DENY" --locked check --hide-inclusion-graph --disable-fetch advisories || fail 'a dependency has a known vulnerability (see above).'
    else
        say 'NOT CHECKED: the list of vulnerabilities (RustSec) could not be fetched from here.'
    fi
}

check_code() {
    step 'lints, with every query asked of a database'
    start_postgres
    make_schema
    mkdir "$SERVICES/queries"
    compile_with_database "$SERVICES/queries" -D warnings || fail 'the sources have errors or warnings (see above).'

    step 'queries'
    ! queries_differ "$SERVICES/queries" || fail '.sqlx is not what the sources and migrations make. To write it anew: make sqlx'
    say "$(find .sqlx -name 'query-*.json' 2>/dev/null | wc -l) queries in .sqlx are up to date."
}

cd "$ROOT"
need_rust
need_component fmt rustfmt
need_component clippy clippy
need compiler postgres
open_home
open_scratch
check_format
check_dependencies
check_code
