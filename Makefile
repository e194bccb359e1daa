# What a newcomer needs: `make demo` and `make test`. Both install what they need into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo serve test test-fast test-thorough test-frappe lint types benchmark format clean

demo: $(VENV)/.demo
	@$(BIN)/python -m wuzapi_chatwoot.sandbox demo

serve: $(VENV)/.demo
	@$(BIN)/wuzapi-chatwoot serve

# Every part runs, whatever became of the one before; the last lines say which failed. Two cores need some six minutes.
test: $(VENV)/.test chromium
	$(BIN)/python tests/all_parts.py

# While you work: all that runs in the process of pytest itself, without coverage.
test-fast: $(VENV)/.test
	$(BIN)/python tests/all_parts.py fast

# As `test`, with twenty times as many of Hypothesis' examples, and others every time. Before a release.
test-thorough: $(VENV)/.test chromium
	HYPOTHESIS_PROFILE=thorough $(BIN)/python tests/all_parts.py

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.test
	$(BIN)/mypy

# The browser's tests use the Chromium of the machine, never one that a test tool brings.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-color-emoji >/dev/null; } || \
		{ echo "Chromium is needed for the browser tests: apt-get install chromium" >&2; exit 1; }

# The tests that need a bench of Frappe 15 with its MariaDB running, run from the checkout that the bench uses. SITE is one of
# its sites, for tests: its WhatsApp rows are deleted. What else is needed (gunicorn, workers, Redis, the sandbox) is started
# on free ports and stopped again. All three parts run; the last lines say which failed.
test-frappe: $(VENV)/.test chromium
	@test -n "$(FRAPPE_BENCH)" -a -n "$(SITE)" || \
		{ echo "usage: make test-frappe FRAPPE_BENCH=/path/to/frappe-bench SITE=test.localhost" >&2; exit 1; }
	$(BIN)/python tests/frappe_site/all_parts.py "$(FRAPPE_BENCH)" "$(SITE)"

benchmark: $(VENV)/.test
	$(BIN)/python -m benchmarks

format: $(VENV)/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Debian's Python comes without venv; root gets it, others are told.
$(BIN)/pip:
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null && \
		$(PYTHON) -m venv --clear $(VENV); } || \
		{ echo "Python 3.10 or newer with venv is needed: apt-get install python3 python3-venv" >&2; exit 1; }

$(VENV)/.demo: $(BIN)/pip pyproject.toml requirements.txt constraints.txt setup.py
	@echo "Installing into $(VENV) …"
	@$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[sandbox]'
	@touch $@

$(VENV)/.test: $(BIN)/pip pyproject.toml requirements.txt constraints.txt setup.py
	@echo "Installing into $(VENV) …"
	@$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@ $(VENV)/.demo

clean:
	rm -rf $(VENV) .demo-data build dist *.egg-info .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
