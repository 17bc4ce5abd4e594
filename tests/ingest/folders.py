"""Small folders of input for the tests of this room."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

FIRST = date(2025, 1, 1)


def write_table(path: Path, header: str, rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> Path:
    """A CSV file with the blank-separated `header`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding=encoding) as file:
        out = csv.writer(file)
        out.writerow(header.split())
        out.writerows(rows)
    return path


def daily(days: int = 30, item: str = "I0", first: date = FIRST) -> list[tuple[date, str, int]]:
    """(date, item, quantity): one unit more each day."""
    return [(first + timedelta(days=k), item, k + 1) for k in range(days)]


def shop(folder: Path) -> Path:
    """One item sold daily at one place without a name, with stock and supply."""
    write_table(folder / "sales.csv", "date item quantity", daily())
    write_table(folder / "stock.csv", "item on_hand", [("I0", 5)])
    write_table(folder / "supply.csv", "item supplier lead_time_days", [("I0", "ACME", 7)])
    return folder
