"""The lines of orders.csv: what the sentence says is what the columns hold."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from orderpoint.cli.commands import run
from orderpoint.optimize.spoken import money
from tests.cli.shops import TODAY, small_shop, write

SUPPLY = "item supplier lead_time_days review_days order_cost"


@pytest.mark.parametrize("order_cost", [0, 6])
def test_the_reason_says_the_expected_gain_of_its_line(tmp_path: Path, order_cost: int) -> None:
    folder = small_shop(tmp_path / "in")
    write(folder, "supply.csv", SUPPLY, [(item, "ACME", 7, 7, order_cost) for item in ("A", "B")])
    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--today", str(TODAY)]) == 0
    orders = pl.read_csv(tmp_path / "out" / "orders.csv")
    saved = orders.filter(pl.col("reason").str.contains("saves about"))
    assert saved.height >= 1
    for gain, reason in saved.select("expected_gain", "reason").iter_rows():
        assert f"saves about {money(gain)}" in reason


def test_a_line_that_only_spares_later_orders_does_not_claim_to_cost_more(tmp_path: Path) -> None:
    folder = small_shop(tmp_path / "in")
    write(folder, "supply.csv", SUPPLY, [(item, "ACME", 7, 7, 60) for item in ("A", "B")])
    words = ["plan", str(folder), "--out", str(tmp_path / "out"), "--today", str(TODAY), "--method", "maxserv"]
    assert run([*words, "--budget", "300"]) == 0
    orders = pl.read_csv(tmp_path / "out" / "orders.csv")
    for gain, reason in orders.select("expected_gain", "reason").iter_rows():
        if "above the least cost" in reason:
            assert f"at about {money(-gain)} above the least cost" in reason
            assert gain <= 0
