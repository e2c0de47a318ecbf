# Everything is set up in .venv. A stamp there is as new as the files it was made from, so a second run is quick.
BIN = .venv/bin

.PHONY: bench demo test check attack pictures lock clean torture fuzz leaks audit windows-zip

demo: .venv/ready
	@$(BIN)/beech demo

test: .venv/ready-dev
	@.ci/in-memory.sh .ci/with-keyring.sh $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/ready-dev
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@.ci/with-keyring.sh .ci/wheel.sh

# Every benchmark and its peers, in one table; `make bench QUICK=--quick` leaves the million out.
bench: .venv/ready-dev
	@$(BIN)/python bench/everything.py $(QUICK)

# Long, seeded and bounded; the short form of all this is part of the tests.
torture: .venv/ready-dev
	@BEECH_LONG=1 .ci/with-keyring.sh $(BIN)/pytest -n 2 -o faulthandler_timeout=0 tests/test_torture_*.py \
		tests/test_db_journal_mutations.py tests/test_faults_files.py tests/test_db_union_property.py

fuzz: .venv/ready-dev
	@BEECH_LONG=1 $(BIN)/pytest -n 2 --dist worksteal -o faulthandler_timeout=0 tests/test_fuzz*.py \
		tests/test_tui_bursts.py

# Canaries under strace: a day's work, every command on every kind, what ends a command from outside, the screens.
leaks: .venv/ready-dev
	@BEECH_LONG=1 .ci/with-keyring.sh $(BIN)/pytest -n 2 --dist loadfile -o faulthandler_timeout=0 tests/test_strace_*.py \
		tests/test_tui_safety.py tests/test_tui_scrollback.py tests/test_commands_completion.py

audit: .venv/ready
	@PYTHON=$(BIN)/python .ci/audit.sh

windows-zip: .venv/ready-dev
	@$(BIN)/python .ci/windows_zip.py $(PYTHON_ZIP) build/beech-windows.zip

attack: .venv/ready-dev
	@BEECH_HISTORIES=5000 $(BIN)/pytest -q -n 2 tests/test_db_attacker.py

pictures: .venv/ready-dev
	@$(BIN)/python docs/pictures.py

lock:
	@.ci/lock.sh

clean:
	rm -rf .venv build dist beech.egg-info

.venv/ready: pyproject.toml requirements.lock .ci/venv.sh
	@.ci/venv.sh requirements.lock
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@.ci/venv.sh requirements-dev.lock
	@touch $@
