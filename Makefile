# Signpost: `make` lists what can be done here. It needs python3 (3.11 or newer) and make; all else goes into .venv, in this folder.

PYTHON ?= python3
VENV := .venv
# Started by its interpreter, so that a checkout which was moved still runs.
IN_VENV := $(VENV)/bin/python
PIP := $(IN_VENV) -m pip --disable-pip-version-check install
LOCK := $(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header
LOCKS := deploy/requirements.lock deploy/requirements-dev.lock deploy/requirements-clients.lock

.DEFAULT_GOAL := help
.PHONY: help install run chat test test-clients test-telegram screenshots check format lock clean bench bench-search bench-curve bench-flood train phrases eval-sources matrix walk crash conflicts faults bench-desk bench-pages

help: ## list what can be done
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

install: $(VENV)/.installed ## make .venv and put what Signpost needs into it

run: $(VENV)/.installed ## try it: a rehearsal in the browser, with demo people and a clock that can be sped up
	@$(IN_VENV) -m bot run --rehearsal

chat: $(VENV)/.installed ## the same rehearsal, here in the terminal
	@$(IN_VENV) -m bot chat

test: $(VENV)/.installed-dev ## all tests that need nothing but Python packages
	@$(IN_VENV) -m pytest --ignore=tests/browser --ignore=tests/telegram_client --numprocesses=$${CORES:-auto} --dist=worksteal

test-clients: $(VENV)/.installed-clients ## the tests in a real browser, and with the stand-in for Teams; installs both where they are missing
	@sh deploy/chromium.sh
	@sh deploy/playground.sh
	@$(IN_VENV) -m pytest tests/browser

# Somebody else's phone wants a newer Python than we do: one that PYTHON312 names, on the PATH, or of pyenv's. Without one this says
# so and is content; REQUIRED=1 makes it fail. It is looked for only when it is asked for.
ifneq (,$(filter test-telegram $(VENV)/.installed-telegram,$(MAKECMDGOALS)))
NEWER := $(shell PYTHON312="$(PYTHON312)" sh deploy/newer_python.sh)
endif
test-telegram: $(if $(NEWER),$(VENV)/.installed-telegram) ## the bot, run as a school runs it, on somebody else's idea of a phone; needs Python 3.12 or newer
	@if [ -n "$(NEWER)" ]; then $(VENV)/telegram/bin/python -m pytest tests/telegram_client; else [ -z "$(REQUIRED)$(PYTHON312)" ]; fi

screenshots: $(VENV)/.installed-clients ## a picture of every page into screenshots/, or of those that PAGE= names; the README's into docs/pictures/
	@sh deploy/chromium.sh
	@$(IN_VENV) -m tests.browser.screenshots $(PAGE)

check: $(VENV)/.installed-dev ## style, types, and who may import whom
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(IN_VENV) -m mypy
	@$(VENV)/bin/lint-imports

format: $(VENV)/.installed-dev ## lay out the code the way `make check` wants it
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

bench: $(VENV)/.installed-dev ## measure what we claim about speed
	@$(IN_VENV) benchmarks/message_path.py

bench-flood: $(VENV)/.installed-dev ## after one incident a hundred parents write at once: how long they wait, and what the lead gets; SHORT=1 in half a minute
	@$(IN_VENV) benchmarks/flood.py $(if $(SHORT),--short)

bench-desk: $(VENV)/.installed-dev ## open the desk of a school with five thousand open cases, beside one with fifty
	@$(IN_VENV) benchmarks/desk.py

bench-pages: $(VENV)/.installed-dev ## open the chat page for the first time, beside the same bytes as plain files
	@$(IN_VENV) benchmarks/first_page.py

bench-search: $(VENV)/.installed-bench ## measure the search beside other ways to search, which go into an environment of their own
	@$(VENV)/bench/bin/python benchmarks/search.py

bench-curve: $(VENV)/.installed-dev ## measure what a larger bank of questions and phrases is worth
	@$(IN_VENV) benchmarks/learning_curve.py

# Ten to twenty minutes of two cores for each thousand steps. BASE and VOCABULARY are all-MiniLM-L6-v2's: docs/search.md.
train: $(VENV)/.installed-train ## teach the language model anew, from BASE=FILE.safetensors VOCABULARY=FILE
	@$(VENV)/train/bin/python -m knowledge.training --base "$(BASE)" --vocabulary "$(VOCABULARY)"

eval-sources: $(VENV)/.installed ## import the documents in SOURCES=FOLDER and see whether each section of theirs is there (SECTIONS=FILE)
	@$(IN_VENV) -m bot eval sections --import-from $(or $(SOURCES),../shared/policies/source) $(if $(SECTIONS),--sections $(SECTIONS))

phrases: $(VENV)/.installed ## put changed questions, phrases, topics and policies into the model that is there; some minutes
	@$(IN_VENV) -m knowledge.training.shelves

matrix: $(VENV)/.installed-dev ## whatever people do, at every question of every report, and every combination of answers at every school
	@MATRIX=whole $(IN_VENV) -m pytest tests/flows/test_matrix.py tests/flows/test_every_combination.py tests/bot/test_matrix_bot.py

walk: $(VENV)/.installed-dev ## wander through the reports at random, for two minutes
	@WALK=$${WALK:-1200} $(IN_VENV) -m pytest tests/flows/test_walk.py

crash: $(VENV)/.installed-dev ## kill it, over and over, and count what was lost
	@KILLS=$${KILLS:-500} $(IN_VENV) -m pytest tests/crash -m crash --capture=no

conflicts: $(VENV)/.installed-dev ## every way to share out a school's roles: nobody is shown a case about them; a long run
	@CONFLICTS=1 $(IN_VENV) -m pytest tests/bot/test_conflict_matrix.py tests/bot/test_paths.py --quiet

faults: $(VENV)/.installed-dev ## break every channel in every way, say what happened, and write docs/faults.md; a long run
	@FAULTS=whole $(IN_VENV) -m pytest tests/faults tests/e2e --quiet

lock: $(VENV)/.installed-dev ## bring the locked versions up to date
	@$(LOCK) --upgrade --group build --output-file deploy/requirements.lock
	@$(LOCK) --upgrade --group build --group dev --all-extras \
		--constraint deploy/requirements.lock --output-file deploy/requirements-dev.lock
	@$(LOCK) --upgrade --group build --group dev --group clients --all-extras \
		--constraint deploy/requirements-dev.lock --output-file deploy/requirements-clients.lock
	@$(LOCK) --upgrade --group build --group train \
		--constraint deploy/requirements-dev.lock --output-file deploy/requirements-train.lock
	@$(LOCK) --upgrade --group build --group bench \
		--constraint deploy/requirements-dev.lock --output-file deploy/requirements-bench.lock
	@$(LOCK) --upgrade --group build --group telegram-client --extra telegram --extra postgres \
		--constraint deploy/requirements.lock --output-file deploy/requirements-telegram.lock
	@echo "Locked. The next make target installs what changed."

clean: ## remove .venv and every cache; what was stored stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps say what .venv holds; each is older than the lock file it was made from as soon as that changes. Packages are
# checked against their locked hashes; then this checkout itself is linked in, built by the locked builder, nothing fetched.
$(VENV)/.installed: deploy/requirements.lock pyproject.toml $(IN_VENV)
	$(call installed,deploy/requirements.lock)
	@touch $@

$(VENV)/.installed-dev: deploy/requirements-dev.lock pyproject.toml $(IN_VENV)
	$(call installed,deploy/requirements-dev.lock)
	@touch $(VENV)/.installed $@

$(VENV)/.installed-clients: deploy/requirements-clients.lock pyproject.toml $(IN_VENV)
	$(call installed,deploy/requirements-clients.lock)
	@touch $(VENV)/.installed $(VENV)/.installed-dev $@

# What only a desk needs, what brings much along, and what asks for another Python has an environment of its own in there.
$(VENV)/.installed-bench $(VENV)/.installed-train: MAKER := $(IN_VENV)
$(VENV)/.installed-telegram: MAKER := $(NEWER)
$(VENV)/.installed-bench $(VENV)/.installed-train $(VENV)/.installed-telegram: $(VENV)/.installed-%: deploy/requirements-%.lock pyproject.toml $(IN_VENV)
	@echo "[1/3] Making an environment in $(VENV)/$*"
	@$(MAKER) -m venv $(VENV)/$*
	@echo "[2/3] Fetching and checking the packages in deploy/requirements-$*.lock"
	@$(VENV)/$*/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r deploy/requirements-$*.lock
	@echo "[3/3] Linking this checkout into $(VENV)/$*"
	@$(VENV)/$*/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

define installed
	@echo "[2/3] Fetching and checking the packages in $(1)"
	@$(PIP) --require-hashes -r $(1)
	@echo "[3/3] Linking this checkout into $(VENV)"
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
endef

$(IN_VENV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Signpost needs Python 3.11 or newer, and $(PYTHON) is not. Install one, then: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "This Python cannot make environments. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "[1/3] Making an environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
