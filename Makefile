# What people and machines do here. `make` lists it.

VENV := .venv
BIN := $(VENV)/bin
# Twice quiet: only what went wrong is worth a line.
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --quiet
ARGS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
# Containers are often told so; then every process of the tests would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

# ── Run it ──────────────────────────────────────────────────────────────────────────────────────

.PHONY: run
run: $(VENV)/.runs ## Serve on http://127.0.0.1:8000 (ARGS="--port 9000" and so on)
	@exec $(BIN)/kabar serve $(ARGS)

.PHONY: demo
demo: $(VENV)/.runs ## Put a few people, rooms and messages into an empty data folder
	@$(BIN)/kabar demo $(ARGS)

.PHONY: ui
ui: node_modules/.installed ## Bundle the web UI, for whom a line is slow; served while its sources are the same
	@node scripts/build_ui.mjs

.PHONY: wheel
wheel: ui $(VENV)/.develops ## Build a wheel with the bundled UI into dist/
	@$(BIN)/python -m pip wheel --disable-pip-version-check --quiet --no-deps --wheel-dir dist .

# ── Prove it ────────────────────────────────────────────────────────────────────────────────────

# Two workers for each core, with servers of their own, since tests wait as long as they compute.
# WORKERS=0: one test after the other, in one process, as for a single file, which is done before
# workers have started.
WORKERS ?= $(if $(findstring .py,$(ARGS)),0,$(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN)))))
PYTEST = $(BIN)/python -m pytest --numprocesses $(WORKERS)

.PHONY: test
test: tools $(VENV)/.develops node_modules/.installed ## Run every test, with real databases, clients and browsers
	@$(PYTEST) --dist worksteal --durations 20 --durations-min 1 $(ARGS)

.PHONY: test-quick
test-quick: $(VENV)/.develops node_modules/.installed ## Run what starts no server and no browser, nearest to your change first, for 90 seconds
	@$(PYTEST) --dist load --maxschedchunk 8 --near -m "quick and not hypothesis" $(ARGS)

.PHONY: check
check: $(VENV)/.develops ## Lint, format, types, import contracts, the house's own rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory check-ui; \
	else echo "check-ui: skipped, because Node is not installed"; fi
	$(BIN)/python -m pytest -q tests/house

.PHONY: check-ui
check-ui: node_modules/.installed ## Check the web UI: types, and who imports whom
	npm run --silent check

.PHONY: autobahn
autobahn: $(VENV)/.develops ## Run all of Autobahn's cases on our WebSocket; writes docs/autobahn.md
	@PYTHONPATH=. $(BIN)/python scripts/run_autobahn.py

.PHONY: bench
bench: $(VENV)/.develops ## Measure fan-out, crowds, sending and reading, half an hour; writes docs/benchmarks.md
	@scripts/install-tools gcc wrk
	@$(BIN)/python -m bench $(ARGS)

.PHONY: bench-stalled
bench-stalled: $(VENV)/.develops ## Measure what a thousand notice of some who stop reading
	@scripts/install-tools gcc
	@$(BIN)/python -m bench.stalled $(ARGS)

.PHONY: bench-flooded
bench-flooded: $(VENV)/.develops ## Measure what somebody notices of a hundred who flood the server
	@$(BIN)/python -m bench.flooded $(ARGS)

# ── Change it ───────────────────────────────────────────────────────────────────────────────────

.PHONY: format
format: $(VENV)/.develops ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

.PHONY: reference
reference: $(VENV)/.develops ## Write the pages of docs/reference that are made from the code
	$(BIN)/python scripts/write_reference.py

.PHONY: picture
picture: tools $(VENV)/.develops ## Take the pictures of the page and of the console anew
	@$(BIN)/python scripts/take_screenshot.py
	@$(BIN)/python scripts/take_console_screenshot.py

.PHONY: lock
lock: $(VENV)/.develops ## Write the lock files anew from pyproject.toml (UPGRADE=1: newest versions)
	@$(PIP) uv
	@$(LOCK) --output-file requirements.lock
	@$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock

# uv knows nothing of what pip is told.
LOCK = $(if $(PIP_INDEX_URL),UV_DEFAULT_INDEX=$(PIP_INDEX_URL)) $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url $(if $(UPGRADE),--upgrade)

# ── Set-up: each stamp is made once, and again when what it depends on has changed ──────────────

$(BIN)/python:
	@scripts/make-venv $(VENV)

$(VENV)/.runs: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing Kabar into $(VENV) (once; it takes a minute or two)"
	@$(PIP) --requirement requirements.lock
	@$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.develops: requirements-dev.lock $(VENV)/.runs
	@echo "Installing what the tests and checks need into $(VENV) (once)"
	@$(PIP) --requirement requirements-dev.lock
	@touch $@

.PHONY: tools
tools: ## Install PostgreSQL, PgBouncer, Redis, Chromium and Node for the tests, where they are missing
	@scripts/install-tools postgresql pgbouncer redis chromium node curl

node_modules/.installed: package-lock.json
	@scripts/install-tools node
	@npm ci --silent
	@touch $@
