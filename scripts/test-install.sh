#!/usr/bin/env bash
# `make test-install`: takes the commands of docs/install.md, section "By hand", out of the page and runs them in a scratch
# root, then looks at the result through nginx and Caddy: sign-in, a large upload, live events, what the logs have. Needs
# root, since it installs packages there; this machine is not changed. PROFILE=release takes a build as it is shipped.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/scratch-root.sh"

export PROFILE=${PROFILE:-dev}
need postgres redis proxies
"$ROOT/scripts/package.sh"
export PACKAGES=$ROOT/target/package
[ "$PROFILE" = release ] || PACKAGES+=-$PROFILE
in_scratch_root tests/install/walk.sh
