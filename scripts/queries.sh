# shellcheck shell=bash
# Keeps .sqlx/ up to date: what a database knows about the queries in the sources, so that a build needs no database.
# sqlx's macros write it while they compile with a database available. Sourced after services.sh.

# make_schema: a private database with every migration applied, as sqlx applies them.
make_schema() {
    local migration options
    for migration in "$ROOT"/migrations/*.up.sql; do
        [ -e "$migration" ] || continue
        options=(--single-transaction)
        ! head -n 1 "$migration" | grep -q '^-- no-transaction' || options=()
        PGOPTIONS='-c client_min_messages=warning' "$POSTGRES_BIN/psql" -X -q -v ON_ERROR_STOP=1 \
            "${options[@]+"${options[@]}"}" -d "$(owner_url)" -f "$migration" >/dev/null ||
            fail "the migration ${migration##*/} does not apply (see above)."
    done
}

# compile_with_database DIRECTORY CLIPPY_ARGUMENTS...: lints everything, and makes sqlx write the description of each
# query to DIRECTORY. cargo would skip what it has compiled before, and sqlx would describe no query; a flag that is new
# every time makes it compile this crate, and only this crate.
compile_with_database() {
    local directory=$1
    shift
    DATABASE_URL=$(owner_url) SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$directory \
        run_child cargo clippy --locked --all-targets -- --cfg "asked_at_$(date +%s)" "$@"
}

# queries_differ DIRECTORY: prints the differences between .sqlx and DIRECTORY.
queries_differ() {
    local file name different=1
    for file in "$1"/query-*.json "$ROOT"/.sqlx/query-*.json; do
        [ -e "$file" ] || continue
        name=${file##*/}
        if [ ! -e "$ROOT/.sqlx/$name" ]; then
            say "  missing: $(query_text "$file")"
        elif [ ! -e "$1/$name" ]; then
            say "  no longer used: $(query_text "$file")"
        elif [ "${file%/*}" = "$1" ] && ! cmp -s "$file" "$ROOT/.sqlx/$name"; then
            say "  different: $(query_text "$file")"
        else
            continue
        fi
        different=0
    done
    return $different
}

# query_text FILE: its query, on one line, shortened.
query_text() { sed -n 's/^  "query": "\(.*\)",$/\1/p' "$1" | sed 's/\\n */ /g' | cut -c1-100; }
