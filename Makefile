# Every target works on a fresh clone with Python 3.11, git and make.

PYTHON := $(shell for p in python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1 \
	&& command -v "$$p" && break; done)
VENV := .venv
BIN := $(VENV)/bin
# The numbers in the names change when what is installed must change.
digest = $(shell cksum $(1) Makefile | cksum | cut -d ' ' -f 1)
READY_TO_RUN := $(VENV)/ready-to-run-$(call digest,requirements.txt)
READY_TO_TEST := $(VENV)/ready-to-test-$(call digest,tests/requirements.txt)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS :=

# An environment whose Python is gone is no environment, whatever was installed in it.
$(shell $(BIN)/python -c '' 2>/dev/null || rm -f $(VENV)/ready-to-*)

.DEFAULT_GOAL := help
.PHONY: help run test check bench golden

help: ## Say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: $(READY_TO_RUN) ## Start Workbench on this machine; Ctrl-C ends it (PORT, SANDBOX_PORT, INSTANCE_PATH)
	@exec $(BIN)/python -m webapp run

test: $(READY_TO_TEST) ## Run all tests (ARGS="-k word" for some)
	@$(BIN)/python -m pytest -n 3 $(ARGS)

check: $(READY_TO_TEST) ## Check style, types, imports and templates
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint templates webapp --check --lint

bench: $(READY_TO_TEST) ## Measure the export of a month, a large import, a load of many lines and Export Control
	@$(BIN)/python -m tests.bench.export_month $(ARGS)
	@$(BIN)/python -m tests.bench.export_at_xeros_pace $(ARGS)
	@$(BIN)/python -m tests.bench.import_organisation $(ARGS)
	@$(BIN)/python -m tests.bench.load_lines $(ARGS)
	@$(BIN)/python -m tests.bench.export_control
	@$(BIN)/python -m tests.bench.preflight

golden: $(READY_TO_TEST) ## Write the kept request bodies of tests/golden anew; read the difference
	@$(BIN)/python -m tests.golden

# Whatever state an interrupted attempt left the environment in, it ends usable or says why not.
define environment
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1 || { \
	test -n "$(PYTHON)" || { \
	echo "Workbench needs Python 3.11, and there is none on the PATH." >&2; \
	echo "Install it (Debian, Ubuntu: apt install python3.11 python3.11-venv; macOS: brew install" >&2; \
	echo "python@3.11; elsewhere: python.org/downloads), then run make again." >&2; exit 2; }; \
	echo "Making the virtual environment in $(VENV) …"; rm -rf $(VENV); \
	"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
	echo "Python's venv module does not work here." >&2; \
	echo "On Debian or Ubuntu: apt install python3.11-venv, then run make again." >&2; exit 2; }; }
endef

$(READY_TO_RUN):
	$(environment)
	@echo "Installing what Workbench needs …"
	@rm -f $(VENV)/ready-to-run-*
	@$(PIP) install --require-hashes --requirement requirements.txt
	@touch $@

$(READY_TO_TEST):
	$(environment)
	@echo "Installing what the tests need …"
	@rm -f $(VENV)/ready-to-test-*
	@$(PIP) install --require-hashes --requirement tests/requirements.txt
	@touch $@
