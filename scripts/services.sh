# shellcheck shell=bash
# The private PostgreSQL and Redis together: their directories, ports and passwords, and the cleanup of those that an
# earlier run left behind. Sourced after lib.sh and packages.sh.

# shellcheck source=scripts/postgres.sh
. "$ROOT/scripts/postgres.sh"
# shellcheck source=scripts/redis.sh
. "$ROOT/scripts/redis.sh"

SETTINGS='POSTGRES_PORT ADMIN_PASSWORD OWNER_PASSWORD WEB_PASSWORD REDIS_PORT REDIS_PASSWORD'

# open_services DIRECTORY durable|scratch: loads their ports and passwords from the file there, or chooses new ones.
open_services() {
    local name
    mkdir -p "$1"
    SERVICES=$(cd "$1" && pwd -P)
    SERVICES_KIND=$2
    SECRETS_ARE_NEW=''
    # Environment variables for the user's own PostgreSQL must not affect this one.
    for name in "${!PG@}"; do
        unset "$name"
    done
    if ! read_settings; then
        POSTGRES_PORT=$(free_port)
        REDIS_PORT=$(free_port)
        for name in ADMIN_PASSWORD OWNER_PASSWORD WEB_PASSWORD REDIS_PASSWORD; do
            printf -v "$name" %s "$(random_secret)"
        done
        SECRETS_ARE_NEW=yes
        write_settings
    fi
}

# Fails when the file is missing or incomplete. The file is parsed, not sourced.
read_settings() {
    local name value
    for name in $SETTINGS; do
        printf -v "$name" %s ''
    done
    [ -r "$SERVICES/services.env" ] || return 1
    while IFS='=' read -r name value; do
        case " $SETTINGS " in
            *" $name "*) [[ ! $value =~ ^[0-9a-f]+$ ]] || printf -v "$name" %s "$value" ;;
        esac
    done <"$SERVICES/services.env"
    for name in $SETTINGS; do
        [ -n "${!name}" ] || return 1
    done
}

# Atomically, so that no reader and no crash finds an incomplete file.
write_settings() {
    local name
    (
        umask 077
        for name in $SETTINGS; do
            echo "$name=${!name}"
        done >"$SERVICES/services.env.new"
    )
    mv "$SERVICES/services.env.new" "$SERVICES/services.env"
}

# change_port NAME: chooses another port, and stores it.
change_port() {
    printf -v "$1" %s "$(free_port)"
    write_settings
}

owner_url() { echo "postgres://signoff_owner:$OWNER_PASSWORD@127.0.0.1:$POSTGRES_PORT/signoff?sslmode=disable"; }
web_url() { echo "postgres://signoff_web:$WEB_PASSWORD@127.0.0.1:$POSTGRES_PORT/signoff?sslmode=disable"; }
redis_url() { echo "redis://default:$REDIS_PASSWORD@127.0.0.1:$REDIS_PORT/"; }

stop_services() {
    stop_redis
    stop_postgres
}

# find_programs THING...: finds these, and what the stores need. A store that is configured in the environment is used;
# otherwise a private one is started.
find_programs() {
    local things=("$@")
    if [ -n "${DATABASE_URL:-}" ]; then
        things+=(psql)
    else
        things+=(postgres)
    fi
    [ -n "${REDIS_URL:-}" ] || things+=(redis)
    need "${things[@]}"
}

# make_roles URL: creates the group roles on a server that is not this project's, if they are missing.
make_roles() {
    local found
    found=$("$PSQL" -X -q -A -t -d "$1" -c "SELECT count(*) FROM pg_roles WHERE rolname IN ('signoff_app', 'signoff_redactor')") ||
        fail 'the database at the URL that is set does not answer (see above).'
    [ "$found" = 2 ] || "$PSQL" -X -q -v ON_ERROR_STOP=1 -d "$1" -f "$ROOT/deploy/roles.sql" ||
        fail 'the roles signoff_app and signoff_redactor are not there, and this account may not make them. Have deploy/roles.sql run by one who may.'
}

# A server of this project that survived its script because the script was killed.
stop_left_server() {
    local pid
    pid=$(cat "$SIGNOFF_HOME/server/pid" 2>/dev/null) || return 0
    if [ -n "$pid" ] && [ "$(working_directory "$pid")" = "$SIGNOFF_HOME/server" ]; then
        end_process "$pid" 20
    fi
    rm -f "$SIGNOFF_HOME/server/pid"
}

# open_scratch: services that end with this script, in a separate directory, so that any number of test runs can go on
# at once. The lock distinguishes running services from leftovers.
open_scratch() {
    local directory
    sweep_scratch
    directory=$SIGNOFF_HOME/test/$$
    mkdir -p "$directory"
    # The server's user passes through here too.
    chmod 711 "$SIGNOFF_HOME/test" "$directory"
    exec 9>"$directory/lock"
    try_lock 9 || fail "$directory is in use."
    trap close_scratch EXIT
    open_services "$directory" scratch
}

close_scratch() {
    # A second signal must not stop the cleanup half way.
    trap '' INT TERM HUP
    stop_services
    rm -rf "$POSTGRES_HOME" "$SERVICES"
    rmdir "$SIGNOFF_HOME/test" 2>/dev/null || true
}

# Ends and removes the scratch services of runs that were killed.
sweep_scratch() {
    local directory
    for directory in "$SIGNOFF_HOME"/test/*; do
        [ -d "$directory" ] || continue
        (
            exec 9>>"$directory/lock"
            try_lock 9 || exit 0
            close_left "$directory"
        )
    done
}

close_left() {
    local SERVICES=$1 SERVICES_KIND=scratch
    find_postgres || true
    close_scratch
}

# Exports a server's settings for the scratch services.
set_scratch_server() {
    export DATABASE_URL MIGRATION_DATABASE_URL REDIS_URL SIGNOFF_LISTEN
    DATABASE_URL=$(web_url)
    MIGRATION_DATABASE_URL=$(owner_url)
    REDIS_URL=$(redis_url)
    SIGNOFF_LISTEN=127.0.0.1:$(free_port)
    export SIGNOFF_EVIDENCE_DIR=$SERVICES/evidence
    export SIGNOFF_KEY_FILE=$SERVICES/signoff.key
    SIGNOFF_SECRET_KEY=$(random_secret 32)
    export SIGNOFF_SECRET_KEY
    export SIGNOFF_CHECKPOINT_DIR=$SERVICES/checkpoints
}
