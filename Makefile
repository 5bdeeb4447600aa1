# Two commands: `make map` builds the map and says where it is, `make test` runs the tests.
# uv is used when it is on the PATH, else python3 -m venv and pip; both install requirements.lock with its hashes.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
OPEN ?=

.PHONY: map test check lint bench lock clean

map: $(VENV)/.map
	@$(RUN) -m mapgen build $(SUBJECT) $(if $(OPEN),--open)

test: $(VENV)/.test
	@$(RUN) -m pytest --numprocesses=auto --dist=loadfile $(ARGS)

lint: $(VENV)/.test
	@$(RUN) -m ruff check mapgen tests
	@$(RUN) -m ruff format --check mapgen tests
	@$(RUN) -m mypy

check: $(VENV)/.map
	@$(RUN) -m mapgen check --strict $(SUBJECT)

# requirements.lock pins what both commands install, with hashes, for Python 3.11 to 3.14.
lock:
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.map $(VENV)/.test: requirements.lock pyproject.toml
	@command -v uv >/dev/null 2>&1 || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "mapgen needs Python 3.11 or newer: $$($(PYTHON) --version 2>/dev/null || echo none) was found. Set PYTHON=/path/to/python3.11"; exit 1; }
	@if command -v uv >/dev/null 2>&1; then \
		set -e; \
		test -x $(RUN) || uv venv --quiet --python '>=3.11' $(VENV); \
		VIRTUAL_ENV=$(CURDIR)/$(VENV) uv pip install --quiet --require-hashes -r requirements.lock; \
	else \
		set -e; \
		test -x $(RUN) || $(PYTHON) -m venv $(VENV); \
		$(RUN) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock; \
	fi
	@$(RUN) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "mapgen-checkout.pth").write_text(str(pathlib.Path.cwd()) + "\n")'
	@touch $(VENV)/.map $(VENV)/.test

# Figures of the built page: bytes, requests, first date drawn, main-thread time per step.
bench: $(VENV)/.test
	@PYTHONPATH=tests $(RUN) tests/bench/page.py site/index.html
