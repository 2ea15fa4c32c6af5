#!/usr/bin/env bash
# `make clean-local`: stops everything and deletes the private data: database, sessions, evidence and demo people. YES=1
# skips the question.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/services.sh"

[ -d "$SIGNOFF_HOME" ] || exit 0
open_home
if [ "${YES:-}" != 1 ]; then
    interactive || fail "this deletes the data in $SIGNOFF_HOME. Say so with: make clean-local YES=1"
    read -r -p "Delete the database, the evidence and everything else in $SIGNOFF_HOME? Type yes: " answer
    [ "$answer" = yes ] || fail 'nothing was deleted.'
fi
"$ROOT/scripts/stop.sh"

# Only what these scripts made: SIGNOFF_HOME may contain other files.
SERVICES=$SIGNOFF_HOME
find_postgres_home
rm -rf "$POSTGRES_HOME"
for name in redis evidence checkpoints server test tools demo-people.txt signoff.key services.env postgres.location \
    initdb.log run.lock; do
    rm -rf "${SIGNOFF_HOME:?}/$name"
done
rmdir "$SIGNOFF_HOME" 2>/dev/null || true
