"""`python -m clincore` is `clincore`."""

from clincore.cli import main

main()
