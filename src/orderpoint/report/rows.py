"""Rows of the page's tables, from the plan's frames to text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from orderpoint.report.words import Words
from orderpoint.tables.decisions import Binding

Names = Mapping[str, str | None]

OF_SUPPLIERS = frozenset({"supplier_minimum", "container"})
IN_MONEY = frozenset({"budget", "supplier_minimum"})
BOUND = {"supplier_minimum": "at_least", "container": "each_container"}
"""Kind of a limit -> key of the words around its amount; any other is a most."""


def supplier_blocks(orders: pl.DataFrame, names: Names, words: Words, most: int) -> list[dict[str, Any]]:
    """Orders of today grouped by supplier, dearest group first; the `most` lines of the greatest gain in all."""
    totals = (
        orders.group_by("supplier")
        .agg(pl.len().alias("lines"), pl.col("value").sum())
        .sort("value", "supplier", descending=[True, False])
    )
    shown = orders.sort(["expected_gain", "item", "location"], descending=[True, False, False]).head(most)
    blocks = []
    for supplier, lines, value in totals.iter_rows():
        rows = [
            _order_row(row, names, words) for row in shown.filter(pl.col("supplier") == supplier).iter_rows(named=True)
        ]
        if rows:
            heading = words(
                "supplier_total",
                supplier=supplier or words("supplier_unnamed"),
                lines=f"{lines:,}",
                value=words.money(value),
            )
            blocks.append({"heading": heading, "rows": rows})
    return blocks


def _order_row(row: dict[str, Any], names: Names, words: Words) -> dict[str, str]:
    return {
        "item": row["item"],
        "name": names.get(row["item"]) or "",
        "location": row["location"],
        "quantity": words.units(row["quantity"]),
        "value": words.money(row["value"]),
        "arrival": str(row["arrival_date"]),
        "gain": words.money(row["expected_gain"]),
        "before": words.share(row["stockout_risk_before"]),
        "after": words.share(row["stockout_risk_after"]),
        "reason": row["reason"],
    }


def risk_rows(risks: pl.DataFrame, kind: str, names: Names, words: Words, most: int) -> list[dict[str, str]]:
    """The `most` risks of one kind with the most money at stake."""
    chosen = risks.filter(pl.col("kind") == kind).sort(["value", "item", "location"], descending=[True, False, False])
    return [
        {
            "item": row["item"],
            "name": names.get(row["item"]) or "",
            "location": row["location"],
            "probability": words.share(row["probability"]),
            "units": words.units(row["units"]),
            "value": words.money(row["value"]),
            "by": str(row["by"]),
            "reason": row["reason"],
        }
        for row in chosen.head(most).iter_rows(named=True)
    ]


def level_rows(levels: pl.DataFrame, names: Names, words: Words, most: int) -> list[dict[str, str]]:
    """The levels of the series with the most demand until arrival."""
    chosen = levels.sort(["lead_time_demand_mean", "item", "location"], descending=[True, False, False])
    return [
        {
            "item": row["item"],
            "name": names.get(row["item"]) or "",
            "location": row["location"],
            "reorder_point": words.units(row["reorder_point"]),
            "order_up_to": words.units(row["order_up_to"]),
            "lead_mean": words.units(row["lead_time_demand_mean"]),
            "lead_p95": words.units(row["lead_time_demand_p95"]),
            "fill_rate": words.share(row["fill_rate"]),
        }
        for row in chosen.head(most).iter_rows(named=True)
    ]


def transfer_rows(transfers: pl.DataFrame, names: Names, words: Words, most: int) -> list[dict[str, str]]:
    """The transfers of the greatest gain."""
    chosen = transfers.sort(["expected_gain", "item", "source", "target"], descending=[True, False, False, False])
    return [
        {
            "item": row["item"],
            "name": names.get(row["item"]) or "",
            "source": row["source"],
            "target": row["target"],
            "quantity": words.units(row["quantity"]),
            "arrival": str(row["arrival_date"]),
            "gain": words.money(row["expected_gain"]),
            "reason": row["reason"],
        }
        for row in chosen.head(most).iter_rows(named=True)
    ]


def limit_rows(binding: tuple[Binding, ...], words: Words) -> list[dict[str, str]]:
    """The limits over many lines, those that bind first; a supplier of whom nothing is ordered has none."""
    used = [limit for limit in binding if limit.used > 0.0 or limit.kind not in OF_SUPPLIERS]
    ranked = sorted(used, key=lambda limit: (limit.shadow_price <= 0.0, limit.kind, limit.of))
    return [
        {
            "limit": words(f"limit_{limit.kind}", of=limit.of),
            "most": words(BOUND.get(limit.kind, "at_most"), limit=_amount(limit.kind, limit.limit, words)),
            "used": _used(limit, words),
            "price": words.price(limit.shadow_price),
        }
        for limit in ranked
    ]


def _amount(kind: str, value: float, words: Words) -> str:
    """Money, or a volume or a number as short as it is."""
    return words.money(value) if kind in IN_MONEY else f"{value:,.2f}".rstrip("0").rstrip(".")


def _used(limit: Binding, words: Words) -> str:
    used = _amount(limit.kind, limit.used, words)
    if limit.kind != "container":
        return used
    return words("in_containers", used=used, count=math.ceil(limit.used / limit.limit - 1e-9))
