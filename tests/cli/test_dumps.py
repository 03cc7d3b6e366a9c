"""`clincore pg_dump` leaves a whole dump or what was there before."""

from pathlib import Path

from support.commands import run
from support.database import Database


def test_a_dump_appears_when_it_is_complete(database: Database, bin_on_path: str, own_folder: Path) -> None:
    file = own_folder / "clincore.dump"
    file.write_bytes(b"the former dump")
    dump = ("clincore", "pg_dump", "--format=custom", f"--file={file}")
    variables = {"DATABASE_URL": database.url, "PATH": bin_on_path}

    failed = run(*dump, "--table=nothing", **variables)
    former = file.read_bytes()
    done = run(*dump, "--table=tenants", "--schema-only", **variables)

    assert failed.returncode == 1
    assert former == b"the former dump"
    assert (done.returncode, done.stderr) == (0, "")
    assert file.read_bytes().startswith(b"PGDMP")
    assert [path.name for path in own_folder.iterdir()] == ["clincore.dump"]


def test_a_dump_follows_a_link_and_replaces_no_folder_with_files(
    database: Database, bin_on_path: str, own_folder: Path
) -> None:
    (own_folder / "disk").mkdir()
    (own_folder / "link.dump").symlink_to("disk/clincore.dump")
    (own_folder / "disk" / "clincore.dump.partial").symlink_to("../elsewhere")
    variables = {"DATABASE_URL": database.url, "PATH": bin_on_path}
    dump = ("clincore", "pg_dump", "--table=tenants", "--schema-only")

    linked = run(*dump, "--format=custom", f"--file={own_folder / 'link.dump'}", **variables)
    taken = run(*dump, "--format=directory", f"--file={own_folder / 'disk'}", **variables)

    assert (linked.returncode, linked.stderr) == (0, "")
    assert sorted(path.name for path in own_folder.iterdir()) == ["disk", "link.dump"]
    assert (own_folder / "link.dump").is_symlink()
    assert [path.name for path in (own_folder / "disk").iterdir()] == ["clincore.dump"]
    assert (taken.returncode, taken.stderr.count("\n")) == (2, 1)
    assert "disk is not empty" in taken.stderr
