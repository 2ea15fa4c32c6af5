#!/usr/bin/env bash
# `make test-kubernetes`: renders deploy/kubernetes with kustomize, and compares every resource with the schemas that Kubernetes
# publishes, without a cluster. The schemas are those of kubernetes-validate, from PyPI, in an environment of its own.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

VALIDATE_VERSION=1.37.0
VERSIONS='1.30 1.37'

open_home
command -v kubectl >/dev/null || fail 'kubectl is missing, which renders the manifests.'
tools=$SIGNOFF_HOME/tools/kubernetes-validate-$VALIDATE_VERSION
if [ ! -x "$tools/bin/kubernetes-validate" ]; then
    python3 -m venv "$tools" && "$tools/bin/pip" install --quiet "kubernetes-validate==$VALIDATE_VERSION" ||
        fail 'kubernetes-validate could not be installed (see above).'
fi
rendered=$(mktemp)
trap 'rm -f "$rendered"' EXIT
kubectl kustomize "$ROOT/deploy/kubernetes/base" >"$rendered"
for version in $VERSIONS; do
    "$tools/bin/kubernetes-validate" --strict --quiet -k "$version" "$rendered" || fail "not what Kubernetes $version accepts (see above)."
done
say "$(grep -c '^kind:' "$rendered") resources fit the schemas of Kubernetes $VERSIONS."
