#!/usr/bin/env bash
# `make demo-bundle`: writes docs/demo-bundle.zip and docs/demo-bundle.key, the bundle of the demo launch and the public
# key to verify it with. They are saved by the test that makes a bundle and verifies it with both verifiers.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

export SIGNOFF_KEEP_BUNDLE=$ROOT/docs/demo-bundle.zip
"$ROOT/scripts/test.sh" --test main verification::demo
say "$SIGNOFF_KEEP_BUNDLE: target/debug/signoff verify docs/demo-bundle.zip --key \"\$(cat docs/demo-bundle.key)\""
