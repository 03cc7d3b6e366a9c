"""The command line, `clincore`."""


def main() -> None:
    """`clincore`."""
    from clincore.cli.app import app

    app(prog_name="clincore")
