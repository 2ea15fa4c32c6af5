# shellcheck shell=bash
# Makes a scratch root look like a fresh server with Debian's packages: stands in for what is not there (systemd, sudo, the
# network), and undoes what this machine has set up. Sourced.

set -euo pipefail

PAGE=$ROOT/docs/install.md
HOST=signoff.example.org

say() { printf '%s\n' "$*" >&2; }
step() { printf '\n== %s\n' "$*" >&2; }
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# put_program PATH: from standard input.
put_program() {
    cat >"$1"
    chmod 755 "$1"
}

prepare() {
    mkdir -p /run/lock
    install -m 755 "$ROOT/tests/install/systemctl" /usr/local/bin/systemctl
    install -m 755 "$ROOT/tests/install/systemctl" /usr/local/bin/journalctl
    # As sudo: the environment is not passed on, unless --preserve-env names a variable.
    put_program /usr/local/bin/sudo <<'END'
#!/bin/bash
user=root keep=()
while :; do
    case ${1:-} in
        -u) user=$2; shift 2 ;;
        --preserve-env=*) IFS=, read -ra names <<<"${1#*=}"; for name in "${names[@]}"; do keep+=("$name=${!name}"); done; shift ;;
        *) break ;;
    esac
done
exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups env -i HOME="$(getent passwd "$user" | cut -d: -f6)" \
    LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${keep[@]}" "$@"
END
    # Debian's packages are on this machine already, or are not needed here; only files are really installed.
    put_program /usr/local/bin/apt <<'END'
#!/bin/bash
set -e
[ "$1" = install ] && shift
for name in "$@"; do
    case $name in
        # The package's scripts look for this folder to see whether systemd runs. PostgreSQL's would call systemctl by its path.
        ./*.deb) mkdir -p /run/systemd/system; dpkg --install "$name"; rm -r /run/systemd ;;
        *) dpkg --status "$name" 2>/dev/null | grep -q '^Status:.* installed' || command -v "$name" >/dev/null ||
            apt-cache show "$name" >/dev/null 2>&1 || { echo "apt: there is no $name" >&2; exit 1; } ;;
    esac
done
END
    ! id signoff >/dev/null 2>&1 || userdel signoff
    rm -rf /etc/signoff /var/lib/signoff /var/backups/signoff /etc/nginx/sites-enabled/signoff
}

# A cluster of PostgreSQL as Debian's package makes it, but of the locale C, as on a minimal machine.
prepare_postgres() {
    pg_dropcluster --stop 15 main >/dev/null 2>&1 || rm -rf /etc/postgresql/15/main /var/lib/postgresql/15/main
    pg_createcluster --locale C --encoding UTF8 15 main >/dev/null
    mkdir -p /run/postgresql && chown postgres: /run/postgresql && chmod 2775 /run/postgresql
    systemctl start postgresql@15-main
}

prepare_redis() {
    install -d -o redis -g redis -m 750 /var/lib/redis /var/log/redis
    systemctl start redis-server
}

# What the page gets from the network: the build, which was made before; rustup's installer; and the certificate, which
# certbot makes itself here.
stand_in_for_the_world() {
    echo "127.0.0.1 $HOST" >>/etc/hosts
    mkdir -p "$HOME/.cargo" && : >"$HOME/.cargo/env"
    put_program /usr/local/bin/make <<'END'
#!/bin/sh
[ "$1" = package ] && ls target/package/signoff_*.deb
END
    put_program /usr/local/bin/curl <<'END'
#!/bin/sh
case "$*" in *sh.rustup.rs*) echo true ;; *) exec /usr/bin/curl "$@" ;; esac
END
    put_program /usr/local/bin/certbot <<'END'
#!/bin/bash
set -e
while [ $# -gt 0 ]; do
    case $1 in --domain) host=$2 ;; --webroot-path) folder=$2 ;; esac
    shift
done
# The authority's question is answered through the proxy that runs.
mkdir -p "$folder/.well-known/acme-challenge"
echo answer >"$folder/.well-known/acme-challenge/question"
[ "$(/usr/bin/curl -fsS "http://$host/.well-known/acme-challenge/question")" = answer ]
mkdir -p "/etc/letsencrypt/live/$host"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$host" -addext "subjectAltName=DNS:$host" \
    -keyout "/etc/letsencrypt/live/$host/privkey.pem" -out "/etc/letsencrypt/live/$host/fullchain.pem" 2>/dev/null
END
    export CURL_CA_BUNDLE=/etc/letsencrypt/live/$HOST/fullchain.pem
}

# commands LANGUAGE [LAST]: the blocks of that language in the section "By hand" of docs/install.md, up to the part with the
# number LAST, with the headings that they are under.
commands() {
    awk -v opening="\`\`\`$1" -v last="${2:-99}" '
        /^## / { inside = ($0 == "## By hand") }
        !inside { next }
        /^### / && !block { heading = substr($0, 5) }
        heading + 0 > last { next }
        block && /^```/ { block = 0; next }
        block { print; next }
        $0 == opening { block = 1; gsub(/\047/, "", heading); print "step \047" heading "\047" }
    ' "$PAGE"
}

# run_page LANGUAGE [LAST [BEFORE]]: as one shell, as a person would; it ends at the first command that fails.
run_page() {
    local script=/tmp/page-$1.sh
    {
        echo "set -Eeuo pipefail; cd '$ROOT'; trap 'echo \"failed: \$BASH_COMMAND\" >&2' ERR"
        declare -f step
        echo "${3:-}"
        commands "$1" "${2:-99}"
    } >"$script"
    [ "$(grep -c '^step ' "$script")" -gt 0 ] || fail "the page has no block of \`\`\`$1"
    bash "$script" </dev/null || fail "the page's commands fail (see above)."
}
