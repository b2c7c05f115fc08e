# make lab   opens the course         make test    runs every test
# make env   only the environment     make course  rebuilds the student edition from solutions/
# make bench measures speed against tf.keras; options: make bench ARGS="--only lstm --rounds 1"
# make site  the website, from course/ and the docstrings, into build/site/html
.DELETE_ON_ERROR:
.PHONY: lab test env course bench site browser grading
.DEFAULT_GOAL := lab

BIN := .venv/bin
# TensorFlow with CUDA where a graphics card answers, else the smaller one. Override: make env DEVICE=cpu
DEVICE ?= $(shell [ "$$(uname -sm)" = "Linux x86_64" ] && nvidia-smi >/dev/null 2>&1 && echo gpu || echo cpu)

lab: env
	@$(BIN)/kerasedu lab $(if $(PORT),--port $(PORT))

test: env browser grading
	@$(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=loadgroup

course: env
	@$(BIN)/kerasedu build

bench: env
	@$(BIN)/python -m benchmarks.speed $(ARGS)

site: env
	@$(BIN)/python docs/site/build.py

env: .venv/complete
	@:

# Written last, so an interrupted installation is taken up again by the next make.
.venv/complete: pyproject.toml constraints.txt
	@python=$$(sh .ci/find-python) && \
	  { [ -x $(BIN)/pip ] && $(BIN)/python -c "" 2>/dev/null || "$$python" -m venv --clear .venv; }
	@echo "Installing KerasEdu with TensorFlow for the $(DEVICE) into .venv: one to three minutes, about 2 GB."
	@$(BIN)/pip install $$([ -t 1 ] || echo --quiet) --disable-pip-version-check --constraint constraints.txt --editable '.[$(DEVICE),teach,ops,site,dev]'
	@touch $@
	@echo "Done."

browser: env
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh .ci/find-browser

grading: env
	@sh .ci/find-grading
