# `make sdk`: client SDKs, generated from openapi.yaml into build/sdk/. Python needs Python 3.11, TypeScript needs Node.js 18 or later.
# `make check-sdk check-generators`: what CI does with them, and with those of other generators.

SEEDS ?= 10
PYTHON ?= $(firstword $(shell command -v python3.11 python3))
tools := build/sdk/venv/bin

.PHONY: docs breaking released dump fuzz fuzz-seeds lock sdk sdk-python sdk-typescript check-sdk check-sdk-python \
  check-sdk-typescript check-generators check-go check-java check-typescript-generators check-prism check-spectral

sdk: sdk-python sdk-typescript

build/sdk/venv/made: sdk/python/requirements.txt
	$(PYTHON) -m venv --clear build/sdk/venv
	$(tools)/pip install -q --disable-pip-version-check -r $<
	touch $@

sdk-python: build/sdk/venv/made
	rm -rf build/sdk/python
	PATH="$(CURDIR)/$(tools):$$PATH" openapi-python-client generate --path openapi.yaml --config sdk/python/generator.yaml \
	  --meta setup --output-path build/sdk/python --fail-on-warning

sdk/typescript/node_modules/made: sdk/typescript/package-lock.json
	npm ci --silent --no-audit --no-fund --prefix sdk/typescript
	touch $@

sdk-typescript: sdk/typescript/node_modules/made
	node sdk/typescript/generate.mjs

# Generate, type-check and run a program with each SDK against a service. CLINCORE and BOOTSTRAP_TOKEN say which; without
# them one is started.
check-sdk: check-sdk-python check-sdk-typescript

check-sdk-python: sdk-python
	@# What is found is a schema of openapi.yaml that needs a name or a title of its own.
	! grep -rnE '^class .*(Type[0-9]|Response[0-9])' build/sdk/python/clincore_client/models
	MYPYPATH=build/sdk/python $(tools)/mypy --strict --cache-dir build/sdk/mypy build/sdk/python/clincore_client sdk/python
	PYTHONPATH=build/sdk/python sdk/with-service $(tools)/python sdk/python/lifecycle.py

check-sdk-typescript: sdk-typescript
	@# What is found is an object of openapi.yaml that nothing could be read from: additionalProperties says what it has.
	! grep -n ': Record<string, never>' build/sdk/typescript/clincore.d.ts
	sdk/typescript/node_modules/.bin/tsc --project sdk/typescript
	sdk/with-service node sdk/typescript/dist/lifecycle.js

# Compile and run what openapi-generator makes, compile what two generators for TypeScript make, send the TypeScript
# SDK's program through Prism's validating proxy, and ask Spectral.
check-generators: check-go check-java check-typescript-generators check-prism check-spectral

openapi_generator := build/sdk/openapi-generator/bin/openapi-generator-cli
no_tests_or_docs := --global-property=models,apis,supportingFiles,modelTests=false,apiTests=false,modelDocs=false,apiDocs=false

build/sdk/openapi-generator/made: sdk/generators/requirements.txt
	$(PYTHON) -m venv --clear build/sdk/openapi-generator
	build/sdk/openapi-generator/bin/pip install -q --disable-pip-version-check -r $<
	touch $@

check-go: build/sdk/openapi-generator/made
	rm -rf build/sdk/go
	$(openapi_generator) generate -i openapi.yaml -g go -o build/sdk/go $(no_tests_or_docs) \
	  --additional-properties=packageName=clincore,withGoMod=false,enumClassPrefix=true >build/sdk/go.log
	printf 'module clincore\n\ngo 1.18\n' >build/sdk/go/go.mod
	cd sdk/go && GOFLAGS=-mod=mod go build -o ../../build/sdk/go-lifecycle .
	sdk/with-service build/sdk/go-lifecycle

# Without a package from Maven's registry: the generator's own jar has those that the client needs.
check-java: build/sdk/openapi-generator/made
	rm -rf build/sdk/java
	$(openapi_generator) generate -i openapi.yaml -g java --library native -o build/sdk/java $(no_tests_or_docs) \
	  --model-name-mappings Case=ClinicalCase --additional-properties=groupId=com.example,artifactId=clincore-client \
	  --additional-properties=invokerPackage=com.example.clincore,apiPackage=com.example.clincore.api \
	  --additional-properties=modelPackage=com.example.clincore.model,openApiNullable=false >build/sdk/java.log
	jar=$$(find build/sdk/openapi-generator -name openapi-generator.jar) && mkdir -p build/sdk/java/classes \
	  && javac -nowarn -d build/sdk/java/classes -cp $$jar $$(find build/sdk/java/src/main sdk/java -name '*.java') \
	  && sdk/with-service java -cp build/sdk/java/classes:$$jar Lifecycle

sdk/generators/node_modules/made: sdk/generators/package-lock.json
	npm ci --silent --no-audit --no-fund --prefix sdk/generators
	touch $@

check-typescript-generators: sdk/generators/node_modules/made
	rm -rf build/sdk/generators
	cd sdk/generators && node_modules/.bin/openapi-ts --silent
	cd sdk/generators && node_modules/.bin/openapi --input ../../openapi.yaml \
	  --output ../../build/sdk/generators/openapi-typescript-codegen --client fetch
	cd sdk/generators && node_modules/.bin/tsc

check-prism: sdk/generators/node_modules/made sdk-typescript
	sdk/typescript/node_modules/.bin/tsc --project sdk/typescript
	sdk/with-service sdk/through-prism node sdk/typescript/dist/lifecycle.js

check-spectral: sdk/generators/node_modules/made
	sdk/generators/node_modules/.bin/spectral lint --ruleset sdk/generators/spectral.yaml --fail-severity=hint openapi.yaml

# Compare openapi.yaml with the last release, contract/released.yaml; `released` makes it the last release.
breaking:
	$(PYTHON) tools/contract_diff.py

released:
	$(PYTHON) tools/contract_diff.py --release

# openapi.yaml as OpenAPI 3.1, for generators that want it.
build/openapi-3.1.yaml: openapi.yaml tools/contract_31.py
	mkdir -p build
	$(PYTHON) tools/contract_31.py $@

# At a release: a database as this version leaves it, which later versions upgrade in their tests.
dump:
	$(PYTHON) tools/release_dump.py tests/upgrades/$$($(PYTHON) -m clincore --version | sed 's/.* //')

# Fuzz for some minutes, and see that each fault of tests/support/faults.py is found.
fuzz:
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-300} pytest -q -n 0 tests/fuzz/test_fuzz.py
	FUZZ_FAULTS=1 pytest -q -n 2 --dist load tests/fuzz/test_faults.py

# Fuzz with ten random seeds instead of the fixed one, or with those that FUZZ_SEEDS names. Each is printed with the
# command that repeats it.
fuzz-seeds:
	@for seed in $${FUZZ_SEEDS:-$$($(PYTHON) -c 'import random; print(*random.sample(range(10**9), $(SEEDS)))')}; do \
	  echo "Seed $$seed. Again: FUZZ_SEEDS=$$seed FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-100} make fuzz-seeds"; \
	  FUZZ_SEED=$$seed FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-100} pytest -q -n 0 tests/fuzz/test_fuzz.py || exit 1; \
	done

# The parts of the documentation that are written from the code.
docs:
	$(PYTHON) tools/lifecycle_diagram.py

# Lock what CI installs from PyPI, with hashes: the tests, the linters, the browser's driver, what builds the package.
# Versions that still fit stay; `make lock UPGRADE=--upgrade` takes the newest that pyproject.toml allows.
lock: build/lock/bin/pip-compile
	CUSTOM_COMPILE_COMMAND="make lock" $< --quiet --strip-extras --generate-hashes --no-annotate --no-emit-options \
	  --all-build-deps --extra test --extra lint --extra browser $(UPGRADE) --output-file requirements-ci.txt pyproject.toml

build/lock/bin/pip-compile:
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/pip install -q --disable-pip-version-check pip-tools==7.6.2
