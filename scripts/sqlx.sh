#!/usr/bin/env bash
# `make sqlx`: rewrites .sqlx/, after a query or a migration has changed.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/services.sh"
. "$ROOT/scripts/queries.sh"

cd "$ROOT"
need_rust
need compiler postgres
open_home
open_scratch
start_postgres
make_schema
mkdir "$SERVICES/queries"
compile_with_database "$SERVICES/queries" --cap-lints=warn

mkdir -p .sqlx
rm -f .sqlx/query-*.json
cp "$SERVICES"/queries/query-*.json .sqlx/
say "$(find .sqlx -name 'query-*.json' | wc -l) queries in .sqlx"
