"""`--memory`: a large shop in parts, and a run that was interrupted goes on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from orderpoint.app.kept_parts import FOLDER
from orderpoint.cli.commands import run
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

MEMORY = "0.634"
"""GiB that have room for 500 of 600 short series, so that there are two parts."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six hundred items over eight weeks."""
    folder = tmp_path_factory.mktemp("large") / "in"
    folder.mkdir()
    rng = np.random.default_rng(3)
    days = pl.date_range(pl.date(2025, 3, 3), pl.date(2025, 4, 27), eager=True)
    items = [f"i{k:03d}" for k in range(600)]
    mean = np.repeat(rng.uniform(0.5, 6.0, len(items)), len(days))
    table = pl.DataFrame({"item": np.repeat(items, len(days)), "date": pl.concat([days] * len(items))})
    table.with_columns(quantity=pl.Series(rng.poisson(mean))).write_parquet(folder / "sales.parquet")
    return folder


def words(shop: Path, out: Path, memory: str) -> list[str]:
    return ["forecast", str(shop), "--out", str(out), "--today", "2025-04-28", "--memory", memory]


def interrupt_at(monkeypatch: pytest.MonkeyPatch, number: int) -> list[int]:
    """Press Ctrl-C when the fit of that number begins; the sizes of the fits before it."""
    fits: list[int] = []
    fit = Portfolio.fit

    def counted(self: Portfolio, sales: Sales, known: Known) -> object:
        if len(fits) + 1 == number:
            raise KeyboardInterrupt
        fits.append(len(sales.index))
        return fit(self, sales, known)

    monkeypatch.setattr(Portfolio, "fit", counted)
    return fits


def test_a_shop_that_fits_is_forecast_as_a_whole(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = interrupt_at(monkeypatch, 9)
    assert run(words(shop, tmp_path / "out", "4")) == 0
    assert fits == [600]
    assert not (tmp_path / FOLDER).exists()


def test_finished_parts_outlast_an_interrupt_and_go_with_the_results(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as first:
        assert interrupt_at(first, 2) is not None
        assert run(words(shop, tmp_path / "out", MEMORY)) == 130
    assert "no results were written" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert len(list((tmp_path / FOLDER).glob("*/*.npz"))) == 1
    with monkeypatch.context() as second:
        fits = interrupt_at(second, 9)
        assert run(words(shop, tmp_path / "out", MEMORY)) == 0
        assert fits == [300]
    assert not (tmp_path / FOLDER).exists()
    notes = json.loads((tmp_path / "out" / "forecast.json").read_text(encoding="utf-8"))["notes"]
    assert any("in 2 parts" in note for note in notes)
    assert run(words(shop, tmp_path / "again", MEMORY)) == 0
    for name in ("forecast.parquet", "forecast.json"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


@pytest.mark.parametrize("left", [0, 1, 100, 4000])
def test_a_part_that_was_cut_short_is_made_anew(
    left: int, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as first:
        interrupt_at(first, 2)
        run(words(shop, tmp_path / "out", MEMORY))
    (part,) = (tmp_path / FOLDER).glob("*/*.npz")
    part.write_bytes(part.read_bytes()[:left])
    fits = interrupt_at(monkeypatch, 9)
    assert run(words(shop, tmp_path / "out", MEMORY)) == 0
    assert fits == [300, 300]


def test_a_plan_in_parts_orders_from_the_forecast_that_it_shows(shop: Path, tmp_path: Path) -> None:
    forecast = words(shop, tmp_path / "forecast", MEMORY)
    plan = ["plan", *forecast[1:3], str(tmp_path / "plan"), *forecast[4:]]
    assert run(forecast) == run(plan) == 0
    shown = [pl.read_parquet(tmp_path / name / "forecast.parquet") for name in ("forecast", "plan")]
    assert shown[0].join(shown[1], on=["item", "date", "mean"]).height == min(frame.height for frame in shown)


def test_too_little_memory_says_how_much_is_needed(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words(shop, tmp_path / "out", "0.3")) == 2
    said = capsys.readouterr().err
    assert "--memory 0.3" in said
    assert "0.7 GiB" in said
    assert not (tmp_path / "out").exists()


def test_results_among_the_files_do_not_hide_the_parts(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(shop, folder)
    with monkeypatch.context() as first:
        interrupt_at(first, 2)
        assert run(words(folder, folder / "out", MEMORY)) == 130
    fits = interrupt_at(monkeypatch, 9)
    assert run(words(folder, folder / "out", MEMORY)) == 0
    assert fits == [300]


@pytest.mark.parametrize("word", ["inf", "nan", "0", "-1", "much"])
def test_what_is_no_amount_of_memory_is_refused(
    word: str, shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words(shop, tmp_path / "out", word)) == 2
    assert "--memory" in capsys.readouterr().err


def test_a_backtest_in_parts_says_so(shop: Path, tmp_path: Path) -> None:
    asked = ["backtest", str(shop), "--out", str(tmp_path / "out"), "--today", "2025-04-28", "--memory", MEMORY]
    assert run([*asked, "--origins", "1", "--horizon", "7"]) == 0
    notes = json.loads((tmp_path / "out" / "backtest.json").read_text(encoding="utf-8"))["notes"]
    assert sum("parts" in note for note in notes) == 1
    assert not (tmp_path / FOLDER).exists()
