# Two commands do everything: `make run` and `make test`. Both build their own environment.
PYTHON ?= python3
BIN := .venv/bin
# Every process of the product and of its tests would compile all it imports again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check faults eval bench gallery lock audit clean

run: .venv/run
	@exec $(BIN)/python -m core run

test: .venv/dev
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Full-size fault runs: slower than the suite's bounded ones.
faults: .venv/dev
	COPILOT_FAULTS=full $(BIN)/python -m pytest tests/faults -p no:xdist

# The golden cases with the connected model, or with the built-in assessor where there is none.
eval: .venv/dev
	$(BIN)/python -m core evaluate
	$(BIN)/python -m pytest tests/evals -p no:xdist

# Real resumes and labelled sets are found through COPILOT_BENCH_DATA (bench/README.md).
bench: .venv/dev
	$(BIN)/python -m bench

# Pictures of every screen for docs/screens, drawn on the tests' in-memory App.
gallery: .venv/dev
	$(BIN)/python -m tests.gallery

lock: | .venv/bin/uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" requirements-sqs.in -o requirements-sqs.txt

# Known vulnerabilities of what is locked; asks PyPI and its advisory database.
audit: .venv/dev
	$(BIN)/pip-audit -r requirements.txt --require-hashes --disable-pip

clean:
	rm -rf .venv data/var

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.11.") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt

.venv/run: requirements.txt | .venv/bin/uv
	@echo "Installing what the product runs on (once) …"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt | .venv/run
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.txt
	@touch $@
