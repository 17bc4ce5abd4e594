"""Rows of the benchmark table: what a goal means, and what is printed and written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as program
from benchmarks.measurement import Goal, Measurement, Skipped
from benchmarks.table import table_markdown, table_text, write_json


@pytest.mark.parametrize(
    ("row", "goal", "met"),
    [
        ({"ours": 12.0, "limit": 20.0, "unit": "s"}, Goal.OURS_AT_MOST, True),
        ({"ours": 25.0, "limit": 20.0, "unit": "s"}, Goal.OURS_AT_MOST, False),
        ({"ours": 90.0, "peer": 100.0, "limit": 0.92, "ratio": 0.9}, Goal.RATIO_AT_MOST, True),
        ({"ours": 1.0, "peer": 900.0, "limit": 1000, "ratio": 900.0}, Goal.RATIO_AT_LEAST, False),
        ({"ours": 1.0, "peer": 2.0, "ratio": 2.0}, Goal.NONE, None),
        ({"ours": 3.0, "limit": 2.0, "goal": "ours>="}, Goal.OURS_AT_LEAST, True),
    ],
)
def test_a_limit_bounds_what_the_row_says_or_implies(row: dict[str, object], goal: Goal, met: bool | None) -> None:
    measured = Measurement.of({"name": "x", **row})
    assert measured.goal is goal
    assert measured.met is met


def test_the_table_shows_missed_goals_and_what_was_skipped() -> None:
    rows = [
        Measurement("fast", 25.0, "s", limit=20.0, goal=Goal.OURS_AT_MOST),
        Measurement("slow", 1.0, "s", peer=3.0, ratio=3.0),
    ]
    text = table_text(rows, [Skipped("other", "needs real data")])
    assert "MISSED" in text
    assert "skipped other: needs real data" in text
    assert "MISSED" not in table_text(rows[1:], [])


def test_the_markdown_has_a_line_for_each_row_and_no_stray_bars() -> None:
    text = table_markdown([Measurement("a|b", 25.0, "s", limit=20.0, goal=Goal.OURS_AT_MOST)])
    assert text.splitlines()[2] == "| a\\|b | 25 | - | s | - | ours<= 20 | MISSED |"
    assert len(text.splitlines()) == 3


def test_the_json_is_a_list_of_six_figures_each(tmp_path: Path) -> None:
    write_json(tmp_path / "build" / "bench.json", [Measurement("fast", 25.0, "s", limit=20.0)])
    written = json.loads((tmp_path / "build" / "bench.json").read_text(encoding="utf-8"))
    assert written == [{"name": "fast", "ours": 25.0, "peer": None, "limit": 20.0, "ratio": None, "unit": "s"}]


def test_without_real_data_a_benchmark_is_skipped_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ORDERPOINT_DATA", raising=False)
    outcome = program.run_one("vn2_referee", quick=True)
    assert isinstance(outcome, Skipped)
    assert "ORDERPOINT_DATA" in outcome.reason
