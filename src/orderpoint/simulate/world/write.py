"""Lay an invented shop on disk as a user would have it, its truth beside: whole, or slice by slice for any size."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future as Promise
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from orderpoint.simulate.world import blueprint, export, labels, masters
from orderpoint.simulate.world.invent import World
from orderpoint.simulate.world.settings import WorldSettings

_AHEAD = 2  # slices made while one is written


def write(
    world: World, folder: Path, truth_folder: Path | None = None, form: Literal["csv", "parquet"] = "csv"
) -> None:
    """Write the tables a shop would have to `folder`, the truth to `truth_folder` (by default `truth` beside it).

    The truth is Parquet: days (a row for each item, location and day), items, levels, suppliers, orders. Each file is
    written aside and renamed. Existing files of the same names are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in world.tables().items():
        save = frame.write_csv if form == "csv" else frame.write_parquet
        _aside(folder / f"{name}.{form}", save)
    beside = truth_folder or folder.parent / "truth"
    beside.mkdir(parents=True, exist_ok=True)
    hidden = {"days": world.truth.days()} | {
        name: getattr(world.truth, name) for name in ("items", "levels", "suppliers", "orders")
    }
    for name, frame in hidden.items():
        _aside(beside / f"{name}.parquet", frame.write_parquet)


def stream(settings: WorldSettings, folder: Path) -> int:
    """Write the shop that `invent` would make, as Parquet, slice by slice: memory does not grow with its size.

    Sales come sorted by item, location and day (not by date, as `invent` has them); every other table holds the same
    rows. No truth is written. Returns the number of sales rows.
    """
    plan = blueprint.draw(settings)
    folder.mkdir(parents=True, exist_ok=True)
    sold = 0
    prices, stock, orders, listed = [], [], [], []
    aside = folder / f".sales.parquet.{os.getpid()}"
    try:
        with pq.ParquetWriter(aside, _sales_schema(settings), compression="zstd", store_schema=False) as file:
            for part in _lived(plan):
                table = _sales_table(plan, part)
                file.write_table(table)
                sold += table.num_rows
                prices.append(export.prices_frame(plan, part))
                stock.append(export.stock_frame(plan, part))
                orders.append(export.incoming_frame(plan, export.orders_frame(plan, part)))
                listed.append(export.list_prices(plan, part))
        aside.replace(folder / "sales.parquet")
    finally:
        aside.unlink(missing_ok=True)
    small = {
        "prices": pl.concat(prices),
        "stock": pl.concat(stock),
        "incoming": pl.concat(orders),
        "items": masters.items(plan, np.concatenate(listed)),
        "supply": masters.supply(plan),
        "suppliers": masters.suppliers(plan),
        "locations": masters.locations(plan),
        "calendar": masters.calendar(plan),
        "drivers": masters.drivers(plan),
        "rates": masters.rates(plan),
    }
    for name, frame in small.items():
        _aside(folder / f"{name}.parquet", frame.write_parquet)
    return sold


def _lived(plan: blueprint.Blueprint) -> Iterator[blueprint.Slice]:
    """The slices in order, some made ahead by other threads."""
    with ThreadPoolExecutor(max_workers=_AHEAD) as pool:
        waiting: list[Promise[blueprint.Slice]] = []
        for cut in blueprint.slices(plan.settings):
            waiting.append(pool.submit(blueprint.live, plan, *cut))
            if len(waiting) > _AHEAD:
                yield waiting.pop(0).result()
        for promise in waiting:
            yield promise.result()


def _sales_schema(settings: WorldSettings) -> pa.Schema:
    text = pa.dictionary(pa.int32(), pa.string())
    fields = [
        ("date", pa.date32()),
        ("item", text),
        ("location", text),
        ("quantity", pa.int32()),
        ("price", pa.float64()),
        ("promotion", pa.float64()),
    ]
    return pa.schema(fields + ([("in_stock", pa.int8())] if settings.in_stock else []))


def _sales_table(plan: blueprint.Blueprint, part: blueprint.Slice) -> pa.Table:
    rows = export.sales_rows(plan, part)
    settings = plan.settings
    series = rows.item.astype(np.int64) * settings.locations + rows.location
    order = np.argsort((series * settings.days + rows.day) * 2 + (rows.quantity < 0), kind="stable")  # two sorted runs
    own = labels.items(settings).slice(part.first, part.last - part.first).to_arrow().cast(pa.string())
    places = labels.locations(settings).to_arrow().cast(pa.string())
    days = (np.datetime64(settings.first_day) + rows.day[order].astype("timedelta64[D]")).astype("datetime64[D]")
    columns = [
        pa.array(days, pa.date32()),
        pa.DictionaryArray.from_arrays(pa.array(rows.item[order] - part.first), own),
        pa.DictionaryArray.from_arrays(pa.array(rows.location[order]), places),
        pa.array(rows.quantity[order].astype(np.int32)),
        pa.array(rows.price[order]),
        pa.array(rows.promotion[order]),
    ]
    if settings.in_stock:
        columns.append(pa.array(rows.in_stock[order]))
    return pa.Table.from_arrays(columns, schema=_sales_schema(settings))


def _aside(path: Path, save: Callable[[Path], object]) -> None:
    """Save under another name and rename, so that nobody reads half a file."""
    other = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        save(other)
        other.replace(path)
    finally:
        other.unlink(missing_ok=True)
