"""Limits that no plan keeps (exit status 3, the smallest set that conflicts), and wishes that give way to limits."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from orderpoint.cli.commands import run
from tests.cli.shops import TODAY, small_shop, write

ITEMS = "item unit_cost price holding_cost stockout_cost volume min_stock"


def shop(folder: Path, *, floors: tuple[float, float] = (0, 0), **tables: tuple[str, tuple[object, ...]]) -> Path:
    """Items A and B of volume 2 and 1, ten and four held, with further tables of one row each."""
    small_shop(folder)
    write(folder, "items.csv", ITEMS, [("A", 5, 10, 0.01, 4, 2, floors[0]), ("B", 5, 10, 0.01, 4, 1, floors[1])])
    for name, (header, row) in tables.items():
        write(folder, f"{name}.csv", header, [row])
    return folder


def refused(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """What is said of a plan that nobody can make, line by line."""
    out = folder.parent / "out"
    assert run(["plan", str(folder), "--out", str(out), "--today", str(TODAY), *words]) == 3
    assert not out.exists()
    return capsys.readouterr().err.strip().splitlines()


def planned(folder: Path, *words: str) -> tuple[dict[str, float], dict[str, str]]:
    """Item -> units ordered, and item -> what is remarked of it."""
    out = folder.parent / "out"
    assert run(["plan", str(folder), "--out", str(out), "--today", str(TODAY), *words]) == 0
    orders = pl.read_csv(out / "orders.csv", infer_schema=False)
    told = pl.read_csv(out / "remarks.csv", infer_schema=False) if (out / "remarks.csv").exists() else orders.clear()
    units = {row["item"]: float(row["quantity"]) for row in orders.iter_rows(named=True)}
    return units, {row["item"]: row["remark"] for row in told.iter_rows(named=True)}


def test_a_minimum_stock_of_the_run_dearer_than_the_budget(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shop(tmp_path / "in")
    head, floor, budget = refused(folder, capsys, "--min-stock", "100", "--budget", "900")
    assert head.endswith("These conflict: --min-stock 100, budget 900.")
    assert "2 item-locations" in floor
    assert "930 of money" in floor, "10 and 4 are there: 90 and 96 more at 5 each"
    assert "at least 930 is needed" in budget
    ordered, _ = planned(folder, "--min-stock", "100", "--budget", "930")
    assert ordered == {"A": 90, "B": 96}, "what can be kept is kept"


def test_a_minimum_stock_that_its_place_has_no_room_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    room = ("location capacity_volume", ("main", 60))
    head, of_a, space = refused(shop(tmp_path / "in", floors=(40, 10), locations=room), capsys)
    assert head.endswith("These conflict: min_stock 40 (A, main), capacity_volume 60 (main)."), "B is not to blame"
    assert "volume of 80" in of_a
    assert "take 90 in all" in space
    head, *_ = refused(shop(tmp_path / "run", locations=room), capsys, "--min-stock", "30")
    assert head.endswith("These conflict: --min-stock 30, capacity_volume 60 (main).")


def test_a_minimum_stock_beside_a_suppliers_least_order_and_a_budget(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terms = ("supplier min_order_value", ("ACME", 800))
    folder = shop(tmp_path / "in", suppliers=terms)
    head, *told = refused(folder, capsys, "--min-stock", "50", "--budget", "600")
    assert head.endswith("These conflict: --min-stock 50, budget 600, min_order_value 800 (ACME).")
    assert "at least 800 is needed" in told[1]
    assert "at most 600" in told[2]
    head, *_ = refused(folder, capsys, "--min-stock", "50", "--max-stock", "60", "--lang", "zh")
    assert head.endswith("--min-stock 50, min_order_value 800 (ACME), max_stock。")
    ordered, _ = planned(folder, "--min-stock", "50", "--budget", "900")
    assert ordered["A"] >= 40
    assert ordered["B"] >= 46


def test_a_minimum_stock_beside_a_container_and_the_room(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    box, room = ("supplier container_volume", ("ACME", 100)), ("location capacity_volume", ("main", 80))
    head, *told = refused(shop(tmp_path / "in", suppliers=box, locations=room), capsys, "--min-stock", "15")
    assert head.endswith("capacity_volume 80 (main), container_volume 100 (ACME).")
    assert "56 of it is free and at least 80 is needed; a capacity_volume of 104" in told[1]


def test_a_budget_smaller_than_one_pack_says_from_when_on_it_buys(tmp_path: Path) -> None:
    folder = shop(tmp_path / "in")
    supply = "item supplier lead_time_days review_days pack moq"
    write(folder, "supply.csv", supply, [("A", "ACME", 7, 7, 12, 12), ("B", "ACME", 7, 7, 10, 10)])
    ordered, told = planned(folder, "--budget", "49")
    assert ordered == {}
    assert list(told) == ["B"]
    assert "From a budget of 50 on" in told["B"]
    ordered, _ = planned(folder, "--budget", "60")
    assert ordered == {"A": 12}


def test_a_minimum_order_is_no_minimum_stock(tmp_path: Path) -> None:
    folder = shop(tmp_path / "in")
    write(folder, "stock.csv", "item on_hand", [("A", 10), ("B", 400)])
    write(folder, "supply.csv", "item supplier lead_time_days review_days moq", [(i, "ACME", 7, 7, 500) for i in "AB"])
    assert planned(folder)[0] == {"A": 500}, "a least order makes nobody order who has enough"
    write(folder, "supply.csv", "item supplier lead_time_days review_days", [(i, "ACME", 7, 7) for i in "AB"])
    assert planned(shop(tmp_path / "in", floors=(0, 450)))[0]["B"] == 446, "a minimum stock is a level, beside 4 held"


@pytest.mark.parametrize(
    ("terms", "sign"),
    [
        ({"suppliers": ("supplier min_order_value", ("ACME", 90_000))}, "its least order is 90,000"),
        (
            {
                "suppliers": ("supplier min_order_value", ("ACME", 350)),
                "locations": ("location capacity_volume", ("main", 80)),
            },
            "less than its least order of 350",
        ),
        (
            {
                "suppliers": ("supplier container_volume", ("ACME", 100)),
                "locations": ("location capacity_volume", ("main", 80)),
            },
            "56 fits into the free space",
        ),
        ({"suppliers": ("supplier container_volume", ("ACME", 9000))}, "has to be filled to 80%"),
    ],
)
def test_suppliers_terms_that_cannot_be_met_are_told_at_their_lines(
    tmp_path: Path, terms: dict[str, tuple[str, tuple[object, ...]]], sign: str
) -> None:
    ordered, told = planned(shop(tmp_path / "in", **terms))
    assert ordered == {}
    assert all(sign in sentence for sentence in told.values()), told
    assert "A" in told


def test_a_least_order_above_the_budget_buys_nothing_and_says_from_when_on(tmp_path: Path) -> None:
    folder = shop(tmp_path / "in", suppliers=("supplier min_order_value", ("ACME", 400)))
    ordered, told = planned(folder, "--budget", "150")
    assert ordered == {}
    assert "above the budget of 150. From a budget of 400 on" in told["A"]


def test_minimum_stocks_of_items_that_a_budget_leaves_no_money_for_give_way_and_are_told(tmp_path: Path) -> None:
    folder = shop(tmp_path / "in", floors=(80, 90))
    ordered, told = planned(folder, "--budget", "300")
    assert sum(ordered.values()) <= 60
    assert "minimum stock of 90" in told["B"]
    ordered, told = planned(folder, "--budget", "780")
    assert ordered == {"A": 70, "B": 86}, "minimum stocks come before what saves more"
    assert told == {}
