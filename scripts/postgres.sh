# shellcheck shell=bash
# A private PostgreSQL cluster: created, started, prepared and stopped. It listens on loopback only, has its own
# passwords, uses checksums, and shares nothing with any other PostgreSQL of the machine. Sourced after lib.sh,
# packages.sh and services.sh, which sets its directory (SERVICES) and its kind (SERVICES_KIND): `durable` keeps data,
# `scratch` is fast and deleted afterwards.

# as_server COMMAND...: as the user who may run PostgreSQL, which refuses root. From /, since that user may not enter
# the current directory; without the lock, which must end with this script.
as_server() (
    cd /
    exec 9>&-
    if [ "$(id -u)" != 0 ]; then
        exec "$@"
    elif command -v setpriv >/dev/null; then
        exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
    elif command -v runuser >/dev/null; then
        exec runuser -u postgres -- "$@"
    else
        # shellcheck disable=SC2016 # the inner shell expands them
        exec su -s /bin/sh postgres -c 'exec "$0" "$@"' -- "$@"
    fi
)

# Sets POSTGRES_HOME: beside the other data, or where an earlier run had to put it.
find_postgres_home() {
    POSTGRES_HOME=$SERVICES/postgres
    if [ -s "$SERVICES/postgres.location" ]; then
        POSTGRES_HOME=$(cat "$SERVICES/postgres.location")
    fi
}

# The server's user cannot enter a checkout under root's home directory: then the data goes under /var/lib, and a file
# records where.
choose_postgres_home() {
    find_postgres_home
    [ "$(id -u)" = 0 ] || return 0
    id postgres >/dev/null 2>&1 ||
        fail 'PostgreSQL does not run as root, and there is no user "postgres" to run it as. Make one, or work as another user.'
    if [ "$POSTGRES_HOME" = "$SERVICES/postgres" ] && ! as_server test -x "$SERVICES"; then
        [ ! -e "$POSTGRES_HOME/data/PG_VERSION" ] ||
            fail "the user \"postgres\" can no longer reach $POSTGRES_HOME: has a directory above it been closed?"
        mkdir -p /var/lib/signoff-private
        chmod 711 /var/lib/signoff-private
        POSTGRES_HOME=/var/lib/signoff-private/$(printf %s "$SERVICES" | sha256sum | cut -c1-16)
        echo "$POSTGRES_HOME" >"$SERVICES/postgres.location.new"
        mv "$SERVICES/postgres.location.new" "$SERVICES/postgres.location"
    fi
}

# The pid of this project's running server; empty when it does not run.
postgres_pid() {
    local pid
    pid=$(head -n 1 "$POSTGRES_HOME/data/postmaster.pid" 2>/dev/null) || return 0
    if [ "$(working_directory "$pid")" = "$POSTGRES_HOME/data" ]; then
        echo "$pid"
    fi
}

start_postgres() {
    choose_postgres_home
    mkdir -p "$POSTGRES_HOME"
    chmod 700 "$POSTGRES_HOME"
    [ "$(id -u)" != 0 ] || chown postgres: "$POSTGRES_HOME"
    if [ ! -e "$POSTGRES_HOME/data/PG_VERSION" ]; then
        make_cluster
    fi
    use_version_of_cluster
    if [ -n "$(postgres_pid)" ] && ! admin_psql postgres -c '' >/dev/null 2>&1; then
        stop_postgres
    fi
    if [ -z "$(postgres_pid)" ]; then
        clear_remains
        [ -z "$SECRETS_ARE_NEW" ] || reset_admin_password
        launch_postgres
    fi
    prepare_database
}

# Under a temporary name first, so that an incomplete cluster is never taken for a complete one.
make_cluster() {
    local new=$POSTGRES_HOME/new.$$ secret=$POSTGRES_HOME/new.$$.secret locale=C options=()
    [ "$SERVICES_KIND" = durable ] || options+=(--no-sync)
    ! locale -a 2>/dev/null | grep -qix 'C.utf-\?8' || locale=C.UTF-8
    rm -rf "$POSTGRES_HOME"/new.*
    (umask 077 && echo "$ADMIN_PASSWORD" >"$secret")
    [ "$(id -u)" != 0 ] || chown postgres: "$secret"
    as_server "$POSTGRES_BIN/initdb" -D "$new" -U postgres --auth=scram-sha-256 --pwfile="$secret" \
        --data-checksums --encoding=UTF8 --locale="$locale" "${options[@]+"${options[@]}"}" \
        >"$SERVICES/initdb.log" 2>&1 || {
        cat "$SERVICES/initdb.log" >&2
        fail 'initdb could not make the private cluster (its words are above).'
    }
    rm -f "$secret"
    mv "$new" "$POSTGRES_HOME/data"
    SECRETS_ARE_NEW=''
}

# A cluster is run by the version that created it, even when a newer one has been installed since.
use_version_of_cluster() {
    local version directory
    version=$(cat "$POSTGRES_HOME/data/PG_VERSION")
    [ "$(postgres_version "$POSTGRES_BIN")" != "$version" ] || return 0
    for directory in "/usr/lib/postgresql/$version/bin" "/usr/pgsql-$version/bin" \
        "/opt/homebrew/opt/postgresql@$version/bin" "/usr/local/opt/postgresql@$version/bin"; do
        if [ "$(postgres_version "$directory")" = "$version" ]; then
            POSTGRES_BIN=$directory
            return
        fi
    done
    fail "the data in $POSTGRES_HOME is PostgreSQL $version's, which is no longer here. Install it again, or begin anew with: make clean-local"
}

# A killed server leaves its pid file, and for a moment its children. The file may name an unrelated process by now, so
# it is removed; but never while a child still uses the data.
clear_remains() {
    local pids
    for _ in {1..100}; do
        pids=$(processes_in "$POSTGRES_HOME/data")
        [ -n "$pids" ] || break
        sleep 0.1
    done
    [ -z "$pids" ] || fail "processes of an earlier PostgreSQL still work in $POSTGRES_HOME/data: $pids"
    rm -f "$POSTGRES_HOME/data/postmaster.pid"
}

processes_in() {
    local entry
    for entry in /proc/[0-9]*; do
        if [ "$(readlink "$entry/cwd" 2>/dev/null)" = "$1" ]; then
            printf '%s ' "${entry#/proc/}"
        fi
    done
}

# The file with the passwords was lost, but not the data.
reset_admin_password() {
    as_server "$POSTGRES_BIN/postgres" --single -D "$POSTGRES_HOME/data" postgres \
        <<<"ALTER ROLE postgres PASSWORD '$ADMIN_PASSWORD'" >/dev/null 2>&1 ||
        fail "PostgreSQL could not be given a new password in $POSTGRES_HOME/data."
}

launch_postgres() {
    local log=$POSTGRES_HOME/log options
    # No socket: its path would have to be short, and loopback is enough.
    options="-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c timezone=UTC -c log_timezone=UTC"
    if [ "$SERVICES_KIND" = scratch ]; then
        # Many tests at once, each with its own pool, and nothing that has to survive a crash.
        options+=' -c max_connections=400 -c fsync=off -c synchronous_commit=off -c full_page_writes=off'
    fi
    [ -z "$(find "$log" -size +10000k 2>/dev/null)" ] || mv "$log" "$log.1"
    for _ in {1..5}; do
        ! port_taken 127.0.0.1 "$POSTGRES_PORT" || change_port POSTGRES_PORT
        if as_server "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_HOME/data" -l "$log" -s -w -t 60 \
            -o "-p $POSTGRES_PORT $options" start </dev/null >/dev/null 2>&1; then
            return
        fi
        # Another process may have taken the port first; any other failure is reported.
        port_taken 127.0.0.1 "$POSTGRES_PORT" || break
    done
    tail -n 20 "$log" >&2
    fail "PostgreSQL did not start (the end of its log, $log, is above)."
}

# admin_psql DATABASE ARGUMENTS...
admin_psql() {
    PGPASSWORD=$ADMIN_PASSWORD "$POSTGRES_BIN/psql" -X -q -v ON_ERROR_STOP=1 \
        -h 127.0.0.1 -p "$POSTGRES_PORT" -U postgres -d "$@"
}

# The same files that an installation uses. Running them again changes nothing.
prepare_database() {
    export SIGNOFF_OWNER_PASSWORD=$OWNER_PASSWORD SIGNOFF_WEB_PASSWORD=$WEB_PASSWORD
    admin_psql postgres -f "$ROOT/deploy/roles.sql" -f "$ROOT/deploy/database.sql" >/dev/null
    unset SIGNOFF_OWNER_PASSWORD SIGNOFF_WEB_PASSWORD
    if [ "$SERVICES_KIND" = scratch ]; then
        # Each test creates a database, and acts in it as the role that it tests; some alter a history without the
        # application, as only a superuser can, to test that the alteration is found.
        admin_psql postgres -c 'ALTER ROLE signoff_owner CREATEDB SUPERUSER' \
            -c 'GRANT signoff_app, signoff_redactor TO signoff_owner' >/dev/null
    fi
}

stop_postgres() {
    local pid mode=fast
    find_postgres_home
    pid=$(postgres_pid)
    [ -n "$pid" ] || return 0
    [ "$SERVICES_KIND" = durable ] || mode=immediate
    as_server "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_HOME/data" -s -w -t 60 -m "$mode" stop >/dev/null ||
        say "warning: PostgreSQL (pid $pid) did not stop."
}
