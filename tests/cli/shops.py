"""Small shops on disk for tests of the command line."""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path

import numpy as np

TODAY = dt.date(2025, 6, 2)


def write(folder: Path, name: str, header: str, rows: list[tuple[object, ...]]) -> None:
    """A CSV file with the given rows."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(header.split())
        out.writerows(rows)


def small_shop(folder: Path, days: int = 120) -> Path:
    """Two items at one place, one brisk and one slow, with little stock."""
    rng = random.Random(5)
    past = [TODAY - dt.timedelta(days=d) for d in range(days, 0, -1)]
    sales = [
        (day, item, sum(rng.random() < p for _ in range(10))) for day in past for item, p in (("A", 0.6), ("B", 0.1))
    ]
    write(folder, "sales.csv", "date item quantity", sales)
    write(
        folder,
        "items.csv",
        "item name unit_cost price holding_cost stockout_cost",
        [("A", "Ant", 5, 10, 0.01, 4), ("B", "Bee", 5, 10, 0.01, 4)],
    )
    write(folder, "supply.csv", "item supplier lead_time_days review_days", [("A", "ACME", 7, 7), ("B", "ACME", 7, 7)])
    write(folder, "stock.csv", "item on_hand", [("A", 10), ("B", 4)])
    return folder


def network_shop(folder: Path, days: int = 120) -> Path:
    """Two items sold in two shops, which a hub with stock of its own supplies."""
    rng = random.Random(6)
    past = [TODAY - dt.timedelta(days=d) for d in range(days, 0, -1)]
    rates = {"A": 0.5, "B": 0.1}
    sales = [
        (day, item, place, sum(rng.random() < rate for _ in range(8)))
        for day in past
        for item, rate in rates.items()
        for place in ("east", "west")
    ]
    write(folder, "sales.csv", "date item location quantity", sales)
    write(
        folder,
        "items.csv",
        "item name category unit_cost price holding_cost stockout_cost",
        [("A", "Ant", "small", 5, 10, 0.01, 4), ("B", "Bee", "small", 5, 10, 0.01, 4)],
    )
    write(folder, "supply.csv", "item supplier lead_time_days review_days", [("A", "ACME", 7, 7), ("B", "ACME", 7, 7)])
    stock = [("A", "hub", 30), ("A", "east", 6), ("A", "west", 25), ("B", "east", 2), ("B", "west", 9)]
    write(folder, "stock.csv", "item location on_hand", stock)
    arcs = [("ACME", "hub", 7), ("hub", "east", 2), ("hub", "west", 2)]
    write(folder, "network.csv", "source target lead_time_days", arcs)
    return folder


def priced_shop(folder: Path, days: int = 240) -> Path:
    """The small shop, whose prices fall by a fifth for six days of thirty, and a count of visits: both move demand."""
    small_shop(folder)
    rng = np.random.default_rng(7)
    past = [TODAY - dt.timedelta(days=d) for d in range(days, 0, -1)]
    visits = rng.normal(1.0, 0.2, days + 60).round(3)
    cut = np.arange(days) % 30 < 6
    sold = {
        item: rng.poisson(level * np.where(cut, 0.8**-2.5, 1.0) * np.exp(visits[:days] - 1.0))
        for item, level in (("A", 12.0), ("B", 6.0))
    }
    rows = [(day, item, int(sold[item][t])) for t, day in enumerate(past) for item in sold]
    write(folder, "sales.csv", "date item quantity", rows)
    prices = [
        (day, item, 8 if cut[t] else 10, 0.2 if cut[t] else 0)
        for t, day in enumerate(past)
        for item in sold
        if t == 0 or cut[t] != cut[t - 1]
    ]
    planned = [(TODAY + dt.timedelta(days=3), "A", 8, 0.2), (TODAY + dt.timedelta(days=9), "A", 10, 0)]
    write(folder, "prices.csv", "date item price promotion", prices + planned)
    ahead = [TODAY + dt.timedelta(days=d) for d in range(60)]
    write(
        folder,
        "drivers.csv",
        "date name value",
        list(zip([*past, *ahead], ["visits"] * len(visits), visits, strict=True)),
    )
    return folder
