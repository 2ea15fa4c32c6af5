# shellcheck shell=bash
# The tools that are built from crates.io, once for each SIGNOFF_HOME, and stored there. Sourced after lib.sh.

DENY_VERSION=0.20.2
GECKODRIVER_VERSION=0.37.1
CARGO_DEB_VERSION=3.8.0
CYCLONEDX_VERSION=0.5.9

# need_deny: sets DENY.
need_deny() {
    need_tool cargo-deny "$DENY_VERSION"
    DENY=$TOOL
}

# need_packaging: sets DEB_TOOL and CYCLONEDX, which make the package and the list of its components.
need_packaging() {
    need_tool cargo-deb "$CARGO_DEB_VERSION"
    DEB_TOOL=$TOOL
    need_tool cargo-cyclonedx "$CYCLONEDX_VERSION"
    CYCLONEDX=$TOOL
}

# need_geckodriver: exports GECKODRIVER, unless it is set already.
need_geckodriver() {
    if [ -z "${GECKODRIVER:-}" ]; then
        need_tool geckodriver "$GECKODRIVER_VERSION"
        GECKODRIVER=$TOOL
    fi
    export GECKODRIVER
}

# need_tool CRATE VERSION: sets TOOL to the program of that name. An installed one is used; otherwise it is built, without
# optimisation: compiling takes longer than all of its runs.
need_tool() {
    local tools=$SIGNOFF_HOME/tools
    TOOL=$(command -v "$1" || true)
    [ -z "$TOOL" ] || return 0
    TOOL=$tools/bin/$1
    # A subcommand of cargo may know its version only under that name.
    case "$("$TOOL" --version 2>/dev/null || "$TOOL" "${1#cargo-}" --version 2>/dev/null || true) " in
        "$1 $2"[[:space:]]* | "$1-${1#cargo-} $2"[[:space:]]*) return 0 ;;
    esac
    step "$1 $2 is built, once for this SIGNOFF_HOME"
    CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0 CARGO_TARGET_DIR=$tools/target run_child \
        cargo install --locked --debug --quiet --force --root "$tools" --version "$2" "$1" ||
        fail "$1 could not be built (see above)."
    rm -rf "$tools/target"
}
