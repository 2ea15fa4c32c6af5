#!/usr/bin/env bash
# Installs the package in a scratch root, sets it up as docs/install.md says, runs what each unit runs, installs the same
# version again over the running server, and removes it: what is left must be data.

# shellcheck source=tests/install/prepare.sh
. "$ROOT/tests/install/prepare.sh"

UNITS='signoff.service signoff-migrate.service signoff-backup.service signoff-verify.service signoff-failure@x.service'

# The files that were written into this root and do not belong to the services around signoff.
written_files() {
    (cd /tmp/written && find . \( -type f -o -type l \) | cut -c2- | grep -v -E \
        '^/(var/lib/(dpkg|postgresql|redis|apt)/|var/log/|var/cache/|etc/(postgresql|redis|nginx)/|root/|usr/local/bin/|etc/(hosts|ld\.so\.cache|\.pwd\.lock)$|etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$)' | sort)
}

wait_until_ready() {
    for _ in {1..600}; do
        ! curl -fsS -o /dev/null http://127.0.0.1:8080/readyz 2>/dev/null || return 0
        sleep 0.1
    done
    journalctl --unit=signoff.service | tail -n 20 >&2
    fail 'the server does not become ready (its log is above).'
}

check_units() {
    local unit exposure
    for unit in $UNITS; do
        systemd-analyze verify "/usr/lib/systemd/system/${unit/@x/@}" 2>&1 | grep -i signoff && fail "systemd-analyze verify complains about $unit."
        exposure=$(systemd-analyze security --offline=yes "/usr/lib/systemd/system/${unit/@x/@}" | sed -n 's/.*: \([0-9.]*\) .*/\1/p' | tail -n 1)
        say "exposure of $unit: $exposure"
        awk -v exposure="$exposure" 'BEGIN { exit !(exposure != "" && exposure <= 1.5) }' || fail "$unit is exposed more than 1.5."
    done
}

# What the units are for, through their own command lines.
check_services() {
    systemctl start signoff-migrate || fail 'migrating again fails.'
    install -d -o signoff -g signoff -m 700 /tmp/demo
    sudo -u signoff signoff demo --people /tmp/demo/people >/dev/null 2>&1 || fail 'the demo could not be made.'
    systemctl start signoff-backup || { journalctl --unit=signoff-backup >&2; fail 'the backup fails.'; }
    signoff verify --backup /var/backups/signoff >/dev/null || fail 'there is no whole backup.'
    systemctl start signoff-verify || { journalctl --unit=signoff-verify >&2; fail 'the verification fails.'; }
    say 'migrated, backed up, verified'
}

# A failure is reported, in the journal and by the operator's own program.
check_failure() {
    local file
    put_program /etc/signoff/on-failure <<'END'
#!/bin/sh
{ echo "$1"; cat; } >/tmp/reported
END
    file=$(find /var/lib/signoff/evidence -type f -size +0 ! -name signoff-store.json | head -n 1)
    [ -n "$file" ] || fail 'the demo has no evidence file.'
    mv "$file" /tmp/lost
    install -m 666 /dev/null /tmp/reported
    ! systemctl start signoff-verify 2>/dev/null || fail 'a lost file is not noticed.'
    mv /tmp/lost "$file"
    grep -q '<1>signoff-verify.service has failed' /run/stand-in/signoff-failure@*.log || fail 'the failure is not in the journal.'
    [ "$(head -n 1 /tmp/reported)" = signoff-verify.service ] && [ "$(wc -l </tmp/reported)" -gt 1 ] ||
        fail "on-failure was not run with the unit's name and its log."
    rm /etc/signoff/on-failure
    say 'a failure is reported'
}

check_upgrade() {
    local before
    before=$(cat /run/stand-in/signoff.service.pid)
    sudo apt install ./target/package/signoff_*_amd64.deb
    wait_until_ready
    [ "$(cat /run/stand-in/signoff.service.pid)" = "$before" ] || fail 'installing restarts the server.'
    grep -q '^DATABASE_URL=' /etc/signoff/signoff.env || fail 'installing again loses the settings.'
    say 'installed again: the server runs on, the settings are as they were'
}

check_removal() {
    local left
    mkdir -p /run/systemd/system
    dpkg --purge signoff 2>&1 | sed 's/^/  /'
    rm -r /run/systemd
    ! pgrep -x signoff >/dev/null || fail 'the server still runs.'
    left=$(written_files | grep -v -F -x -f /tmp/before || true)
    say 'left:'
    sed -n -E 's#^(/var/(lib|backups)/signoff|/etc/signoff)/.*#  \1/…#p; t; s/^/  /p' <<<"$left" | sort | uniq -c >&2
    left=$(grep -v -E '^(/var/lib/signoff/|/var/backups/signoff/|/etc/signoff/signoff\.key$)' <<<"$left" || true)
    [ -z "$left" ] || fail "this is left and is no data: $left"
    [ -e /etc/signoff/signoff.key ] || fail 'the key is gone.'
    id signoff >/dev/null || fail 'the user whom the data belong to is gone.'
}

cd "$ROOT"
prepare
stand_in_for_the_world
prepare_postgres
prepare_redis
written_files >/tmp/before
run_page sh 6
wait_until_ready
step 'units'
check_units
check_services
check_failure
step 'the same version again'
check_upgrade
step 'removal'
check_removal
say
say 'Installed, run and removed: only data are left.'
