# Xiaohao: every target does its own set-up; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_DIR ?= var/demo
PYTEST_ARGS ?=
KILLS ?= 200

.DEFAULT_GOAL := help
# Where it is set, every run of the tests compiles and rewrites all test modules anew, in each of its processes.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help setup demo browser screens test unit check bench bench-quick chaos lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(STAMP) ## build .venv from the hashed lock

$(STAMP): requirements-dev.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null; then \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
	  $(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock && \
	  $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . ; \
	fi
	@touch $(STAMP)

demo: setup ## play the sample and serve its pages on 127.0.0.1:8000, with an account for each role
	rm -rf $(DEMO_DIR)
	$(BIN)/xiaohao demo --serve --dir $(DEMO_DIR)

# Found on PATH or named by XIAOHAO_CHROMIUM; else installed through apt as root; else by playwright's own download.
browser: setup ## a Chromium and a Chinese typeface, which the journeys in a real browser need
	@if [ -n "$$XIAOHAO_CHROMIUM" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium chromium-l10n; \
	else $(BIN)/playwright install chromium || { \
	  echo "No Chromium: install one (as root: apt-get install chromium) or name it: XIAOHAO_CHROMIUM=/path/to/chromium"; exit 1; }; fi
	@if fc-list :lang=zh 2>/dev/null | grep -q .; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q fontconfig fonts-noto-cjk; \
	else echo "No Chinese typeface: install one, as root: apt-get install fonts-noto-cjk"; exit 1; fi

SCREENS_DIR ?= var/screens
SCREENS_DAY ?= 2026-11-25
screens: browser ## a picture of every page at the width of a desk and of a phone, from the sample, into var/screens
	rm -rf $(SCREENS_DIR)
	$(BIN)/xiaohao demo --no-serve --until $(SCREENS_DAY) --dir $(SCREENS_DIR)/sample
	$(BIN)/python tests/screens/screens.py --dir $(SCREENS_DIR)/sample --at $(SCREENS_DAY)T16:00 --out $(SCREENS_DIR)

test: setup browser check ## every check and every test, on SQLite and PostgreSQL
	$(BIN)/pytest -n 2 --dist worksteal $(PYTEST_ARGS)

unit: setup ## the fast layer: no disk, no server, under 20 seconds
	$(BIN)/pytest -n 2 tests/unit $(PYTEST_ARGS)

check: setup ## style, types and the walls between the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## measure the engine beside raw statements, in under 15 minutes; writes bench/RESULTS.md and results.json
	$(BIN)/python -m bench

bench-quick: setup ## the same at a tenth of the size, in under a minute; writes to var/bench
	$(BIN)/python -m bench --quick --out var/bench

chaos: setup ## kill workers at random, KILLS on each database; the log of a misbehaving mail server is the judge
	$(BIN)/python tests/chaos/chaos.py --kills $(KILLS)

lock: ## write both lock files anew (needs uv); they name no host
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url -o requirements.lock pyproject.toml
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean: ## remove what the targets made
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis
