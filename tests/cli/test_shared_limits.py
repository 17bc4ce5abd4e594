"""Limits that many lines share, from the files of a shop to its list of orders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from orderpoint.cli.commands import run
from tests.cli.shops import TODAY, small_shop, write


def planned(box: Path, **tables: tuple[str, tuple[object, ...]]) -> tuple[pl.DataFrame, dict[str, Any]]:
    """The orders and the summary of a small shop with further tables of one row each."""
    folder = small_shop(box / "in")
    for name, (header, row) in tables.items():
        write(folder, f"{name}.csv", header, [row])
    assert run(["plan", str(folder), "--out", str(box / "out"), "--today", str(TODAY)]) == 0
    return pl.read_csv(box / "out" / "orders.csv"), json.loads((box / "out" / "plan.json").read_text(encoding="utf-8"))


def test_a_suppliers_minimum_raises_an_order_and_the_list_says_so(tmp_path: Path) -> None:
    alone = planned(tmp_path / "alone")[0]["value"].sum()
    least = round(1.1 * alone)
    orders, summary = planned(tmp_path / "raised", suppliers=("supplier min_order_value", ("ACME", least)))
    assert least <= orders["value"].sum() <= 1.2 * alone
    assert orders["reason"].str.contains("raised to the minimum").all()
    (limit,) = [row for row in summary["limits"] if row["kind"] == "supplier_minimum"]
    assert limit["of"] == "ACME"
    assert limit["limit"] == pytest.approx(least)
    assert limit["used"] == pytest.approx(orders["value"].sum())
    none, _ = planned(tmp_path / "none", suppliers=("supplier min_order_value", ("ACME", 90 * least)))
    assert none.is_empty()


def test_the_space_of_a_place_is_kept_and_named(tmp_path: Path) -> None:
    items = "item name unit_cost price holding_cost stockout_cost volume"
    folder = small_shop(tmp_path / "in")
    write(folder, "items.csv", items, [("A", "Ant", 5, 10, 0.01, 4, 1), ("B", "Bee", 5, 10, 0.01, 4, 1)])
    write(folder, "locations.csv", "location capacity_volume", [("main", 60)])
    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--today", str(TODAY)]) == 0
    orders = pl.read_csv(tmp_path / "out" / "orders.csv")
    assert 0 < orders["quantity"].sum() <= 60 - 14
    assert orders["reason"].str.contains("The space at main").any()


def test_the_cost_of_an_order_is_paid_once_and_the_list_says_who_shares_it(tmp_path: Path) -> None:
    free, before = planned(tmp_path / "free")
    orders, summary = planned(tmp_path / "paid", suppliers=("supplier order_cost", ("ACME", 20)))
    assert orders["quantity"].sum() > free["quantity"].sum(), "orders last longer"
    assert orders["reason"].str.contains("one of 2 lines of today's order from ACME, which share its fixed cost").all()
    assert summary["after"]["ordering_cost"] == pytest.approx(before["after"]["ordering_cost"] + 20)
    assert summary["totals"]["expected_gain"] == pytest.approx(orders["expected_gain"].sum(), abs=1e-3)
