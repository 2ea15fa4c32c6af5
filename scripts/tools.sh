# shellcheck shell=bash
# The one tool that is built for the checks, stored under SIGNOFF_HOME. Sourced after lib.sh.

DENY_VERSION=0.20.2

# need_deny: sets DENY. An installed one is used; otherwise it is built, without optimisation: it runs for a second, and
# compiling takes most of the time.
need_deny() {
    local tools=$SIGNOFF_HOME/tools
    DENY=$(command -v cargo-deny || true)
    [ -z "$DENY" ] || return 0
    DENY=$tools/bin/cargo-deny
    [ "$("$DENY" --version 2>/dev/null)" != "cargo-deny $DENY_VERSION" ] || return 0
    step "cargo-deny $DENY_VERSION is built, once for this SIGNOFF_HOME"
    CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0 CARGO_TARGET_DIR=$tools/target run_child \
        cargo install --locked --debug --quiet --force --root "$tools" --version "$DENY_VERSION" cargo-deny ||
        fail 'cargo-deny could not be built (see above).'
    rm -rf "$tools/target"
}
