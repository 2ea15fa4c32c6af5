# shellcheck shell=bash
# Finds the programs that are needed, and gets what is missing: from Debian's (or Ubuntu's) packages
# where apt-get is there; elsewhere it says what to install. Sourced after lib.sh.

# The oldest PostgreSQL that is supported.
OLDEST_POSTGRES=15

# need_compiler: Rust itself, and the linker and C compiler that it builds with.
need_compiler() {
    command -v cargo >/dev/null ||
        fail 'cargo was not found. Install Rust from https://rustup.rs, open a new shell and try again.'
    command -v cc >/dev/null || obtain 'a C compiler' cc gcc libc6-dev
}

# need_postgres: sets POSTGRES_BIN to the directory of the newest PostgreSQL here.
need_postgres() {
    find_postgres
    if [ -z "$POSTGRES_BIN" ]; then
        [ -z "$FOUND_POSTGRES" ] || command -v apt-get >/dev/null || too_old
        obtain "PostgreSQL $OLDEST_POSTGRES or newer, its server and psql" '' postgresql
        find_postgres
        [ -n "$POSTGRES_BIN" ] || too_old
    fi
}

too_old() {
    fail "PostgreSQL ${FOUND_POSTGRES:-(none)} is what this system has; signoff needs $OLDEST_POSTGRES or newer. Install one (https://www.postgresql.org/download/), or set DATABASE_URL and MIGRATION_DATABASE_URL to a server that you have."
}

# need_psql: only the client, for a server that is not ours.
need_psql() {
    find_postgres
    if [ -n "$POSTGRES_BIN" ]; then
        PSQL=$POSTGRES_BIN/psql
    else
        command -v psql >/dev/null || obtain 'psql, the client of PostgreSQL' psql postgresql-client
        PSQL=psql
    fi
}

# Sets POSTGRES_BIN, empty when there is none that will do, and FOUND_POSTGRES, the newest version seen.
find_postgres() {
    local directory version candidates=()
    POSTGRES_BIN='' FOUND_POSTGRES=''
    command -v postgres >/dev/null && candidates+=("$(dirname "$(command -v postgres)")")
    command -v pg_config >/dev/null && candidates+=("$(pg_config --bindir 2>/dev/null || true)")
    candidates+=(/usr/lib/postgresql/*/bin /usr/pgsql-*/bin
        /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin)
    for directory in "${candidates[@]}"; do
        version=$(postgres_version "$directory")
        [ -n "$version" ] || continue
        [ "$version" -gt "${FOUND_POSTGRES:-0}" ] || continue
        FOUND_POSTGRES=$version
        [ "$version" -lt "$OLDEST_POSTGRES" ] || POSTGRES_BIN=$directory
    done
}

# postgres_version DIRECTORY: the major version of a complete installation there, or nothing.
postgres_version() {
    local program
    for program in postgres initdb pg_ctl psql; do
        [ -x "$1/$program" ] || return 0
    done
    "$1/postgres" --version 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p'
}

# need_redis: sets REDIS_SERVER and REDIS_CLI. Valkey speaks the same protocol.
need_redis() {
    find_redis
    if [ -z "$REDIS_SERVER" ]; then
        obtain 'Redis (or Valkey), its server and client' '' redis-server
        find_redis
        [ -n "$REDIS_SERVER" ] || fail 'redis-server was installed, but is not on PATH.'
    fi
}

find_redis() {
    local name
    REDIS_SERVER='' REDIS_CLI=''
    for name in redis valkey; do
        if command -v "$name-server" >/dev/null && command -v "$name-cli" >/dev/null; then
            REDIS_SERVER=$(command -v "$name-server")
            REDIS_CLI=$(command -v "$name-cli")
            return
        fi
    done
}

# need_browser: exports CHROME and CHROMEDRIVER, which are kept when they are set already.
need_browser() {
    find_browser
    if [ -z "$CHROME" ] || [ -z "$CHROMEDRIVER" ]; then
        if grep -qs '^ID=ubuntu' /etc/os-release; then
            obtain 'Chromium and ChromeDriver' '' chromium-browser chromium-chromedriver
        else
            # The sandbox is for those who are not root; the fonts are for pages to have letters.
            obtain 'Chromium and ChromeDriver' '' chromium chromium-driver chromium-sandbox fonts-liberation
        fi
        find_browser
        [[ -n $CHROME && -n $CHROMEDRIVER ]] || fail 'Chromium and ChromeDriver were installed, but are not on PATH.'
    fi
    export CHROME CHROMEDRIVER
}

find_browser() {
    CHROME=${CHROME:-$(first_program chromium chromium-browser google-chrome-stable google-chrome)}
    CHROMEDRIVER=${CHROMEDRIVER:-$(first_program chromedriver /usr/lib/chromium-browser/chromedriver)}
}

first_program() {
    local name
    for name in "$@"; do
        if command -v "$name"; then
            return
        fi
    done
}

# obtain WHAT PROGRAM PACKAGES...: gets Debian packages, or ends with a sentence that helps. When
# PROGRAM is given, it must be there afterwards.
obtain() {
    local what=$1 program=$2
    shift 2
    command -v apt-get >/dev/null ||
        fail "$what is missing. Install it with your system's package manager and see that it is on PATH, then try again. (On Debian: apt-get install $*)"
    if [ "$(id -u)" = 0 ]; then
        say "$what is missing; installing: $*"
        bash "$ROOT/scripts/apt-install.sh" "$@"
    else
        install_with_sudo "$what" "$@"
    fi || fail "$what could not be installed. By hand: apt-get install $*"
    [ -z "$program" ] || command -v "$program" >/dev/null || fail "$* is installed, but $program is not on PATH."
}

install_with_sudo() {
    local what=$1
    shift
    command -v sudo >/dev/null || fail "$what is missing, and so is sudo. As root: apt-get install $*"
    if interactive; then
        ask "$what is missing. Install the Debian packages $* with sudo?" ||
            fail "$what is needed. To install it yourself: apt-get install $*"
        sudo bash "$ROOT/scripts/apt-install.sh" "$@"
    else
        say "$what is missing; installing with sudo: $*"
        sudo -n bash "$ROOT/scripts/apt-install.sh" "$@"
    fi
}
