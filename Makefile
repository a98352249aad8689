# Everything a person does with the checkout; each target makes what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

SINCE ?= HEAD

.PHONY: help run demo test mypy compiled check fresh bench soak browser pictures clean

help:
	@echo "make run    start the bot (without config.ini: with an IRC server of its own)"
	@echo "make demo   play the incident of 2019 with Wikimedia's settings and a live one, and write reports to var/demo/"
	@echo "make test   lint, types, import contracts and every test this machine can run"
	@echo "make fresh  run, demo and test on a bare Debian 12 and 13 (20 minutes, as root; SUITE=trixie for one)"
	@echo "make check  lint, types, contracts and the tests of what changed, in a minute"
	@echo "make bench  measure it beside other bots, into docs/benchmarks.md (12 to 20 minutes)"
	@echo "make soak   let the bot work for half an hour: does it end as it began?"
	@echo "make browser  the site in a browser (needs chromium; with axe-core: npm install --no-save axe-core)"
	@echo "make pictures  the pages and reports as a browser shows them, into var/pictures/ (needs chromium)"
	@echo "make clean  remove what make made (not var/, where the record lies)"

run: $(VENV)/installed
	@exec $(BIN)/python bot.py run

demo: $(VENV)/installed
	@exec $(BIN)/python bot.py demo

# Unbuffered, so that the dots are shown as they come, in a pipe too. The tests start hundreds of processes, which would
# all compile the same modules where the environment keeps Python from writing what it compiled.
test check: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/installed-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target mypy compiled
	$(BIN)/lint-imports
	$(BIN)/python -u -m pytest

mypy:
	$(BIN)/mypy

# In a new checkout pytest compiles each module of the tests: once, while mypy works, and not in each worker.
compiled:
	@$(BIN)/python -m pytest --collect-only --quiet --quiet -n 0 > /dev/null || true

fresh:
	@.ci/fresh $(SUITE)

# The tests of all that changed since a revision, nearest first: make check SINCE=HEAD~3
check: $(VENV)/installed-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.affected $(SINCE)

bench: $(VENV)/installed-bench
	$(BIN)/python -m tests.bench $(BENCH)

soak: $(VENV)/installed-test
	$(BIN)/python -m tests.bench.soak 30

# The site in Debian's Chromium; not a part of make test, as a browser takes minutes.
browser: $(VENV)/installed-test
	$(BIN)/python -u -m pytest -n 2 tests/browser

pictures: $(VENV)/installed-test
	$(BIN)/python -m tests.pictures

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# The program is run from its checkout, so only its dependencies are installed: those of pyproject.toml.
$(VENV)/installed $(VENV)/installed-test $(VENV)/installed-bench: $(VENV)/installed%: pyproject.toml | $(VENV)/bin/pip
	@$(BIN)/python deploy/install.py $(patsubst -%,%,$*)
	@touch $@

# sudo is named only where it is there and needed.
APT = $(shell [ "$$(id -u)" = 0 ] || ! command -v sudo > /dev/null || printf 'sudo ')apt-get install

$(VENV)/bin/pip:
	@command -v $(PYTHON) > /dev/null || { echo "Python is missing: $(APT) python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))" \
	  || { echo "Python 3.11 to 3.13 is needed; name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2> /dev/null \
	  || { echo "python3-venv is missing: $(APT) python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
