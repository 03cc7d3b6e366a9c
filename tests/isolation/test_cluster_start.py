"""On a Citus cluster the service does not start when a node could leak or lose a tenant, and says how to repair it."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import make_url

from support.citus import WORKERS, app_url, execute, needs_cluster, prepare
from support.commands import run
from support.database import Database
from support.service import free_port

pytestmark = needs_cluster

# The fault, which the owner or a superuser makes; what is said; and whether `clincore distribute` repairs it or, as
# after an update of the extension, the superuser's part.
FAULTS = {
    "functions": (
        "GRANT EXECUTE ON FUNCTION citus_run_local_command TO PUBLIC",
        "may call functions of Citus, 1 in all, such as citus_run_local_command(text).",
        "plan",
    ),
    "settings": (
        "ALTER DATABASE {database} SET citus.propagate_set_commands = 'none'",
        "citus.propagate_set_commands is none",
        "plan",
    ),
    "table": ("SELECT undistribute_table('access_log')", "public.access_log is not distributed.", "distribute"),
    "reference": (
        "SELECT undistribute_table('signing_keys')",
        "public.signing_keys is no reference table",
        "distribute",
    ),
}


@pytest.fixture(scope="module")
def distributed(migrated_database: Callable[[], Database]) -> Database:
    """A distributed database for faults, each of which is repaired."""
    return migrated_database()


@pytest.mark.parametrize("fault", FAULTS)
def test_the_service_does_not_start_on_an_unsafe_cluster_and_the_cure_repairs_it(
    distributed: Database, fault: str
) -> None:
    change, said, cure = FAULTS[fault]
    name = distributed.name
    execute(distributed.superuser_url, change.replace("{database}", name))

    refused = run("clincore", "serve", "--port", str(free_port()), DATABASE_URL=distributed.url)
    examined = run("clincore", "doctor", "--json", DATABASE_URL=distributed.url)
    if cure == "plan":
        prepare(name, distributed.url)
    else:
        repaired = run("clincore", "distribute", "--yes", DATABASE_URL=distributed.url)
        assert repaired.returncode == 0, repaired.stderr
    after = run("clincore", "doctor", DATABASE_URL=distributed.url)

    assert (refused.returncode, refused.stdout) == (2, ""), refused.stdout + refused.stderr
    (line,) = refused.stderr.strip().splitlines()
    assert line.startswith("clincore: ") and said in line
    (wrong,) = [one for one in json.loads(examined.stdout)["checks"] if one["state"] == "wrong"]
    assert examined.returncode == 1 and said in wrong["text"]
    assert f"clincore distribute{' --plan' if cure == 'plan' else ''}" in wrong["cure"]
    assert after.returncode == 0, after.stdout


def test_a_service_on_a_worker_is_refused_with_the_way_to_the_coordinator(distributed: Database) -> None:
    worker = app_url(distributed, 1)

    refused = run("clincore", "serve", "--port", str(free_port()), DATABASE_URL=worker)
    examined = run("clincore", "doctor", DATABASE_URL=worker)

    said = "This is a worker of a Citus cluster."
    assert (refused.returncode, refused.stdout) == (2, ""), refused.stdout + refused.stderr
    assert said in refused.stderr and "DATABASE_URL must name the coordinator." in refused.stderr
    assert examined.returncode == 1 and said in " ".join(examined.stdout.split())


def test_migrations_are_refused_on_a_worker(distributed: Database) -> None:
    host, port = WORKERS[0]
    worker = make_url(distributed.url).set(host=host, port=port).render_as_string(hide_password=False)
    said = "This is a worker of a Citus cluster. Set MIGRATION_DATABASE_URL or DATABASE_URL to the coordinator."

    migrated = run("clincore", "migrate", DATABASE_URL=worker)
    upgraded = run("alembic", "upgrade", "head", DATABASE_URL=worker)
    served = run("clincore", "serve", "--port", str(free_port()), DATABASE_URL=worker)

    assert (migrated.returncode, migrated.stderr) == (2, f"clincore: {said}\n")
    assert (upgraded.returncode, upgraded.stderr.splitlines()[-1:]) == (1, [said])
    assert (served.returncode, served.stderr) == (2, f"clincore: {said}\n")
