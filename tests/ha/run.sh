#!/usr/bin/env bash
# Three machines with etcd, Patroni, PostgreSQL, Redis and Sentinel, and two with HAProxy and signoff, configured by the files
# of deploy/ha with nothing but names, addresses and passwords replaced; then machines die while people work, and a ledger of
# the changes that were acknowledged is compared with the database. All "machines" are addresses of the loopback interface in
# a scratch root, which is gone when this ends.
#
# run.sh BINARY SECONDS

# shellcheck source=tests/install/prepare.sh
. "$ROOT/tests/install/prepare.sh"

BINARY=$1
SECONDS_BETWEEN=$2
HA=$ROOT/deploy/ha
NODES='1 2 3'
SERVERS='1 2'
POSTGRES_BIN=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
WORK=/tmp/ha

random() { od -An -v -N16 -tx1 /dev/urandom | tr -d ' \n'; }
as() { setpriv --reuid="$1" --regid="$1" --init-groups "${@:2}"; }

# run_as USER NAME COMMAND...: in the background, with its log and pid in WORK.
run_as() {
    local user=$1 name=$2
    shift 2
    (cd / && exec setsid setpriv --reuid="$user" --regid="$user" --init-groups "$@" >>"$WORK/$name.log" 2>&1 </dev/null) &
    echo $! >"$WORK/$name.pid"
    disown
}

pid_of() { cat "$WORK/$1.pid"; }

# for_node N FILE: the file of deploy/ha as it is on that machine.
for_node() {
    sed -E -e "/replicaof|sentinel monitor|INITIAL_CLUSTER=|hosts:/! s/10\.0\.0\.11/10.0.0.1$1/g" \
        -e "s/^(name: |ETCD_NAME=)db1/\1db$1/" \
        -e "s/CHANGE-ME-REDIS/$REDIS_PASSWORD/; s/CHANGE-ME-[A-Z]*/$POSTGRES_PASSWORD/" \
        -e "s#/var/lib/etcd/signoff#$WORK/db$1/etcd#; s#/var/lib/postgresql/15/signoff#$WORK/db$1/postgres#" \
        -e "s#/usr/lib/postgresql/15/bin#$POSTGRES_BIN#" -e "s#/run/postgresql#$WORK/db$1#; s#/var/lib/postgresql/.pgpass-patroni#$WORK/db$1/pgpass#" \
        -e "s#^dir /var/lib/redis#dir $WORK/db$1/redis#" "$HA/$2"
}

make_node() {
    local folder=$WORK/db$1
    install -d -m 711 "$folder"
    install -d -o etcd -g etcd -m 700 "$folder/etcd"
    install -d -o redis -g redis -m 700 "$folder/redis"
    chown postgres: "$folder"
    for_node "$1" etcd.env >"$folder/etcd.env"
    for_node "$1" patroni.yml >"$folder/patroni.yml"
    { for_node "$1" redis.conf; echo "dir $folder/redis"; } >"$folder/redis/redis.conf"
    [ "$1" = 1 ] || sed -i 's/^#replicaof/replicaof/' "$folder/redis/redis.conf"
    for_node "$1" sentinel.conf >"$folder/redis/sentinel.conf"
    chown postgres: "$folder/patroni.yml"
    chown -R redis: "$folder/redis"
    chmod 600 "$folder/patroni.yml"
}

start_node() {
    local folder=$WORK/db$1
    # shellcheck disable=SC2046 # a line is a word
    run_as etcd "etcd$1" env $(grep -v '^#' "$folder/etcd.env" | xargs) etcd --log-level error
    run_as postgres "patroni$1" env PATH="$POSTGRES_BIN:$PATH" patroni "$folder/patroni.yml"
    run_as redis "redis$1" redis-server "$folder/redis/redis.conf"
    run_as redis "sentinel$1" redis-sentinel "$folder/redis/sentinel.conf"
}

# As when the power fails: everything of the machine, at once.
kill_node() {
    kill_patroni "$1"
    kill -KILL "$(pid_of "etcd$1")" "$(pid_of "redis$1")" "$(pid_of "sentinel$1")" 2>/dev/null || true
}

kill_patroni() { kill -KILL "$(pid_of "patroni$1")" "$(head -n 1 "$WORK/db$1/postgres/postmaster.pid")" 2>/dev/null || true; }

restart_patroni() {
    run_as postgres "patroni$1" env PATH="$POSTGRES_BIN:$PATH" patroni "$WORK/db$1/patroni.yml"
}

primary() {
    local node
    for node in $NODES; do
        [ "$(curl -s -o /dev/null -m 1 -w '%{http_code}' "http://10.0.0.1$node:8008/primary")" != 200 ] || { echo "$node"; return; }
    done
    return 1
}

redis_master() {
    local node
    for node in $NODES; do
        ! REDISCLI_AUTH=$REDIS_PASSWORD timeout 1 redis-cli -h "10.0.0.1$node" role 2>/dev/null | head -n 1 | grep -qx master || { echo "$node"; return; }
    done
    return 1
}

# wait_for SECONDS TEXT COMMAND...
wait_for() {
    local end=$((SECONDS + $1)) text=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        if [ $SECONDS -ge "$end" ]; then
            tail -n 5 "$WORK"/*.log >&2
            fail "$text (the ends of the logs are above)."
        fi
        sleep 0.2
    done
}

has_sync_standby() {
    local node
    for node in $NODES; do
        [ "$(curl -s -o /dev/null -m 1 -w '%{http_code}' "http://10.0.0.1$node:8008/synchronous")" != 200 ] || return 0
    done
    return 1
}

# Both others follow: then another machine may die.
is_whole() {
    local node count=0
    has_sync_standby || return 1
    for node in $NODES; do
        [ "$(curl -s -o /dev/null -m 1 -w '%{http_code}' "http://10.0.0.1$node:8008/replica")" != 200 ] || count=$((count + 1))
    done
    [ "$count" = 2 ] && [ "$(REDISCLI_AUTH=$REDIS_PASSWORD redis-cli -h "10.0.0.1$(redis_master)" info replication | grep -c 'state=online')" = 2 ]
}

# The machine of a server: its HAProxy leads to the databases under its own loopback address.
make_server() {
    local folder=$WORK/app$1
    install -d -o signoff -g signoff -m 700 "$folder"
    sed -e "s/127\.0\.0\.1/127.0.0.2$1/; s/CHANGE-ME-REDIS/$REDIS_PASSWORD/; /^ *log /d" "$HA/haproxy.cfg" >"$WORK/haproxy$1.cfg"
    cat >"$folder/signoff.env" <<END
DATABASE_URL=postgres://signoff_web:$WEB_PASSWORD@127.0.0.2$1:5432/signoff?sslmode=disable
MIGRATION_DATABASE_URL=postgres://signoff_owner:$OWNER_PASSWORD@127.0.0.2$1:5432/signoff?sslmode=disable
REDIS_URL=redis://default:$REDIS_PASSWORD@127.0.0.2$1:6379/
SIGNOFF_PUBLIC_URL=http://localhost:8080
SIGNOFF_EVIDENCE_DIR=$WORK/evidence
SIGNOFF_KEY_FILE=$WORK/evidence-key/signoff.key
SIGNOFF_CHECKPOINT_DIR=$WORK/checkpoints
SIGNOFF_SECRET_KEY=$SECRET_KEY
END
    sed "s/10\.0\.0\.21/10.0.0.2$1/" "$HA/signoff.env" | grep -v '^#' >>"$folder/signoff.env"
    chown signoff: "$folder/signoff.env"
}

start_server() {
    run_as signoff "app$1" env -i PATH="$PATH" SIGNOFF_ENV_FILE="$WORK/app$1/signoff.env" SIGNOFF_LOG=warn "$BINARY" serve
}

signoff() { as signoff env -i PATH="$PATH" SIGNOFF_ENV_FILE="$WORK/app1/signoff.env" SIGNOFF_LOG=error "$BINARY" "$@"; }

set_up() {
    local node server address
    for address in 10.0.0.{11..13} 10.0.0.{21..22} 127.0.0.{21..22}; do ip address add "$address/32" dev lo; done
    id signoff >/dev/null 2>&1 || useradd --system --shell /usr/sbin/nologin signoff
    mkdir -p "$WORK"
    chmod 711 "$WORK"
    REDIS_PASSWORD=$(random) POSTGRES_PASSWORD=$(random) WEB_PASSWORD=$(random) OWNER_PASSWORD=$(random) SECRET_KEY=$(random)$(random)
    install -d -o signoff -g signoff -m 700 "$WORK/evidence" "$WORK/evidence-key" "$WORK/checkpoints" "$WORK/people"

    step 'three machines with databases'
    for node in $NODES; do make_node "$node"; done
    for node in $NODES; do start_node "$node"; done
    wait_for 60 'Patroni makes no primary' primary
    for server in $SERVERS; do
        make_server "$server"
        haproxy -c -q -f "$WORK/haproxy$server.cfg" || fail 'haproxy.cfg is wrong (see above).'
        run_as root "haproxy$server" haproxy -db -f "$WORK/haproxy$server.cfg"
    done
    wait_for 30 'HAProxy finds no primary' leads_to_primary
    PGPASSWORD=$POSTGRES_PASSWORD SIGNOFF_OWNER_PASSWORD=$OWNER_PASSWORD SIGNOFF_WEB_PASSWORD=$WEB_PASSWORD \
        psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.21 -U postgres -d postgres -f "$ROOT/deploy/roles.sql" -f "$ROOT/deploy/database.sql" >/dev/null
    wait_for 90 'the standbys do not follow' is_whole

    step 'two servers'
    signoff migrate >/dev/null
    signoff keys new >/dev/null 2>&1
    signoff demo --people "$WORK/people/people" >/dev/null
    for server in $SERVERS; do start_server "$server"; done
    for server in $SERVERS; do wait_for 30 "server $server does not become ready" curl -fsS "http://10.0.0.2$server:8080/readyz"; done
}

# HAProxy takes every server for good until it has checked it once.
leads_to_primary() {
    local server
    for server in $SERVERS $SERVERS $SERVERS; do
        [ "$(PGPASSWORD=$POSTGRES_PASSWORD psql -X -At -h "127.0.0.2$server" -U postgres -c 'SELECT pg_is_in_recovery()')" = f ] || return 1
    done
}

# note TEXT: with the time, for the ledger's evaluation.
note() {
    say "$*"
    printf '%s\t%s\n' "$(date +%s.%N)" "$*" >>"$WORK/faults"
}

provoke() {
    local node
    sleep "$SECONDS_BETWEEN"
    node=$(primary)
    kill_patroni "$node"
    note "the PostgreSQL primary (db$node) was killed, and its Patroni"
    wait_for 90 'there is no new primary' primary
    sleep "$SECONDS_BETWEEN"
    restart_patroni "$node"
    wait_for 120 'the old primary does not come back as a standby' is_whole

    node=$(redis_master)
    kill -KILL "$(pid_of "redis$node")"
    note "the Redis master (db$node) was killed"
    wait_for 60 'there is no new Redis master' redis_master
    sleep "$SECONDS_BETWEEN"
    run_as redis "redis$node" redis-server "$WORK/db$node/redis/redis.conf"
    wait_for 60 'the old Redis master does not come back as a replica' is_whole

    node=$(primary)
    kill_node "$node"
    note "the machine of the primary (db$node) died: PostgreSQL, Patroni, etcd, Redis, Sentinel"
    wait_for 90 'there is no new primary' primary
    sleep "$SECONDS_BETWEEN"
}

set_up
for server in $SERVERS; do pid_of "app$server"; done >"$WORK/server-pids"
step 'people work, and machines die'
/usr/bin/python3 "$ROOT/tests/ha/drive.py" "$WORK/people/people" "$WORK/ledger" "$WORK/stop" 10.0.0.21:8080 10.0.0.22:8080 &
driver=$!
provoke
touch "$WORK/stop"
wait "$driver" || fail 'the people could not work (see above).'
for server in $SERVERS; do pid_of "app$server"; done | cmp -s - "$WORK/server-pids" || fail 'a server was restarted.'
while read -r pid; do kill -0 "$pid" 2>/dev/null || fail 'a server has ended.'; done <"$WORK/server-pids"

step 'the ledger'
PGPASSWORD=$OWNER_PASSWORD psql -X -At -h 127.0.0.21 -U signoff_owner -d signoff \
    -c "SELECT value FROM comments JOIN texts ON commitment = body WHERE value LIKE 'ledger-%'" >"$WORK/stored"
/usr/bin/python3 "$ROOT/tests/ha/compare.py" "$WORK/ledger" "$WORK/stored" "$WORK/faults"
signoff verify --database | tail -n 3
