# shellcheck shell=bash
# Finds the needed programs, and installs missing ones: from Debian's (or Ubuntu's) packages if apt-get exists;
# elsewhere it prints what to install. Sourced after lib.sh.

# The oldest PostgreSQL that is supported.
OLDEST_POSTGRES=15

# need THING...: any of compiler, cross_arm64, postgres, psql, redis, proxies, failover, browser, firefox, haproxy, python, unzip, node,
# promtool. Missing ones are installed together, after one question. The find_THING functions below set variables with their paths.
need() {
    local thing missing=() packages=()
    for thing in "$@"; do
        if ! "find_$thing"; then
            if [ "$thing" = promtool ]; then
                unpack_promtool
                continue
            fi
            missing+=("$thing")
            # shellcheck disable=SC2207 # names of packages have no spaces
            packages+=($(packages_of "$thing"))
        fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say 'Missing here:'
    for thing in "${missing[@]}"; do
        say "  $(name_of "$thing")"
    done
    obtain "${packages[@]}"
    for thing in "${missing[@]}"; do
        "find_$thing" || fail "the packages are installed, and yet this is not to be found: $(name_of "$thing")"
    done
}

name_of() {
    case $1 in
        compiler) echo 'a C compiler and linker (cc)' ;;
        cross_arm64) echo 'a C compiler for arm64 (aarch64-linux-gnu-gcc)' ;;
        proxies) echo 'nginx and Caddy' ;;
        failover) echo 'etcd, Patroni, HAProxy and Redis Sentinel' ;;
        postgres) echo "PostgreSQL $OLDEST_POSTGRES or newer, with its server and psql${FOUND_POSTGRES:+ (found: $FOUND_POSTGRES)}" ;;
        psql) echo 'psql, the client of PostgreSQL' ;;
        redis) echo 'Redis or Valkey, with its server and client' ;;
        browser) echo 'Chromium (or Chrome) and ChromeDriver' ;;
        firefox) echo 'Firefox' ;;
        haproxy) echo 'HAProxy' ;;
        python) echo 'Python 3 with the packages cryptography, for the second verifier of bundles, and icalendar' ;;
        node) echo 'node 18 or newer, for the tests of the scripts of the pages' ;;
        unzip) echo 'unzip, which has to read bundles as signoff does' ;;
    esac
}

# The names of the Debian packages.
packages_of() {
    case $1 in
        compiler) echo gcc libc6-dev ;;
        cross_arm64) echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross ;;
        proxies) echo nginx caddy ;;
        failover) echo etcd-server patroni haproxy redis-sentinel curl ;;
        postgres) echo postgresql ;;
        psql) echo postgresql-client ;;
        redis) echo redis-server ;;
        python) echo python3 python3-cryptography python3-icalendar ;;
        unzip) echo unzip ;;
        haproxy) echo haproxy ;;
        node) echo nodejs ;;
        firefox) if grep -qs '^ID=ubuntu' /etc/os-release; then echo firefox; else echo firefox-esr fonts-liberation; fi ;;
        browser)
            if grep -qs '^ID=ubuntu' /etc/os-release; then
                echo chromium-browser chromium-chromedriver
            else
                # The sandbox is needed by users other than root; the fonts are needed to render text.
                echo chromium chromium-driver chromium-sandbox fonts-liberation
            fi
            ;;
    esac
}

need_rust() {
    command -v cargo >/dev/null ||
        fail 'cargo was not found. Install Rust from https://rustup.rs, open a new shell and try again.'
}

find_compiler() { command -v cc >/dev/null; }

find_cross_arm64() { command -v aarch64-linux-gnu-gcc >/dev/null; }

find_failover() { command -v etcd patroni redis-sentinel >/dev/null && [ -x /usr/sbin/haproxy ]; }

find_proxies() { [ -x /usr/sbin/nginx ] && command -v caddy >/dev/null; }

# Sets POSTGRES_BIN to the directory of the newest supported PostgreSQL, or to nothing, and FOUND_POSTGRES to the newest
# version found.
find_postgres() {
    local directory version candidates=()
    POSTGRES_BIN='' FOUND_POSTGRES=''
    ! command -v postgres >/dev/null || candidates+=("$(dirname "$(command -v postgres)")")
    ! command -v pg_config >/dev/null || candidates+=("$(pg_config --bindir 2>/dev/null || true)")
    candidates+=(/usr/lib/postgresql/*/bin /usr/pgsql-*/bin
        /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin)
    for directory in "${candidates[@]}"; do
        version=$(postgres_version "$directory")
        [ "${version:-0}" -gt "${FOUND_POSTGRES:-0}" ] || continue
        FOUND_POSTGRES=$version
        [ "$version" -lt "$OLDEST_POSTGRES" ] || POSTGRES_BIN=$directory
    done
    [ -n "$POSTGRES_BIN" ]
}

# postgres_version DIRECTORY: the major version of a complete installation there, or nothing.
postgres_version() {
    local program
    for program in postgres initdb pg_ctl psql; do
        [ -x "$1/$program" ] || return 0
    done
    "$1/postgres" --version 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p'
}

# Sets PSQL: the client is enough for a server that is not this project's.
find_psql() {
    if find_postgres; then
        PSQL=$POSTGRES_BIN/psql
    else
        PSQL=$(command -v psql)
    fi
}

# Sets REDIS_SERVER and REDIS_CLI. Valkey speaks the same protocol.
find_redis() {
    local name
    for name in redis valkey; do
        REDIS_SERVER=$(command -v "$name-server") && REDIS_CLI=$(command -v "$name-cli") && return
    done
}

# Exports CHROME and CHROMEDRIVER, unless they are set already.
find_browser() {
    CHROME=${CHROME:-$(first_program chromium chromium-browser google-chrome-stable google-chrome)}
    CHROMEDRIVER=${CHROMEDRIVER:-$(first_program chromedriver /usr/lib/chromium-browser/chromedriver)}
    export CHROME CHROMEDRIVER
    [[ -n $CHROME && -n $CHROMEDRIVER ]]
}

# Exports FIREFOX, unless it is set already.
find_firefox() {
    FIREFOX=${FIREFOX:-$(first_program firefox-esr firefox)}
    export FIREFOX
    [ -n "$FIREFOX" ]
}

# Exports HAPROXY. Debian has it where only root looks.
find_haproxy() {
    HAPROXY=$(PATH=$PATH:/usr/sbin command -v haproxy)
    export HAPROXY
}

# Another python than Debian's may be found first; icalendar may then be Debian's alone.
find_python() {
    python3 -c 'import cryptography' 2>/dev/null &&
        { python3 -c 'import icalendar' || /usr/bin/python3 -c 'import icalendar'; } 2>/dev/null
}

find_unzip() { command -v unzip >/dev/null; }

# Node has its own test runner since version 18.
find_node() { [ "$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p')" -ge 18 ] 2>/dev/null; }

# Exports PROMTOOL, unless it is set already.
find_promtool() {
    PROMTOOL=${PROMTOOL:-$(first_program promtool "$SIGNOFF_HOME/tools/prometheus/usr/bin/promtool")}
    export PROMTOOL
    [ -n "$PROMTOOL" ]
}

# Unpacks promtool from Debian's package of Prometheus into SIGNOFF_HOME. The package is not installed: it would run a
# Prometheus on this machine.
unpack_promtool() {
    local tools=$SIGNOFF_HOME/tools
    command -v apt-get >/dev/null ||
        fail "promtool, a program of Prometheus, is missing. Install it, see that it is on PATH, and try again."
    step 'promtool is fetched from the package of Prometheus, once for this SIGNOFF_HOME'
    mkdir -p "$tools/prometheus.part"
    if ! (cd "$tools/prometheus.part" && fetch_package prometheus && dpkg-deb -x prometheus_*.deb .); then
        rm -rf "$tools/prometheus.part"
        fail 'the package prometheus could not be fetched (see above).'
    fi
    # The server of the same package is as large, and nothing here needs it.
    rm -rf "$tools/prometheus.part"/prometheus_*.deb "$tools/prometheus.part/usr/bin/prometheus" "$tools/prometheus"
    mv "$tools/prometheus.part" "$tools/prometheus"
    find_promtool
}

# fetch_package NAME: downloads a Debian package into the current directory. It needs no root, except to fetch the lists of packages
# where there are none yet.
fetch_package() {
    local as_root=()
    apt-get -q download "$1" 2>/dev/null && return
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    ${as_root[@]+"${as_root[@]}"} apt-get -q update >&2 && apt-get -q download "$1" >&2
}

first_program() {
    local name
    for name in "$@"; do
        ! command -v "$name" || return 0
    done
}

# obtain PACKAGES...: installs Debian packages, or fails with a message that says what to do.
obtain() {
    local by_hand="apt-get install $*"
    if ! command -v apt-get >/dev/null; then
        fail "install it with your system's package manager, see that it is on PATH, and try again. (On Debian: $by_hand)"
    elif [ "$(id -u)" = 0 ]; then
        say "Installing: $*"
        bash "$ROOT/scripts/apt-install.sh" "$@"
    elif ! command -v sudo >/dev/null; then
        fail "there is no sudo here. As root: $by_hand"
    elif interactive; then
        ask "Install the Debian packages $* with sudo?" || fail "then install it yourself: $by_hand"
        sudo bash "$ROOT/scripts/apt-install.sh" "$@"
    else
        say "Installing with sudo: $*"
        sudo -n bash "$ROOT/scripts/apt-install.sh" "$@"
    fi || fail "the packages could not be installed (see above). By hand: $by_hand"
}
