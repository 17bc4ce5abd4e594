"""Series and tables that break forecasting tools, from a shop's files to every command that forecasts."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path

import polars as pl
import pytest

from orderpoint.cli.commands import run
from tests.cli.shops import TODAY, small_shop, write

DAY = dt.timedelta(days=1)
PAST = [TODAY - k * DAY for k in range(120, 0, -1)]
SALES = "date item quantity"
ITEMS = "item name category department price"
Rows = list[tuple[object, ...]]


def _odd_series() -> dict[str, Rows]:
    """One series of each kind, all at one place."""
    lots = random.Random(3)
    return {
        "constant": [(day, "constant", 7) for day in PAST],
        "zero": [(day, "zero", 0) for day in PAST],
        "one point": [(PAST[-1], "one point", 5)],
        "one point long ago": [(PAST[0], "one point long ago", 5)],
        "exploding": [(day, "exploding", int(min(1.15**k, 1e7))) for k, day in enumerate(PAST)],
        "huge": [(day, "huge", 10**9) for day in PAST],
        "some negative": [(day, "some negative", -3 if k % 10 == 9 else 4) for k, day in enumerate(PAST)],
        "fractional": [(day, "fractional", round(lots.random() * 3, 3)) for day in PAST],
        "irregular": [(day, "irregular", 5) for day in sorted(lots.sample(PAST, 17))],
        "twice": [(day, "twice", 5) for day in PAST for _ in range(2)],
        "from the future": [(TODAY + k * DAY, "from the future", 10**6) for k in range(-60, 30)],
        "plain": [(day, "plain", lots.randrange(8)) for day in PAST],
    }


EXTREME = ("exploding", "huge", "from the future")


def _odd_shop(folder: Path, *left_out: str) -> Path:
    """All of them in one shop, and an item of a category that nothing was ever sold of."""
    kinds = {kind: rows for kind, rows in _odd_series().items() if kind not in left_out}
    write(folder, "sales.csv", SALES, [row for rows in kinds.values() for row in rows])
    items: Rows = [(kind, kind, "old", "old", 10) for kind in kinds]
    write(folder, "items.csv", ITEMS, [*items, ("newcomer", "newcomer", "unheard of", "unheard of", 10)])
    write(folder, "stock.csv", "item on_hand", [(kind, 3) for kind in (*kinds, "newcomer")])
    return folder


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _odd_shop(tmp_path_factory.mktemp("odd") / "in")


def words(command: str, folder: Path, out: Path, *more: str) -> list[str]:
    """A command line."""
    return [*command.split(), str(folder), "--out", str(out), "--today", str(TODAY), "--workers", "1", *more]


def forecast_of(folder: Path, out: Path, effort: str, series: int) -> dict[str, float]:
    """Mean of each item by the forecast, whose numbers are finite, not negative and in order."""
    assert run(words("forecast", folder, out, "--effort", effort)) == 0
    figures = json.loads((out / "forecast.json").read_text(encoding="utf-8"))
    assert figures["model"] == {"quick": "portfolio", "standard": "boosted"}[effort]
    table = pl.read_parquet(out / "forecast.parquet")
    assert table.height == series * figures["horizon"]
    numbers = table.select(pl.exclude("item", "location", "date"))
    assert numbers.select(pl.all().is_finite().all()).row(0) == (True,) * 8
    assert numbers.select(pl.all().min()).row(0) >= (0.0,) * 8
    quantiles = table.select("q05", "q10", "q25", "q50", "q75", "q90", "q95").to_numpy()
    assert (quantiles[:, 1:] >= quantiles[:, :-1]).all()
    return dict(table.group_by("item").agg(pl.col("mean").mean()).iter_rows())


@pytest.mark.parametrize("effort", ["quick", "standard"])
def test_series_of_every_kind_get_a_forecast_that_fits_them(tmp_path: Path, effort: str) -> None:
    mean = forecast_of(_odd_shop(tmp_path / "in", *EXTREME), tmp_path / "out", effort, series=10)
    assert mean["constant"] == pytest.approx(7.0, rel=0.1)
    assert mean["twice"] == pytest.approx(10.0, rel=0.1)
    assert mean["zero"] < 0.1
    assert mean["one point long ago"] < 0.5
    assert 1.0 < mean["fractional"] < 2.0
    assert 2.0 < mean["some negative"] < 4.5


@pytest.mark.parametrize("effort", ["quick", "standard"])
def test_a_billion_a_day_and_growth_without_end_are_borne(odd: Path, tmp_path: Path, effort: str) -> None:
    mean = forecast_of(odd, tmp_path, effort, series=13)
    assert 3e8 < mean["huge"] < 3e9
    assert mean["exploding"] > 5e6


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("plan", []),
        ("backtest", ["--origins", "1"]),
        ("explain exploding", []),
        ("explain zero", []),
        ("explain newcomer", []),
        ("what-if", ["--from", str(TODAY), "--to", str(TODAY + 3 * DAY), "--event", "fair", "--uplift", "2"]),
    ],
)
def test_every_command_bears_series_of_every_kind(odd: Path, tmp_path: Path, command: str, more: list[str]) -> None:
    assert run(words(command, odd, tmp_path, *more)) == 0
    for path in tmp_path.glob("*.json"):
        assert "NaN" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("effort", ["quick", "standard"])
@pytest.mark.parametrize("kind", ["constant", "zero", "one point", "exploding", "irregular"])
def test_one_series_alone_is_a_shop_too(tmp_path: Path, kind: str, effort: str) -> None:
    write(tmp_path / "in", "sales.csv", SALES, _odd_series()[kind])
    assert run(words("forecast", tmp_path / "in", tmp_path / "out", "--effort", effort)) == 0
    table = pl.read_parquet(tmp_path / "out" / "forecast.parquet")
    assert table["item"].unique().to_list() == [kind]
    assert table["mean"].is_finite().all()


def test_a_date_with_a_wrong_year_is_pointed_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "in", "sales.csv", SALES, [*_odd_series()["plain"], (dt.date(2052, 5, 1), "plain", 1)])
    assert run(["forecast", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "2052-05-01" in told
    assert "--today" in told
    assert run(words("forecast", tmp_path / "in", tmp_path / "out")) == 0
    assert "2052" not in capsys.readouterr().out


def test_nothing_but_returns_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "in", "sales.csv", SALES, [(day, "A", -2) for day in PAST])
    for lang, word in (("en", "return"), ("zh", "退货")):
        assert run(words("forecast", tmp_path / "in", tmp_path / "out", "--lang", lang)) == 1
        told = capsys.readouterr().err
        assert "sales.csv" in told
        assert word in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("forecast", []),
        ("backtest", ["--origins", "1", "--models", "naive"]),
        ("explain A", []),
        ("what-if", ["--from", str(TODAY), "--to", str(TODAY), "--event", "fair", "--uplift", "2"]),
    ],
)
def test_rows_that_cannot_be_used_are_told_and_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, more: list[str]
) -> None:
    folder = small_shop(tmp_path / "in")
    rows = (folder / "sales.csv").read_text(encoding="utf-8")
    bad = f"{PAST[3]},A,many\nsoonish,B,2\n{PAST[5]},A,inf\n"
    (folder / "sales.csv").write_text(rows + bad, encoding="utf-8")
    assert run(words(command, folder, tmp_path / "out", *more)) == 0
    assert "3 rows were set aside" in capsys.readouterr().out
    aside = pl.read_csv(tmp_path / "out" / "set_aside.csv")
    assert aside["file"].unique().to_list() == ["sales.csv"]
    assert sorted(aside["value"].to_list()) == ["inf", "many", "soonish"]


def _visited(folder: Path) -> None:
    """Visits, which sales follow."""
    lots = random.Random(4)
    visits = [lots.gauss(0, 1) for _ in PAST]
    write(folder, "drivers.csv", "date name value", [(day, "visits", v) for day, v in zip(PAST, visits, strict=True)])
    sold = [(day, item, round(20 * 2.0**v)) for day, v in zip(PAST, visits, strict=True) for item in "AB"]
    write(folder, "sales.csv", SALES, sold)


@pytest.mark.parametrize("effort", ["quick", "standard"])
@pytest.mark.parametrize(
    "command", ["forecast", "explain A", f"what-if --from {TODAY} --to {TODAY} --event fair --uplift 2"]
)
def test_a_driver_without_a_future_is_an_error_with_its_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, effort: str
) -> None:
    folder = small_shop(tmp_path / "in")
    _visited(folder)
    first, _, rest = command.partition(" ")
    line = [first, str(folder), *rest.split(), "--out", str(tmp_path / "out"), "--today", str(TODAY), "--workers", "1"]
    if first == "explain":
        line = words(command, folder, tmp_path / "out")
    assert run([*line, "--effort", effort]) == 1
    told = capsys.readouterr().err
    for word in ("drivers", "visits", str(TODAY), "leave this driver out"):
        assert word in told
    assert not (tmp_path / "out").exists()
    assert run(words("backtest", folder, tmp_path / "past", "--origins", "1")) == 0, "of the past it is known"


def test_a_driver_that_moves_nothing_needs_no_future_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = small_shop(tmp_path / "in")
    write(folder, "drivers.csv", "date name value", [(day, "moon", 1) for day in PAST])
    assert run(words("forecast", folder, tmp_path / "out")) == 0
    told = capsys.readouterr().out
    assert "moon" in told
    assert str(PAST[-1]) in told
