"""A player that is `orderpoint plan`: for each decision a folder of exports, the command line, and its orders.csv."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.vn2_world import FloatArray, Past, Shelf

HOLDING_PER_DAY, LEAD_TIME_DAYS, REVIEW_DAYS = 0.0285714286, 14, 7

Command = Callable[[Sequence[str]], int]
"""Runs `orderpoint` with some words; the exit status."""


def in_this_process(words: Sequence[str]) -> int:
    """The command line without the start of a process; what it prints is not shown."""
    from orderpoint.cli.commands import run

    with contextlib.redirect_stdout(io.StringIO()):
        return run(words)


def in_a_process(words: Sequence[str]) -> int:
    """The command line as a user starts it."""
    program = Path(sys.executable).parent / "orderpoint"
    return subprocess.run([str(program), *words], stdout=subprocess.DEVNULL, check=False).returncode


@dataclass(frozen=True)
class Plan:
    """A player: every decision is one call of `orderpoint plan` with `extra` words."""

    command: Command = in_this_process
    extra: tuple[str, ...] = ()

    def __call__(self, past: Past, shelf: Shelf) -> FloatArray:
        """Whole units to order, shape (N,). Raises RuntimeError where the command fails."""
        with tempfile.TemporaryDirectory() as place:
            folder, out = Path(place) / "shop", Path(place) / "plan"
            write_folder(folder, past, shelf)
            words = [
                "plan",
                str(folder),
                "--period",
                "week",
                "--today",
                past.today.isoformat(),
                "--out",
                str(out),
                *self.extra,
            ]
            status = self.command(words)
            if status != 0:
                raise RuntimeError(f"orderpoint {' '.join(words)} ended with status {status}")
            return read_orders(out / "orders.csv", past)


def write_folder(folder: Path, past: Past, shelf: Shelf) -> None:
    """The tables that a shop would export on the morning after the last week of `past`."""
    folder.mkdir(parents=True)
    series = {"item": past.item, "location": past.location}
    sales(past).write_csv(folder / "sales.csv")
    pl.DataFrame({**series, "on_hand": shelf.on_hand}).write_csv(folder / "stock.csv")
    pl.concat(
        pl.DataFrame({**series, "quantity": units, "due": [past.today + timedelta(weeks=k)] * len(units)})
        for k, units in enumerate((shelf.due_next, shelf.due_after))
    ).filter(pl.col("quantity") > 0).write_csv(folder / "incoming.csv")
    items = (
        pl.DataFrame({"item": past.item, "category": past.category, "department": past.department})
        .unique("item")
        .sort("item")
    )
    items.with_columns(holding_cost=pl.lit(HOLDING_PER_DAY), stockout_cost=pl.lit(1.0)).write_csv(folder / "items.csv")
    items.select("item", lead_time_days=pl.lit(LEAD_TIME_DAYS), review_days=pl.lit(REVIEW_DAYS)).write_csv(
        folder / "supply.csv"
    )


def sales(past: Past) -> pl.DataFrame:
    """Weekly sales in the columns of the file contract."""
    count, weeks = past.sales.shape
    return pl.DataFrame(
        {
            "date": list(past.weeks) * count,
            "item": np.repeat(past.item, weeks),
            "location": np.repeat(past.location, weeks),
            "quantity": past.sales.ravel(),
            "in_stock": past.in_stock.ravel().astype(np.int8),
        }
    )


def read_orders(path: Path, past: Past) -> FloatArray:
    """Units of orders.csv by series, 0 where nothing is ordered. Raises ValueError on an order for a stranger."""
    rows = pl.read_csv(path, schema_overrides={"item": pl.String, "location": pl.String, "quantity": pl.Float64})
    row_of = {pair: k for k, pair in enumerate(zip(past.item, past.location, strict=True))}
    order = np.zeros(len(row_of))
    for item, location, quantity in rows.select("item", "location", "quantity").iter_rows():
        if (item, location) not in row_of:
            raise ValueError(f"{path.name} orders {item!r} at {location!r}, which is not in the sales")
        order[row_of[item, location]] += quantity
    return order
