"""What a profile is: it knows one shop system's export by its headers and rewrites it as tables of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from orderpoint.ingest.reading import Mapped, Note, RawTable, SetAside


@dataclass(frozen=True, eq=False)
class Converted:
    """What a profile made of one raw table.

    `tables`: contract table -> frame with contract columns and `row` (line in the file). Values are as in the file but
    for what the profile had to undo (fill-downs, joined cells, time of day, currency signs): validation reads them.
    An `items` table is a by-product of order lines; it says what is known of names, categories and prices, one row per
    item, and gives way to any items table of the contract. `set_aside` are rows that are no sale by the
    rules of that shop system; they are not faults.
    """

    tables: Mapping[str, pl.DataFrame]
    mapped: tuple[Mapped, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[Note, ...] = field(default=())


class Profile(Protocol):
    """The export of one shop system. Recognised by its headers alone, never by the name of the file."""

    @property
    def name(self) -> str:
        """How messages and docs/ingest.md call it, for example "shopify_orders"."""
        ...

    def matches(self, raw: RawTable) -> bool:
        """Whether the headers of `raw` are those of this export."""
        ...

    def convert(self, raw: RawTable) -> Converted:
        """The tables of the contract in `raw`.

        Raises InputFaults where the file is of this form and can still not be used.
        """
        ...
