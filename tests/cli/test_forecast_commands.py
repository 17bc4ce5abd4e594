"""`orderpoint backtest`, `forecast` and `explain` as a user meets them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from orderpoint.cli.commands import run
from tests.cli.shops import TODAY, priced_shop, small_shop, write


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    box = tmp_path_factory.mktemp("backtest")
    words = ["backtest", str(small_shop(box / "in")), "--out", str(box / "out"), "--today", str(TODAY)]
    assert run([*words, "--models", "tsb,portfolio", "--origins", "3", "--html"]) == 0
    return box / "out"


def test_a_backtest_writes_tables_figures_and_a_page(tested: Path) -> None:
    names = {"backtest.csv", "steps.csv", "backtest.json", "set_aside.csv", "backtest.html"}
    assert {path.name for path in tested.iterdir()} == names
    table = pl.read_csv(tested / "backtest.csv")
    assert table.filter(by="all")["model"].to_list() == ["seasonal_naive", "tsb", "portfolio"]
    page = (tested / "backtest.html").read_text(encoding="utf-8")
    assert page.count("<svg") >= 4
    assert 'src="http' not in page


def test_origins_lie_a_horizon_apart_before_today(tested: Path) -> None:
    figures = json.loads((tested / "backtest.json").read_text(encoding="utf-8"))
    assert figures["horizon"] == figures["span"] == 14
    assert figures["origins"] == ["2025-04-21", "2025-05-05", "2025-05-19"]
    assert figures["models"]["portfolio"]["value_added_wql"] > 0


def test_the_same_words_give_the_same_bytes(tested: Path, tmp_path: Path) -> None:
    words = ["backtest", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run([*words, "--models", "tsb,portfolio", "--origins", "3", "--html", "--workers", "1"]) == 0
    for path in tested.iterdir():
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes()


def test_an_unknown_model_and_a_short_history_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(small_shop(tmp_path / "in", days=20))
    out = ["--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run(["backtest", folder, *out, "--models", "crystal_ball"]) == 2
    assert "portfolio" in capsys.readouterr().err
    assert run(["backtest", folder, *out, "--horizon", "19"]) == 2
    assert "--horizon" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_forecast_writes_a_table_figures_and_a_page(tmp_path: Path) -> None:
    words = ["forecast", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run([*words, "--html", "--horizon", "21"]) == 0
    table = pl.read_parquet(tmp_path / "out" / "forecast.parquet")
    assert table.height == 2 * 21
    assert table["date"].min() == TODAY
    figures = json.loads((tmp_path / "out" / "forecast.json").read_text(encoding="utf-8"))
    assert sum(figures["weights"].values()) == pytest.approx(1.0, abs=0.01)
    assert figures["demand"] == pytest.approx(table["mean"].sum(), abs=0.01)
    assert (tmp_path / "out" / "forecast.html").read_text(encoding="utf-8").count('<svg class="fan"') == 2


def test_demand_that_runs_out_is_told_with_its_end_and_what_is_left(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    days = [TODAY - dt.timedelta(days=d) for d in range(300, 0, -1)]
    rows = [(day, f"I{k}", int(rng.poisson(20))) for day in days for k in range(8)]
    falls = 40 * np.exp(-0.1 * np.maximum(np.arange(300) - 120, 0) / 7)
    write(
        tmp_path / "in",
        "sales.csv",
        "date item quantity",
        rows + [(d, "Z", int(rng.poisson(m))) for d, m in zip(days, falls, strict=True)],
    )
    words = ["forecast", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--today", str(TODAY), "--html"]
    assert run([*words, "--model", "simple_smoothing"]) == 0
    table = pl.read_csv(tmp_path / "out" / "phase_outs.csv", try_parse_dates=True)
    assert table["item"].to_list() == ["Z"]
    assert table["change_per_week"][0] == pytest.approx(np.expm1(-0.1), abs=0.03)
    left = falls[-1] / -np.expm1(-0.1 / 7)
    assert table["remaining_q05"][0] < left < table["remaining_q95"][0]
    assert table["last_day"][0] > TODAY
    assert 'id="ending"' in (tmp_path / "out" / "forecast.html").read_text(encoding="utf-8")
    write(tmp_path / "in", "sales.csv", "date item quantity", rows)
    assert run([*words, "--model", "simple_smoothing"]) == 0
    assert not (tmp_path / "out" / "phase_outs.csv").exists()


def test_a_named_model_forecasts_alone(tmp_path: Path) -> None:
    words = ["forecast", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run([*words, "--model", "naive"]) == 0
    table = pl.read_parquet(tmp_path / "out" / "forecast.parquet")
    assert table.group_by("item").agg(pl.col("mean").n_unique())["mean"].to_list() == [1, 1]
    assert run([*words, "--model", "naive,tsb"]) == 2


def test_a_forecast_is_explained_by_parts_that_add_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_shop(tmp_path / "in")
    festival = TODAY + dt.timedelta(days=10)
    write(folder, "calendar.csv", "date event kind uplift_factor", [(festival, "fair", "festival", 3)])
    held = (TODAY, TODAY + dt.timedelta(days=4))
    write(folder, "overrides.csv", "item start end kind value author reason", [("A", *held, "add", 2, "Wu", "window")])
    words = ["explain", "A", str(folder), "--out", str(tmp_path / "out"), "--today", str(TODAY), "--horizon", "28"]
    assert run([*words, "--html"]) == 0
    figures = json.loads((tmp_path / "out" / "explain.json").read_text(encoding="utf-8"))
    assert sum(figures["parts"].values()) == pytest.approx(figures["demand"], abs=0.01)
    assert figures["q05"] < figures["demand"] < figures["q95"]
    assert figures["parts"]["judgement"] == pytest.approx(10.0)
    table = pl.read_csv(tmp_path / "out" / "explain.csv", try_parse_dates=True)
    event = table.filter(pl.col("date") == festival)
    assert event["event"][0] == pytest.approx(2 / 3 * (event["mean"][0] - event["judgement"][0]))
    assert table["event"].sum() == pytest.approx(event["event"][0])
    assert table["recent"].n_unique() == 1
    assert "overrides" in capsys.readouterr().out
    assert "<svg" in (tmp_path / "out" / "explain.html").read_text(encoding="utf-8")


def test_an_item_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run(["explain", "Z", *words]) == 2
    assert "Z" in capsys.readouterr().err
    assert run(["explain", "A", *words, "--location", "moon"]) == 2
    assert "main" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_past_overrides_are_scored_by_author(tmp_path: Path) -> None:
    folder = small_shop(tmp_path / "in")
    weeks = [(TODAY - dt.timedelta(days=d), TODAY - dt.timedelta(days=d - 6)) for d in (42, 35, 28, 21, 14)]
    rows = [
        ("A", *week, "multiply", factor, who, "hope") for week in weeks for factor, who in ((3, "Li"), (1.02, "Wu"))
    ]
    write(folder, "overrides.csv", "item start end kind value author reason", rows)
    words = ["backtest", str(folder), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run([*words, "--models", "simple_smoothing", "--origins", "1", "--html"]) == 0
    table = pl.read_csv(tmp_path / "out" / "judgement.csv")
    assert table["author"].to_list() == ["Li", "Wu"] * 5
    page = (tmp_path / "out" / "backtest.html").read_text(encoding="utf-8")
    assert "hurts" in page[page.index("<b>Li</b>") : page.index("<b>Wu</b>")]


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return priced_shop(tmp_path_factory.mktemp("priced") / "in")


def test_prices_and_drivers_are_parts_of_an_explanation(priced: Path, tmp_path: Path) -> None:
    words = ["explain", "A", str(priced), "--out", str(tmp_path), "--today", str(TODAY), "--horizon", "28"]
    assert run(words) == 0
    table = pl.read_csv(tmp_path / "explain.csv", try_parse_dates=True)
    parts = ("recent", "hidden", "level", "season", "price", "promotion", "event", "driver", "judgement")
    assert table.select(pl.sum_horizontal(parts)).to_series().to_list() == pytest.approx(
        table["mean"].to_list(), abs=1e-4
    )
    base = table["recent"] + table["hidden"] + table["level"] + table["season"]
    share = (table["price"] / base).to_numpy()
    assert share[3:9] == pytest.approx(0.8**-2.5 - 1.0, abs=0.25)
    assert share[:3] == pytest.approx(0.0, abs=1e-6)
    assert share[9:] == pytest.approx(0.0, abs=1e-6)
    assert table["promotion"].abs().max() == 0.0  # nothing beside its price
    assert table["driver"].abs().max() > 0.5
    assert table["event"].abs().max() == table["judgement"].abs().max() == 0.0


def test_a_driver_without_a_future_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = priced_shop(tmp_path / "in")
    rows = (folder / "drivers.csv").read_text(encoding="utf-8").splitlines()
    (folder / "drivers.csv").write_text("\n".join(rows[:235]), encoding="utf-8")
    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--today", str(TODAY)]) == 1
    told = capsys.readouterr().err
    for word in ("drivers", "visits", "A", "main", "2025-05-27", "2025-06-02", "leave this driver out"):
        assert word in told
    assert not (tmp_path / "out").exists()
