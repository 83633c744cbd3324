# make demo | test | bench | lint | lock | clean - each installs what it needs.
PYTHON ?= python3
VENV := .venv
WHEELS := .wheels
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test lint bench lock docs clean install browser

demo: browser
	$(BIN)/recap run examples/music --limit 60 --out build/demo

test: browser lint
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: browser
	$(BIN)/python -m benchmarks

docs: install
	$(BIN)/python -m docs.generate

install: $(VENV)/installed

browser: install
	@$(BIN)/python -m recap.render.install

# Wheels are kept, so that the test which installs recap into a fresh environment needs no network.
$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("recap needs Python 3.11 or newer; set PYTHON=...") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv does not work here; on Debian: apt-get install python3-venv"; exit 1; }
	$(PIP) wheel --require-hashes --requirement requirements.lock --wheel-dir $(WHEELS)
	$(PIP) install --no-index --find-links $(WHEELS) --require-hashes --requirement requirements.lock
	$(PIP) install --no-index --no-build-isolation --no-deps --editable .
	@touch $@

lock:
	$(BIN)/python -m pip --quiet install uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --extra dev --generate-hashes --no-header \
		--no-emit-index-url --upgrade --quiet pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV) $(WHEELS) build dist .mypy_cache .ruff_cache .hypothesis
