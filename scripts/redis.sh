# shellcheck shell=bash
# A private Redis: loopback only, with its own password, append-only. Sourced like postgres.sh.

# The pid of this project's running server; empty when it does not run.
redis_pid() {
    local pid
    pid=$(cat "$SERVICES/redis/redis.pid" 2>/dev/null) || return 0
    if [ -n "$pid" ] && [ "$(working_directory "$pid")" = "$SERVICES/redis" ]; then
        echo "$pid"
    fi
}

redis_answers() {
    [ "$(REDISCLI_AUTH=$REDIS_PASSWORD "$REDIS_CLI" -h 127.0.0.1 -p "$REDIS_PORT" ping 2>/dev/null)" = PONG ]
}

start_redis() {
    mkdir -p "$SERVICES/redis"
    chmod 700 "$SERVICES/redis"
    if [ -n "$(redis_pid)" ] && redis_answers; then
        return
    fi
    stop_redis
    for _ in {1..5}; do
        ! port_taken 127.0.0.1 "$REDIS_PORT" || change_port REDIS_PORT
        launch_redis && return
        port_taken 127.0.0.1 "$REDIS_PORT" || break
    done
    tail -n 20 "$SERVICES/redis/log" >&2
    fail "Redis did not start (the end of its log, $SERVICES/redis/log, is above)."
}

# In a file, since other users could read a password on the command line.
launch_redis() {
    local pid fsync=everysec
    [ "$SERVICES_KIND" = durable ] || fsync=no
    rm -f "$SERVICES/redis/redis.pid" "$SERVICES/redis/redis.conf"
    (
        umask 077
        cat >"$SERVICES/redis/redis.conf" <<END
bind 127.0.0.1
port $REDIS_PORT
requirepass $REDIS_PASSWORD
dir "$SERVICES/redis"
logfile "$SERVICES/redis/log"
appendonly yes
appendfsync $fsync
save ""
END
    )
    # In its own process group, so that Ctrl-C does not end it before the processes that still use it.
    set -m
    (cd "$SERVICES/redis" && exec "$REDIS_SERVER" redis.conf </dev/null >/dev/null 2>&1 9>&-) &
    set +m
    pid=$!
    disown "$pid"
    echo "$pid" >"$SERVICES/redis/redis.pid"
    # It answers only after it has loaded its data.
    while kill -0 "$pid" 2>/dev/null; do
        ! redis_answers || return 0
        sleep 0.05
    done
    return 1
}

stop_redis() {
    local pid
    pid=$(redis_pid)
    [ -z "$pid" ] || end_process "$pid" 20
}
