# Everything is set up in .venv. A stamp there is as new as the files it was made from, so a second run is quick.
BIN = .venv/bin

.PHONY: demo test check lock clean

demo: .venv/ready
	@$(BIN)/beech demo

test: .venv/ready-dev
	@.ci/with-keyring.sh $(BIN)/pytest -n 2

check: .venv/ready-dev
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@.ci/with-keyring.sh .ci/wheel.sh

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
