"""The data-quality report: each thing that can be wrong with data is found, and clean data give no warning."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.ingest.quality import QualityReport, Severity, examine
from orderpoint.ingest.quality.findings import Finding, percent
from orderpoint.ingest.quality.history import changes_of_level, sparse_and_ended, stockouts
from orderpoint.ingest.reading import FileRead, Mapped, Note, Reading, SetAside
from orderpoint.messages import LANGUAGES, Language
from orderpoint.messages.quality import FINDINGS, SEVERITIES
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

FIRST = date(2024, 1, 1)
DAYS = 140


def sales_rows(**columns: object) -> pl.DataFrame:
    """Two items sold every day for twenty weeks, with a price and an order each."""
    count = 2 * DAYS
    frame = pl.DataFrame(
        {
            "row": range(2, count + 2),
            "date": [FIRST + timedelta(days=k // 2) for k in range(count)],
            "item": pl.Series(["A", "B"] * DAYS, dtype=pl.Categorical),
            "location": pl.Series(["main"] * count, dtype=pl.Categorical),
            "quantity": pl.Series([3.0, 4.0] * DAYS, dtype=pl.Float32),
            "price": [10.0, 20.0] * DAYS,
            "order": [str(k) for k in range(count)],
        }
    )
    return frame.with_columns(**columns) if columns else frame


def full_tables(sales: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {
        "sales": sales,
        "stock": pl.DataFrame({"item": ["A", "B"], "on_hand": [5.0, 6.0]}),
        "items": pl.DataFrame({"item": ["A", "B"], "unit_cost": [5.0, 6.0]}),
        "supply": pl.DataFrame({"item": ["A", "B"], "lead_time_days": [7.0, 7.0]}),
    }


def report_of(sales: pl.DataFrame | None = None, **tables: pl.DataFrame) -> QualityReport:
    every = {**full_tables(sales_rows() if sales is None else sales), **tables}
    return examine(Reading(every, files=(FileRead("sales.csv", "sales", every["sales"].height),)))


def codes(report: QualityReport) -> set[str]:
    return {f.code for f in report.findings}


def at(row: int, column: str, value: object) -> pl.Expr:
    """The column with one value in the row at that position."""
    return pl.when(pl.int_range(pl.len()) == row).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)


def test_clean_data_give_their_coverage_and_no_warning() -> None:
    report = report_of()
    assert codes(report) == {"coverage"}
    coverage = report.finding("coverage")
    assert coverage is not None
    assert coverage.details == {
        "rows": "280",
        "first": "2024-01-01",
        "last": "2024-05-19",
        "items": "2",
        "locations": "1",
    }


def test_a_month_without_sales_is_a_gap_and_sundays_are_closed() -> None:
    frame = sales_rows().filter(pl.col("date").dt.weekday() != 7)
    frame = frame.filter(~pl.col("date").is_between(date(2024, 3, 1), date(2024, 3, 31)))
    report = report_of(frame)
    gap, closed = report.finding("gap"), report.finding("closed_weekday")
    assert gap is not None
    assert gap.examples == ("2024-03-01 – 2024-03-31",)
    assert gap.count == 31
    assert closed is not None
    assert (closed.sentence(), closed.sentence(Language.ZH)[:3]) == (
        "Nothing (or next to nothing) is ever sold on Sunday.",
        "星期日",
    )


def test_weekly_data_have_no_closed_weekdays_and_no_gaps() -> None:
    frame = sales_rows().filter(pl.col("date").dt.weekday() == 1)
    assert codes(report_of(frame)) == {"coverage"}


def test_a_wrong_year_stands_alone() -> None:
    report = report_of(sales_rows().with_columns(at(0, "date", date(2042, 1, 1))))
    finding = report.finding("lonely_dates")
    assert finding is not None
    assert (finding.severity, finding.count, finding.examples) == (Severity.PROBLEM, 1, ("2042-01-01",))
    assert report.findings[0].severity is Severity.PROBLEM


def test_rows_that_share_day_item_and_place_are_told_where_there_are_no_orders() -> None:
    frame = sales_rows().drop("order")
    finding = report_of(pl.concat([frame, frame.head(1)])).finding("repeated_days")
    assert finding is not None
    assert (finding.count, finding.examples) == (2, ("A 2024-01-01",))


def test_large_quantities_and_odd_prices_are_found_by_the_items_own_measure() -> None:
    report = report_of(sales_rows().with_columns(at(6, "quantity", 4000.0), at(9, "price", 0.02)))
    large, odd = report.finding("large_quantities"), report.finding("odd_prices")
    assert large is not None
    assert large.examples == ("A 2024-01-04: 4000 (3)",)
    assert large.share == pytest.approx(4000 / (4000 + 139 * 3 + 140 * 4))
    assert odd is not None
    assert odd.examples == ("B 2024-01-05: 0.02 (20)",)


def test_missing_prices_are_counted() -> None:
    finding = report_of(sales_rows().with_columns(at(3, "price", None))).finding("no_price")
    assert finding is not None
    assert (finding.count, finding.share) == (1, pytest.approx(1 / 280))


def test_what_other_tables_lack_is_named() -> None:
    report = report_of(
        stock=pl.DataFrame({"item": ["A"], "on_hand": [-5.0]}),
        items=pl.DataFrame({"item": ["A"], "unit_cost": [None]}, schema={"item": pl.String, "unit_cost": pl.Float64}),
        supply=pl.DataFrame({"item": ["B"], "lead_time_days": [7.0]}),
    )
    assert codes(report) == {
        "coverage",
        "negative_stock",
        "no_stock_row",
        "no_cost",
        "no_lead_time",
        "not_in_catalogue",
    }
    named = {f.code: f.examples for f in report.findings}
    assert named["no_stock_row"] == ("B",)
    assert named["no_cost"] == ("A", "B")
    assert named["no_lead_time"] == ("A",)
    assert named["not_in_catalogue"] == ("B",)
    assert named["negative_stock"] == ("A: -5",)


def test_without_a_stock_table_it_says_so() -> None:
    tables = full_tables(sales_rows())
    del tables["stock"]
    assert "no_stock_table" in codes(examine(Reading(tables)))


def test_dates_from_today_on_are_counted_and_not_looked_at() -> None:
    tables = full_tables(sales_rows().with_columns(at(279, "quantity", 4000.0)))
    report = examine(Reading(tables), today=date(2024, 5, 19))
    future = report.finding("future_dates")
    assert future is not None
    assert (future.count, future.details["last"]) == (2, "2024-05-19")
    assert "large_quantities" not in codes(report)


def test_what_was_set_aside_and_repaired_while_reading_becomes_findings() -> None:
    aside = (
        SetAside("a.csv", 2, "item", "POST", "no_product_fee"),
        SetAside("a.csv", 3, "item", "POST", "no_product_fee"),
        SetAside("a.csv", 4, "invoice", "17", "order_counted_once"),
        SetAside("a.csv", 5, "description", "damaged", "stock_record"),
        SetAside("a.csv", 6, "status", "cancelled", "order_cancelled"),
        SetAside("a.csv", 7, "quantity", "lots", "not_a_number"),
    )
    notes = (
        Note("a.csv", "returns_netted_by_customer", {"rows": "3", "units": "40"}),
        Note("a.csv", "bulk_orders_returned", {"orders": "1", "units": "500"}),
        Note(
            "a.csv",
            "bulk_order_returned",
            {"item": "A", "units": "500", "sold": "2024-01-02", "returned": "x", "usual": "3"},
        ),
        Note("a.csv", "lines_repeated_kept", {"rows": "7", "orders": "2"}),
        Note("", "currencies_converted", {"currencies": "EUR, USD", "home": "EUR"}),
    )
    files = (FileRead("a.csv", "sales", 280),)
    report = examine(
        Reading(full_tables(sales_rows()), (Mapped("a.csv", "sales", "q", "quantity", "alias"),), aside, notes, files)
    )
    counts = {f.code: f.count for f in report.findings}
    assert counts == {
        "coverage": 280, "no_products": 2, "overlap": 1, "stock_records": 1, "cancelled_orders": 1,
        "unbelievable_rows": 1, "returns": 3, "returned_bulk": 1, "repeated_lines": 7, "mixed_currencies": 2,
    }  # fmt: skip
    fees = report.finding("no_products")
    assert fees is not None
    assert fees.examples == ("POST (2)",)
    assert fees.share == pytest.approx(2 / 285)
    assert report.set_aside_by_reason()["no_product_fee"] == 2


# ------------------------------------------------------------------------------------ the history by series


def history(quantity: np.ndarray, period: Period = Period.WEEK, state: np.ndarray | None = None) -> Sales:
    n, count = quantity.shape
    index = SeriesIndex.of((f"I{k:03}", "main") for k in range(n))
    observed = np.full((n, count), State.OBSERVED, np.uint8) if state is None else state
    return Sales(index, Timeline(FIRST, period, count), quantity.astype(np.float32), observed)


def only(findings: list[Finding | None]) -> dict[str, Finding]:
    return {f.code: f for f in findings if f is not None}


def test_given_and_suspected_stockouts_are_told_apart_and_the_longest_is_named() -> None:
    state = np.full((3, 50), State.OBSERVED, np.uint8)
    state[0, 10:12] = State.STOCKOUT
    state[1, 20:23] = State.STOCKOUT_INFERRED
    state[2, 30:35] = State.STOCKOUT_INFERRED
    found = only(stockouts(history(np.ones((3, 50)), state=state)))
    assert (found["given_stockouts"].count, found["given_stockouts"].share) == (1, pytest.approx(2 / 150))
    assert found["suspected_stockouts"].count == 2
    assert (
        found["suspected_stockouts"].examples[0]
        == f"I002: {FIRST + timedelta(weeks=30)} – {FIRST + timedelta(weeks=34)}"
    )


def test_a_step_up_and_a_step_down_are_found_with_their_week() -> None:
    quantity = np.random.default_rng(5).poisson(20.0, (30, 80)).astype(float)
    quantity[3, 50:] *= 4
    quantity[7, 60:] = np.random.default_rng(6).poisson(3.0, 20)
    found = only(changes_of_level(history(quantity)))
    assert (found["level_up"].count, found["level_down"].count) == (1, 1)
    assert found["level_up"].examples[0].startswith(f"I003 ({FIRST + timedelta(weeks=50)}: ")
    assert found["level_down"].examples[0].startswith(f"I007 ({FIRST + timedelta(weeks=60)}: ")


@pytest.mark.parametrize("period", [Period.DAY, Period.WEEK])
def test_steady_sales_and_a_season_shared_by_all_are_no_change_of_level(period: Period) -> None:
    count = 400 if period is Period.DAY else 80
    rate = 20.0 * np.where(np.arange(count) > 0.7 * count, 3.0, 1.0)
    quantity = np.random.default_rng(8).poisson(rate, (40, count)).astype(float)
    assert only(changes_of_level(history(quantity, period))) == {}


def test_items_that_ended_and_items_that_hardly_sell_are_told() -> None:
    quantity = np.ones((3, 80))
    quantity[0, 40:] = 0
    quantity[1, 3:] = 0
    found = only(sparse_and_ended(history(quantity)))
    assert found["ended"].examples == ("I000", "I001")
    assert found["sparse_items"].examples == ("I001",)


# ------------------------------------------------------------------------------------ the words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", FINDINGS)
def test_every_finding_can_be_said_with_the_blanks_that_findings_fill(code: str, language: Language) -> None:
    details = dict.fromkeys(
        ("rows", "first", "last", "items", "locations", "least", "days", "runs", "times", "today"), "1"
    )
    examples = ("6",) if code == "closed_weekday" else ("x",)
    said = Finding(code, Severity.INFO, 3, 0.5, examples, details).sentence(language)
    assert "{" not in said


def test_severities_have_words_and_shares_too() -> None:
    assert set(SEVERITIES) == set(Severity)
    assert [percent(s) for s in (None, 0.5, 0.1234, 0.0123, 0.00012)] == ["", "50 %", "12 %", "1.2 %", "0.012 %"]


def test_the_report_is_json_in_both_languages() -> None:
    report = report_of(sales_rows().with_columns(at(6, "quantity", 4000.0)))
    english, chinese = (json.loads(json.dumps(report.to_dict(language))) for language in LANGUAGES)
    assert [f["code"] for f in english["findings"]] == [f["code"] for f in chinese["findings"]]
    assert english["findings"][0]["text"] != chinese["findings"][0]["text"]
    assert english["findings"][0]["severity_text"] == "look at it"


@pytest.mark.data
def test_online_retail_names_its_cancellations_fees_and_overlap(data_folder: Path) -> None:
    from orderpoint.ingest.bucketing import bucket
    from orderpoint.ingest.intake import read

    reading = read([data_folder / "online_retail_ii"])
    report = examine(reading, bucket(reading).sales)
    assert {
        "returns",
        "no_products",
        "overlap",
        "stock_records",
        "returned_bulk",
        "no_stock_table",
        "suspected_stockouts",
    } <= codes(report)
    closed = report.finding("closed_weekday")
    assert closed is not None
    assert closed.examples == ("5",)
    fees = report.finding("no_products")
    assert fees is not None
    assert fees.examples[0].startswith("POST")
