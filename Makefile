# make help says what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help
help: ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# A virtual environment is as good as the requirements it was filled from: their digest is its stamp.
.PHONY: venv venv-dev
venv:
	@tools/venv.sh $(PYTHON) $(VENV) requirements.txt
venv-dev:
	@tools/venv.sh $(PYTHON) $(VENV) requirements.txt requirements-dev.txt

.PHONY: run
run: venv ## start Sala on http://127.0.0.1:8000, with demo data at the first start; Ctrl-C stops it
	@tools/run.sh $(BIN) $(HOST) $(PORT)

.PHONY: test
test: venv-dev ## run every test, on SQLite and on PostgreSQL and Redis where they answer
	@tools/test.sh $(BIN) $(ARGS)

.PHONY: lint
lint: venv-dev ## style, types and arrows between the packages
	@set -x
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: translate
translate: venv ## collect the strings, ours and the libraries', into the catalogues, compile, and say what they lack
	@$(BIN)/python tools/translate.py
	$(BIN)/flask sala translations -v

.PHONY: migrate
migrate: venv ## write a revision from what the models have and the tables lack: make migrate m="add x"
	@test -n "$(m)" || { echo 'make migrate m="what it does"' >&2; exit 1; }
	PYTHONPATH=. $(BIN)/alembic -c migrations/alembic.ini revision --autogenerate -m "$(m)"

.PHONY: bench
bench: venv-dev ## run the benchmarks; they print figures: make bench [ARGS="audit outbox"]
	@$(BIN)/python -m bench $(ARGS)
