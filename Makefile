# Two commands do everything on a fresh machine: make demo, make test.
# The environment is made with uv where it is present, else with venv and pip.

SHELL := /bin/sh
VENV ?= .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
R_STAMP := $(VENV)-r/.installed
DEMO_OUT ?= demo-output

# Hundreds of processes import pyterra, each in half the time where its bytecode is kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check bench docs setup r browser clean

demo: setup
	$(PY) -m pyterra.cli croplands demo --out $(DEMO_OUT)

test: $(R_STAMP) | browser
	sh tools/test.sh $(VENV)

check: setup
	$(VENV)/bin/ruff format --check pyterra tests benchmarks vignettes tools/book docs/conf.py
	$(VENV)/bin/ruff check pyterra tests benchmarks vignettes tools/book docs/conf.py
	$(VENV)/bin/mypy -p pyterra
	$(VENV)/bin/lint-imports
	$(PY) tools/verbs.py --check

bench: setup r
	$(PY) -m benchmarks

docs: $(R_STAMP)
	$(PY) tools/verbs.py
	sh tools/book.sh $(VENV)

setup: $(STAMP)

$(STAMP): pyproject.toml uv.lock tools/setup.sh
	sh tools/setup.sh $(VENV)
	touch $(STAMP)

r:
	sh tools/setup_r.sh

browser:
	sh tools/setup_browser.sh

# Made by the script where R is; where it is not, the script is asked again the next time.
$(R_STAMP): $(STAMP) tools/setup_r_env.sh | r
	sh tools/setup_r_env.sh $(VENV)

clean:
	rm -rf $(VENV) $(VENV)-r .build $(DEMO_OUT)
