# Each target does all of its own set-up. `make run PORT=8080 PORTAL_HOME=/srv/data` chooses port and data folder.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Tools that would write to the user's home write here.
CACHE := $(CURDIR)/.cache
export XDG_CACHE_HOME := $(CACHE)
export PIP_CACHE_DIR := $(CACHE)/pip
export npm_config_cache := $(CACHE)/npm
export NODE_COMPILE_CACHE := $(CACHE)/node
export MPLCONFIGDIR := $(CACHE)/matplotlib
export NUMBA_CACHE_DIR := $(CACHE)/numba
export HYPOTHESIS_STORAGE_DIRECTORY := $(CACHE)/hypothesis
export PLAYWRIGHT_BROWSERS_PATH := $(CACHE)/browsers
export MYPY_CACHE_DIR := $(CACHE)/mypy
export RUFF_CACHE_DIR := $(CACHE)/ruff
export PYTEST_DEBUG_TEMPROOT := $(CACHE)/tmp
# pip asks rustc for its version, and rustup then makes a home.
export RUSTUP_HOME := $(CACHE)/rustup
export PYTHONNOUSERSITE := 1

PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest

.PHONY: help set-up demo test run bench soak attack lint style types imports migrations pytest messages clean

help:
	@echo "make demo | test | run | bench | soak | attack | lint | messages | clean"

set-up:
	@deploy/set-up

demo: set-up
	@exec $(PYTHON) manage.py demo

run: set-up
	@exec $(PYTHON) -m portal.embedded --tied

bench: set-up
	@exec $(PYTHON) manage.py bench --all

soak: set-up
	@$(PYTEST) -m soak

attack: set-up
	@$(PYTEST) tests/attacks -m "soak or not soak"

test: lint pytest

# Find new and changed strings and write them into the catalogues; what is gone goes.
messages: set-up
	@$(PYTHON) -m babel.messages.frontend --quiet extract --mapping babel.cfg --keywords gettext_lazy \
		--keywords ngettext_lazy:1,2 --no-location --sort-output --output-file $(CACHE)/django.pot .
	@$(PYTHON) -m babel.messages.frontend --quiet update --domain django --input-file $(CACHE)/django.pot \
		--output-dir portal/locale --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 110

lint: style types imports migrations

style: set-up
	@echo "== ruff"
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check .

types: set-up
	@echo "== mypy"
	@PORTAL_OFFLINE=1 .venv/bin/mypy .
	@echo "== tsc"
	@PATH="$(CURDIR)/.venv/bin:$$PATH" npm --prefix portal/ui run --silent check

imports: set-up
	@echo "== import-linter"
	@PORTAL_OFFLINE=1 .venv/bin/lint-imports --no-logo --cache-dir $(CACHE)/import_linter

migrations: set-up
	@echo "== migrations"
	@PORTAL_OFFLINE=1 $(PYTHON) manage.py makemigrations --check --dry-run

pytest: set-up
	@echo "== pytest"
	@$(PYTEST) -n 3 --dist loadgroup -m "not soak"

# The data of `make run` (.portal) stays.
clean:
	rm -rf .cache .venv portal/ui/node_modules portal/ui/dist staticfiles bench.json
	find portal/locale -name '*.mo' -delete 2>/dev/null || true
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
