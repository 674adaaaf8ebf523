# Anju 安居. Needs Python 3.11 or newer, make, and a package index; everything else is fetched into this folder.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
export UV := $(CURDIR)/.uv/bin/uv
export UV_PYTHON := $(CURDIR)/.uv/bin/python
export UV_PYTHON_DOWNLOADS := never
# A machine behind a company's proxy trusts it in its own store; a bare one may have no store at all.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-*.crt /etc/ssl/cert.pem /etc/pki/tls/certs/*.crt),true,false)
# Without a home folder to write to, the caches live here too.
ifeq ($(shell test -n "$$HOME" && test -w "$$HOME" && echo yes),)
export UV_CACHE_DIR ?= $(CURDIR)/.uv/cache
export PIP_NO_CACHE_DIR ?= 1
endif
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH
RUN := .venv/bin/python
# Each process of the tests has a PostgreSQL and a house of its own, and takes files in their order: who may do what is
# asked about rows that the contract's drawn calls have not moved on yet.
SIDE_BY_SIDE := --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder
SYNCED := .venv/.synced

.PHONY: help run test lint bench prove secrets clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

run: $(SYNCED) ## start everything on this machine, with demo data, until Ctrl-C
	@$(RUN) -m deploy.local --follow-parent

test: $(SYNCED) ## every test, at a small profile, on a PostgreSQL of their own
	$(RUN) -m pytest $(SIDE_BY_SIDE)

lint: $(SYNCED) ## style, types, who imports whom, migrations against models, the lock file
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy .
	.venv/bin/lint-imports
	$(RUN) -m deploy.postgres.migrations
	$(UV) lock --check

bench: $(SYNCED) ## what it costs, measured beside what it could cost
	$(RUN) -m tests.bench

prove: $(SYNCED) ## the same tests with the counts an issue demands: make prove ISSUE=2
	$(RUN) -m tests.prove $(or $(ISSUE),$(error say which: make prove ISSUE=2))

secrets: $(SYNCED) ## a random value for every secret of docker-compose.yml: make secrets > .env
	@$(RUN) -m deploy.secrets

clean: ## remove the environment, the caches, and the data of `make run`
	@! test -e .run/postgres/data/postmaster.pid || { echo "make run is still running; stop it first"; exit 1; }
	@if test -L .run/postgres; then rm -rf -- "$$(readlink .run/postgres)"; fi
	rm -rf .run .venv .uv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed"; exit 1; }
	@echo "preparing the environment in .uv and .venv (first time only)" >&2
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(SYNCED): uv.lock pyproject.toml $(wildcard */pyproject.toml services/*/pyproject.toml) | $(UV)
	@$(UV) sync --quiet --frozen --all-packages --all-groups
	@touch $@
