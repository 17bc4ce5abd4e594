"""Telling how far long work is: a spinner on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from orderpoint.messages import Language, say
from orderpoint.messages.command_line import COMMAND_LINE


@contextmanager
def progress(language: Language, **blanks: object) -> Iterator[Callable[[str], None]]:
    """A callable that names the step under way by its key; it shows on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _key: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda key: status.update(say(COMMAND_LINE, key, language, **blanks))
