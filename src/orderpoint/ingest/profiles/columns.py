"""The columns of one export, found by any spelling of their headers."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from orderpoint.ingest.headers import normalise, without_unit


class Headers:
    """The columns of one frame by the normalised form of their names, with and without a bracket at the end."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._columns: dict[str, str] = {}
        for form in (normalise, without_unit):
            for column in frame.columns:
                self._columns.setdefault(form(column), column)

    def find(self, *names: str) -> str | None:
        """The file's own spelling of the first of `names` that it has, None where it has none."""
        return next(iter(self.every(names)), None)

    def every(self, names: Iterable[str]) -> list[str]:
        """The file's spelling of all of `names` that it has, in the given order, without repeats."""
        found = (self._columns.get(normalise(n)) for n in names)
        return list(dict.fromkeys(f for f in found if f is not None))

    def has(self, *names: str) -> bool:
        """Whether the file has all of `names`."""
        return all(normalise(n) in self._columns for n in names)

    def has_any(self, *names: str) -> bool:
        """Whether the file has one of `names`."""
        return any(normalise(n) in self._columns for n in names)
