"""Orderpoint run again and again on a shop's files: how its forecasts fared is told, and drift is acted on."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from orderpoint.cli.commands import run
from tests.cli.shops import small_shop, write

FIRST = dt.date(2023, 1, 2)
WARM = 52
CATEGORIES = {"tea": range(6), "cups": range(6, 12)}


def weekly_shop(folder: Path, weeks: int, factor: float, grown: int) -> dt.date:
    """`weeks` of a shop of two categories; its first items sell `factor` times as much from week WARM + 4 on; today."""
    rng = np.random.default_rng(9)
    quantity = rng.poisson(np.geomspace(5, 30, 12)[:, None] * np.ones((1, 80)))
    more = rng.poisson(quantity * factor)
    quantity[:grown, WARM + 4 :] = more[:grown, WARM + 4 :]
    rows = [(FIRST + dt.timedelta(weeks=w), f"I{k}", int(quantity[k, w])) for w in range(weeks) for k in range(12)]
    write(folder, "sales.csv", "date item quantity", rows)
    write(folder, "items.csv", "item category", [(f"I{k}", name) for name, of in CATEGORIES.items() for k in of])
    return FIRST + dt.timedelta(weeks=weeks)


def weekly_runs(box: Path, factor: float, runs: int, grown: int = 6) -> dict[str, object]:
    """So many weekly runs into one folder, where the first items have grown; the figures of the last."""
    for week in range(runs):
        today = weekly_shop(box / "in", WARM + week, factor, grown)
        words = ["forecast", str(box / "in"), "--out", str(box / "out"), "--today", str(today)]
        assert run([*words, "--model", "simple_smoothing"]) == 0
    figures: dict[str, object] = json.loads((box / "out" / "forecast.json").read_text(encoding="utf-8"))
    return figures


def test_weekly_runs_track_their_accuracy_and_act_on_drift(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live = weekly_runs(tmp_path, factor=3.0, runs=10)["live"]
    assert isinstance(live, dict)
    assert (live["first"], live["last"]) == ("2024-01-01", "2024-02-26")
    record = pl.read_csv(tmp_path / "out" / "accuracy.csv", try_parse_dates=True)
    assert record["date"].n_unique() == 9
    assert record["cells"].to_list() == [6] * 18
    tea = next(drift for drift in live["drift"] if drift["category"] == "tea")
    assert tea["began"] == "2024-01-29"
    assert tea["ratio"] > 1.5
    assert tea["window"] <= 6
    assert not any(drift["category"] == "cups" for drift in live["drift"])
    assert "category tea sells" in capsys.readouterr().out
    table = pl.read_parquet(tmp_path / "out" / "forecast.parquet").filter(pl.col("item").is_in(["I4", "I5"]))
    assert table["mean"].mean() == pytest.approx(3 * 11.0, rel=0.15), "the level of the last weeks, not of all"
    words = [str(tmp_path / "in"), "--previous", str(tmp_path / "out"), "--model", "simple_smoothing"]
    assert run(["explain", "I5", *words, "--out", str(tmp_path / "why")]) == 0
    why = json.loads((tmp_path / "why" / "explain.json").read_text(encoding="utf-8"))
    assert why["demand"] == pytest.approx(table.filter(item="I5")["mean"].sum(), rel=1e-6), "what was published"


def test_a_shop_that_goes_on_as_before_is_told_its_accuracy_and_no_drift(tmp_path: Path) -> None:
    live = weekly_runs(tmp_path, factor=1.0, runs=5)["live"]
    assert isinstance(live, dict)
    assert live["drift"] == []
    assert live["wape"] == pytest.approx(live["promised_wape"], rel=0.3)
    assert live["wape"] < live["naive_wape"]
    assert live["coverage"] == pytest.approx(0.9, abs=0.1)
    assert abs(live["bias"]) < 0.1


def test_two_runs_within_one_week_are_too_little_to_speak_of_drift(tmp_path: Path) -> None:
    folder = small_shop(tmp_path / "in")
    for day in ("2025-05-27", "2025-05-28", "2025-05-30"):
        words = ["forecast", str(folder), "--out", str(tmp_path / "out"), "--today", day, "--model", "simple_smoothing"]
        assert run(words) == 0
    figures = json.loads((tmp_path / "out" / "forecast.json").read_text(encoding="utf-8"))
    assert (figures["live"]["first"], figures["live"]["last"]) == ("2025-05-27", "2025-05-29")
    assert figures["live"]["drift"] == []


def test_two_categories_that_drift_are_both_learned_anew(tmp_path: Path) -> None:
    live = weekly_runs(tmp_path, factor=3.0, runs=10, grown=12)["live"]
    assert isinstance(live, dict)
    assert {drift["category"] for drift in live["drift"]} >= {"tea", "cups"}
    assert all(drift["window"] is not None for drift in live["drift"] if drift["category"])
    table = pl.read_parquet(tmp_path / "out" / "forecast.parquet").filter(pl.col("item").is_in(["I10", "I11"]))
    assert table["mean"].mean() > 1.6 * 27.7, "most of the level of the last weeks, not that of all"


def test_a_plan_reads_earlier_forecasts_where_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_shop(tmp_path / "in")
    for name, day in (("one", "2025-05-19"), ("two", "2025-05-26")):
        words = ["forecast", str(folder), "--out", str(tmp_path / "runs" / name), "--today", day]
        assert run([*words, "--model", "simple_smoothing"]) == 0
    words = [str(folder), "--out", str(tmp_path / "out"), "--today", "2025-06-02", "--previous", str(tmp_path / "runs")]
    assert run(["forecast", *words, "--model", "simple_smoothing", "--lang", "zh"]) == 0
    assert "已发布的 2025-05-19 至 2025-06-01 预测" in capsys.readouterr().out
    assert run(["plan", *words]) == 0
    assert "Published forecasts of 2025-05-19 to 2025-06-01" in capsys.readouterr().out
    summary = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert summary["live"]["last"] == "2025-06-01"
    assert "WAPE" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert run(["plan", *words]) == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_what_is_no_earlier_result_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_shop(tmp_path / "in")
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "forecast.parquet").write_bytes(b"no table")
    words = ["forecast", str(folder), "--out", str(tmp_path / "out"), "--previous", str(tmp_path / "runs")]
    assert run(words) == 1
    told = capsys.readouterr().err
    assert "forecast.parquet" in told
    assert "--previous" in told
    assert not (tmp_path / "out").exists()
