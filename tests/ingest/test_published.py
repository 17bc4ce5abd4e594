"""Results of earlier runs, read back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.ingest.published import earlier_results, read_published, read_record
from orderpoint.tables.contract import QUANTILE_COLUMNS
from orderpoint.tables.published import RECORD
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

MONDAY = date(2025, 1, 6)


def history(period: Period, periods: int) -> Sales:
    index = SeriesIndex.of([("A", "main"), ("B", "main")])
    shape = (2, periods)
    return Sales(
        index, Timeline(MONDAY, period, periods), np.ones(shape, np.float32), np.full(shape, State.OBSERVED, np.uint8)
    )


def forecast(path: Path, first: date, step: int, periods: int, mean: float, items: str = "AB") -> None:
    """A forecast.parquet as a run writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    days = [first + timedelta(days=step * k) for k in range(periods)]
    rows = [(item, "main", day, mean) for item in items for day in days]
    table = pl.DataFrame(rows, schema=["item", "location", "date", "mean"], orient="row")
    table.with_columns(pl.col("mean").alias(name) for name in QUANTILE_COLUMNS).write_parquet(path)


def test_the_run_that_spoke_last_before_a_period_counts(tmp_path: Path) -> None:
    for week, name in ((2, "old"), (4, "new"), (6, "today")):
        forecast(
            tmp_path / name / "forecast.parquet",
            MONDAY + timedelta(weeks=week),
            7,
            4,
            float(week),
            "A" if week == 4 else "AB",
        )
    found = read_published(earlier_results(tmp_path), history(Period.WEEK, 6), date.min)
    assert found is not None
    assert found.periods.tolist() == [2, 3, 4, 5]
    assert found.mean.tolist() == [[2.0, 2.0, 4.0, 4.0], [2.0] * 4]
    assert found.origin.tolist() == [[2, 2, 4, 4], [2] * 4]
    late = read_published(earlier_results(tmp_path), history(Period.WEEK, 6), MONDAY + timedelta(weeks=5))
    assert late is not None
    assert late.periods.tolist() == [5]


def test_a_run_that_counted_in_other_periods_says_nothing(tmp_path: Path) -> None:
    forecast(tmp_path / "forecast.parquet", MONDAY + timedelta(weeks=2), 1, 21, 5.0)
    assert read_published(earlier_results(tmp_path), history(Period.WEEK, 6), date.min) is None
    forecast(tmp_path / "forecast.parquet", MONDAY + timedelta(weeks=2), 7, 3, 5.0)
    assert read_published(earlier_results(tmp_path), history(Period.DAY, 42), date.min) is None


def test_a_record_is_cut_at_today_and_names_are_made_plain(tmp_path: Path) -> None:
    row = dict.fromkeys(RECORD, 1)
    rows = [{**row, "date": MONDAY + timedelta(weeks=k), "category": "'=tea"} for k in range(8)]
    pl.DataFrame(rows).write_csv(tmp_path / "accuracy.csv")
    record = read_record(earlier_results(tmp_path), history(Period.WEEK, 6))
    assert record.height == 6
    assert record["category"].unique().to_list() == ["=tea"]
