"""Returns and cancellations are netted against the sale they take back; what remains is demand that stayed sold.

A return of a known customer takes back that customer's purchase of the item: one of the same quantity where there is
one, else the most recent ones. A return that names an order takes it from that order. A return of nobody in particular
takes back a sale of the item in the last `WINDOW_DAYS` (the same quantity first), else its nearest earlier sales, else
its next ones.
A known customer's return whose purchase is nowhere in the data takes back an older sale than the data hold: it is set
aside, as netting it against other people's purchases would hide their demand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from orderpoint.ingest.cleaning.netting import Groups
from orderpoint.ingest.reading import FILE, ROW, Note, SetAside

WINDOW_DAYS = 30
BULK_UNITS_MIN = 100.0
BULK_TIMES_USUAL = 20.0
BULK_NAMED_MAX = 20


@dataclass(frozen=True, eq=False)
class Netted:
    """Sales without returns: quantities are what stayed sold, rows of which nothing stayed are gone."""

    sales: pl.DataFrame
    set_aside: tuple[SetAside, ...]
    notes: tuple[Note, ...]


def net_returns(sales: pl.DataFrame) -> Netted:
    """Nets the rows of `sales` with negative quantity against sales.

    `sales`: contract columns with `date` as Date and `quantity` in units, `row` and `file`; `location`, `order` and
    `customer` may be absent. Order of rows and types are kept. Cut the rows to what was known before (tables.cutoff).
    """
    returns = sales["quantity"] < 0
    if not returns.any():
        return Netted(sales, (), ())
    place: list[str] = [c for c in ("item", "location") if c in sales.columns]
    work = sales.select(
        "date",
        *place,
        *[c for c in ("order", "customer") if c in sales.columns],
        pl.col("quantity").cast(pl.Float64).alias("_left"),
    ).with_row_index("_at")
    steps: list[tuple[str, list[str], Callable[[Groups], None]]] = []
    if "customer" in sales.columns:
        steps.append(("customer", ["customer", *place], _of_one_buyer))
    if "order" in sales.columns:
        steps.append(("order", ["order", *place], _of_one_buyer))
    steps.append(("item", place, _of_anybody))
    partner = np.full(sales.height, -1, np.int64)
    counts: dict[str, tuple[int, float]] = {}
    for name, keys, search in steps:
        guests = name == "item" and "customer" in sales.columns
        work, counts[name] = _step(work, keys, search, partner, guests_only=guests)
    return _result(sales, work, partner, counts)


def _of_one_buyer(groups: Groups) -> None:
    groups.net_equal()
    groups.net_nearest()


def _of_anybody(groups: Groups) -> None:
    groups.net_equal(WINDOW_DAYS)
    groups.net_nearest(WINDOW_DAYS)
    groups.net_nearest()
    groups.net_following()


def _step(
    work: pl.DataFrame, keys: list[str], search: Callable[[Groups], None], partner: np.ndarray, *, guests_only: bool
) -> tuple[pl.DataFrame, tuple[int, float]]:
    """One level of search; gives the work with new `_left`, and how many returns and units found their sale."""
    waiting = pl.col("_left") < 0
    open_returns = work.filter(waiting & pl.col("customer").is_null()) if guests_only else work.filter(waiting)
    open_returns = open_returns.drop_nulls([k for k in keys if k != "location"])
    if open_returns.is_empty():
        return work, (0, 0.0)
    rows = work.join(open_returns.select(keys).unique(), on=keys, how="semi", nulls_equal=True)
    if guests_only:
        rows = rows.filter(~waiting | pl.col("customer").is_null())
    rows = rows.sort(*keys, "date", pl.col("_left") < 0, "_at")
    group = rows.select(pl.struct(keys).rle_id()).to_series().to_numpy()
    starts = np.flatnonzero(np.diff(group, prepend=-1, append=int(group[-1]) + 1)).astype(np.int64)
    at = rows["_at"].to_numpy()
    groups = Groups(
        starts,
        rows["date"].to_physical().to_numpy().astype(np.int32),
        rows["_left"].to_numpy().copy(),
        np.full(len(at), -1, np.int64),
    )
    before = groups.left.copy()
    search(groups)
    found = groups.partner >= 0
    partner[at[found]] = at[groups.partner[found]]
    left = work["_left"].to_numpy().copy()
    left[at] = groups.left
    done = (before < 0) & (groups.left > before)
    return work.with_columns(pl.Series("_left", left)), (int(done.sum()), float((groups.left - before)[done].sum()))


def _result(
    sales: pl.DataFrame, work: pl.DataFrame, partner: np.ndarray, counts: dict[str, tuple[int, float]]
) -> Netted:
    left = work["_left"]
    homeless = sales.filter(left < 0).with_columns((-left.filter(left < 0)).alias("_units"))
    notes = []
    file = str(sales[FILE][0]) if sales[FILE].n_unique() == 1 else ""
    for name, (rows, units) in counts.items():
        if rows:
            notes.append(Note(file, f"returns_netted_by_{name}", {"rows": str(rows), "units": f"{units:g}"}))
    notes += _bulk(sales, left, partner, file)
    code = "return_of_older_sale"
    aside = tuple(
        SetAside(name, line, "quantity", f"{-units:g}", code)
        for name, line, units in homeless.select(pl.col(FILE).cast(pl.String), ROW, "_units").iter_rows()
    )
    if aside:
        notes.append(
            Note(file, "returns_without_sale", {"rows": str(len(aside)), "units": f"{homeless['_units'].sum():g}"})
        )
    kept = sales.with_columns(left.cast(sales["quantity"].dtype).alias("quantity")).filter(
        (left > 0) | (sales["quantity"] == 0)
    )
    return Netted(kept, aside, tuple(notes))


def _bulk(sales: pl.DataFrame, left: pl.Series, partner: np.ndarray, file: str) -> list[Note]:
    """Orders far above an item's usual quantity that came back as a whole: named one by one, the largest first."""
    at = np.flatnonzero(partner >= 0)
    sold = partner[at]
    quantity = sales["quantity"].cast(pl.Float64).to_numpy()
    whole = (quantity[sold] == -quantity[at]) & (left.to_numpy()[sold] == 0) & (quantity[sold] >= BULK_UNITS_MIN)
    at, sold = at[whole], sold[whole]
    if not len(at):
        return []
    pairs = sales[sold.tolist()].select(
        pl.col("item").cast(pl.String),
        pl.col("quantity").cast(pl.Float64),
        "date",
        pl.Series("_back", sales["date"][at.tolist()]),
    )
    items = pairs["item"].unique()
    of_these = sales.select(pl.col("item").cast(pl.String), pl.col("quantity").cast(pl.Float64)).filter(
        pl.col("item").is_in(items.implode())
    )
    usual = of_these.filter(pl.col("quantity") > 0).group_by("item").agg(pl.col("quantity").median().alias("_usual"))
    extreme = pairs.join(usual, on="item").filter(pl.col("quantity") >= BULK_TIMES_USUAL * pl.col("_usual"))
    extreme = extreme.sort("quantity", "item", "date", descending=[True, False, False])
    notes = (
        [Note(file, "bulk_orders_returned", {"orders": str(extreme.height), "units": f"{extreme['quantity'].sum():g}"})]
        if extreme.height
        else []
    )
    for item, units, day, back, usual_units in extreme.head(BULK_NAMED_MAX).iter_rows():
        details = {
            "item": item,
            "units": f"{units:g}",
            "sold": str(day),
            "returned": str(back),
            "usual": f"{usual_units:g}",
        }
        notes.append(Note(file, "bulk_order_returned", details))
    return notes
