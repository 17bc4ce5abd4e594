"""Findings on the rows of the tables: what they cover, and which of them look wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from orderpoint.ingest.quality.findings import CLOSED_WEEKDAY, EXAMPLES_MAX, Finding, Severity

RECENT_DAYS = 90
LARGE_TIMES = 50.0
LARGE_UNITS_MIN = 50.0
ODD_PRICE_TIMES = 10.0
GAP_TIMES = 3
LONELY_DAYS_MIN = 180
LONELY_DATES_MAX = 3
CLOSED_SHARE_MAX = 0.05
CLOSED_WEEKS_MIN = 8
Tables = Mapping[str, pl.DataFrame]


def coverage(sales: pl.DataFrame) -> Finding:
    """What the sales cover: rows, items, locations, first and last day."""
    first, last, items = sales.select(
        pl.col("date").min().alias("first"),
        pl.col("date").max().alias("last"),
        pl.col("item").n_unique().alias("items"),
    ).row(0)
    details = {"rows": f"{sales.height:,}", "first": str(first), "last": str(last), "items": f"{items:,}"}
    places = sales["location"].n_unique() if "location" in sales.columns else 1
    return Finding("coverage", Severity.INFO, sales.height, details={**details, "locations": f"{places:,}"})


def without_price(sales: pl.DataFrame) -> Finding | None:
    """Rows of sales without a price."""
    missing = sales["price"].null_count() if "price" in sales.columns else sales.height
    return Finding("no_price", Severity.INFO, missing, missing / max(sales.height, 1)) if missing else None


def tables_lack(tables: Tables, today: date) -> list[Finding | None]:
    """Items sold of late that stock, costs, lead times or the catalogue do not know."""
    sales = tables["sales"]
    sold = _names(sales["item"])
    recent = _names(sales.filter(pl.col("date") >= today - timedelta(days=RECENT_DAYS))["item"])
    if "stock" not in tables:
        stock: Finding | None = Finding("no_stock_table", Severity.WARNING, 1)
    else:
        missing = recent - _names(tables["stock"]["item"])
        stock = _lacking("no_stock_row", Severity.WARNING, missing, recent, days=str(RECENT_DAYS))
    costed = _known(tables, "unit_cost")
    supplied = _known(tables, "lead_time_days")
    found = [
        stock,
        _lacking("no_cost", Severity.INFO, sold - costed, sold),
        _lacking("no_lead_time", Severity.INFO, sold - supplied, sold),
    ]
    if "items" in tables:
        found.append(_lacking("not_in_catalogue", Severity.WARNING, sold - _names(tables["items"]["item"]), sold))
    return found


def _known(tables: Tables, column: str) -> set[str]:
    frames = (tables[t] for t in ("items", "supply") if t in tables)
    known = (_names(f.filter(pl.col(column).is_not_null())["item"]) for f in frames if column in f.columns)
    return set().union(*known)


def _names(items: pl.Series) -> set[str]:
    return set(items.unique().cast(pl.String).drop_nulls().to_list())


def _lacking(code: str, severity: Severity, missing: set[str], whole: set[str], **details: str) -> Finding | None:
    if not missing:
        return None
    examples = tuple(sorted(missing)[:EXAMPLES_MAX])
    return Finding(code, severity, len(missing), len(missing) / max(len(whole), 1), examples, details)


def days_without_sales(sales: pl.DataFrame) -> list[Finding | None]:
    """Stretches without any sale that are longer than the shop usually pauses, and weekdays on which it is closed."""
    days = sales.filter(pl.col("quantity") > 0)["date"].unique().sort()
    if len(days) < 2 * CLOSED_WEEKS_MIN:
        return [None]
    steps = days.diff().dt.total_days()
    usual = float(steps.median() or 1.0)  # type: ignore[arg-type]
    common = float(steps.quantile(0.9) or usual)
    long = pl.DataFrame({"to": days, "step": steps}).filter(pl.col("step") > GAP_TIMES * max(usual, common))
    found: list[Finding | None] = [None]
    if long.height:
        missed = int((long["step"] - round(usual)).sum())
        shown = tuple(
            f"{to - timedelta(days=step - 1)} – {to - timedelta(days=1)}"
            for to, step in long.sort("step", "to", descending=[True, False]).head(EXAMPLES_MAX).iter_rows()
        )
        found = [Finding("gap", Severity.WARNING, missed, examples=shown, details={"runs": str(long.height)})]
    if usual == 1.0:
        found.append(_closed_weekdays(days))
    return found


def _closed_weekdays(days: pl.Series) -> Finding | None:
    weeks = ((days[-1] - days[0]).days + 1) / 7
    if weeks < CLOSED_WEEKS_MIN:
        return None
    active = dict(days.dt.weekday().value_counts().iter_rows())
    closed = tuple(str(k) for k in range(7) if active.get(k + 1, 0) < CLOSED_SHARE_MAX * weeks)
    return Finding(CLOSED_WEEKDAY, Severity.INFO, len(closed), examples=closed) if closed else None


def lonely_dates(sales: pl.DataFrame) -> Finding | None:
    """A few dates far from all others, at either end: usually a wrong year."""
    counted = sales.group_by("date").len().sort("date")
    days, rows = counted["date"].to_list(), counted["len"].to_list()
    if len(days) < 4 * LONELY_DATES_MAX:
        return None
    alone: list[int] = []
    for k in range(1, LONELY_DATES_MAX + 1):
        if (days[k] - days[k - 1]).days > LONELY_DAYS_MIN:
            alone += range(k)
        if (days[-k] - days[-k - 1]).days > LONELY_DAYS_MIN:
            alone += range(len(days) - k, len(days))
    found = sorted(set(alone))
    if not found:
        return None
    return Finding(
        "lonely_dates", Severity.PROBLEM, sum(rows[k] for k in found), examples=tuple(str(days[k]) for k in found)
    )


def repeated_days(sales: pl.DataFrame) -> Finding | None:
    """Rows without an order that share day, item and location: sums, or an export that was pasted twice."""
    if "order" in sales.columns:
        return None
    key = [c for c in ("date", "item", "location", "channel", "customer") if c in sales.columns]
    repeated = sales.select(key).is_duplicated()
    count = int(repeated.sum())
    if not count:
        return None
    shown = (
        sales.filter(repeated)
        .select(pl.col("item").cast(pl.String), "date")
        .unique(maintain_order=True)
        .head(EXAMPLES_MAX)
    )
    examples = tuple(f"{item} {day}" for item, day in shown.iter_rows())
    return Finding("repeated_days", Severity.WARNING, count, count / sales.height, examples)


def large_quantities(sales: pl.DataFrame) -> Finding | None:
    """Rows far above what their item usually sells at a time."""
    sold = sales.filter(pl.col("quantity") > 0).select("item", "date", pl.col("quantity").cast(pl.Float64))
    usual = sold.group_by("item").agg(pl.col("quantity").median().alias("usual"), pl.len().alias("rows"))
    big = sold.filter(pl.col("quantity") >= LARGE_UNITS_MIN).join(usual.filter(pl.col("rows") >= 5), on="item")
    big = big.filter(pl.col("quantity") > LARGE_TIMES * pl.col("usual")).with_columns(pl.col("item").cast(pl.String))
    if big.is_empty():
        return None
    top = big.sort("quantity", "item", "date", descending=[True, False, False]).head(EXAMPLES_MAX)
    examples = tuple(
        f"{i} {d}: {q:g} ({u:g})" for i, d, q, u in top.select("item", "date", "quantity", "usual").iter_rows()
    )
    share = float(big["quantity"].sum()) / max(float(sold["quantity"].sum()), 1.0)
    return Finding("large_quantities", Severity.WARNING, big.height, share, examples, {"times": f"{LARGE_TIMES:g}"})


def odd_prices(sales: pl.DataFrame) -> Finding | None:
    """Rows whose price is far from their item's usual one."""
    if "price" not in sales.columns:
        return None
    priced = sales.filter(pl.col("price") > 0).select("item", "date", pl.col("price").cast(pl.Float64))
    usual = priced.group_by("item").agg(pl.col("price").median().alias("usual"), pl.len().alias("rows"))
    ratio = pl.col("price") / pl.col("usual")
    odd = priced.join(usual.filter(pl.col("rows") >= 5), on="item")
    odd = odd.filter((ratio > ODD_PRICE_TIMES) | (ratio < 1 / ODD_PRICE_TIMES)).with_columns(
        pl.col("item").cast(pl.String)
    )
    if odd.is_empty():
        return None
    top = odd.sort(ratio.log().abs(), "item", "date", descending=[True, False, False]).head(EXAMPLES_MAX)
    examples = tuple(
        f"{i} {d}: {p:g} ({u:g})" for i, d, p, u in top.select("item", "date", "price", "usual").iter_rows()
    )
    details = {"times": f"{ODD_PRICE_TIMES:g}"}
    return Finding("odd_prices", Severity.WARNING, odd.height, odd.height / priced.height, examples, details)


def negative_stock(tables: Tables) -> Finding | None:
    """Rows of stock below zero."""
    stock = tables.get("stock")
    if stock is None:
        return None
    below = stock.filter(pl.col("on_hand") < 0).sort("on_hand")
    if below.is_empty():
        return None
    examples = tuple(
        f"{i}: {q:g}" for i, q in below.select(pl.col("item").cast(pl.String), "on_hand").head(EXAMPLES_MAX).iter_rows()
    )
    return Finding("negative_stock", Severity.PROBLEM, below.height, below.height / stock.height, examples)


def future_dates(sales: pl.DataFrame, today: date) -> Finding | None:
    """Rows dated today or later."""
    later = sales.filter(pl.col("date") >= today)
    if later.is_empty():
        return None
    details = {"today": str(today), "last": str(later["date"].max())}
    return Finding("future_dates", Severity.WARNING, later.height, later.height / sales.height, details=details)
