# One command each for people and for CI. All set-up happens by itself, into .venv, from pinned files with hashes.
# Only relative paths: this folder's own path may hold spaces, which make cannot have in a target.

PACKAGES := redaction records intake router sallyport
TYPED := $(PACKAGES) templates tests $(if $(wildcard benchmarks/*.py),benchmarks)
RUN := .venv/bin/python -m

.DEFAULT_GOAL := help
.PHONY: help demo run test check check-long bench lock clean \
        venv-run venv-test check-format check-lint check-types check-imports check-doctests check-readme

help: ## list what make can do
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | \
	    while IFS='|' read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

demo: venv-run ## set up, and see the whole program at work on made-up inquiries
	@.venv/bin/sallyport demo

run: venv-run ## set up, and serve site and desk for browsing, until Ctrl-C
	@.venv/bin/sallyport serve --demo

test: venv-test ## set up, and run the tests (PYTEST_ARGS=... for some of them)
	@$(RUN) pytest -m "not long" $(PYTEST_ARGS)

check: check-format check-lint check-types check-imports check-doctests check-readme ## format, lint, types, import contracts, doctests, README
	@echo "sallyport: all checks passed"

check-long: venv-test ## the tests that are too long for CI, and a search with new examples
	@SEARCH=1 $(RUN) pytest -m "long or hypothesis" --timeout 3600 $(PYTEST_ARGS)

bench: venv-test ## measure, and print the figures (BENCH=name for one of them)
	@$(RUN) benchmarks $(BENCH)

lock: ## renew the pinned requirement files (LOCK_ARGS=--upgrade for newer versions; wants uv)
	@.ci/lock $(LOCK_ARGS)

clean: ## remove .venv, caches and what was built
	@rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

venv-run:
	@.ci/venv run

venv-test:
	@.ci/venv test

check-format: venv-test
	@echo "format: ruff format --check"
	@$(RUN) ruff format --check --quiet . || { $(RUN) ruff format --check .; exit 1; }

check-lint: venv-test
	@echo "lint: ruff check, all rules"
	@$(RUN) ruff check --quiet .

check-types: venv-test
	@echo "types: mypy --strict"
	@$(RUN) mypy --strict --no-error-summary $(TYPED)

check-imports: venv-test
	@echo "imports: the contracts in .importlinter"
	@.venv/bin/lint-imports --config .importlinter --no-cache --no-logo >.venv/imports.log 2>&1 || { cat .venv/imports.log; exit 1; }

check-doctests: venv-test
	@echo "doctests: examples in docstrings"
	@$(RUN) pytest --doctest-modules --no-header --ignore records/migrations $(PACKAGES) || [ $$? -eq 5 ]

check-readme: venv-test
	@echo "readme: against sallyport --help"
	@$(RUN) pytest --no-header tests/guards/test_readme.py
