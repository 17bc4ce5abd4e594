"""Prices and costs in the home currency: each at the last rate known on its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from orderpoint.domain.errors import Fault
from orderpoint.domain.supply import PriceBreaks
from orderpoint.ingest.reading import ROW, Note

PRICED: Mapping[str, tuple[str, ...]] = {"sales": ("price",), "supply": ("unit_cost", "order_cost")}
"""Tables with a currency of their own, and which of their columns it is the currency of."""


@dataclass(frozen=True, eq=False)
class Converted:
    """Tables in home currency without currency columns, that currency (None where none is named), and findings."""

    tables: Mapping[str, pl.DataFrame]
    home: str | None
    faults: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()


def to_home_currency(
    tables: Mapping[str, pl.DataFrame], files: Mapping[str, str], today: date | None = None
) -> Converted:
    """All prices and costs in home currency.

    Home is the currency without rate, that of most rows where several have none. Sales are converted at the last rate
    on or before their day (the first rate for days before all rates, with a note), costs at the last rate by `today`.
    `files`: table -> name of its file. A currency without any rate is a fault of each file that uses it.
    """
    used = _used(tables)
    if not used:
        return Converted(tables, None)
    rates = tables.get("rates", pl.DataFrame(schema={"date": pl.Date, "currency": pl.String, "rate": pl.Float64}))
    if today is not None:
        rates = rates.filter(pl.col("date") <= today)  # a rate quoted this morning is known
    rated = set(rates["currency"].str.to_uppercase().unique().to_list())
    unrated = [c for c in used if c not in rated]
    home = unrated[0] if unrated else _unit_currency(rates, used)
    missing = set(unrated) - {home}
    faults, notes = [], []
    if len(used) > 1:
        details = {"currencies": ", ".join(sorted(used)), "home": home}
        notes.append(Note("", "currencies_converted", details))
    result = dict(tables)
    for table, columns in PRICED.items():
        frame = tables.get(table)
        if frame is None or "currency" not in frame.columns:
            continue
        codes = frame["currency"].cast(pl.String).str.to_uppercase().fill_null(home)
        for currency in sorted(missing & set(codes.unique().to_list())):
            row = frame.filter(codes == currency)[ROW][0]
            details = {"currency": currency, "home": home}
            faults.append(Fault(files[table], "missing_rate", row, "currency", currency, details))
        factor, early = _factors(codes, frame["date"] if table == "sales" else None, rates, home)
        if early:
            notes.append(Note(files.get("rates", files[table]), "rate_before_first", {"count": str(early)}))
        money: list[pl.Expr | pl.Series] = [pl.col(c) * factor for c in columns if c in frame.columns]
        if "price_breaks" in frame.columns:
            money.append(_breaks(frame["price_breaks"], factor))
        result[table] = frame.with_columns(*money).drop("currency")
    return Converted(result, home, tuple(faults), tuple(notes))


def _used(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """Currencies of priced tables in upper case, those of most sales rows first, then of supply, then by name."""
    counts: dict[str, tuple[int, int]] = {}
    for k, table in enumerate(PRICED):
        frame = tables.get(table)
        if frame is None or "currency" not in frame.columns:
            continue
        for name, count in frame["currency"].cast(pl.String).str.to_uppercase().drop_nulls().value_counts().iter_rows():
            known = counts.get(name, (0, 0))
            counts[name] = (known[0] + count, known[1]) if k == 0 else (known[0], known[1] + count)
    return sorted(counts, key=lambda c: (-counts[c][0], -counts[c][1], c))


def _unit_currency(rates: pl.DataFrame, used: list[str]) -> str:
    """Where all have rates: the one whose rate is always 1, else the one of most rows."""
    ones = rates.group_by(pl.col("currency").str.to_uppercase()).agg((pl.col("rate") == 1.0).all().alias("one"))
    unit = set(ones.filter(pl.col("one"))["currency"].to_list())
    return next((c for c in used if c in unit), used[0])


def _factors(codes: pl.Series, days: pl.Series | None, rates: pl.DataFrame, home: str) -> tuple[pl.Series, int]:
    """Home money for one unit of each row's currency, 1 without rate; and how many days lie before all rates."""
    known = rates.with_columns(pl.col("currency").str.to_uppercase()).filter(pl.col("currency") != home)
    if known.is_empty():
        return pl.Series("factor", [1.0]).new_from_index(0, len(codes)), 0
    known = known.sort("date").select("date", "currency", "rate")
    last = known["date"].max()
    asked = pl.DataFrame({"currency": codes}).with_row_index("_at")
    asked = asked.with_columns((days if days is not None else pl.lit(last, pl.Date)).alias("date")).sort("date")
    found = asked.join_asof(known, on="date", by="currency", strategy="backward", check_sortedness=False)
    first = known.group_by("currency").agg(pl.col("rate").first().alias("first"))
    found = found.join(first, on="currency", how="left", maintain_order="left").sort("_at")
    early = int((found["rate"].is_null() & found["first"].is_not_null()).sum())
    return found.select(pl.coalesce("rate", "first", pl.lit(1.0)).alias("factor")).to_series(), early


def _breaks(texts: pl.Series, factor: pl.Series) -> pl.Series:
    """Price breaks at home prices, in the same form."""

    def home(text: str | None, rate: float) -> str | None:
        if text is None or rate == 1.0:
            return text
        return ";".join(f"{quantity}:{price * rate!r}" for quantity, price in PriceBreaks.parse(text).steps)

    values = [home(t, r) for t, r in zip(texts.to_list(), factor.to_list(), strict=True)]
    return pl.Series("price_breaks", values, pl.String)
