#!/usr/bin/env bash
# `make fuzz`: runs each fuzz target for SECONDS_EACH (default 600), on a nightly toolchain. ARGS names targets.
# Findings are written to fuzz/artifacts; add them, minimised, to fuzz/corpus once the fault is fixed.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

FUZZ_VERSION=0.13.2

cd "$ROOT"
need_rust
open_home
rustup toolchain list 2>/dev/null | grep -q nightly || fail 'fuzzing needs a nightly toolchain: rustup toolchain install nightly'
tools=$SIGNOFF_HOME/tools
FUZZ=$(command -v cargo-fuzz || true)
if [ -z "$FUZZ" ]; then
    FUZZ=$tools/bin/cargo-fuzz
    if [ ! -x "$FUZZ" ]; then
        step "cargo-fuzz $FUZZ_VERSION is built, once for this SIGNOFF_HOME"
        run_child cargo install --locked --debug --quiet --root "$tools" --version "$FUZZ_VERSION" cargo-fuzz ||
            fail 'cargo-fuzz could not be built (see above).'
    fi
fi
# All of this project's code is safe Rust, so an address sanitizer would find nothing more, at twice the time.
export SQLX_OFFLINE=true
run() { rustup run nightly "$FUZZ" "$@"; }
targets=${*:-$(cd fuzz/fuzz_targets && basename -s .rs -- *.rs)}
found=
for target in $targets; do
    step "$target, for ${SECONDS_EACH:-600} s"
    # New inputs go to a separate folder; the stored corpus is small and selected.
    mkdir -p "$SIGNOFF_HOME/fuzz/$target"
    run run --sanitizer none "$target" "$SIGNOFF_HOME/fuzz/$target" "fuzz/corpus/$target" -- \
        -max_total_time="${SECONDS_EACH:-600}" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 || found="$found $target"
done
[ -z "$found" ] || fail "something was found by:$found (see fuzz/artifacts)"
