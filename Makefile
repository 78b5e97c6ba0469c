# SPDX-License-Identifier: Apache-2.0
# make run     install what is missing, build, start with simulated agents, print the address
# make test    install what is missing, build, run every test
.DEFAULT_GOAL := build
.PHONY: setup setup-build web build run test unit web-test clients-test e2e-test fuzz crash faults soak sanitize asan \
        tsan check lint lint-changed interop bench clean
SHELL := /bin/bash

JOBS ?= $(shell nproc)
BINARY := build/release/sightline
export SIGHTLINE_BIN ?= $(CURDIR)/$(BINARY)

setup-build:
	tools/setup build

setup:
	tools/setup test

# The web interface is built again only when its sources changed.
WEB_SOURCES := $(shell find web/src web/index.html web/package-lock.json web/vite.config.ts -type f 2>/dev/null)

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --silent
	touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run --silent build
	touch $@

web: web/dist/index.html

build: setup-build web
	@mkdir -p build
	cmake --preset release >build/release-configure.log 2>&1 || { cat build/release-configure.log; exit 1; }
	cmake --build build/release -j$(JOBS) --target sightline

run: build
	$(BINARY) serve --demo --data-dir data

# Everything, in the order in which a mistake shows soonest.
test: setup web
	tools/run_tests

unit:
	cmake --preset release >/dev/null && cmake --build build/release -j$(JOBS)
	ctest --test-dir build/release --output-on-failure -j$(JOBS)

fuzz:
	fuzz/run 60

# 1,000 rounds of a kill or a stop; `make test` does 20.
crash: export CRASH_ROUNDS ?= 1000
crash: build
	/usr/bin/python3 test/e2e/crash_test.py

# Each kind of call of the disk fails, several times over; `make test` lets ten fail.
faults: export FAULTS ?= 300
faults: build
	/usr/bin/python3 test/e2e/disk_faults_test.py

# Half an hour at 10,000 spans a second, with readers, and with live clients that come, stall and vanish.
soak: build
	cmake --build build/release -j$(JOBS) --target sightline_load
	/usr/bin/python3 test/e2e/soak.py

asan:
	cmake --preset asan >/dev/null && cmake --build build/asan -j$(JOBS)
	ctest --test-dir build/asan --output-on-failure -j$(JOBS)

# The folders that have threads; the others are pure.
TSAN_TESTS := base net journal store live repricing ingest demo api server
tsan:
	cmake --preset tsan >/dev/null && cmake --build build/tsan -j$(JOBS) \
	  $(foreach test,$(TSAN_TESTS),--target sightline_$(test)_test)
	ctest --test-dir build/tsan --output-on-failure -j$(JOBS) -R '^($(subst $(eval) ,|,$(TSAN_TESTS)))$$'

sanitize: asan tsan

# What a tool can check is not argued in review.
check:
	tools/setup lint
	tools/check_layers
	tools/check_format
	tools/check_headers

lint:
	tools/lint

# As much as six minutes allow; what is left out is named.
lint-changed: export SIGHTLINE_LINT_SECONDS ?= 360
lint-changed:
	tools/setup lint
	tools/lint --changed

interop: build
	test/interop/run.sh

# make bench -- --spans 10M    what stands after -- is for bench/run
ifeq (bench,$(firstword $(MAKECMDGOALS)))
BENCH_ARGUMENTS := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))
ifneq (,$(BENCH_ARGUMENTS))
.PHONY: $(BENCH_ARGUMENTS)
$(BENCH_ARGUMENTS): bench ; @:
endif
endif

bench: build
	cmake --build build/release -j$(JOBS)
	bench/run $(BENCH_ARGUMENTS)

clean:
	rm -rf build web/dist
