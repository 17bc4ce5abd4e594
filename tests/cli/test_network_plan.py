"""SCOLLAB's network end to end: flows.csv, the section of the report, what the terminal and plan.json say."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from orderpoint.cli.commands import run
from orderpoint.tables.contract import OUTPUTS
from tests.cli.shops import TODAY, network_shop, write


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two items in two shops with a hub, which buys from a cheap, late supplier and from a dear, quick one."""
    folder = network_shop(tmp_path_factory.mktemp("network") / "in")
    offers = [(item, "ACME", "hub", 14, 7, 5, 10) for item in "AB"] + [
        (item, "NEAR", "hub", 3, 7, 6, 1) for item in "AB"
    ]
    offers += [(item, "ACME", place, 7, 7, 5, 1) for item in "AB" for place in ("east", "west")]
    write(folder, "supply.csv", "item supplier location lead_time_days review_days unit_cost moq", offers)
    terms = [("ACME", 0.7, 20), ("NEAR", 0.98, 0)]
    write(folder, "suppliers.csv", "supplier on_time_share min_order_value", terms)
    stock = [("A", "hub", 30), ("A", "east", 6), ("A", "west", 25), ("B", "hub", 3), ("B", "east", 2), ("B", "west", 9)]
    write(folder, "stock.csv", "item location on_hand", stock)
    return folder


def plan(shop: Path, out: Path, *words: str) -> Path:
    assert run(["plan", str(shop), "--out", str(out), "--today", str(TODAY), *words]) == 0
    return out


@pytest.fixture(scope="module")
def planned(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plan(shop, tmp_path_factory.mktemp("planned"), "--method", "scollab")


def read(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(folder / f"{name}.csv", try_parse_dates=True)


def test_flows_hold_what_is_decided_today_and_what_the_shops_will_sell(planned: Path) -> None:
    flows = read(planned, "flows")
    assert flows.columns == list(OUTPUTS["flows"])
    today = flows.filter(pl.col("start") == TODAY)
    orders, moves = read(planned, "orders"), read(planned, "transfers")
    bought = today.filter(pl.col("source").is_in(["ACME", "NEAR"]))
    assert bought["units"].sum() == orders["quantity"].sum()
    assert today["units"].sum() - bought["units"].sum() == moves["quantity"].sum()
    # from the third week on the flow is steady: a shop is sent what it is expected to sell two days later
    forecast = pl.read_parquet(planned / "forecast.parquet").with_columns(pl.col("date").cast(pl.Date))
    sold = forecast.filter((pl.col("location") == "east") & (pl.col("item") == "A")).select("date", "mean")
    sent = flows.filter((pl.col("source") == "hub") & (pl.col("target") == "east") & (pl.col("item") == "A"))
    late = sent.filter(pl.col("start") >= TODAY + dt.timedelta(days=14)).join(sold, left_on="arrival", right_on="date")
    assert late.height >= 10
    assert (late["units"] - late["mean"]).abs().max() <= 0.011


def test_no_lead_time_is_broken_and_the_price_of_a_unit_that_cannot_come_is_a_lost_sale(planned: Path) -> None:
    flows = read(planned, "flows")
    days = {"hub": 2, "NEAR": 3, "ACME": 14}
    for source, lead in days.items():
        taken = flows.filter((pl.col("source") == source) & (pl.col("target") != "main"))
        assert (taken["arrival"] - taken["start"]).unique().to_list() == [dt.timedelta(days=lead)], source
    price = flows.filter((pl.col("target") == "east") & (pl.col("start") == TODAY))["shadow_price"]
    assert price.max() == pytest.approx(4.0, abs=0.05), "the stockout cost of items.csv, less a few days of holding"


def test_the_report_and_the_summary_show_the_network_and_the_terminal_counts_what_moves(
    shop: Path, tmp_path: Path, planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (planned / "report.html").read_text(encoding="utf-8")
    section = page[page.index('id="network"') : page.index('id="stockout"')]
    assert "Who sends how much where" in section
    assert "Each for himself, or all from what customers buy" in section
    assert "For good: " in section
    assert "70%" in section, "how many of ACME's orders come in time"
    summary = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    network = summary["network"]
    assert (network["planned"], network["networks"]) == (2, 2)
    assert network["flows"] == read(planned, "flows").height
    assert network["shared_cost"] < network["alone_cost"]
    capsys.readouterr()
    plan(shop, tmp_path / "zh", "--method", "scollab", "--lang", "zh")
    assert f"{summary['transfers']} 笔" in capsys.readouterr().out
    assert "各自预测" in (tmp_path / "zh" / "report.html").read_text(encoding="utf-8")


def test_other_methods_write_no_flows_and_take_old_ones_away(shop: Path, tmp_path: Path) -> None:
    out = plan(shop, tmp_path / "out", "--method", "scollab")
    assert (out / "flows.csv").exists()
    plan(shop, out, "--method", "mincost")
    assert not (out / "flows.csv").exists()
    assert 'id="network"' not in (out / "report.html").read_text(encoding="utf-8")
    assert json.loads((out / "plan.json").read_text(encoding="utf-8"))["network"] is None


def test_the_risk_of_a_hub_is_the_same_wherever_it_is_told(planned: Path) -> None:
    orders = read(planned, "orders").filter(pl.col("location") == "hub")
    risks = read(planned, "risks").filter((pl.col("location") == "hub") & (pl.col("kind") == "stockout"))
    both = orders.join(risks, on=["item", "location"], how="left")
    told = both.filter(pl.col("probability").is_not_null())
    assert (told["stockout_risk_after"] - told["probability"]).abs().fill_null(0.0).sum() < 1e-4
    assert (orders["stockout_risk_before"] >= orders["stockout_risk_after"]).all()
    assert orders["stockout_risk_before"].max() > 0.0, "all that the hub feeds, not the hub alone, which sells nothing"
