"""Faults that users of other systems report in public, each from a shop's files to its list of orders.

Limits that conflict, a budget below one pack and minimum orders stand in test_infeasible_limits.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from orderpoint.cli.commands import run
from tests.cli.shops import TODAY, network_shop, small_shop, write

SUPPLY = "item supplier lead_time_days review_days"


def planned(folder: Path, out: Path) -> dict[str, int]:
    """Item -> units ordered today."""
    assert run(["plan", str(folder), "--out", str(out), "--today", str(TODAY)]) == 0
    orders = pl.read_csv(out / "orders.csv", schema_overrides={"item": pl.String})
    return {row["item"]: row["quantity"] for row in orders.iter_rows(named=True)}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """The results of a plan and its orders."""
    box = tmp_path_factory.mktemp("first")
    return box / "out", planned(small_shop(box / "in"), box / "out")


def test_a_confirmed_order_is_not_proposed_again(tmp_path: Path, first: tuple[Path, dict[str, int]]) -> None:
    folder = small_shop(tmp_path / "in")
    (folder / "incoming.csv").write_bytes((first[0] / "orders.csv").read_bytes())
    assert sum(first[1].values()) > 50
    assert planned(folder, tmp_path / "out") == {}


def test_an_order_far_in_the_future_is_no_help(tmp_path: Path, first: tuple[Path, dict[str, int]]) -> None:
    folder = small_shop(tmp_path / "in")
    far = TODAY + dt.timedelta(days=60)
    write(folder, "incoming.csv", "item quantity due", [("A", 500, far), ("B", 500, far)])
    assert planned(folder, tmp_path / "out") == first[1]


def test_stock_that_expires_next_month_counts_today(tmp_path: Path, first: tuple[Path, dict[str, int]]) -> None:
    folder = small_shop(tmp_path / "in")
    lots = [("A", 10, "x", TODAY + dt.timedelta(days=30)), ("B", 4, "y", TODAY + dt.timedelta(days=30))]
    write(folder, "stock.csv", "item on_hand lot expires", [*lots, ("A", 400, "old", TODAY)])
    assert planned(folder, tmp_path / "out") == first[1], (
        "what sells before it expires counts; what has expired does not"
    )


def test_a_lead_time_of_zero_orders_for_the_days_until_the_next_order(
    tmp_path: Path, first: tuple[Path, dict[str, int]]
) -> None:
    folder = small_shop(tmp_path / "in")
    write(folder, "supply.csv", SUPPLY, [("A", "ACME", 0, 1), ("B", "ACME", 0, 7)])
    ordered = planned(folder, tmp_path / "out")
    assert 0 < ordered.get("B", 0) < first[1]["B"]
    assert ordered.get("A", 0) <= 10, "ten are here, and tomorrow more can come"
    arrivals = pl.read_csv(tmp_path / "out" / "orders.csv")["arrival_date"].unique().to_list()
    assert arrivals == [str(TODAY)]


def test_suppliers_whose_review_days_differ_are_judged_by_their_own(tmp_path: Path) -> None:
    folder = small_shop(tmp_path / "in")
    sales = pl.read_csv(folder / "sales.csv").filter(pl.col("item") == "A")
    pl.concat([sales, sales.with_columns(item=pl.lit("B"))]).write_csv(folder / "sales.csv")
    write(folder, "stock.csv", "item on_hand", [("A", 10), ("B", 10)])
    write(folder, "supply.csv", SUPPLY, [("A", "ACME", 7, 7), ("B", "Brisk", 7, 28)])
    ordered = planned(folder, tmp_path / "out")
    day = sales["quantity"].mean()
    assert isinstance(day, float)
    assert ordered["B"] - ordered["A"] == pytest.approx(21 * day, rel=0.3), "three weeks more to the next order"


def test_a_part_of_the_network_that_reaches_no_shop_names_its_arc(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = network_shop(tmp_path / "in")
    arcs = [("ACME", "hub"), ("hub", "east"), ("hub", "west"), ("mill", "huub")]
    write(folder, "network.csv", "source target", arcs)
    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--today", str(TODAY)]) == 1
    said = capsys.readouterr().err
    assert "network.csv" in said
    assert "mill" in said
    assert "huub" in said
    assert not (tmp_path / "out").exists()
