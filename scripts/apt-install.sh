#!/usr/bin/env bash
# Installs Debian packages as root, and makes sure that none of them starts a server: this project runs private ones,
# and must not start a PostgreSQL or Redis on a developer's machine as a side effect. The block on server starts is
# removed when the installation ends.

set -euo pipefail

policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.d
made=()

clean_up() {
    local path
    for path in "${made[@]+"${made[@]}"}"; do
        rm -f "$path"
    done
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

errors=$(mktemp)
made+=("$errors")
had_redis=$(command -v redis-server || true)

if [ ! -e "$policy" ]; then
    made+=("$policy")
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
if [ ! -e "$clusters/signoff.conf" ]; then
    mkdir -p "$clusters"
    made+=("$clusters/signoff.conf")
    echo 'create_main_cluster = false' >"$clusters/signoff.conf"
fi

export DEBIAN_FRONTEND=noninteractive
# apt-get waits for the package lock by itself, but not for the lock of the lists.
for _ in {1..60}; do
    # One of several sources may fail while the others have the needed packages.
    LC_ALL=C apt-get -q update 2> >(tee "$errors" >&2) && break
    grep -q 'Could not get lock' "$errors" || break
    sleep 5
done
apt-get -o DPkg::Lock::Timeout=300 -q -y --no-install-recommends install "$@"

# Otherwise the package would start its server at the next boot.
if [ -z "$had_redis" ] && command -v redis-server >/dev/null && command -v systemctl >/dev/null; then
    systemctl disable --quiet redis-server.service 2>/dev/null || true
fi
