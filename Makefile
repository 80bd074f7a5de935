# Everything a checkout needs, with nothing but make and Python 3.11 or newer:
#
#   make demo    apply the example jobs to the embedded emulator, then show that nothing is left to do
#   make test    the whole test suite
#   make check   what CI runs: lint, format, types, architecture, a short bench, then `make test`
#   make bench   how long things take, as ratios; SHORT=1 only checks that the benchmarks run
#   make fuzz    the laws again, each with twenty times the examples
#   make fmt     format, and mend what can be mended
#   make lock    resolve requirements.lock anew (needs uv)
#   make clean   remove caches and build output; keeps .venv and .jobsync

.DEFAULT_GOAL := check
MAKEFLAGS += --no-print-directory
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BIN := .venv/bin
INSTALLED := .venv/.installed
DEMO := .jobsync/demo
PYTHONS := python3.13 python3.12 python3.11 python3
UV ?= uv

.PHONY: install demo test check lint types architecture bench fuzz fmt lock clean

install: $(INSTALLED)

# The lock holds the hashes of everything, the build backend included: nothing unpinned is ever fetched.
$(INSTALLED): pyproject.toml requirements.lock | $(BIN)/python
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

# A candidate is run, not only looked up: a name on PATH may be a shim that leads nowhere.
$(BIN)/python:
	@for python in $(PYTHONS); do \
		if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			exec $$python -m venv .venv; \
		fi; \
	done; \
	echo 'error: none of $(PYTHONS) is Python 3.11 or newer with its venv module' >&2; \
	exit 1

# A copy under .jobsync/demo, made afresh each time: so the demo shows the same again and again, and leaves
# what you did in the environment `local` alone. The values stand in for secrets; the emulator sends nothing.
demo: export RESULTS_S3_KEY_ID := demo-key-id
demo: export RESULTS_S3_SECRET := demo-secret
demo: export DESK_TOKEN := demo-token
demo: $(INSTALLED)
	@rm -rf $(DEMO) && mkdir -p $(DEMO) && cp -R jobsync.yaml jobs $(DEMO)/
	@echo '$$ jobsync apply --env local --auto-approve'
	@$(BIN)/jobsync -C $(DEMO) apply --env local --auto-approve </dev/null
	@echo
	@echo '$$ jobsync plan --env local --detailed-exitcode'
	@$(BIN)/jobsync -C $(DEMO) plan --env local --detailed-exitcode </dev/null

test: $(INSTALLED)
	@$(BIN)/pytest

check: lint types architecture
	@$(MAKE) bench SHORT=1
	@$(MAKE) test

lint: $(INSTALLED)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

types: $(INSTALLED)
	@$(BIN)/mypy --no-error-summary

architecture: $(INSTALLED)
	@$(BIN)/pytest tests/test_architecture.py

bench: $(INSTALLED)
	@$(BIN)/python -m bench $(if $(SHORT),--short)

fuzz: $(INSTALLED)
	@JOBSYNC_EXAMPLES=20 $(BIN)/pytest --timeout 3600 -m hypothesis tests

fmt: $(INSTALLED)
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

# Written beside the lock first: a resolution that fails leaves the old one whole.
lock:
	@command -v $(UV) >/dev/null || { echo 'error: uv is not on PATH; name it with UV=/path/to/uv' >&2; exit 1; }
	@printf 'hatchling\neditables\n' | $(UV) pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --group dev pyproject.toml - --output-file requirements.new
	@if grep -n '://' requirements.new; then echo 'error: the lock names an address' >&2; exit 1; fi
	@mv requirements.new requirements.lock

clean:
	@rm -rf build dist requirements.new .bench .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find jobsync tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
