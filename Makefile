# Everything a newcomer needs is `make demo` and `make test`; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENVS := .venv
PIPELINE := $(VENVS)/pipeline
SUPERSET := $(VENVS)/superset
SQL := $(VENVS)/sql
BIN := $(PIPELINE)/bin
PACKAGES := alerts connectors dags delivery demo expectations kota lake record reports warehouse

# Settings of the demo, each overridable: make demo CITIZENS=2000 SERVE=0
CITIZENS ?= 20000
SERVE ?= 1
export CITIZENS
# Where this is set, every program compiles all its packages anew at each start, which takes longer
# than most of what they do.
unexport PYTHONDONTWRITEBYTECODE
# How the tests are spread: two files at a time; those that share servers stay together
# (tests/conftest.py). SPREAD= runs one after the other.
SPREAD ?= --numprocesses 2

.PHONY: help
help: ## List every target
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  Settings:    make demo CITIZENS=20000 SERVE=1 SEED=… SUPERSET_PORT=8088 AIRFLOW_PORT=8080 DOCS_PORT=8090"

.PHONY: demo
demo: setup ## Bring up the demo city: legacy apps, Airflow, lake, warehouse, Superset; Ctrl-C ends it
	@$(BIN)/python -m demo up $(if $(filter 0,$(SERVE)),--no-serve,--serve)

.PHONY: advance
advance: setup ## Let one day pass in the running demo city, so that a second run finds something
	@. "$${KOTA_HOME:-var}/demo/env.sh" && $(BIN)/python -m demo advance

.PHONY: test
test: check test-system ## Run every check and test
	@$(BIN)/python -m pytest $(SPREAD) -m "integration or e2e"

.PHONY: nightly
nightly: setup-test ## Play 500 seeded stories of faults (FAULT_SCHEDULES=… for more), 20 nights in a row, and every dashboard as every role on every screen
	@FAULT_SCHEDULES="$${FAULT_SCHEDULES:-500}" $(BIN)/python -m pytest tests/faults
	@EVERY_NIGHT=1 $(BIN)/python -m pytest tests/chain/test_followed_nights.py
	@EVERY_SCREEN=1 $(BIN)/python -m pytest -m "integration or e2e" tests/reports/test_dashboards.py tests/e2e

.PHONY: check
check: setup-test ## Run the fast checks: format, lint, types, SQL, shell, unit tests
	@scripts/check.sh

.PHONY: format
format: setup-test ## Format Python and SQL
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(SQL)/bin/sqlfluff fix --quiet dbt_project

.PHONY: run
run: setup ## Extract, build, audit and publish the running demo city without Airflow
	@. "$${KOTA_HOME:-var}/demo/env.sh" && $(BIN)/kota run

.PHONY: setup
setup: $(PIPELINE)/.ready $(SUPERSET)/.ready ## Make the two locked environments, with uv

.PHONY: setup-test
setup-test: setup $(PIPELINE)/.ready-test $(SQL)/.ready

.PHONY: test-system
test-system:
	@scripts/test_system.sh

$(PIPELINE)/.ready: requirements/pipeline.txt pyproject.toml
	@scripts/venv.sh $(PIPELINE) requirements/pipeline.txt
	@scripts/uv.sh pip install --quiet --python $(PIPELINE) --no-deps --no-build-isolation --editable .
	@touch $@

$(PIPELINE)/.ready-test: $(PIPELINE)/.ready requirements/test.txt
	@scripts/uv.sh pip install --quiet --python $(PIPELINE) --require-hashes --requirement requirements/test.txt
	@touch $@

$(SUPERSET)/.ready: requirements/superset.txt
	@scripts/venv.sh $(SUPERSET) requirements/superset.txt
	@touch $@

$(SQL)/.ready: requirements/sql.txt
	@scripts/venv.sh $(SQL) requirements/sql.txt
	@touch $@

connectors/app.schema.json: connectors/registry.py connectors/schema.py
	@$(BIN)/kota sources schema > $@

.PHONY: lock
lock: ## Resolve the requirements anew and write the locked files with hashes
	@scripts/lock.sh

.PHONY: benchmark
benchmark: setup ## Measure the chain on this machine (docs/benchmarks.md)
	@$(BIN)/python -m benchmarks.chain

.PHONY: benchmark-extract
benchmark-extract: setup ## Measure extraction beside its peers; ARGS="table --rows 200000" for less
	@$(BIN)/python -m benchmarks.extract $(ARGS)

.PHONY: benchmark-warehouse
benchmark-warehouse: setup ## Measure full and nightly builds; ARGS="--citizens 2000000" for a large city
	@$(BIN)/python -m benchmarks.warehouse $(ARGS)

.PHONY: benchmark-charts
benchmark-charts: setup ## Measure every chart beside its own SQL, on what KOTA_HOME has published
	@$(BIN)/python -m benchmarks.charts $(ARGS)

.PHONY: benchmark-officials
benchmark-officials: setup ## Let fifty officials click while snapshots are published; ARGS="--officials 10"
	@$(BIN)/python -m benchmarks.officials $(ARGS)

.PHONY: benchmark-record
benchmark-record: setup ## Measure `kota verify` on a year of daily batches; ARGS="365 40" days and tables
	@$(BIN)/python -m benchmarks.record $(ARGS)

.PHONY: clean
clean: ## Remove the state of the demo city; environments stay
	@rm -rf var dbt_project/target dbt_project/logs
