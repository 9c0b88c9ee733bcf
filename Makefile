# The two commands are `make demo` and `make test`; `make help` lists all.
# Paths here are relative and programs run as `.venv/bin/python -m`: the checkout may lie in a path with spaces.
.DEFAULT_GOAL := help
PY := .venv/bin/python
export PYTHONPATH :=

.PHONY: help demo test test-fast check bench fmt audit lock backup restore-drill environment dev clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' Makefile

environment:
	@sh tools/bootstrap.sh demo

dev: environment
	@sh tools/bootstrap.sh dev

demo: environment ## Run the portal with demo data on this machine (DXPORTAL_PORT=8000); Ctrl-C stops all of it
	@DXPORTAL_ENV=demo exec $(PY) manage.py demo

test: check ## Every check and every test, with a browser
	@$(PY) tools/browser.py
	@$(PY) -m pytest -n 2 --dist loadfile -m "not browser" --durations=20
	@$(PY) -m pytest -n 2 --dist load -m browser --durations=20

test-fast: check ## The same without a browser
	@$(PY) -m pytest -n 2 --dist loadfile -m "not browser" --durations=20

check: dev ## Format, lint, types, figures of the house, import contracts, migrations, deploy check, templates
	@$(PY) tools/checks.py
	@$(PY) tools/audit.py --in-passing

bench: environment ## Measure speed on national data; writes bench.json
	@DXPORTAL_ENV=demo exec $(PY) manage.py bench

backup: environment ## Dump the demo's database into .data/backups
	@DXPORTAL_ENV=demo exec $(PY) manage.py backup

restore-drill: environment ## Show that a dump can be restored: every table compared by checksum
	@DXPORTAL_ENV=demo exec $(PY) manage.py restore_drill

fmt: dev ## Format the code
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

audit: dev ## Look the locked dependencies up among known vulnerabilities (needs network)
	@$(PY) tools/audit.py

lock: dev ## Resolve the dependencies again, with hashes
	@$(PY) tools/lock.py

clean: ## Remove the environment; the data in .data stays
	@rm -rf .venv
