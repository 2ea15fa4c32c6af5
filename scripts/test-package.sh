#!/usr/bin/env bash
# `make test-package`: makes the package, installs it in a scratch root, runs what its units run, and removes it: what is
# left must be data. Needs root, since it installs there; this machine is not changed. PROFILE=release takes a build as it
# is shipped.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/scratch-root.sh"

export PROFILE=${PROFILE:-dev}
need postgres redis
"$ROOT/scripts/package.sh"
export PACKAGES=$ROOT/target/package
[ "$PROFILE" = release ] || PACKAGES+=-$PROFILE
in_scratch_root tests/install/package.sh
