# shellcheck shell=bash
# What a browser and an administrator see through a proxy that stands in front of a running signoff. Sourced.

JAR=/tmp/cookies

# browse CURL_ARGUMENTS... PATH: as a browser with a session, at BASE.
browse() {
    curl -sS --fail-with-body -b "$JAR" -c "$JAR" -H 'Sec-Fetch-Site: same-origin' -H "Origin: $BASE" "${@:1:$#-1}" "$BASE${*: -1}"
}

# setup_token: what a visitor must know to become the first admin; in the journal alone.
setup_token() { journalctl --unit=signoff | grep -o '/setup/[A-Za-z0-9_-]*' | head -n 1 | cut -d/ -f3; }

make_demo() {
    TOKEN=$(setup_token)
    [ ${#TOKEN} -ge 20 ] || fail 'the journal has no address to set up.'
    BASE=https://$HOST browse -o /dev/null "/setup/$TOKEN"
    install -d -o signoff -g signoff -m 700 /tmp/demo
    sudo -u signoff signoff demo --people /tmp/demo/people >/dev/null 2>&1 || fail 'the demo could not be made.'
}

sign_in() {
    local email password
    rm -f "$JAR"
    IFS=$'\t' read -r _ email password < <(grep '^member' /tmp/demo/people | sed -n 1p)
    [ "$(browse -o /dev/null -w '%{http_code}' --data-urlencode "email=$email" --data-urlencode "password=$password" /login)" = 303 ] ||
        fail 'nobody can sign in through the proxy.'
}

# check_proxy BASE LOGS
check_proxy() {
    BASE=$1
    until curl -fsS -o /dev/null "$BASE/readyz" 2>/dev/null; do sleep 0.1; done
    check_headers
    sign_in
    LAUNCH=$(browse /launches | grep -o '/launches/[0-9a-f-]\{36\}' | sed -n 1p)
    ITEM=$(browse "$LAUNCH?show=open" | grep -o '/items/[0-9a-f-]\{36\}' | sed -n 1p)
    [ -n "$ITEM" ] || fail 'the demo launch has no open item.'
    check_upload
    check_stream
    check_logs "$2"
}

check_headers() {
    local headers
    headers=$(curl -sS -D - -o /dev/null "$BASE/login")
    grep -q '^HTTP/2 200' <<<"$headers" || fail "not HTTP/2: $headers"
    [ "$(grep -ci '^strict-transport-security:' <<<"$headers")" = 1 ] || fail "Strict-Transport-Security is not there once: $headers"
    say 'HTTP/2, and https for ever'
}

# Almost the largest file that the default allows, which is far above the limits that proxies have by default.
check_upload() {
    local file status
    truncate -s 45000000 /tmp/large.bin
    status=$(browse -o /dev/null -w '%{http_code} in %{time_total} s' -F 'files=@/tmp/large.bin' "$ITEM/evidence" || true)
    [ "${status%% *}" = 303 ] || fail "the upload was answered with $status."
    file=$(browse "$ITEM" | grep -o '/evidence/[0-9a-f-]\{36\}/file' | tail -n 1)
    browse "$file" | cmp - /tmp/large.bin || fail 'what was read is not what was attached.'
    say "an upload of 45 MB: $status"
}

# An event must arrive while its stream goes on.
check_stream() {
    local stream before began
    curl -sS -N -b "$JAR" "$BASE$LAUNCH/live" >/tmp/stream &
    stream=$!
    for _ in {1..100}; do [ ! -s /tmp/stream ] || break; sleep 0.1; done
    before=$(wc -c </tmp/stream)
    began=$(date +%s%N)
    browse -o /dev/null --data-urlencode 'body=Seen at once' "$ITEM/comments"
    for _ in {1..100}; do
        [ "$(wc -c </tmp/stream)" = "$before" ] || break
        sleep 0.05
    done
    kill -0 "$stream" 2>/dev/null || fail "the stream ended by itself: $(cat /tmp/stream)"
    [ "$(wc -c </tmp/stream)" -gt "$before" ] || fail 'no event arrived through the proxy within 5 s: it is buffered.'
    kill "$stream"
    wait "$stream" 2>/dev/null || true
    say "an event arrived after $((($(date +%s%N) - began) / 1000000)) ms, while the stream goes on"
}

# With signoff there and gone: a proxy writes what failed to its error log.
check_logs() {
    local token=${TOKEN}x referer found
    referer="Referer: $BASE/setup/$token"
    curl -sS -o /dev/null -H "$referer" "$BASE/setup/$token"
    systemctl stop signoff
    curl -sS -o /dev/null "$BASE/setup/$token"
    curl -sS -o /dev/null -H "$referer" "$BASE/assets/none.css"
    [ "$(curl -sS -o /dev/null -w '%{http_code}' "$BASE/login")" = 502 ] || fail 'a server that is gone is not reported with 502.'
    systemctl start signoff
    until curl -fsS -o /dev/null "$BASE/readyz" 2>/dev/null; do sleep 0.1; done
    grep -rq -e /setup/- "$1" || fail "the proxy's log in $1 has no line of the requests to /setup/."
    found=$(grep -rs -e "$TOKEN" "$1" /run/stand-in/caddy.service.log || true)
    [ -z "$found" ] || fail "the proxy's log has a one-time secret: $found"
    say 'no one-time secret in the logs'
}

# Floods from one address are refused, and a person at another one, or a moment later, is served.
check_flood() {
    local codes
    codes=$(curl -sS --no-progress-meter -Z --parallel-max 50 -o /dev/null -w '%{http_code}\n' "$1/healthz?[1-1500]" | sort | uniq -c | tr '\n' ' ')
    [[ $codes == *" 429 "* && $codes != *" 50"* ]] || fail "a flood was answered with $codes"
    sleep 1
    [ "$(curl -sS -o /dev/null -w '%{http_code}' "$1/healthz")" = 200 ] || fail 'after a flood, nobody is served.'
    say "a flood of 1500 requests: $codes"
}
