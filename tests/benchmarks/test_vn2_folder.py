"""The folder of a decision holds all that a player sees, and orders.csv is read back series by series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks import vn2_rule
from benchmarks.vn2_folder import Plan, read_orders, write_folder
from benchmarks.vn2_world import Past, Shelf, play
from tests.benchmarks.vn2_examples import past_of


def history() -> Past:
    rng = np.random.default_rng(3)
    return past_of(rng.poisson(4.0, (3, 40)).tolist(), (rng.random((3, 40)) < 0.9).tolist())


def rule_on_files(words: Sequence[str]) -> int:
    """A stand-in for the command line: reads the folder as it was written, and answers with the organiser's rule."""
    folder, out = Path(words[1]), Path(words[words.index("--out") + 1])
    today = date.fromisoformat(words[words.index("--today") + 1])
    rows = pl.read_csv(folder / "sales.csv", try_parse_dates=True)
    items = rows["item"].unique().sort().to_list()
    whole = [rows.filter(pl.col("item") == item).sort("date") for item in items]
    stock = pl.read_csv(folder / "stock.csv").sort("item")["on_hand"].to_numpy()
    due = pl.read_csv(folder / "incoming.csv", try_parse_dates=True)

    def units(weeks: int) -> np.ndarray:
        rows = due.filter((pl.col("due") - today).dt.total_days() == 7 * weeks)
        return np.array([rows.filter(pl.col("item") == item)["quantity"].sum() for item in items])

    past = past_of([one["quantity"].to_list() for one in whole], [(one["in_stock"] == 1).to_list() for one in whole])
    assert past.today == today
    order = vn2_rule.order(past, Shelf(stock, units(0), units(1)))
    out.mkdir()
    lines = pl.DataFrame({"item": items, "location": ["store 1"] * len(items), "quantity": order})
    lines.filter(pl.col("quantity") > 0).write_csv(out / "orders.csv")
    return 0


def test_the_rule_played_through_files_costs_what_the_rule_costs() -> None:
    world = history()
    through_files, direct = play(world, 30, Plan(rule_on_files)), play(world, 30, vn2_rule.order)
    assert through_files == direct
    assert direct.cost > 0


def test_money_and_times_stand_in_the_columns_of_the_contract(tmp_path: Path) -> None:
    past = history()
    write_folder(tmp_path / "shop", past, Shelf(np.full(3, 2.0), np.array([0.0, 5.0, 0.0]), np.zeros(3)))
    items, supply = pl.read_csv(tmp_path / "shop" / "items.csv"), pl.read_csv(tmp_path / "shop" / "supply.csv")
    assert (items["holding_cost"] * 7.0).to_list() == pytest.approx([0.2] * 3)
    assert items["stockout_cost"].to_list() == [1.0] * 3
    assert items["category"].to_list() == ["group 1"] * 3
    assert supply.rows() == [(f"product {k}", 14, 7) for k in range(3)]
    assert pl.read_csv(tmp_path / "shop" / "incoming.csv", try_parse_dates=True).rows() == [
        ("product 1", "store 1", 5.0, past.today)
    ]


def test_a_failed_command_and_an_order_for_a_stranger_are_errors(tmp_path: Path) -> None:
    past = history()
    nothing = Shelf(np.zeros(3), np.zeros(3), np.zeros(3))
    with pytest.raises(RuntimeError, match="status 1"):
        Plan(lambda _words: 1)(past, nothing)
    (tmp_path / "orders.csv").write_text("item,location,quantity\nproduct 9,store 1,3\n", encoding="utf-8")
    with pytest.raises(ValueError, match="product 9"):
        read_orders(tmp_path / "orders.csv", past)
