# SPDX-License-Identifier: GPL-3.0-or-later
# `make help` lists the targets. What they make lies in .venv, .venv-oldest, .venv-galaxy, .collections, .cache and
# build; `make clean` removes it. See CONTRIBUTING.md.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VERSION := $(shell sed -n 's/^version: *//p' galaxy.yml)
TARBALL := build/loghygiene-rhel-$(VERSION).tar.gz
INSTALLED := build/collections/ansible_collections/loghygiene/rhel

# What goes into the tarball; folders are listed too, so that a file removed counts as a change.
SHIPPED := galaxy.yml LICENSE $(wildcard README*.md) $(wildcard catalog) changelogs docs meta playbooks plugins roles
SOURCES := $(shell find $(SHIPPED) -name __pycache__ -prune -o -print)

export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Tests and scenarios run what was installed from the tarball, never the checkout.
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/build/collections
unexport PYTHONPATH PYTHONDONTWRITEBYTECODE ANSIBLE_CONFIG

# Quiet while it goes well: the output of a command goes to a file, shown only when the command fails.
quietly = mkdir -p .cache; $(1) >.cache/$(2).log 2>&1 || { tail -n 40 .cache/$(2).log >&2; exit 1; }

.PHONY: help
help:  ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

.PHONY: setup
setup: .venv/done .venv-oldest/done .collections/done  ## Make the environments and link this checkout as loghygiene.rhel

.PHONY: demo
demo: setup build .cache/packages  ## Make sandbox hosts with real noise, remediate, reboot and verify them
	@.venv/bin/python tests/sandbox/demo

.PHONY: test
test: setup .venv-galaxy/done build .cache/programs .cache/packages  ## Run everything: check, sanity with the oldest ansible-core, integration, Molecule
	@.venv/bin/python tests/run.py all

.PHONY: test-vm
test-vm: setup build .cache/packages .cache/vm/packages  ## Boot virtual machines: proof and rollback by real boots; takes root, and long
	@.venv/bin/python -m pytest -q tests/vm

.PHONY: check
check: setup .venv-galaxy/done build .cache/programs  ## Run the quick part: linters, mypy, galaxy-importer, sanity with the newest ansible-core, unit tests on the oldest and newest Pythons
	@.venv/bin/python tests/run.py check

.PHONY: bench
bench: setup build .cache/programs .cache/peers/done  ## Measure the scanners and the audit of a fleet, and what people use instead
	@.venv/bin/python tests/bench/run.py

.PHONY: build
build: $(INSTALLED)/MANIFEST.json  ## Make the tarball in build/ and install it into build/collections

.PHONY: tables
tables: .venv/done  ## Write the tables of docs/remedies.md anew, from the catalog
	@.venv/bin/python tests/remedy_tables.py

.PHONY: clean
clean:  ## Remove everything that make made
	rm -rf .venv .venv-oldest .venv-galaxy .collections .cache build .ansible .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: changelog
changelog: .venv/done  ## Write CHANGELOG.md for a release from the fragments
	antsibull-changelog release

.PHONY: lock
lock:  ## Resolve the pinned requirements anew
	python3 requirements/lock.py

.venv/done: requirements/newest.txt requirements/newest-py311.txt
	@echo 'Making .venv: the newest supported ansible-core and the development tools'
	@python="$$(python3 tests/pythons.py newest)"; rm -rf .venv; \
	$(call quietly,"$$python" -m venv .venv,venv); \
	case "$$(.venv/bin/python -V)" in *' 3.11.'*) pins=newest-py311 ;; *) pins=newest ;; esac; \
	$(call quietly,.venv/bin/python -m pip install -r "requirements/$$pins.txt",venv)
	@touch $@

.venv-oldest/done: requirements/oldest.txt
	@echo 'Making .venv-oldest: the oldest supported ansible-core'
	@python="$$(python3 tests/pythons.py oldest)"; rm -rf .venv-oldest; \
	$(call quietly,"$$python" -m venv .venv-oldest,venv-oldest); \
	$(call quietly,.venv-oldest/bin/python -m pip install -r requirements/oldest.txt,venv-oldest)
	@touch $@

.venv-galaxy/done: requirements/galaxy.txt
	@echo 'Making .venv-galaxy: what Galaxy and docs.ansible.com check'
	@python="$$(python3 tests/pythons.py newest)"; rm -rf .venv-galaxy; \
	$(call quietly,"$$python" -m venv .venv-galaxy,venv-galaxy); \
	$(call quietly,.venv-galaxy/bin/python -m pip install -r requirements/galaxy.txt,venv-galaxy)
	@touch $@

# playbooks/ansible.cfg looks here, so that the playbooks of the checkout find their own collection.
.collections/done:
	@mkdir -p .collections/ansible_collections/loghygiene
	@ln -sfn ../../.. .collections/ansible_collections/loghygiene/rhel
	@touch $@

# What the tests and the containers need from the distribution.
.cache/programs: tests/install-packages
	@$(call quietly,tests/install-packages,install-packages)
	@touch $@

.cache/packages: tests/sandbox/install-packages
	@$(call quietly,tests/sandbox/install-packages,install-packages)
	@touch $@

.cache/vm/packages: tests/vm/install-packages
	@mkdir -p .cache/vm
	@$(call quietly,tests/vm/install-packages,install-packages)
	@touch $@

.cache/peers/done: tests/bench/install-packages
	@rm -rf .cache/peers
	@$(call quietly,tests/bench/install-packages .cache/peers,peers)
	@touch $@

# Before a release the changelog is only fragments; the tarball shows what they will become. The copy is a
# repository of its own, as antsibull-changelog would ask the one around it, which ignores build.
$(TARBALL): $(SOURCES) .venv/done
	@echo 'Building $@'
	@rm -rf build/source; mkdir -p build/source; cp -R $(SHIPPED) build/source
	@if ! grep -q '^  $(VERSION):' changelogs/changelog.yaml; then \
	cd build/source; git init --quiet; \
	antsibull-changelog release >../changelog.log 2>&1 || { cat ../changelog.log >&2; exit 1; }; fi
	@$(call quietly,ansible-galaxy collection build --force --output-path build build/source,build)
	@rm -rf build/source build/changelog.log

$(INSTALLED)/MANIFEST.json: $(TARBALL)
	@rm -rf build/collections
	@$(call quietly,ansible-galaxy collection install --offline --collections-path build/collections $(TARBALL),install)
	@touch $@
