# Bulletin. Needs Python 3.11 or newer, git and make; everything else is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: check-email demo run test lint bench bench-reading bench-looks bench-compose bench-open bench-send bench-pages bench-keywords bench-import messages lock clean chaos fuzz mutants

demo: .venv/run ## the sample issue, from its PDF to the readers' mails; ARGS=--exit ends after the table
	@$(BIN)/python manage.py demo $(ARGS)

run: .venv/run ## the service on this machine, without the sample
	@$(BIN)/python manage.py serve

test: .venv/dev ## all tests; ARGS is handed to pytest
	$(BIN)/pytest -n auto --dist loadfile $(ARGS)

lint: .venv/dev ## ruff, mypy, import-linter, missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run

bench: bench-reading bench-compose bench-open bench-send ## every benchmark

bench-reading: .venv/dev ## how right and how fast PDFs are read; ARGS="--corpus FILE FOLDER" reads fetched issues
	$(BIN)/python -m benchmarks.reading $(ARGS)

bench-looks: .venv/dev ## how well 200 looks drawn by lot are read, and 60 issues as people design them; needs WeasyPrint (pip install --group zoo), Chromium and their fonts
	$(BIN)/python -m benchmarks.looks
	$(BIN)/python -m benchmarks.looks 60 9001 --designed

bench-compose: .venv/dev ## how fast mails are composed
	$(BIN)/python -m benchmarks.compose

bench-send: .venv/dev ## what sending costs, beside smtp-source; needs PostgreSQL; ARGS
	$(BIN)/python -m benchmarks.sending $(ARGS)

check-email: .venv/dev checks/node_modules ## the samples' mails under SpamAssassin, html-validate, caniemail and axe-core
	$(BIN)/python -m checks.check_email

checks/node_modules: checks/package.json
	@command -v npm >/dev/null && npm install --prefix checks --no-package-lock --no-audit --no-fund --loglevel error && touch $@ \
		|| echo "npm (Debian: nodejs npm) is not on this machine, or could not install"

bench-open: .venv/dev ## how fast it is written down who gets what; needs PostgreSQL; ARGS
	$(BIN)/python -m benchmarks.opening $(ARGS)

bench-pages: .venv/dev ## how long the editor's pages take beside many readers; needs PostgreSQL; ARGS
	$(BIN)/python -m benchmarks.pages $(ARGS)

bench-keywords: .venv/dev ## what it costs to find the phrases of many readers in an issue; ARGS is how many
	$(BIN)/python -m benchmarks.keywords $(ARGS)

bench-import: .venv/dev ## how fast a list of readers comes in, beside COPY and django-import-export; needs PostgreSQL; ARGS
	$(BIN)/python -m benchmarks.importing $(ARGS)

chaos: .venv/dev ## kill, empty and restart everything in mid-send; ARGS is handed on
	$(BIN)/python -m benchmarks.chaos $(ARGS)

mutants: .venv/dev ## small wrong changes, each of which a test must notice; ARGS are words of those to try
	$(BIN)/python -m checks.mutants $(ARGS)

fuzz: .venv/dev ## files that atheris spoils are read, for SECONDS; it is left out where it cannot be installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris || true
	$(BIN)/python -m benchmarks.fuzz $(or $(SECONDS),60)

messages: .venv/dev ## collect and compile the strings to translate (needs gettext)
	$(BIN)/python manage.py makemessages --all --no-location --no-obsolete --ignore 'var/*' --ignore '.venv/*'
	$(BIN)/python manage.py compilemessages --ignore '.venv'

lock: .venv/dev ## write the exact versions of all requirements anew
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --custom-compile-command "make lock" --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## forget everything: the environment, the data, the caught mail
	rm -rf .venv var

.venv/run: requirements.txt
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv \
		|| { echo "Python came without venv; on Debian: apt install python3-venv"; exit 1; }
	@echo "Installing what is needed into .venv; the first time this takes a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
