#!/usr/bin/env bash
# `make psql`: opens psql on the private database, as its owner.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/services.sh"

open_home
need psql
[ -e "$SIGNOFF_HOME/services.env" ] || fail 'there is no private database yet. Begin with: make run'
open_services "$SIGNOFF_HOME" durable
find_postgres_home
[ -n "$(postgres_pid)" ] || fail 'the private database does not run. Start it, in another terminal, with: make run'
exec "$PSQL" -d "$(owner_url)"
