# Two commands are all that a new machine needs: make demo, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-clients lint docs bench bench-large soak clean

demo: $(VENV)/installed
	@echo '$$ plaintextcrm check'
	@$(BIN)/plaintextcrm check
	@echo; echo '$$ plaintextcrm agenda'
	@$(BIN)/plaintextcrm agenda
	@echo; echo '$$ plaintextcrm export ics'
	@$(BIN)/plaintextcrm export ics
	@echo
	@echo 'Open follow-ups.ics in your calendar app, or subscribe to it: README.md, "Calendar".'
	@echo 'The program is $(BIN)/plaintextcrm (short: $(BIN)/pcrm). Your own: $(BIN)/pcrm init my-clients'

test: $(VENV)/installed-dev
	$(BIN)/pytest -q -n auto --dist loadfile -m 'not clients'

# Real calendar apps and editors; installs them first (Debian, needs root or sudo, and npm).
test-clients: $(VENV)/installed-dev
	sh tests/clients/install.sh $(VENV)
	$(BIN)/pytest -q -m clients

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# The reference pages that are made from the code.
docs: $(VENV)/installed-dev
	$(BIN)/python -m tests.reference docs

# Tables of times beside floors and other programs, some ten minutes; `make bench ARGS=--write` puts
# them into docs/speed.md.
bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.bench $(ARGS)

bench-large: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.bench --counts 100000 $(ARGS)

# Fails on a wrong answer, or when memory grows.
soak: $(VENV)/installed-dev
	$(BIN)/python benchmarks/serve.py --soak 1

clean:
	rm -rf $(VENV) follow-ups.ics

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "plaintextcrm needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
