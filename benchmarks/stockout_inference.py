"""How well inferred stockouts agree with recorded ones: precision and recall of cells, on two real sets with flags.

    ORDERPOINT_DATA=... python -m benchmarks.stockout_inference

Only zeros count, from a series' first sale on: a flagged period with sales is nobody's to infer. `inside` are zeros
between two sales, `tail` those after the last one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.ingest.stockouts import infer
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex


class Agreement(NamedTuple):
    """Cells inferred, cells truly out of stock (with no sale), and cells that are both."""

    part: str
    inferred: int
    true: int
    both: int

    @property
    def precision(self) -> float:
        """Share of the inferred cells that were out of stock."""
        return self.both / max(self.inferred, 1)

    @property
    def recall(self) -> float:
        """Share of the cells out of stock that were inferred."""
        return self.both / max(self.true, 1)


class Flagged(NamedTuple):
    """Sales without any stock state, and the truth: (n, T) True where out of stock."""

    sales: Sales
    out: NDArray[np.bool_]


def vn2(folder: Path) -> Flagged:
    frame = pl.read_parquet(folder / "vn2_inventory" / "weekly_sales_in_stock.parquet")
    frame = frame.select(
        pl.col("Product").cast(pl.String).alias("item"),
        pl.col("Store").cast(pl.String).alias("location"),
        pl.col("week").alias("date"),
        pl.col("sales").alias("quantity"),
        (~pl.col("in_stock")).alias("out"),
    )
    return _flagged(frame, Period.WEEK)


def freshretailnet(folder: Path) -> Flagged:
    frame = pl.read_parquet(folder / "freshretailnet_subset" / "daily.parquet")
    frame = frame.select(
        pl.col("product_id").cast(pl.String).alias("item"),
        pl.col("store_id").cast(pl.String).alias("location"),
        pl.col("dt").alias("date"),
        pl.col("sale_amount").alias("quantity"),
        (pl.col("hourly_stockout_6_22").list.sum() >= 8).alias("out"),
    )
    return _flagged(frame, Period.DAY)


def _flagged(frame: pl.DataFrame, period: Period) -> Flagged:
    frame = frame.sort("item", "location", "date")
    count = frame["date"].n_unique()
    series = frame.select("item", "location").unique(maintain_order=True)
    quantity = frame["quantity"].to_numpy().reshape(-1, count).astype(np.float32)
    first = np.argmax(quantity > 0, axis=1)
    before = np.arange(count)[None, :] < first[:, None]
    state = np.where(before | ~(quantity > 0).any(axis=1)[:, None], State.OFF, State.OBSERVED).astype(np.uint8)
    timeline = Timeline(frame["date"].min(), period, count)
    out = frame["out"].to_numpy().reshape(-1, count)
    return Flagged(Sales(SeriesIndex.of(series.iter_rows()), timeline, quantity, state), out)


def agreement(flagged: Flagged, found: Sales) -> list[Agreement]:
    """Inside the history and at its end."""
    sales = flagged.sales
    count = sales.timeline.count
    last = count - 1 - np.argmax(sales.quantity[:, ::-1] > 0, axis=1)
    zero = (sales.quantity == 0) & (sales.state == State.OBSERVED)
    inside = zero & (np.arange(count)[None, :] < last[:, None])
    inferred = found.state == State.STOCKOUT_INFERRED
    return [
        Agreement(name, *(int((a & part).sum()) for a in (inferred, flagged.out, inferred & flagged.out)))
        for name, part in (("inside", inside), ("tail", zero & ~inside))
    ]


def main() -> None:
    folder = Path(os.environ["ORDERPOINT_DATA"])
    for name, load in (("vn2_inventory (weeks)", vn2), ("freshretailnet_subset (days)", freshretailnet)):
        flagged = load(folder)
        for a in agreement(flagged, infer(flagged.sales)):
            shares = f"precision {a.precision:.2f} recall {a.recall:.2f}"
            print(f"{name:30} {a.part:7} inferred {a.inferred:6} out {a.true:6} {shares}")


if __name__ == "__main__":
    main()
