"""`orderpoint compare` and `orderpoint simulate` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from orderpoint.cli.commands import run
from orderpoint.plan.played_tables import COLUMNS
from tests.cli.shops import TODAY, network_shop, small_shop


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    box = tmp_path_factory.mktemp("compare")
    words = ["compare", str(network_shop(box / "in")), "--out", str(box / "out"), "--today", str(TODAY)]
    assert run([*words, "--methods", "mincost,rio,scollab", "--paths", "40"]) == 0
    return box / "out"


def test_a_comparison_writes_a_table_figures_and_a_page(compared: Path) -> None:
    assert {path.name for path in compared.iterdir()} == {"comparison.csv", "comparison.json", "comparison.html"}
    table = pl.read_csv(compared / "comparison.csv")
    assert table.columns == list(COLUMNS)
    assert table["method"].unique(maintain_order=True).to_list() == ["mincost", "rio", "scollab"]
    page = (compared / "comparison.html").read_text(encoding="utf-8")
    assert page.count("<svg") >= 3
    assert 'src="http' not in page


def test_costs_add_up_and_differences_are_to_the_first_method(compared: Path) -> None:
    figures = json.loads((compared / "comparison.json").read_text(encoding="utf-8"))
    for name, values in figures["methods"].items():
        parts = sum(values[part][0] for part in ("holding_cost", "ordering_cost", "stockout_cost"))
        assert values["cost"][0] == pytest.approx(parts, rel=1e-6), name
    for name, values in figures["differences"].items():
        apart = figures["methods"][name]["cost"][0] - figures["methods"]["mincost"]["cost"][0]
        assert values["cost"][0] == pytest.approx(apart, abs=1e-4)
    assert set(figures["differences"]) == {"rio", "scollab"}


def test_only_a_difference_whose_interval_leaves_zero_out_is_bold(compared: Path) -> None:
    figures = json.loads((compared / "comparison.json").read_text(encoding="utf-8"))["differences"]
    page = (compared / "comparison.html").read_text(encoding="utf-8")
    for name in ("fill_rate", "cost", "turnover"):
        assert any(abs(values[name][0]) != values[name][1] for values in figures.values())
    clear = sum(
        abs(values[name][0]) > values[name][1]
        for values in figures.values()
        for name in values
        if name not in {"average_stock", "peak_stock", "revenue"}
    )
    assert page.count('class="clear"') == pytest.approx(clear, abs=1)


def test_the_same_words_give_the_same_bytes(tmp_path: Path) -> None:
    folder = str(small_shop(tmp_path / "in"))
    for name in ("a", "b"):
        words = ["compare", folder, "--methods", "mincost,maxserv", "--paths", "20", "--today", str(TODAY)]
        assert run([*words, "--out", str(tmp_path / name)]) == 0
    for name in ("comparison.csv", "comparison.json", "comparison.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_an_unknown_method_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(small_shop(tmp_path / "in"))
    assert run(["compare", folder, "--methods", "mincost,magic"]) == 2
    assert "magic" in capsys.readouterr().err
    assert run(["compare", folder, "--methods", "mincost,mincost"]) == 2


def test_a_simulated_plan_keeps_its_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["simulate", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run([*words, "--policy", "mincost", "--paths", "2000", "--html", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    held = figures["confirmation"]
    assert held["holds"]
    for part in ("cost", "holding_cost", "stockout_cost", "fill_rate"):
        assert abs(held[part]["expected"] - held[part]["simulated"]) <= held[part]["half_width"] + 1e-6, part
    assert figures["long_run"]["fill_rate"][0] > 0.9
    page = (tmp_path / "out" / "simulation.html").read_text(encoding="utf-8")
    assert 'id="confirmation"' in page
    assert 'id="long_run"' in page


def test_without_html_no_page_is_written(tmp_path: Path) -> None:
    words = ["simulate", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run([*words, "--policy", "rio", "--paths", "10", "--lang", "zh"]) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"simulation.csv", "simulation.json"}


@pytest.mark.parametrize("method", ["mincost", "maxserv", "cims", "scollab", "rio"])
def test_the_plan_of_every_method_keeps_its_word_in_a_network(tmp_path: Path, method: str) -> None:
    words = ["simulate", str(network_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run([*words, "--policy", method, "--paths", "2000"]) == 0
    held = json.loads((tmp_path / "out" / "simulation.json").read_text(encoding="utf-8"))["confirmation"]
    for name in ("cost", "fill_rate"):
        apart = abs(held[name]["expected"] - held[name]["simulated"])
        assert apart <= 2.0 * held[name]["half_width"], (method, name, held[name])
