"""`orderpoint backtest` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from orderpoint.cli.commands import run
from tests.cli.shops import TODAY, small_shop


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    box = tmp_path_factory.mktemp("backtest")
    words = ["backtest", str(small_shop(box / "in")), "--out", str(box / "out"), "--today", str(TODAY)]
    assert run([*words, "--models", "tsb,portfolio", "--origins", "3", "--html"]) == 0
    return box / "out"


def test_a_backtest_writes_tables_figures_and_a_page(tested: Path) -> None:
    assert {path.name for path in tested.iterdir()} == {"backtest.csv", "steps.csv", "backtest.json", "backtest.html"}
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
