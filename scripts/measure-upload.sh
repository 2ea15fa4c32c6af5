#!/usr/bin/env bash
# `make measure-upload`: how much memory the server takes while a large evidence file is attached and read again: a
# gigabyte, through the form a person uses, on a server with temporary services that end with this script. Prints the
# peak and fails when it is 100 MB or more. MEGABYTES=n sets another size; PROFILE=dev uses a build that is quicker to
# make.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/services.sh"

PROFILE=${PROFILE:-release}
MEGABYTES=${MEGABYTES:-1000}
MOST_KB=100000

build() {
    local target directory=$PROFILE
    [ "$PROFILE" != dev ] || directory=debug
    SQLX_OFFLINE=true run_child cargo build --locked --profile "$PROFILE" --bin signoff ||
        fail 'the build failed (see above).'
    target=$(cargo metadata --locked --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
    BINARY=$target/$directory/signoff
}

start_server() {
    set_scratch_server
    export SIGNOFF_EVIDENCE_MAX_MB=$((MEGABYTES + 100))
    SIGNOFF_LOG=warn "$BINARY" migrate >/dev/null
    "$BINARY" keys new >/dev/null 2>&1
    SIGNOFF_LOG=warn "$BINARY" demo --people "$SERVICES/people" >/dev/null
    SIGNOFF_LOG=warn start_child "$BINARY" serve
    until "$BINARY" healthcheck >/dev/null 2>&1; do
        kill -0 "$CHILD" 2>/dev/null || fail 'the server did not start (see above).'
        sleep 0.1
    done
}

# The server ends first, before the stores that it needs.
close() {
    trap '' INT TERM HUP
    [ -z "${CHILD:-}" ] || end_process "$CHILD" 20
    close_scratch
}

# browse CURL_ARGUMENTS... PATH: sends a request as a browser with a session.
browse() {
    local path=${*: -1}
    curl -sS --fail-with-body -b "$SERVICES/cookies" -c "$SERVICES/cookies" -H 'Sec-Fetch-Site: same-origin' \
        "${@:1:$#-1}" "http://$SIGNOFF_LISTEN$path"
}

sign_in() {
    local email password
    IFS=$'\t' read -r _ email password < <(grep '^member' "$SERVICES/people" | sed -n 1p)
    browse -o /dev/null --data-urlencode "email=$email" --data-urlencode "password=$password" /login
}

# Finds an open item of the demo launch through the pages, as a person does.
find_item() {
    local launch
    launch=$(browse /launches | grep -o '/launches/[0-9a-f-]\{36\}' | sed -n 1p)
    browse "$launch?show=open" | grep -o '/items/[0-9a-f-]\{36\}' | sed -n 1p
}

# The server's peak memory so far, in kB.
peak() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB$/\1/p' "/proc/$CHILD/status"; }

in_mb() { echo "$(($1 / 1000)).$(($1 % 1000 / 100)) MB"; }

cd "$ROOT"
[ -r /proc/self/status ] || fail 'this reads /proc, which Linux alone has.'
command -v curl >/dev/null || fail 'this needs curl.'
need_rust
open_home
need compiler postgres redis
build
open_scratch
trap close EXIT
start_postgres
start_redis
start_server
sign_in
item=$(find_item)
[ -n "$item" ] || fail 'the demo launch has no open item.'
before=$(peak)

truncate -s "$((MEGABYTES * 1000000))" "$SERVICES/large.bin"
status=$(browse -o /dev/null -w '%{http_code} in %{time_total} s' -F "files=@$SERVICES/large.bin" "$item/evidence")
[ "${status%% *}" = 303 ] || fail "the upload was answered with $status."
after=$(peak)
say "attached $MEGABYTES MB: $status"

file=$(browse "$item" | grep -o '/evidence/[0-9a-f-]\{36\}/file' | tail -n 1)
browse "$file" | cmp - "$SERVICES/large.bin" || fail 'what was read is not what was attached.'
end=$(peak)
say "peak of resident memory ($PROFILE build): $(in_mb "$before") before, $(in_mb "$after") after the upload, $(in_mb "$end") after reading it again"
[ "$end" -lt "$MOST_KB" ] || fail "that is not under $(in_mb "$MOST_KB")."
