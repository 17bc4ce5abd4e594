"""From rows of sales to one row for each series and one column for each period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period
from orderpoint.domain.errors import Fault, InputFaults, UsageError
from orderpoint.ingest.grid import BucketOptions, Grid, grid_of
from orderpoint.ingest.parsed import CHUNK_ROWS, distinct_names
from orderpoint.ingest.reading import Note, Reading
from orderpoint.ingest.scatter import HOURS, NEVER, Cells, Codes, Lookup, Values, mark, scatter, scatter_hours
from orderpoint.ingest.stockouts import infer
from orderpoint.tables.cutoff import rows_before
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

EPOCH = date(1970, 1, 1)
PAIRED = ("stock", "incoming")
"""Tables whose pairs of item and location are series even where nothing was sold."""


@dataclass(frozen=True, eq=False)
class Bucketed:
    """The history by series and period, the grid it lies on, and what was repaired on the way."""

    sales: Sales
    grid: Grid
    notes: tuple[Note, ...] = ()

    @property
    def today(self) -> date:
        """The first day not yet decided."""
        return self.grid.today


@dataclass(frozen=True, eq=False)
class _Names:
    """Distinct names in sorted order, and the position of each Categorical code among them."""

    names: tuple[str, ...]
    at: NDArray[np.int32]


def bucket(reading: Reading, options: BucketOptions | None = None) -> Bucketed:
    """Sales of every series: each pair of item and location that is sold, held, or on its way.

    A series is observed from its first sale or launch on (with in_stock flags: from the first row in stock), and rows
    that are not there mean that nothing was sold; before, and after its end of life, it is off. Rows out of stock make
    their period a stockout. Items that are held and were never sold count as on sale throughout.
    Raises InputFaults where there are returns and no sales, UsageError where no sales lie before today, or today or
    the period do not suit the data.
    """
    options = options or BucketOptions()
    sales = reading.tables["sales"]
    first_of_all = sales["date"].min()
    if options.today is not None and not (sales["date"] < options.today).all():
        sales = rows_before(sales, options.today)
    if first_of_all is None:
        raise InputFaults((Fault(_file(reading), "nothing_sold"),))
    if sales.is_empty():
        raise UsageError("today_before_history", today=str(options.today), first=str(first_of_all))
    extra = _extra_pairs(reading)
    items = _names(sales["item"], {i for i, _ in extra})
    places = _names(sales["location"], {p for _, p in extra})
    index, lookup, days = _index(sales, items, places, extra)
    grid = grid_of(days, options)
    lookup = lookup._replace(period_at=_period_at(days, grid))
    cells = _empty_cells(len(index), grid.timeline.count, sales.columns)
    for part in _slices(sales):
        scatter(_codes(part), _values(part), lookup, cells)
    notes = _clip(cells, reading)
    state = _state(cells, index, grid, reading)
    notes += _early_end(grid, reading)
    quantity = cells.quantity
    quantity[state == State.OFF] = 0.0
    result = Sales(
        index,
        grid.timeline,
        quantity,
        state,
        cells.price if cells.price.size else None,
        cells.promotion if cells.promotion.size else None,
        _in_stock_share(sales, lookup, cells) if grid.timeline.period is Period.DAY else None,
    )
    flagged = np.zeros(len(index), np.bool_)
    if cells.out.size:
        flagged = (cells.first_in_stock != NEVER) | cells.out.any(axis=1)
    return Bucketed(infer(result, flagged=flagged), grid, notes)


def _extra_pairs(reading: Reading) -> list[tuple[str, str]]:
    """Pairs of stock, of orders on their way for known items, and of judgements on items without history."""
    tables = reading.tables
    known = set(distinct_names(tables["sales"]["item"]).to_list())
    for table in ("items", "stock"):
        if table in tables:
            known |= set(tables[table]["item"].to_list())
    pairs: set[tuple[str, str]] = set()
    for table in PAIRED:
        if table in tables:
            rows = tables[table].select(pl.col("item", "location").cast(pl.String)).unique().iter_rows()
            pairs |= {(i, p) for i, p in rows if table == "stock" or i in known}
    overrides = tables.get("overrides")
    if overrides is not None:
        places = set(distinct_names(tables["sales"]["location"]).to_list()) | {p for _, p in pairs}
        named = overrides.filter(pl.col("kind") == "estimate")
        where = named["location"].to_list() if "location" in named.columns else [None] * named.height
        for item, place in zip(named["item"].to_list(), where, strict=True):
            pairs |= {(item, p) for p in ([place] if place is not None else places)}
    return sorted(pairs)


def _names(codes: pl.Series, extra: set[str]) -> _Names:
    used = distinct_names(codes)
    names = sorted(set(used.to_list()) | extra)
    position = {name: k for k, name in enumerate(names)}
    physical = used.cast(pl.Categorical).to_physical().to_numpy()
    at = np.full(int(physical.max()) + 1, -1, np.int32)
    at[physical] = [position[name] for name in used.to_list()]
    return _Names(tuple(names), at)


def _index(
    sales: pl.DataFrame, items: _Names, places: _Names, extra: list[tuple[str, str]]
) -> tuple[SeriesIndex, Lookup, list[date]]:
    """The series in order, the lookup of their rows (without periods yet), and the distinct days in order."""
    bounds = sales.select(
        pl.col("date").min().cast(pl.Int32).alias("first"), pl.col("date").max().cast(pl.Int32).alias("last")
    )
    first, last = bounds.row(0)
    pairs = np.zeros((len(items.names), len(places.names)), np.bool_)
    seen = np.zeros(last - first + 1, np.bool_)
    nothing = np.zeros(0, np.int32)
    lookup = Lookup(items.at, places.at, np.zeros(0, np.int64), nothing, nothing, first)
    for part in _slices(sales):
        mark(_codes(part), lookup, pairs, seen)
    item_at = {name: k for k, name in enumerate(items.names)}
    place_at = {name: k for k, name in enumerate(places.names)}
    for item, place in extra:
        pairs[item_at[item], place_at[place]] = True
    item_of, location_of = (a.astype(np.int32) for a in np.nonzero(pairs))
    starts = np.searchsorted(item_of, np.arange(len(items.names) + 1)).astype(np.int64)
    index = SeriesIndex(items.names, places.names, item_of, location_of)
    days = [EPOCH + timedelta(days=first + int(k)) for k in np.flatnonzero(seen)]
    return index, lookup._replace(starts=starts, location_of=location_of), days


def _period_at(days: list[date], grid: Grid) -> NDArray[np.int32]:
    """Period of every day from the first to the last of the data, -1 for days without rows or before the grid."""
    table = np.full((days[-1] - days[0]).days + 1, -1, np.int32)
    for day in days:
        table[(day - days[0]).days] = max(-1, grid.period_of(day))
    return table


def _slices(sales: pl.DataFrame) -> Iterator[pl.DataFrame]:
    yield from sales.iter_slices(CHUNK_ROWS)


def _codes(part: pl.DataFrame) -> Codes:
    item, place = (part[c].to_physical().cast(pl.UInt32).to_numpy() for c in ("item", "location"))
    return Codes(item, place, part["date"].cast(pl.Int32).to_numpy())


def _values(part: pl.DataFrame) -> Values:
    def numbers(name: str, blank: float) -> NDArray[np.float32]:
        if name not in part.columns:
            return np.zeros(0, np.float32)
        return part[name].cast(pl.Float32).fill_null(blank).to_numpy()

    flags = np.zeros(0, np.uint8)
    if "in_stock" in part.columns:
        flags = part["in_stock"].cast(pl.UInt8).fill_null(2).to_numpy()
    hours = np.zeros(0, np.uint8)
    if "hour" in part.columns:
        hours = part["hour"].cast(pl.UInt8).fill_null(HOURS).to_numpy()
    return Values(numbers("quantity", 0.0), numbers("price", np.nan), numbers("promotion", 0.0), flags, hours)


def _empty_cells(n: int, periods: int, columns: list[str]) -> Cells:
    def matrix(name: str, fill: float = 0.0) -> NDArray[np.float32]:
        return np.full((n, periods) if name in columns else (0, 0), fill, np.float32)

    out = np.zeros((n, periods) if "in_stock" in columns else (0, 0), np.uint8)
    never = np.full((3, n), NEVER, np.int32)
    return Cells(
        matrix("quantity"),
        matrix("price", np.nan),
        matrix("price"),
        matrix("promotion"),
        out,
        never[0],
        never[1],
        never[2],
    )


def _in_stock_share(sales: pl.DataFrame, lookup: Lookup, cells: Cells) -> NDArray[np.float32] | None:
    """Share (n, T) of a day's usual demand in the hours that were in stock, NaN where the day is whole or none is told.

    How a day's demand lies over its hours is learned from all days without a row out of stock.
    """
    if "hour" not in sales.columns or not cells.out.any():
        return None
    sold, out = np.zeros(HOURS), np.zeros(cells.out.shape, np.uint32)
    for part in _slices(sales):
        scatter_hours(_codes(part), _values(part), lookup, cells, sold, out)
    if sold.sum() <= 0.0:
        return None
    share = np.full(out.shape, np.nan, np.float32)
    told = (out > 0) & (out < 1 << HOURS)
    usual = sold / sold.sum()
    hidden = sum(usual[h] * ((out[told] >> np.uint32(h)) & np.uint32(1)) for h in range(HOURS))
    share[told] = 1.0 - hidden
    return share


def _clip(cells: Cells, reading: Reading) -> tuple[Note, ...]:
    """Periods in which more came back than was sold become zero."""
    negative = cells.quantity < 0.0
    count = int(negative.sum())
    if not count:
        return ()
    units = float(-cells.quantity[negative].sum())
    cells.quantity[negative] = 0.0
    return (Note(_file(reading), "net_returns_clipped", {"count": str(count), "units": f"{units:g}"}),)


def _state(cells: Cells, index: SeriesIndex, grid: Grid, reading: Reading) -> NDArray[np.uint8]:
    """Whether each cell says something about demand (`State`)."""
    periods = grid.timeline.count
    from_sale = cells.first_sale
    if cells.out.size:
        from_sale = np.minimum(from_sale, cells.first_in_stock)
    launch, last = _life(index, grid, reading)
    never_sold = np.where(cells.first_row == NEVER, 0, cells.first_row)
    if cells.out.size:
        never_sold[cells.out.any(axis=1)] = NEVER
    start = np.where(from_sale == NEVER, np.where(launch == NEVER, never_sold, NEVER), from_sale)
    start = np.minimum(start, launch)
    known = sum(grid.timeline.start(t) < grid.known_until for t in range(periods))
    stop = np.minimum(last, known)
    state = np.empty((len(index), periods), np.uint8)
    columns = np.arange(periods, dtype=np.int32)
    for i in range(len(index)):
        on = (columns >= start[i]) & (columns < stop[i])
        state[i] = on * np.uint8(State.OBSERVED)
        if cells.out.size:
            state[i][on & (cells.out[i] == 1)] = State.STOCKOUT
    return state


def _life(index: SeriesIndex, grid: Grid, reading: Reading) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For each series the period of its item's launch (NEVER where unknown) and the first one after its end of life."""
    launch = np.full(len(index.items), NEVER, np.int32)
    last = np.full(len(index.items), NEVER, np.int32)
    items = reading.tables.get("items")
    if items is not None:
        at = {name: k for k, name in enumerate(index.items)}
        for column, target in (("launch", launch), ("end_of_life", last)):
            if column not in items.columns:
                continue
            for item, day in items.select("item", column).drop_nulls().iter_rows():
                if item in at:
                    ends = column == "end_of_life"
                    target[at[item]] = max(0, grid.timeline.index_of(day) + ends)
    return launch[index.item_of], last[index.item_of]


def _early_end(grid: Grid, reading: Reading) -> tuple[Note, ...]:
    if grid.known_until >= grid.today:
        return ()
    details = {"last": str(grid.known_until - timedelta(days=1)), "today": str(grid.today)}
    return (Note(_file(reading), "history_ends_early", details),)


def _file(reading: Reading) -> str:
    return next((f.file for f in reading.files if f.table == "sales"), "")
