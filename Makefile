# Two commands are all a newcomer needs: `make demo` and `make test`. `make help` lists the rest.

# The newest Python of the versions we test that really starts (a version manager's shim may not).
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV ?= .venv
PORT ?= 8000
# Two tests at a time on two cores; one file's tests stay together and share its fixtures. In the order of their names,
# not by how many tests a file has: the browser's few and slow ones would come last and alone.
PYTEST = $(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
# These need no database, or choose one themselves: the second run, on MariaDB, does without them.
NO_DATABASE = $(addprefix --ignore=tests/,charts ctg migrations rules schema)

BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check
CATALOGUES = $(patsubst %.po,%.mo,$(wildcard app/translations/*/LC_MESSAGES/*.po))

# Matplotlib keeps its list of fonts here: built once at installation, never while somebody waits for a strip.
export MPLCONFIGDIR = $(abspath $(VENV))/matplotlib

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo run test check sweep bench bench-quick translations screenshots lock

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.dev $(CATALOGUES) ## make the virtual environment with everything that tests and checks need

demo: $(VENV)/.runtime $(CATALOGUES) ## build the demo world, print its sign-ins, serve it on http://127.0.0.1:8000
	env -u DATABASE_URL DOPPLY_ENV=demo $(BIN)/flask demo build
	env -u DATABASE_URL DOPPLY_ENV=demo $(BIN)/python tools/serve.py --port $(PORT)

run: $(VENV)/.runtime $(CATALOGUES) ## bring the database up to date and serve the real instance (first: flask accounts create-admin)
	DOPPLY_ENV=development $(BIN)/flask db upgrade
	DOPPLY_ENV=development $(BIN)/python tools/serve.py --port $(PORT)

test: $(VENV)/.dev $(CATALOGUES) ## run the tests (all but the markers sweep and fault)
	$(PYTEST) -m "not sweep and not fault"

check: $(VENV)/.dev $(CATALOGUES) ## format, lint, types, layers, templates, tests on MariaDB, then all tests with a sample of the long ones
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet templates
	DOPPLY_TEST_DATABASE=mariadb $(PYTEST) -m "not sweep and not fault" $(NO_DATABASE)
	DOPPLY_SWEEP=sample $(PYTEST)

sweep: $(VENV)/.dev $(CATALOGUES) ## run the long tests in full, and the property tests on new examples
	DOPPLY_SWEEP=full $(BIN)/pytest -m "sweep or fault or hypothesis"

bench: $(VENV)/.dev $(CATALOGUES) ## measure each goal of speed beside its naive peer (docs/performance.md; ARGS=--table keeps the table there)
	$(BIN)/python -m benchmarks $(ARGS)

bench-quick: $(VENV)/.dev $(CATALOGUES) ## the same with a tenth of the stored readings
	$(BIN)/python -m benchmarks --quick $(ARGS)

translations: $(VENV)/.runtime ## bring the catalogues up to date with the sentences in code and templates, and compile them
	$(BIN)/python -m tools.translations
	$(MAKE) --no-print-directory $(CATALOGUES)

# A release must be a week old before we take it: by then most bad ones have been withdrawn.
# One version for every Python: a finding must not depend on the interpreter that computed it.
LOCK = UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-find-links --exclude-newer "7 days" $(ARGS)

screenshots: $(VENV)/.dev $(CATALOGUES) ## take the README's pictures anew from the demo world (needs Chromium)
	env -u DATABASE_URL $(BIN)/python -m tools.screenshots

lock: $(VENV)/.dev ## lock the requirements anew (ARGS=--upgrade takes newer releases)
	$(LOCK) requirements.in --output-file requirements.txt
	$(LOCK) requirements-dev.in --output-file requirements-dev.txt

$(BIN)/python:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Dopply needs Python 3.11 or newer, as python3 on the PATH or by make PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	@$(PIP) --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
	$(PIP) install --quiet --require-hashes --requirement requirements.txt
	$(BIN)/python -c "import matplotlib.font_manager"
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(PIP) install --quiet --require-hashes --requirement requirements.txt --requirement requirements-dev.txt
	@touch $@

%.mo: %.po $(VENV)/.runtime
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
