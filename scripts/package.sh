#!/usr/bin/env bash
# `make package`: the Debian package, an archive for other distributions, a list of all components (SBOM, CycloneDX) and the
# checksums of the three, in target/package. ARCH=arm64 compiles for the other architecture: with Debian's cross compiler,
# and `rustup target add aarch64-unknown-linux-gnu`. PROFILE=dev takes a build that is quick to make, for tests.
#
# The same sources and toolchain make the same bytes: times are those of the commit, and paths of this machine are
# replaced.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/tools.sh"

PROFILE=${PROFILE:-release}
ARCH=${ARCH:-$(dpkg --print-architecture)}
OUT=$ROOT/target/package
[ "$PROFILE" = release ] || OUT=$ROOT/target/package-$PROFILE

set_target() {
    case $ARCH in
        amd64) TARGET=x86_64-unknown-linux-gnu ;;
        arm64) TARGET=aarch64-unknown-linux-gnu ;;
        *) fail "ARCH is amd64 or arm64, not $ARCH." ;;
    esac
    [ "$ARCH" != "$(dpkg --print-architecture)" ] || return 0
    [ "$ARCH" = arm64 ] || fail "from here, a package can be made for this architecture and for arm64."
    need cross_arm64
    [ -d "$(rustc --print target-libdir --target "$TARGET")" ] ||
        fail "Rust's library for arm64 is missing. With rustup: rustup target add $TARGET"
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc CC_aarch64_unknown_linux_gnu=aarch64-linux-gnu-gcc
}

# A build of its own, whose flags do not make the other builds stale.
build() {
    export SQLX_OFFLINE=true SOURCE_DATE_EPOCH
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0)
    arguments=(--locked --bin signoff --profile "$PROFILE")
    if [ "$PROFILE" = release ]; then
        export CARGO_TARGET_DIR=$ROOT/target/packaging CARGO_INCREMENTAL=0
        export RUSTFLAGS="--remap-path-prefix=$ROOT=/src --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
        arguments+=(--target "$TARGET")
    fi
    [ -n "${NO_BUILD:-}" ] || run_child cargo build "${arguments[@]}" || fail 'the build failed (see above).'
}

make_deb() {
    local arguments=(--no-build --no-strip --profile "$PROFILE" --output "$OUT/")
    if [ "$PROFILE" = release ]; then arguments+=(--target "$TARGET"); else arguments+=(--fast); fi
    run_child "$DEB_TOOL" "${arguments[@]}" >/dev/null || fail 'the package could not be made (see above).'
    DEB=$(echo "$OUT"/signoff_*_"$ARCH".deb)
}

# The same files as in the package.
make_archive() {
    dpkg-deb --fsys-tarfile "$DEB" | gzip -9 --no-name >"$OUT/signoff-$VERSION-linux-$ARCH.tar.gz"
}

make_sbom() {
    local name=signoff-$VERSION-linux-$ARCH.cdx
    run_child "$CYCLONEDX" cyclonedx --quiet --format json --spec-version 1.5 --target "$TARGET" \
        --override-filename "$name" || fail 'the list of components could not be made (see above).'
    sed "s#file://$ROOT#file:///src#g" "$ROOT/$name.json" >"$OUT/$name.json"
    rm "$ROOT/$name.json"
}

cd "$ROOT"
need_rust
open_home
command -v dpkg-deb >/dev/null || fail 'a Debian package is made on Debian or Ubuntu.'
need compiler
set_target
need_packaging
VERSION=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
build
rm -rf "$OUT"
mkdir -p "$OUT"
make_deb
make_archive
make_sbom
(cd "$OUT" && sha256sum -- * >SHA256SUMS)
say "in ${OUT#"$ROOT"/}:"
(cd "$OUT" && ls -l --human-readable --no-group -o -- * >&2)
