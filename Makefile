# Two commands, each with all its own set-up: `make demo` and `make test`.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test lint schema bench gate clean

demo: $(VENV)/.demo
	@$(BIN)/python examples/demo.py

test: $(VENV)/.dev
	@$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

schema: $(VENV)/.dev
	$(BIN)/python .ci/write_schema.py

gate: $(VENV)/.dev
	@$(BIN)/python .ci/own_gate.py --run

bench: $(VENV)/.dev
	@missed=0; for each in recorder readings migrations run durable; do \
	  $(BIN)/python benchmarks/$$each.py || missed=1; done; exit $$missed

# The package is installed as a wheel, not as a link to the checkout: what is shown and
# tested is what users get. It is installed anew whenever a source file changes.
SOURCES := pyproject.toml $(shell find gatekeeper rules -name '*.py' -o -name '*.md' -o -name '*.json')

$(VENV)/bin/pip:
	@echo "setting up $(VENV) (first time only)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.demo: $(SOURCES) | $(VENV)/bin/pip
	@$(BIN)/pip install --quiet --force-reinstall --no-deps . && $(BIN)/pip install --quiet .
	@touch $@

$(VENV)/.dev: $(SOURCES) | $(VENV)/bin/pip
	@$(BIN)/pip install --quiet --group dev
	@$(BIN)/pip install --quiet --force-reinstall --no-deps . && $(BIN)/pip install --quiet .
	@touch $@ $(VENV)/.demo

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
