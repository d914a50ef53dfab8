# Two commands do everything; both work on a fresh machine that has Python 3.11 or newer, make and git.
#   make demo    an environment in .venv, and the sample article cleaned
#   make check   an environment with the developers' tools, and every check
# And `make docs` builds the site in site/, strictly; `make test-engines` installs Ray and Spark, and runs the tests with
# them.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo check lint types test test-engines gate docs clean

demo: $(VENV)/.installed
	@echo
	@echo "--- examples/ferry.txt, what cleaning it changes ---"
	@$(BIN)/cleaner clean --diff examples/ferry.txt
	@echo
	@echo "Now yours: $(BIN)/cleaner clean FILE"

check: lint types gate test

lint: $(VENV)/.developer
	$(BIN)/ruff check .

types: $(VENV)/.developer
	$(BIN)/mypy

gate: $(VENV)/.developer
	$(BIN)/cleaner evaluate --gate

test: $(VENV)/.developer
	$(BIN)/python -m pytest -n 2

# Ray and Spark are large (600 MB), and Spark needs Java 17; so they are not part of `check`.
test-engines: $(VENV)/.engines
	$(BIN)/python -m pytest -m engines tests

docs: $(VENV)/.developer
	$(BIN)/python docs/make_reference.py
	$(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf $(VENV) dist site .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "cleaner needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.developer: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.engines: $(VENV)/.developer
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,ray,spark]'
	@touch $@
