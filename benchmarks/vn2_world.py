"""The world of the VN2 competition: real weekly sales with stockout flags, and what an order does in it.

At the end of week X (an index) a player sees sales and flags through X, orders, and finds the units on sale in week
X + 3. A window has eight weeks: the first six begin with an order, the last six are scored: 0.2 per unit left at a
week's end, 1 per unit lost. A week flagged out of stock demands what was sold in it. N series, T weeks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

WINDOWS = (85, 93, 101, 109, 117, 125, 133, 141)
"""X of the first decision of each window."""
ORDERS, WEEKS, FIRST_SCORED = 6, 8, 3
HOLDING, LOST = 0.2, 1.0
OPENING_WEEKS = 13


@dataclass(frozen=True, eq=False)
class Past:
    """All that a player may know: `sales` (N, X + 1) units, `in_stock` bool alike, `weeks` the Mondays of the columns.

    `location`, `item`, `category`, `department`: words of each series, length N.
    """

    sales: FloatArray
    in_stock: NDArray[np.bool_]
    weeks: tuple[date, ...]
    location: tuple[str, ...]
    item: tuple[str, ...]
    category: tuple[str, ...]
    department: tuple[str, ...]

    def until(self, week: int) -> Past:
        """The past at the end of week `week`."""
        end = week + 1
        return replace(self, sales=self.sales[:, :end], in_stock=self.in_stock[:, :end], weeks=self.weeks[:end])

    @property
    def today(self) -> date:
        """The first day not yet decided."""
        return self.weeks[-1] + timedelta(days=7)


@dataclass(frozen=True, eq=False)
class Shelf:
    """Stock at the end of a week, and what is due in the next week and the one after; units, shape (N,)."""

    on_hand: FloatArray
    due_next: FloatArray
    due_after: FloatArray


Player = Callable[[Past, Shelf], FloatArray]
"""Whole units to order, shape (N,)."""


@dataclass(frozen=True)
class Score:
    """A window's result over all series: money of the scored weeks, units demanded and lost, mean units left."""

    holding: float
    lost: float
    demand_units: float
    lost_units: float
    average_stock: float

    @property
    def cost(self) -> float:
        """Money of the scored weeks."""
        return self.holding + self.lost

    @property
    def fill_rate(self) -> float:
        """Share of the demand that was served."""
        return 1.0 - self.lost_units / self.demand_units if self.demand_units else 1.0


def opening(past: Past) -> Shelf:
    """Two weeks of the last 13 weeks' mean on hand, one week in each pipeline, rounded half up."""
    mean = past.sales[:, -OPENING_WEEKS:].mean(axis=1)
    week = np.floor(mean + 0.5)
    return Shelf(np.floor(2.0 * mean + 0.5), week, week.copy())


def step(shelf: Shelf, order: FloatArray, demand: FloatArray) -> tuple[Shelf, FloatArray]:
    """One week: (the shelf at its end, units lost). `order` was placed at the end of the week before."""
    available = shelf.on_hand + shelf.due_next
    sold = np.minimum(demand, available)
    return Shelf(available - sold, shelf.due_after, order), demand - sold


def play(history: Past, first: int, player: Player) -> Score:
    """Play the window whose first decision is at the end of week `first`. Raises ValueError on a bad order."""
    shelf = opening(history.until(first))
    left, lost, demanded = [], [], []
    for week in range(1, WEEKS + 1):
        order = np.zeros(len(shelf.on_hand))
        if week <= ORDERS:
            order = np.asarray(player(history.until(first + week - 1), shelf), np.float64)
            if order.shape != shelf.on_hand.shape or (order < 0).any() or (order != np.round(order)).any():
                raise ValueError("an order is whole units, none below zero, one for each series")
        demand = history.sales[:, first + week]
        shelf, short = step(shelf, order, demand)
        if week >= FIRST_SCORED:
            left.append(shelf.on_hand.sum())
            lost.append(short.sum())
            demanded.append(demand.sum())
    return Score(HOLDING * sum(left), LOST * sum(lost), sum(demanded), sum(lost), float(np.mean(left)))


def read(folder: Path) -> Past:
    """The whole history, sorted by location, then item. Raises ValueError where a series misses a week."""
    import polars as pl

    rows = pl.read_parquet(folder / "weekly_sales_in_stock.parquet").sort("Store", "Product", "week")
    words = pl.read_parquet(folder / "master.parquet").select(
        pl.col("Store", "Product").cast(pl.Int32), "ProductGroup", "Department"
    )
    series = (
        rows.select("Store", "Product")
        .unique()
        .sort("Store", "Product")
        .join(words, on=["Store", "Product"], how="left")
    )
    weeks = rows["week"].unique().sort().to_list()
    shape = (len(series), len(weeks))
    if len(rows) != shape[0] * shape[1]:
        raise ValueError(f"{folder.name}: expected {shape[0]} series of {shape[1]} weeks, got {len(rows)} rows")
    return Past(
        sales=rows["sales"].to_numpy().reshape(shape).astype(np.float64),
        in_stock=rows["in_stock"].to_numpy().reshape(shape),
        weeks=tuple(weeks),
        location=tuple(f"store {name}" for name in series["Store"]),
        item=tuple(f"product {name}" for name in series["Product"]),
        category=tuple(f"group {int(name)}" for name in series["ProductGroup"]),
        department=tuple(f"department {int(name)}" for name in series["Department"]),
    )
