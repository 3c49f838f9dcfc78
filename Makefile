# Seatkeeper's only task runner. `make` alone lists what it can do.
#
# demo and test need Python 3.11 or newer (with its venv module) and make, nothing else.
#   PYTHON=python3.12 make test     another interpreter for .venv
#   make demo RESET=1               throw the demo's data away and start anew

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN_STAMP  := $(VENV)/.installed-run
TEST_STAMP := $(VENV)/.installed-test
WORKERS ?= 2

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.PHONY: help demo serve test quick soak browser lint types imports bench screenshots docs locks clean

help:  ## list these commands
	@echo "Seatkeeper: make <command>"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- installing: once, then again only when a lock file or pyproject.toml changes ------------------

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "Seatkeeper needs Python 3.11 or newer, and '$(PYTHON)' was not found. Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Seatkeeper needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version 2>&1)."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python's venv module is missing or incomplete (on Debian: the package python3-venv)."; exit 1; }

$(RUN_STAMP): requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Seatkeeper runs on, as locked in requirements/run.txt."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(TEST_STAMP): requirements/test.txt $(RUN_STAMP)
	@echo "Installing what the checks need, as locked in requirements/test.txt."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/test.txt
	@touch $@

# ---- using it --------------------------------------------------------------------------------------

demo: $(RUN_STAMP)  ## install, make a demonstration with real data (RESET=1: anew), and serve it
	@$(BIN)/seatkeeper demo $(if $(filter 1 yes true,$(RESET)),--reset)

serve: $(RUN_STAMP)  ## install, and serve the installation that the settings name
	@$(BIN)/seatkeeper serve

# ---- checking it -----------------------------------------------------------------------------------

PYTEST   := $(BIN)/python -m pytest
ORDINARY := not soak and not bench and not browser
# pytest's exit 5, no such tests: told here, a failure in CI.
NONE_IS_TOLD = || { code=$$?; [ $$code -eq 5 ] && [ "$$CI" != true ] && echo "There are no such tests yet."; }

test: lint types imports  ## install, then lint, types, imports, and all tests: SQLite, PostgreSQL, browser
	@echo "Tests on SQLite."
	@$(PYTEST) -q -n $(WORKERS) --database sqlite -m "$(ORDINARY)"
	@echo "Tests that use a database, on a PostgreSQL started for them."
	@$(PYTEST) -q -n $(WORKERS) --database postgres -m "database and not any_database and $(ORDINARY)" $(NONE_IS_TOLD)
	@echo "The core of them again, with large tables in parts by month."
	@$(PYTEST) -q -n $(WORKERS) --database postgres --partitioned -m "database and not any_database and $(ORDINARY)" \
	  $(addprefix tests/domain/,test_run.py test_verify.py test_books.py test_commands.py test_order.py) $(NONE_IS_TOLD)
	@echo "Tests in a browser."
	@$(PYTEST) -q -n $(WORKERS) --database sqlite -m "browser and not soak and not bench" $(NONE_IS_TOLD)
	@echo "Those of them that pay and race, on a PostgreSQL started for them."
	@$(PYTEST) -q -n $(WORKERS) --database postgres -m "browser and both_databases" $(NONE_IS_TOLD)

quick: $(TEST_STAMP)  ## install, then the tests of core, domain and scenarios on SQLite: under a minute
	@$(PYTEST) -q -n $(WORKERS) --database sqlite -m "$(ORDINARY)" \
	  $(wildcard tests/core tests/domain tests/interfaces/test_scenarios.py) $(NONE_IS_TOLD)

soak: $(TEST_STAMP)  ## install, then the long tests: walks in a browser; kills, races, endurance on both databases
	@echo "Long tests on SQLite."
	@$(PYTEST) -q -n $(WORKERS) --database sqlite -m soak $(NONE_IS_TOLD)
	@echo "Long tests on a PostgreSQL started for them."
	@$(PYTEST) -q -n $(WORKERS) --database postgres -m "(soak or any_database) and database and not browser" $(NONE_IS_TOLD)

browser: $(TEST_STAMP)  ## install, then only the tests in a browser
	@$(PYTEST) -q -n $(WORKERS) --database sqlite -m "browser and (soak or not bench)"

lint: $(TEST_STAMP)  ## install, then ruff: style, likely mistakes, banned calls
	@$(BIN)/ruff check .

types: $(TEST_STAMP)  ## install, then mypy: strict on core, kit and commands
	@SEATKEEPER_SECRET_KEY=only-for-types $(BIN)/mypy

imports: $(TEST_STAMP)  ## install, then the import contracts of .importlinter
	@$(BIN)/lint-imports --no-logo

# ---- making what is shown --------------------------------------------------------------------------

bench: $(TEST_STAMP)  ## install, then print the speeds on both databases
	@$(BIN)/python -m bench

screenshots: $(TEST_STAMP)  ## install, then take pictures of the pages, wide and narrow, light and dark
	@$(BIN)/python -m tests.support.screenshots

docs: $(RUN_STAMP)  ## install, then generate docs/reference from the code
	@$(BIN)/python docs/generate.py

# ---- keeping it ------------------------------------------------------------------------------------

# A throw-away venv, and no settings of this machine: the lock must hold the hashes of every published file.
COMPILE = env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null "$$venv/bin/pip-compile" \
  --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(if $(UPGRADE),--upgrade)

locks:  ## write requirements/*.txt from *.in with exact versions and hashes (UPGRADE=1: the newest)
	@venv=$$(mktemp -d) && trap 'rm -rf "$$venv"' EXIT && \
	  echo "Resolving requirements/*.in; this takes a few minutes." && \
	  $(PYTHON) -m venv "$$venv" && "$$venv/bin/pip" install --quiet pip-tools && \
	  cd requirements && $(COMPILE) run.in -o run.txt && $(COMPILE) test.in -o test.txt && \
	  ! grep -n '://' run.txt test.txt

clean:  ## remove what make has made: .venv, caches, build output; data in var/ stays
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests bench docs -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
