# A target that others rely on has a comment with ##, which docs/contract.md has too. People also type
# messages and lint; of what the product is made of: requirements, sbom, audit, image-digests. The rest
# are steps of these.
PYTHON ?= python3
PORT ?= 8000
BIN = .venv/bin
# Python compiles what it loads, a third of it, and keeps that, though images tell it not to.
PIP = $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-compile
unexport PYTHONDONTWRITEBYTECODE
TOOLS = .venv/tools/bin

# What your own machine needs; production takes its own values from the environment (.env.example).
OWN = SECRET_KEY="$$(cat .secret-key)" ALLOWED_HOSTS="localhost,127.0.0.1,[::1]" HTTPS=off \
	STAFF_SECOND_FACTOR=off

.DELETE_ON_ERROR:
.PHONY: run dev superuser manage backup restore messages test test-all drill rehearsal load bench \
	clients lint types style image-test register static requirements sbom audit image-digests

## Sets everything up and serves http://127.0.0.1:8000, with PORT=8010 another port.
run: .venv/installed .secret-key
	@$(MAKE) --no-print-directory --jobs=2 register static
	@echo "pvematrix is at http://127.0.0.1:$(PORT)/ (Ctrl-C stops it)"
	@$(OWN) BIND="127.0.0.1:$(PORT)" exec $(BIN)/gunicorn pvematrix.wsgi

## Runs the development server, which reloads.
dev: .venv/installed
	umask 077 && DEBUG=on $(BIN)/python manage.py migrate --verbosity 0
	DEBUG=on $(BIN)/python manage.py load_register
	DEBUG=on $(BIN)/python manage.py load_elsewhere
	DEBUG=on $(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

## Makes the first account.
superuser: register
	@$(OWN) $(BIN)/python manage.py createsuperuser

## Runs any management command, ARGS="…", on the register of `make run`.
manage: register
	@$(OWN) $(BIN)/python manage.py $(ARGS)

## Backs the register of `make run` up into one file in `backups/`; BACKUP_PASSPHRASE encrypts it.
backup: register
	@$(OWN) $(BIN)/python manage.py backup

## Puts such a file, FILE=…, into an empty database and checks it.
restore: .venv/installed .secret-key
	@[ -n "$(FILE)" ] || { echo "Say which file: make restore FILE=backups/…"; exit 2; }
	@$(OWN) $(BIN)/python manage.py restore $(FILE)
	@$(OWN) $(BIN)/python manage.py migrate --verbosity 0

messages: .venv/installed-dev
	DEBUG=on $(BIN)/python -m tests.translations update

# With COVERAGE=1 both runs are counted together.
PYTEST = $(BIN)/pytest$(if $(COVERAGE), --cov --cov-append --cov-report= --cov-fail-under=0)
# The modules with tests that run on both: each worker imports all modules that it is given.
ON_BOTH = $$(grep -lw postgresql tests/test_*.py)

## Lints, then runs the short tests: all on SQLite, and on PostgreSQL those in which it differs.
test: .venv/installed-dev lint
	env -u DATABASE_URL $(PYTEST) -m "not long"
	tests/with_postgresql.sh $(PYTEST) -m "postgresql and not long" $(ON_BOTH)

## Lints, then runs these and the long tests in the same way: browsers, load, other programs.
test-all: .venv/installed-dev lint
	$(if $(COVERAGE),rm -f .coverage)
	env -u DATABASE_URL $(PYTEST) -n 3
	tests/with_postgresql.sh $(PYTEST) -n 3 -m postgresql $(ON_BOTH)
	$(if $(COVERAGE),$(BIN)/coverage report)

## Runs nginx, two sites, PostgreSQL with a standby and a cache, kills parts under load, fails over,
## and prints a table; ends with 1 where something is wrong or was not measured.
rehearsal: .venv/installed-dev
	$(BIN)/python -m tests.rehearsal

## Breaks a running site and its database, imports 10,000 rows, and prints a table; ends with 1 where
## something is wrong or was not measured.
drill: .venv/installed-dev
	$(BIN)/python -m tests.drill

## Builds the image, runs it read-only next to PostgreSQL 17, and prints what it found, or why it
## cannot.
image-test:
	@tests/image.sh

## Adds generated entries outside the matrix to DATABASE_URL until it has ARGS projects; with --basis
## after the number, a report of that many projects as the basis.
load: .venv/installed-dev .secret-key
	@[ -n "$(DATABASE_URL)" ] || { echo "Set DATABASE_URL to a database that is only for measuring."; exit 2; }
	@$(OWN) $(BIN)/python manage.py migrate --verbosity 0
	@$(OWN) $(BIN)/python manage.py load_register
	@$(OWN) $(BIN)/python -m tests.load $(ARGS)

## Asks registers of 223 and 10,000 projects, on both databases, and Datasette the same new
## questions; prints what each costs, and ends with 1 above a bound. ARGS=100000 adds that many.
bench: .venv/installed-dev .venv/datasette/installed
	$(BIN)/python -m tests.bench $(ARGS)

## Lets other people's programs read a running site, and prints a table; ends with 1 if one was
## wrong. ARGS="polars_csv jq" runs these alone.
clients: .venv/installed-dev .venv/clients/installed
	$(BIN)/python -m tests.clients $(ARGS)

lint: .venv/installed-dev
	@$(MAKE) --no-print-directory --jobs=2 types style

types:
	DEBUG=on $(BIN)/mypy

style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/hadolint Dockerfile
	SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	ALLOWED_HOSTS=pve.example.org $(BIN)/python manage.py check --deploy --fail-level DEBUG
	DEBUG=on $(BIN)/python manage.py makemigrations --check --dry-run

# The file has secrets: hashes of passwords, sessions, drafts.
register: .venv/installed .secret-key
	@umask 077 && $(OWN) $(BIN)/python manage.py migrate --verbosity 0
	@if [ -z "$(DATABASE_URL)" ]; then chmod go= pvematrix.sqlite3*; fi
	@$(OWN) $(BIN)/python manage.py load_register
	@$(OWN) $(BIN)/python manage.py load_elsewhere

static: staticfiles/.collected

staticfiles/.collected: .venv/installed $(shell find static -type f) | .secret-key
	@$(OWN) $(BIN)/python manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@

.venv/installed: requirements.txt
	$(PYTHON) -m venv .venv
	$(PIP) -r requirements.txt
	@touch $@

# What the product needs is part of it, in the same versions.
.venv/installed-dev: requirements-dev.txt requirements.txt
	$(PYTHON) -m venv .venv
	$(PIP) -r requirements-dev.txt
	@touch .venv/installed $@

.venv/datasette/installed: requirements-bench.txt .venv/installed
	$(PYTHON) -m venv .venv/datasette
	.venv/datasette/bin/pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements-bench.txt
	@touch $@

# The pip that comes with Python 3.11 does not see that a pin with extras is also one without.
.venv/clients/installed: requirements-clients.txt .venv/tools/installed
	$(PYTHON) -m venv .venv/clients
	$(TOOLS)/pip --python .venv/clients/bin/python install --quiet --disable-pip-version-check \
		--require-hashes -r requirements-clients.txt
	@touch $@

# Writes the pins again from the .in files, keeping versions that still fit.
requirements: .venv/tools/installed
	for name in requirements requirements-dev requirements-tools requirements-bench \
		requirements-clients; do \
		CUSTOM_COMPILE_COMMAND="make requirements" $(TOOLS)/pip-compile --quiet --generate-hashes \
			--no-strip-extras --allow-unsafe --annotation-style=line --no-emit-index-url \
			--no-emit-trusted-host --no-emit-find-links --output-file $$name.txt $$name.in \
			|| exit 1; done

# The bill of materials: every package of the running product, with version, hashes and licence.
sbom: .venv/installed
	$(BIN)/python -m tests.sbom

# Fails if a package has a known vulnerability, or if that cannot be checked for every package.
audit: .venv/tools/installed
	$(TOOLS)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
		-r requirements.txt

# Pins the images by their digests of today; needs docker and a network.
image-digests:
	for image in python:3.13-slim-trixie postgres:17 nginx:1.28 valkey/valkey:8.1; do \
		digest=$$(docker buildx imagetools inspect $$image --format '{{.Manifest.Digest}}') || exit 1; \
		sed -i "s|$$image\(@sha256:[0-9a-f]*\)*|$$image@$$digest|" Dockerfile compose.yaml \
			compose.scale.yaml; done

.venv/tools/installed: requirements-tools.txt .venv/installed
	$(PYTHON) -m venv .venv/tools
	$(TOOLS)/pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements-tools.txt
	@touch $@

.secret-key:
	@umask 077 && $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@
