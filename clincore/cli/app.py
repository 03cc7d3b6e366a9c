"""The list of commands."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from clincore.cli import tenant_copies, tenant_deletion  # noqa: F401 - add their commands to `tenants`
from clincore.cli.cases import cases
from clincore.cli.compact import compact
from clincore.cli.distribute import distribute
from clincore.cli.doctor import doctor
from clincore.cli.import_files import import_files
from clincore.cli.init import init
from clincore.cli.isolation import prove_isolation
from clincore.cli.keys import keys
from clincore.cli.migrate import migrate
from clincore.cli.output import CommandGroup, PlainCommand
from clincore.cli.serve import serve
from clincore.cli.signing import signing_app
from clincore.cli.status import open_page, status
from clincore.cli.tenants import tenants
from clincore.cli.tools import pg_dump, pg_restore, psql
from clincore.cli.usage import usage
from clincore.cli.verify import verify

# All arguments, --help included, are passed to PostgreSQL's tool.
_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

_HELP = """Store clinical cases of many tenants in PostgreSQL, behind one OpenAPI contract.

Without DATABASE_URL, every command uses an embedded PostgreSQL with its data under .clincore/ or CLINCORE_DATA_DIR.

\b
Examples, in two terminals:
  clincore serve
  clincore init --demo
"""

app = typer.Typer(
    cls=CommandGroup,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    # Plain help: importing rich would double the time that --help takes.
    rich_markup_mode=None,
    help=_HELP,
)

app.command(cls=PlainCommand)(serve)
app.command(cls=PlainCommand)(init)
app.command(cls=PlainCommand)(status)
app.command(cls=PlainCommand)(doctor)
app.command("open", cls=PlainCommand)(open_page)
app.add_typer(cases, name="cases")
app.command(cls=PlainCommand)(migrate)
app.command(cls=PlainCommand)(distribute)
app.command(cls=PlainCommand)(compact)
app.command("prove-isolation", cls=PlainCommand)(prove_isolation)
app.command(context_settings=_PASS_ON)(psql)
app.command("pg_dump", context_settings=_PASS_ON)(pg_dump)
app.command("pg_restore", context_settings=_PASS_ON)(pg_restore)
app.command("import", cls=PlainCommand)(import_files)
app.command(cls=PlainCommand)(verify)
app.add_typer(tenants, name="tenants")
app.add_typer(keys, name="keys")
app.add_typer(usage, name="usage")
app.add_typer(signing_app, name="signing")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"clincore {version('clincore')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def all_commands() -> Iterator[tuple[str, TyperCommand]]:
    """The commands in the order of the help, with their whole names, such as `clincore keys list`."""
    from typer.main import get_command

    def below(name: str, one: Any) -> Iterator[tuple[str, TyperCommand]]:
        if not isinstance(one, TyperGroup):
            yield name, one
            return
        for part, command in one.commands.items():
            yield from below(f"{name} {part}", command)

    return below("clincore", get_command(app))
