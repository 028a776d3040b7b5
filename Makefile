# Everything a person or a machine does with Budilnik. `make help` lists the targets.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: install demo test test-spark check bench bench-large soak lock messages postgres browser help

PYTHON := .venv/bin/python
PYTEST := .venv/bin/pytest
ON_POSTGRES := $(PYTHON) tests/postgres.py run --
ASSETS := frontend/package-lock.json frontend/build.mjs frontend/icons.json $(wildcard frontend/src/* frontend/src/*/*)
PO := $(wildcard src/budilnik/locale/*/LC_MESSAGES/django.po)

install: .venv/.runtime .venv/.assets messages ## what is needed to run, in .venv

demo: install ## the made-up supplier of fasteners, in two or three minutes; needs no database server
	.venv/bin/budilnik demo

test: .venv/.dev .venv/.assets messages postgres browser ## every test on SQLite, the database tests on PostgreSQL again
	$(PYTEST) -n 2
	$(ON_POSTGRES) $(PYTEST) -n 2 -m "database and not browser"

check: .venv/.dev .venv/.assets messages ## style, types, directions of import, sizes, locks, full branch coverage of the core
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON) benchmarks/sizes.py
	@! grep -n http requirements*.lock || { echo "the locks must name no host"; exit 1; }
	@! grep -n '"resolved"' frontend/package-lock.json || { echo "the locks must name no host"; exit 1; }
	$(PYTEST) tests/core --cov=budilnik.core --cov-branch --cov-fail-under=100 --cov-report=term-missing:skip-covered

bench: .venv/.dev .venv/.assets messages postgres ## the figures of the README
	$(PYTHON) benchmarks/morning.py
	$(PYTHON) benchmarks/imports.py
	$(PYTHON) benchmarks/workplace.py
	$(PYTHON) benchmarks/levelling.py

bench-large: .venv/.dev .venv/.assets messages postgres ## the same at the size of a large firm; takes long
	$(PYTHON) benchmarks/morning.py --large
	$(PYTHON) benchmarks/imports.py --large

soak: .venv/.dev .venv/.assets messages postgres browser ## the tests too long for every day, on both databases
	$(PYTEST) -n 2 -m soak --hypothesis-profile=soak
	$(ON_POSTGRES) $(PYTEST) -n 2 -m soak --hypothesis-profile=soak

test-spark: .venv/.dev ## every value of insight on Apache Spark itself, beside DuckDB; fetches Spark and Java
	.ci/bootstrap spark
	$(PYTHON) tests/spark.py run -- $(PYTEST) tests/analytics/test_engines_agree.py

lock: ## resolve the requirement locks anew, with hashes and without host names
	.ci/bootstrap lock

messages: .venv/.runtime $(PO:.po=.mo) ## compile the translations

postgres: # the server's programs only; tests start a cluster of their own
	@.ci/bootstrap postgres

browser: # Chromium, for the tests of the screens
	@.ci/bootstrap browser

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# One environment serves both: once it has the development tools, running the demo does not strip them.
.venv/.runtime: requirements.lock pyproject.toml .python-version .ci/bootstrap
	.ci/bootstrap runtime

.venv/.dev: requirements.lock requirements-dev.lock pyproject.toml .python-version .ci/bootstrap
	.ci/bootstrap dev

# What other packages bring to the browser is collected too, hence the lock.
.venv/.assets: $(ASSETS) requirements.lock .ci/bootstrap | .venv/.runtime
	.ci/bootstrap assets

%.mo: %.po
	.venv/bin/pybabel compile -f -i $< -o $@
