"""`orderpoint what-if` as a user meets it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from orderpoint.cli.commands import run
from tests.cli.shops import TODAY, priced_shop, small_shop, write


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return priced_shop(tmp_path_factory.mktemp("priced") / "in")


def test_a_planned_event_moves_demand_orders_and_money(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["what-if", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    window = ["--from", str(TODAY + dt.timedelta(days=8)), "--to", str(TODAY + dt.timedelta(days=9))]
    assert run([*words, *window, "--event", "fair", "--uplift", "3", "--html"]) == 0
    assert "fair" in capsys.readouterr().out
    found = json.loads((tmp_path / "out" / "what-if.json").read_text(encoding="utf-8"))
    assert found["moved"]
    apart = found["difference"]
    assert apart["demand"] > 0
    assert apart["orders"] > 0
    assert apart["revenue"] == pytest.approx(10 * apart["demand"], abs=0.01)
    assert apart["margin"] == pytest.approx(5 * apart["demand"], abs=0.01)
    assert "<svg" in (tmp_path / "out" / "what-if.html").read_text(encoding="utf-8")


def test_a_change_without_a_like_in_the_past_says_so(tmp_path: Path) -> None:
    words = ["what-if", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    window = ["--from", str(TODAY), "--to", str(TODAY + dt.timedelta(days=9))]
    assert run([*words, *window, "--item", "A", "--price", "8", "--html"]) == 0
    found = json.loads((tmp_path / "out" / "what-if.json").read_text(encoding="utf-8"))
    assert not found["moved"]
    assert found["difference"]["revenue"] < 0
    assert 'class="notice"' in (tmp_path / "out" / "what-if.html").read_text(encoding="utf-8")


def test_without_stock_a_change_says_nothing_of_orders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = small_shop(tmp_path / "in")
    (shop / "stock.csv").unlink()
    window = ["--from", str(TODAY), "--to", str(TODAY + dt.timedelta(days=9))]
    words = ["what-if", str(shop), *window, "--event", "fair", "--uplift", "3", "--html"]
    assert run([*words, "--out", str(tmp_path / "out"), "--today", str(TODAY)]) == 0
    assert "No stock table" in capsys.readouterr().out
    found = json.loads((tmp_path / "out" / "what-if.json").read_text(encoding="utf-8"))
    assert set(found["before"]) == set(found["difference"]) == {"demand", "revenue", "margin"}
    page = (tmp_path / "out" / "what-if.html").read_text(encoding="utf-8")
    assert "No stock table" in page
    assert "fill rate" not in page


def test_a_change_must_be_one_of_days_to_come(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["what-if", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run([*words, "--from", str(TODAY), "--to", str(TODAY)]) == 2
    assert "--price" in capsys.readouterr().err
    before = str(TODAY - dt.timedelta(days=3))
    assert run([*words, "--from", before, "--to", str(TODAY), "--price", "8"]) == 2
    assert str(TODAY) in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_prices_that_are_only_seen_on_sales_move_no_demand_of_trees_either(tmp_path: Path) -> None:
    shop = small_shop(tmp_path / "in")
    sales = pl.read_csv(shop / "sales.csv")
    cut = pl.int_range(pl.len()) // 2 % 30 < 6
    sales.with_columns(pl.when(cut).then(8.0).otherwise(10.0).alias("price")).write_csv(shop / "sales.csv")
    words = ["what-if", str(shop), "--out", str(tmp_path / "out"), "--today", str(TODAY), "--model", "boosted"]
    window = ["--from", str(TODAY), "--to", str(TODAY + dt.timedelta(days=6)), "--item", "A", "--price", "8"]
    assert run([*words, *window]) == 0
    found = json.loads((tmp_path / "out" / "what-if.json").read_text(encoding="utf-8"))
    assert not found["moved"]
    assert found["elasticity"] is None
    assert found["difference"]["revenue"] < 0


@pytest.mark.parametrize("word", [["--price", "8"], ["--promotion", "0.2"]])
def test_a_lower_price_raises_demand_by_the_learned_elasticity(priced: Path, tmp_path: Path, word: list[str]) -> None:
    words = ["what-if", str(priced), "--out", str(tmp_path), "--today", str(TODAY), "--item", "B", "--horizon", "28"]
    window = ["--from", str(TODAY + dt.timedelta(days=1)), "--to", str(TODAY + dt.timedelta(days=10))]
    assert run([*words, *window, *word, "--html"]) == 0
    found = json.loads((tmp_path / "what-if.json").read_text(encoding="utf-8"))
    assert found["moved"]
    assert found["elasticity"] == pytest.approx(-2.5, abs=0.5)
    assert found["difference"]["demand"] == pytest.approx(60 * (0.8 ** found["elasticity"] - 1.0), rel=0.15)
    page = (tmp_path / "what-if.html").read_text(encoding="utf-8")
    assert f"{found['elasticity']:.2f}" in page
    assert "B (Bee)" in page


def test_what_is_planned_already_changes_nothing(priced: Path, tmp_path: Path) -> None:
    """A's cut of a fifth from the fourth day on, and its end on the tenth, stand in the table of prices."""
    words = ["what-if", str(priced), "--out", str(tmp_path), "--today", str(TODAY), "--item", "A"]
    window = ["--from", str(TODAY + dt.timedelta(days=3)), "--to", str(TODAY + dt.timedelta(days=8))]
    assert run([*words, *window, "--promotion", "0.2"]) == 0
    found = json.loads((tmp_path / "what-if.json").read_text(encoding="utf-8"))
    assert not found["moved"]
    assert found["difference"]["revenue"] == 0.0


def test_a_price_far_from_all_that_were_asked_has_no_elasticity(priced: Path, tmp_path: Path) -> None:
    words = ["what-if", str(priced), "--out", str(tmp_path), "--today", str(TODAY), "--item", "A"]
    window = ["--from", str(TODAY + dt.timedelta(days=1)), "--to", str(TODAY + dt.timedelta(days=2))]
    assert run([*words, *window, "--price", "1000", "--html"]) == 0
    found = json.loads((tmp_path / "what-if.json").read_text(encoding="utf-8"))
    assert found["elasticity"] is None
    assert "from 8.00 to 10.00" in (tmp_path / "what-if.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (["--price", "0"], "above 0"),
        (["--promotion", "1"], "a depth below 1"),
        (["--price", "8", "--uplift", "2"], "say of which event"),
        (["--event", "nosuch", "--uplift", "2"], "for all items"),
        (["--price", "8", "--from", "2031-01-01", "--to", "2031-01-02"], "the forecast ends before"),
    ],
)
def test_a_change_that_nothing_can_be_said_of_is_refused(
    priced: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: list[str], told: str
) -> None:
    window = [] if "--from" in change else ["--from", str(TODAY), "--to", str(TODAY)]
    words = ["what-if", str(priced), "--out", str(tmp_path / "out"), "--today", str(TODAY), "--item", "A"]
    assert run([*words, *window, *change]) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out").exists()


def test_without_prices_a_change_says_nothing_of_money(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = small_shop(tmp_path / "in")
    items = pl.read_csv(shop / "items.csv")
    items.drop("price").write_csv(shop / "items.csv")
    window = ["--from", str(TODAY), "--to", str(TODAY + dt.timedelta(days=9))]
    words = ["what-if", str(shop), *window, "--price", "8", "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run(words) == 0
    assert "No price is known" in capsys.readouterr().out
    found = json.loads((tmp_path / "out" / "what-if.json").read_text(encoding="utf-8"))
    assert not {"revenue", "margin"} & set(found["before"])


def test_figures_are_those_of_the_periods_asked_for(priced: Path, tmp_path: Path) -> None:
    """Lead time and review need 14 days; a change is shown over the 5 that were asked for."""
    words = ["what-if", str(priced), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    window = ["--from", str(TODAY), "--to", str(TODAY + dt.timedelta(days=9)), "--event", "fair", "--uplift", "2"]
    assert run([*words, *window, "--horizon", "5", "--html"]) == 0
    found = json.loads((tmp_path / "out" / "what-if.json").read_text(encoding="utf-8"))
    assert found["horizon"] == 5
    assert found["before"]["demand"] == pytest.approx(5 * 18, rel=0.4)
    assert found["after"]["demand"] == pytest.approx(2 * found["before"]["demand"])
    late = ["--from", str(TODAY + dt.timedelta(days=6)), "--to", str(TODAY + dt.timedelta(days=9)), "--price", "8"]
    assert run([*words, *late, "--horizon", "5"]) == 2


def test_money_of_some_series_is_said_to_be_that(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = small_shop(tmp_path / "in")
    items = pl.read_csv(shop / "items.csv")
    items.with_columns(pl.when(pl.col("item") == "A").then("price")).write_csv(shop / "items.csv")
    window = ["--from", str(TODAY), "--to", str(TODAY + dt.timedelta(days=9)), "--event", "fair", "--uplift", "2"]
    assert run(["what-if", str(shop), *window, "--out", str(tmp_path / "out"), "--today", str(TODAY)]) == 0
    assert "those of 1 of the 2 item-locations" in " ".join(capsys.readouterr().out.split())


def test_a_price_far_off_for_one_item_is_told_of_the_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = priced_shop(tmp_path / "in")
    prices = pl.read_csv(shop / "prices.csv")
    tenfold = pl.when(pl.col("item") == "B").then(10 * pl.col("price")).otherwise("price")
    prices.with_columns(tenfold.alias("price")).write_csv(shop / "prices.csv")
    window = ["--from", str(TODAY), "--to", str(TODAY + dt.timedelta(days=2)), "--price", "9"]
    assert run(["what-if", str(shop), *window, "--out", str(tmp_path / "out"), "--today", str(TODAY)]) == 0
    found = json.loads((tmp_path / "out" / "what-if.json").read_text(encoding="utf-8"))
    assert found["elasticity"] == pytest.approx(-2.5, abs=0.5)
    assert "prices of 1 of the 2 item-locations went from 80.00 to 100.00" in " ".join(capsys.readouterr().out.split())


def test_an_event_that_never_happened_teaches_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = small_shop(tmp_path / "in")
    ahead, past = (str(TODAY + dt.timedelta(days=days)) for days in (5, -40))
    rows = [(ahead, "fair", "festival", ""), (past, "sale", "festival", 2), (past, "feast", "festival", "")]
    write(shop, "calendar.csv", "date event kind uplift_factor", rows)
    words = [
        "what-if",
        str(shop),
        "--from",
        ahead,
        "--to",
        ahead,
        "--out",
        str(tmp_path / "out"),
        "--today",
        str(TODAY),
    ]
    for event in ("fair", "sale"):
        assert run([*words, "--event", event]) == 2
        assert "feast" in capsys.readouterr().err
    assert run([*words, "--event", "feast"]) == 0


def test_a_price_for_part_of_a_week_is_refused_where_weeks_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["what-if", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    for first, last, end in ((1, 3, 6), (6, 8, 13)):
        days = (str(TODAY + dt.timedelta(days=day)) for day in (first, last))
        window = [word for pair in zip(("--from", "--to"), days, strict=True) for word in pair]
        assert run([*words, *window, "--period", "week", "--price", "8"]) == 2
        assert f"--from {TODAY} --to {TODAY + dt.timedelta(days=end)}" in " ".join(capsys.readouterr().err.split())


def test_an_event_beside_a_price_is_not_taken_for_its_effect(priced: Path, tmp_path: Path) -> None:
    words = ["what-if", str(priced), "--out", str(tmp_path), "--today", str(TODAY), "--item", "B", "--horizon", "28"]
    window = ["--from", str(TODAY), "--to", str(TODAY + dt.timedelta(days=6)), "--price", "8"]
    assert run([*words, *window, "--event", "fair", "--uplift", "2"]) == 0
    found = json.loads((tmp_path / "what-if.json").read_text(encoding="utf-8"))
    assert found["moved"]
    assert found["elasticity"] is None


def test_a_given_uplift_takes_the_place_of_the_planned_one(tmp_path: Path) -> None:
    shop, day = small_shop(tmp_path / "in"), str(TODAY + dt.timedelta(days=5))
    write(shop, "calendar.csv", "date event kind uplift_factor", [(day, "fair", "festival", 1.5)])
    words = ["what-if", str(shop), "--from", day, "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run([*words, "--event", "fair", "--uplift", "1.5"]) == 0
    found = json.loads((tmp_path / "out" / "what-if.json").read_text(encoding="utf-8"))
    assert found["difference"]["demand"] == pytest.approx(0.0, abs=1e-3)


def test_a_launch_that_is_moved_moves_its_demand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = small_shop(tmp_path / "in", days=400)
    items = pl.read_csv(shop / "items.csv").with_columns(launch=pl.lit(None, pl.String))
    new = items[:1].with_columns(
        item=pl.lit("C"), name=pl.lit("Ant two"), launch=pl.lit(str(TODAY + dt.timedelta(days=40)))
    )
    pl.concat([items, new]).write_csv(shop / "items.csv")
    write(shop, "stock.csv", "item on_hand", [("A", 10), ("B", 4), ("C", 0)])
    words = ["what-if", str(shop), "--out", str(tmp_path / "out"), "--today", str(TODAY), "--horizon", "28"]
    day = str(TODAY + dt.timedelta(days=7))
    assert run([*words, "--from", day, "--launch", "--item", "C"]) == 0
    assert "C (Ant two) launch" in capsys.readouterr().out
    found = json.loads((tmp_path / "out" / "what-if.json").read_text(encoding="utf-8"))
    assert found["before"]["demand"] == 0.0
    assert found["after"]["demand"] > 20.0
    assert run([*words, "--from", day, "--launch"]) == 2
    assert "--item" in capsys.readouterr().err
    assert run([*words, "--from", day, "--launch", "--item", "A"]) == 2
    assert "on sale since" in " ".join(capsys.readouterr().err.split())
