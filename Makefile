# Everything is set up inside this clone: .venv (the project and its tools) and .rig (a real conda with the plugin, real pips).
PYTHON ?= python3
VENV := .venv/bin

.PHONY: demo test lint bench scenarios rig clean

demo: .venv/stamp rig
	$(VENV)/python -m tests.demo

test: .venv/stamp rig
	$(VENV)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

lint: .venv/stamp
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy

bench: .venv/stamp rig
	$(VENV)/python -m tests.bench

# make scenarios FILES="a.json b.json"
scenarios: .venv/stamp rig
	$(VENV)/python -m tests.scenarios $(FILES)

rig: .venv/stamp
	$(VENV)/python -m tests.rig
	$(VENV)/python -m tests.piprig

.venv/stamp: pyproject.toml
	$(PYTHON) -m venv .venv
	$(VENV)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(VENV)/python -m pip install --quiet --disable-pip-version-check --group dev --editable .
	touch .venv/stamp

clean:
	rm -rf .venv .rig
