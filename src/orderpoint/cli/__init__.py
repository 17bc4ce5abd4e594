"""The command line: words in, exit status out; everything it does is a call of `app`."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of `orderpoint`. Exits with the statuses of the design's section 5, "Faults"."""
    from orderpoint.cli.commands import run  # kept out of the import of the package: it loads Typer

    sys.exit(run(sys.argv[1:]))
