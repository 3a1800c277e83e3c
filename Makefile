# Commands for people; `make help` lists them. Versions are pinned in requirements/, so that two installs are the same.

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(if $(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo yes),$(name))))
PAGE ?= examples/menuet.png
OUT ?= out
SUITE ?= tests
VENV := .venv
TRAIN_VENV := .venv-train
BIN := $(VENV)/bin
PIP_FLAGS := --quiet --disable-pip-version-check --no-deps --no-input

.PHONY: help run test test-app test-train lint format train-env show-pages show-detector show-bars show-linker show-batch show-desktop linker picture lock clean gui

help:
	@echo "make run [PAGE=file]  convert a page (default: $(PAGE)) into MusicXML, overlay and engraved preview"
	@echo "make gui [FILES=...]  open the desktop application"
	@echo "make test             lint and every test; the training tests run in their own environment"
	@echo "make lint             ruff, mypy, import contracts"
	@echo "make train-env        the environment for training ($(TRAIN_VENV)): torch, ultralytics ..."
	@echo "make show-pages       the figures of the README as one JSON line (QUICK=1: 8 pages)"
	@echo "make show-detector    how well symbols are found, as one JSON line (QUICK=1: 4 pages of each kind)"
	@echo "make show-bars        how well symbols are read as music, as one JSON line (QUICK=1: fewer pages)"
	@echo "make show-linker      how well relations are found, as one JSON line (QUICK=1: 3 pages)"
	@echo "make linker EDITION=hand DETECTOR=card.json DATA=folder   train a linker on what a detector finds"
	@echo "make show-batch       how fast and safe a box of scans is converted, as one JSON line (QUICK=1: 12 pages)"
	@echo "make show-desktop     how the window fares and what its list of bars to check is worth (QUICK=1: 2 scans)"
	@echo "make picture          draw the README's picture anew"
	@echo "make lock             write requirements/*.txt anew from pyproject.toml"

run: $(VENV)/.base
	@$(BIN)/omr doctor --libraries
	@$(BIN)/omr convert "$(PAGE)" -o "$(OUT)/" --overlay --preview

gui: $(VENV)/.gui
	@$(BIN)/omr-gui $(FILES)

test: lint test-train test-app

test-app: $(VENV)/.dev
	@$(BIN)/omr doctor --libraries
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile $(SUITE) --ignore=tests/training

test-train: $(TRAIN_VENV)/.train
	OMP_NUM_THREADS=2 $(TRAIN_VENV)/bin/python -m pytest -q tests/training

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train-env: $(TRAIN_VENV)/.train

show-pages: $(VENV)/.dev
	$(BIN)/python -m benchmarks.show_pages

# Environments

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2; exit 3; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is needed: apt-get install python3-venv" >&2; exit 3; }

$(VENV)/.base: requirements/base.txt pyproject.toml | $(VENV)/bin/python
	@echo "setting up $(VENV) ..." >&2
	@$(BIN)/pip install $(PIP_FLAGS) -r requirements/base.txt
	@$(BIN)/pip install $(PIP_FLAGS) --no-build-isolation -e .
	@$(BIN)/python -m compileall -q omr  # as in an installed package, so that the first start is no slower
	@touch $@

$(VENV)/.gui: requirements/gui.txt $(VENV)/.base
	@$(BIN)/pip install $(PIP_FLAGS) -r requirements/gui.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@$(BIN)/pip install $(PIP_FLAGS) -r requirements/dev.txt
	@touch $@

$(TRAIN_VENV)/.train: requirements/train.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2; exit 3; }
	@test -x $(TRAIN_VENV)/bin/python || $(PYTHON) -m venv $(TRAIN_VENV)
	@echo "setting up $(TRAIN_VENV) ..." >&2
	@$(TRAIN_VENV)/bin/pip install $(PIP_FLAGS) -r requirements/train.txt
	@touch $@

show-detector: $(VENV)/.dev
	$(BIN)/python -m benchmarks.show_detector

show-bars: $(VENV)/.dev
	$(BIN)/python -m benchmarks.show_bars

# One command for a new detector: pages, training, export of a linker, into RUN.
EDITION ?= print
RUN ?= out/linker-$(EDITION)
linker: $(VENV)/.dev $(TRAIN_VENV)/.train
	$(BIN)/python -m training.linker_material $(EDITION) --detector "$(DETECTOR)" --data "$(DATA)" --out "$(RUN)"
	OMP_NUM_THREADS=1 $(TRAIN_VENV)/bin/python -m training.linker_train training/recipes/linker-$(EDITION).toml "$(RUN)" "$(RUN)/trained"
	$(TRAIN_VENV)/bin/python -m training.linker_export training/recipes/linker-$(EDITION).toml "$(RUN)/trained/checkpoint.pt" "$(RUN)"

show-linker: $(VENV)/.dev
	$(BIN)/python -m benchmarks.show_linker

show-desktop: $(VENV)/.dev
	$(BIN)/python -m benchmarks.show_desktop

show-batch: $(VENV)/.dev
	$(BIN)/python -m benchmarks.show_batch

picture: run
	$(BIN)/python examples/picture.py "$(OUT)" examples/reading.png

lock:
	requirements/lock base gui dev train

clean:
	rm -rf $(VENV) $(TRAIN_VENV) $(OUT) build dist *.egg-info
