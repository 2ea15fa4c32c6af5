# Everything a person runs. Each target is one script in scripts/, which says what it does and why.

.DEFAULT_GOAL := help
.PHONY: help run test test-faults test-firefox test-random check package test-package test-install test-ha test-kubernetes measure-upload bench bench-scale fuzz sqlx screenshots demo-bundle fmt psql stop clean-local compose-env

help: ## list these
	@echo 'make TARGET, where TARGET is one of:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do \
		printf '  %-14s %s\n' "$$target" "$$text"; done
	@echo
	@echo 'Settings are environment variables; .env.example and docs/running.md have them all.'

run: ## get what is missing, build, and serve with demo people (DEMO=no without; PROFILE=release)
	@scripts/run.sh

test: ## run every test, the browser included (ARGS='...' goes to the test runner)
	@scripts/test.sh $(ARGS)

test-faults: ## break servers, stores, disks and networks under load (not part of `make test`; ARGS as there; TIME_LIMIT=seconds)
	@scripts/test-faults.sh $(ARGS)

test-firefox: ## run the journeys in Firefox (not part of `make test`; ARGS as there)
	@scripts/test-firefox.sh $(ARGS)

test-random: ## run the property tests with new random inputs (PROPTEST_CASES=2000 for each)
	@PROPTEST_RNG_SEED=$$(od -An -N6 -tu8 /dev/urandom | tr -d ' ') PROPTEST_CASES=$${PROPTEST_CASES:-2000} \
		scripts/test.sh $(or $(ARGS),--lib domain::)

check: ## format, lints, queries, dependencies: what .ci/run checks before the tests
	@scripts/check.sh

package: ## make the Debian package, an archive, the list of components and checksums (ARCH=arm64, PROFILE=dev)
	@scripts/package.sh

test-package: ## install the package in a scratch root, run its units, remove it (as root; PROFILE=release as shipped)
	@scripts/test-package.sh

test-install: ## run the commands of docs/install.md in a scratch root, through nginx and Caddy (as root)
	@scripts/test-install.sh

test-ha: ## kill the primary, the Redis master and a machine while people work, and compare what was acknowledged (as root)
	@scripts/test-ha.sh

test-kubernetes: ## compare the manifests of deploy/kubernetes with the published schemas
	@scripts/test-kubernetes.sh

measure-upload: ## how much memory a 1 GB upload takes (PROFILE=dev, MEGABYTES=n)
	@scripts/measure-upload.sh

bench: ## measure what it costs to work together on a launch (ARGS names what: pages, bulk, history, browser, open_pages)
	@scripts/bench.sh $(ARGS)

bench-scale: ## measure the pages across launches with 10, 100 and 1,000 launches (SIGNOFF_SCALE_SIZES, SIGNOFF_SCALE_ITEMS)
	@scripts/bench.sh scale

fuzz: ## run the fuzz targets on a nightly toolchain (SECONDS_EACH=600; ARGS names targets)
	@scripts/fuzz.sh $(ARGS)

sqlx: ## write .sqlx anew, after a query or a migration has changed
	@scripts/sqlx.sh

screenshots: ## take the pictures of docs/screenshots anew, of the demo (ALL=yes: of every page, into target/pages)
	@scripts/screenshots.sh

demo-bundle: ## make docs/demo-bundle.zip, the bundle of the demo launch, and the key to verify it with
	@scripts/demo-bundle.sh

fmt: ## format the sources
	@cargo fmt

psql: ## open the database of a running `make run`, as its owner
	@scripts/psql.sh

stop: ## end whatever of this working copy still runs
	@scripts/stop.sh

clean-local: ## stop, and delete the private data (asks first; YES=1 does not)
	@scripts/clean.sh

compose-env: ## write .env, and the folder secrets with new passwords, for docker compose
	@scripts/compose-env.sh

export ALL ARCH DEMO MEGABYTES PROFILE SECONDS_EACH TIME_LIMIT YES
