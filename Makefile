# Everything a developer calls. `make` alone prints the list.
#   PYTHON=python3.12 make install    another interpreter for the environment
#   make demo ARGS=--once             words handed on to the program
#   make test TESTS=tests/forecast    a part of the tests

PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
TESTS  ?= tests
JOBS   ?= 2
ARGS   ?=
QUICK  ?=

BIN    := .venv/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
SOURCE := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.PHONY: help install demo test test-neural check bench proof constraints clean browser

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

install: .venv/dev.stamp ## set up .venv with everything a developer needs (1 to 5 minutes the first time)

demo: .venv/demo.stamp ## plan an invented shop and serve the report on 127.0.0.1:8000 (ARGS=--once: only write it)
	@echo "Planning an invented shop. The first time kernels are compiled: two to three minutes; later about a minute."
	$(BIN)/orderpoint demo $(ARGS)

test: browser check ## check, then all tests (under ten minutes on two cores)
	@echo "Running the tests with $(JOBS) workers: under ten minutes, longer the first time while kernels are compiled."
	$(BIN)/python -m pytest -n $(JOBS) $(TESTS)

check: .venv/dev.stamp ## format, lint, types and import contracts (about a minute the first time)
	@echo "Checking format, lint, types and import contracts: about a minute the first time, then some seconds."
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: .venv/bench.stamp ## the benchmark table, also to build/bench.json (QUICK=1: minutes)
	@echo "Running the benchmarks: $(if $(QUICK),some seven minutes (more the first time),an hour or two; QUICK=1 is shorter)."
	@mkdir -p build
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(ARGS)

proof: .venv/dev.stamp ## the long proofs: many random worlds against brute force (can take an hour)
	@echo "Running the long proofs: up to an hour."
	$(BIN)/python -m pytest -m proof --hypothesis-profile=proof -n $(JOBS) $(TESTS)

constraints: ## write constraints.txt anew, with the oldest Python supported (some minutes)
	@scripts/constraints.sh

clean: ## remove what was built: .venv, build, caches
	rm -rf .venv .venv-neural build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

test-neural: .venv-neural/neural.stamp ## the tests of the neural network, in .venv-neural with PyTorch (about two minutes, more the first time)
	@echo "Running the tests of the neural network: about two minutes, longer the first time while kernels are compiled."
	OMP_WAIT_POLICY=passive .venv-neural/bin/python -m pytest -n $(JOBS) tests_neural # threads that wait give way

browser: ## see that the browser of the page tests is there
	@scripts/system.sh chromium

# ------------------------------------------------------------------------------- one environment, filled step by step

.venv/bin/python:
	@scripts/system.sh venv $(PYTHON)
	@scripts/system.sh openmp
	@echo "Making the virtual environment .venv ..."
	$(PYTHON) -m venv .venv

.venv/demo.stamp: $(SOURCE) | .venv/bin/python
	@echo "Installing Orderpoint into .venv (half a minute to three minutes, about 850 MB) ..."
	$(PIP) -e .
	@touch $@

.venv/dev.stamp: $(SOURCE) | .venv/bin/python
	@echo "Installing Orderpoint and the development tools into .venv (one to five minutes, about 1.2 GB) ..."
	$(PIP) -e '.[dev]'
	@touch .venv/demo.stamp $@

.venv/bench.stamp: $(SOURCE) | .venv/bin/python
	@echo "Installing Orderpoint and the benchmarks' peers into .venv (one to five minutes, about 1.2 GB) ..."
	$(PIP) -e '.[bench]'
	@touch .venv/demo.stamp $@

# PyTorch lives in an environment of its own: nothing else needs its gigabyte, and `make test` must pass without it.
.venv-neural/neural.stamp: $(SOURCE)
	@scripts/system.sh venv $(PYTHON)
	@echo "Installing Orderpoint with PyTorch into .venv-neural (one to three minutes, about 2 GB) ..."
	$(PYTHON) -m venv .venv-neural
	.venv-neural/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
		-e '.[neural]' torch==2.13.0 pytest pytest-xdist
	@touch $@
