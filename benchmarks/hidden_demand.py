"""Demand that stockouts hid, recovered where the truth is known: a mask over FreshRetailNet, and the invented shop.

usage: python -m benchmarks.hidden_demand [--quick]

FreshRetailNet (800 series, 97 days, sales and stock by hour): three of ten days without any stockout lose hours to a
seeded mask. It begins at an hour that is drawn by how busy that hour usually is, and lasts 2 to 10 hours; what was sold
then is the truth. The shop is written as a table of hours with `in_stock`, read as `orderpoint plan` reads it, and
cleaned as the default forecast cleans it. Nobody knows what was wanted on days that really lost hours, and they are
busier than others: they are told as out of stock all day; a second figure leaves them as they are, so that the level
which is learned is one of busier days. The invented shop knows what its customers wanted on every day that its shelf
was emptied; it tells days, not hours.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.measurement import Measurement
from benchmarks.needs import MissingError, data_folder
from benchmarks.table import table_text
from orderpoint.forecast.cleaned import cleaned
from orderpoint.ingest.bucketing import bucket
from orderpoint.ingest.intake import read
from orderpoint.ingest.snapshot import SnapshotOptions, state_of
from orderpoint.simulate.world import labels
from orderpoint.simulate.world.invent import invent
from orderpoint.simulate.world.settings import WorldSettings
from orderpoint.tables.sales import Sales, State

Floats = NDArray[np.float64]
OPENS, HOURS = 6, 16
MASKED = 0.3
MOST_OFF, MOST_OFF_INVENTED = 1.0, 3.0
"""Percent of the true demand."""
SPAN = 7


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows: bias of the demand of cut days, as recovered and as sold."""
    rows: list[dict[str, object]] = []
    try:
        rows += masked_shop(300 if quick else None)
    except MissingError as missing:
        print(f"  left out: {missing}")
    return [*rows, *invented_shop(150 if quick else 500)]


def masked_shop(most: int | None) -> list[dict[str, object]]:
    """FreshRetailNet with hours hidden, of the first `most` series (None: all)."""
    table = pl.read_parquet(data_folder("freshretailnet_subset") / "daily.parquet").sort("store_id", "product_id", "dt")
    days = table["dt"].n_unique()
    count = min(table.height // days, most or table.height)
    table = table.head(count * days)
    sold = np.array(table["hourly_sales_6_22"].to_list(), np.float64).reshape(count, days, HOURS)
    out = np.array(table["hourly_stockout_6_22"].to_list(), np.int8).reshape(count, days, HOURS) > 0
    hidden = _mask(sold, out)
    gone = np.broadcast_to(out.any(axis=2, keepdims=True), out.shape) | hidden
    with tempfile.TemporaryDirectory() as place:
        by_hours, by_days, beside = (
            _recovered(_written(Path(place) / name, table, np.where(lost, 0.0, sold), lost, hours=name != "days"))
            for name, lost in (("hours", gone), ("days", gone), ("beside", out | hidden))
        )
    truth, cut, left = sold.sum(axis=2), hidden.any(axis=2), np.where(hidden, 0.0, sold).sum(axis=2)
    name = f"FreshRetailNet, {count:,} series, {int(cut.sum()):,} days that lost hours"
    told = [
        ("recovered by hours", by_hours, MOST_OFF),
        ("the same beside days that really lost hours", beside, None),
        ("by flags of days", by_days, None),
        ("as sold", left, None),
    ]
    return [_row(f"{name}: {how}", said[cut], truth[cut], limit) for how, said, limit in told]


def _row(name: str, said: Floats, truth: Floats, limit: float | None) -> dict[str, object]:
    bias = 100.0 * float(said.sum() / truth.sum() - 1.0)
    return {"name": f"{name}, bias", "ours": abs(bias), "limit": limit, "unit": f"% of demand ({bias:+.2f} %)"}


def _mask(sold: Floats, out: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Hours that are hidden, (n, T, HOURS)."""
    rng = np.random.default_rng(11)
    whole = ~out.any(axis=2)
    busy = sold[whole].sum(axis=0)
    rows, days = np.nonzero(whole & (rng.random(whole.shape) < MASKED))
    first = rng.choice(HOURS, len(rows), p=busy / busy.sum())
    length = rng.integers(2, 11, len(rows))
    hidden = np.zeros(sold.shape, np.bool_)
    hours = np.arange(HOURS)
    hidden[rows, days] = (hours >= first[:, None]) & (hours < (first + length)[:, None])
    return hidden


def _written(folder: Path, table: pl.DataFrame, units: Floats, out: NDArray[np.bool_], *, hours: bool) -> Path:
    """The sales by hours, or by days with a flag for any hour out of stock."""
    names = table.select(
        pl.col("dt").alias("date"),
        pl.col("product_id").cast(pl.String).alias("item"),
        pl.col("store_id").cast(pl.String).alias("location"),
    )
    if not hours:
        frame = names.with_columns(quantity=units.sum(axis=2).ravel(), in_stock=(~out.any(axis=2)).ravel())
    else:
        rows = np.repeat(np.arange(names.height), HOURS)
        frame = names[rows].with_columns(
            quantity=units.ravel(), in_stock=~out.ravel(), hour=np.tile(np.arange(HOURS) + OPENS, names.height)
        )
    folder.mkdir()
    frame.with_columns(pl.col("in_stock").cast(pl.Int8)).write_parquet(folder / "sales.parquet")
    return folder


def _recovered(folder: Path) -> Floats:
    """Demand of every day, in the order of store, product and day."""
    sales, demand = _as_learned(folder)
    pairs = sales.index.pairs()
    return demand[sorted(range(len(pairs)), key=lambda k: [int(name) for name in reversed(pairs[k])])]


def _as_learned(folder: Path) -> tuple[Sales, Floats]:
    """The sales of a folder, and demand (n, T) as the forecast learns from it."""
    reading = read((folder,))
    sales = bucket(reading).sales
    known = state_of(reading, sales, SnapshotOptions()).known
    demand = cleaned(sales, known, SPAN, seasons=True, effects=False).panel.cells.demand
    return sales, demand.astype(np.float64)


def invented_shop(items: int) -> list[dict[str, object]]:
    """The invented shop with flags of days: what customers wanted on days when the shelf was emptied."""
    settings = WorldSettings(items=items, in_stock=True)
    world = invent(settings)
    with tempfile.TemporaryDirectory() as place:
        for name, table in world.tables().items():
            table.write_parquet(Path(place) / f"{name}.parquet")
        sales, demand = _as_learned(Path(place))
    wanted, cut = _truth(world.truth.demand, settings, sales)
    name = f"invented shop, {len(sales.index):,} series, {int(cut.sum()):,} days that ended with an empty shelf"
    return [
        _row(f"{name}: recovered", demand[cut], wanted[cut], MOST_OFF_INVENTED),
        _row(f"{name}: as sold", sales.quantity[cut].astype(np.float64), wanted[cut], None),
    ]


def _truth(demand: NDArray[np.int32], settings: WorldSettings, sales: Sales) -> tuple[Floats, NDArray[np.bool_]]:
    """What was wanted (n, T) of the series of `sales`, and the days that sold something before stock ran out."""
    at = {pair: k for k, pair in enumerate((i, p) for i in labels.items(settings) for p in labels.locations(settings))}
    rows = [at[pair] for pair in sales.index.pairs()]
    wanted = demand[rows][:, -sales.timeline.count :].astype(np.float64)
    return wanted, (sales.state == State.STOCKOUT) & (sales.quantity > 0)


if __name__ == "__main__":
    print(table_text([Measurement.of(row) for row in run("--quick" in sys.argv[1:])], []))
