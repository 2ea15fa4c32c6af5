# shellcheck shell=bash
# A scratch root: a view of this machine in which packages can be installed, users made and servers started at their usual
# ports, without changing it. What is written goes to memory (an overlay); processes, network and host name are separate,
# and all of it ends with the script. systemd does not run there: tests/install/systemctl stands in for it. Sourced after
# lib.sh. Needs Linux and root.

# in_scratch_root SCRIPT ARGUMENTS...: runs this file of the working copy there, with the working copy at the same path, which
# it can't change, and with the folder PACKAGES as its target/package.
in_scratch_root() {
    [ "$(id -u)" = 0 ] || fail "this installs packages in a scratch root, for which it has to be started as root (sudo make …)."
    local folder status=0
    mkdir -p "$ROOT/target/package"
    folder=$(mktemp -d /tmp/signoff-scratch-root.XXXXXX)
    # shellcheck disable=SC2016 # the inner shell expands them
    run_child unshare --mount --pid --net --uts --ipc --fork --kill-child=KILL \
        bash -euo pipefail -c '. "$1/scripts/scratch-root.sh"; enter_scratch_root "${@:1}"' bash "$ROOT" "$folder" "$@" || status=$?
    rmdir "$folder"
    return "$status"
}

# enter_scratch_root ROOT FOLDER SCRIPT ARGUMENTS...: in namespaces of its own.
enter_scratch_root() {
    local root=$1 folder=$2
    shift 2
    mount --make-rprivate /
    mount -t tmpfs tmpfs "$folder"
    mkdir "$folder/upper" "$folder/work" "$folder/root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
    mount -t proc proc "$folder/root/proc"
    mount --rbind /dev "$folder/root/dev"
    mount -t tmpfs tmpfs "$folder/root/run"
    mount -t tmpfs tmpfs "$folder/root/tmp"
    mkdir -p "$folder/root$root" "$folder/root/tmp/written"
    mount --bind "$root" "$folder/root$root"
    mount -o remount,bind,ro "$folder/root$root"
    [ -z "${PACKAGES:-}" ] || mount --bind "$PACKAGES" "$folder/root$root/target/package"
    # What was written, to be looked at from inside.
    mount --bind "$folder/upper" "$folder/root/tmp/written"
    ip link set lo up
    hostname scratch
    exec env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin ROOT="$root" \
        chroot "$folder/root" bash "$root/$1" "${@:2}"
}
