# shellcheck shell=bash
# Shared by all scripts: paths, output, locks, and running a child so that Ctrl-C ends it properly. Sourced, never run.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# rustup installs cargo here, and a shell opened before the installation does not have it in its PATH.
if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
    PATH="$HOME/.cargo/bin:$PATH"
fi

say() { printf '%s\n' "$*" >&2; }

# step TEXT: prints the headline of the next step.
step() { printf '\n== %s\n' "$*" >&2; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Whether there is a person who can answer a question.
interactive() { [ -t 0 ] && [ -t 2 ] && [ -z "${CI:-}" ]; }

# ask QUESTION: succeeds unless the answer is no.
ask() {
    local answer
    read -r -p "$1 [Y/n] " answer
    case $answer in '' | [yY] | [yY][eE][sS]) return 0 ;; *) return 1 ;; esac
}

# random_secret [BYTES]: 192 bits, or this many bytes, in characters that need no quoting in a URL, in SQL or in a
# configuration file.
random_secret() { od -An -v -N"${1:-24}" -tx1 /dev/urandom | tr -d ' \n'; }

# port_taken HOST PORT: whether anything listens there. Bash has TCP built in.
port_taken() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# Below the range that kernels use for outgoing connections, so that none of those can occupy the port.
free_port() {
    local port
    for _ in {1..50}; do
        port=$((20000 + RANDOM % 12000))
        if ! port_taken 127.0.0.1 "$port"; then
            echo "$port"
            return
        fi
    done
    fail 'no free port found between 20000 and 32000 on 127.0.0.1.'
}

# try_lock DESCRIPTOR: takes an exclusive lock on an open file, or fails at once. The kernel releases it when the last
# process with the descriptor has ended, for whatever reason.
try_lock() {
    if command -v flock >/dev/null; then
        flock -n "$1"
    else
        perl -MFcntl=:flock -e 'open(my $f, ">&=", $ARGV[0]) && flock($f, LOCK_EX | LOCK_NB) or exit 1' "$1"
    fi
}

# working_directory PID: the working directory of that process; empty when it has ended or belongs to another user.
# PostgreSQL, Redis and our server each work in a directory of this project, so this shows whether a recorded pid is
# still the process that was started, or another one that got its number.
working_directory() {
    if [ -d /proc/self ]; then
        readlink "/proc/$1/cwd" 2>/dev/null || true
    else
        lsof -a -p "$1" -d cwd -Fn 2>/dev/null | sed -n 's/^n//p'
    fi
}

# end_process PID SECONDS: asks it to end, and kills it if it does not.
end_process() {
    kill -TERM "$1" 2>/dev/null || return 0
    for _ in $(seq $(($2 * 10))); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null || true
}

# start_child COMMAND...: in the background and in its own process group, with its pid in CHILD. A terminal sends Ctrl-C
# to every process of the foreground group; this way the child gets exactly one signal, the one forwarded below, and can
# end in good order. It does not get the lock (descriptor 9 everywhere), since a process it leaves behind would hold the
# lock.
start_child() {
    CHILD_SIGNAL=''
    set -m
    "$@" </dev/null 9>&- &
    CHILD=$!
    set +m
    trap 'pass_on INT' INT
    trap 'pass_on TERM' TERM
    trap 'pass_on HUP' HUP
}

pass_on() {
    if [ -z "$CHILD_SIGNAL" ]; then
        CHILD_SIGNAL=$1
        kill "-$1" -- "-$CHILD" 2>/dev/null || true
    fi
}

# wait_child: its exit status. `wait` also returns when a signal arrives, so it is repeated until the child has ended.
wait_child() {
    local status=0
    while :; do
        wait "$CHILD" && status=0 || status=$?
        kill -0 "$CHILD" 2>/dev/null || break
    done
    trap - INT TERM HUP
    CHILD=''
    return "$status"
}

# run_child COMMAND...: starts it and waits; after a signal this script ends too.
run_child() {
    local status=0
    start_child "$@"
    wait_child || status=$?
    [ -z "$CHILD_SIGNAL" ] || exit 130
    return "$status"
}

# Everything that a working copy stores beside its sources. The scripts use absolute paths only, since the servers
# change directory.
SIGNOFF_HOME=${SIGNOFF_HOME:-.local}
case $SIGNOFF_HOME in /*) ;; *) SIGNOFF_HOME=$ROOT/$SIGNOFF_HOME ;; esac

open_home() {
    # pg_ctl passes its paths to a shell.
    case $SIGNOFF_HOME in *[\"\$\`\\]*) fail "SIGNOFF_HOME may not have \", \$, \` or \\ in its path: $SIGNOFF_HOME" ;; esac
    mkdir -p "$SIGNOFF_HOME" 2>/dev/null || fail "SIGNOFF_HOME cannot be made: $SIGNOFF_HOME"
    SIGNOFF_HOME=$(cd "$SIGNOFF_HOME" && pwd -P)
    [ -w "$SIGNOFF_HOME" ] || fail "SIGNOFF_HOME is not yours to write to: $SIGNOFF_HOME (made by another user?)"
    # Other users may pass through (root's PostgreSQL runs as another user), but not list it.
    chmod 711 "$SIGNOFF_HOME"
}
