"""`clincore usage`: what an operator does with usage."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Usage of the tenants: totals, whether they are right, pruning.")

Tenant = Annotated[str | None, typer.Option("--tenant", help="Only this tenant: its id or its name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
