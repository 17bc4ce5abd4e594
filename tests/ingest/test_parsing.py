"""Cells into days, numbers and words: every form that shops write, and what cannot be decided."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderpoint.ingest.dates import parse_dates
from orderpoint.ingest.numbers import parse_numbers
from orderpoint.ingest.parsed import Parsed, distinct_names
from orderpoint.ingest.words import (
    parse_choices,
    parse_depths,
    parse_flags,
    parse_price_breaks,
    parse_weekdays,
)

FIFTH = date(2024, 3, 5)


def codes(parsed: Parsed) -> list[str]:
    return [p.code for p in parsed.problems]


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-05",
        "2024/3/5",
        "2024.03.05",
        "2024年3月5日",
        "2024 年 3 月 5 日",
        "20240305",
        "2024-03-05 23:59:59",
        "2024-03-05T00:00:00Z",
        "2024-03-05 10:11:12 +0800",
        "05.03.2024",
        "5.3.24",
        "5 Mar 2024",
        "Mar 5, 2024",
        "05-Mar-2024",
        "5-Mar-24",
        "March 5, 2024",
        " 2024-03-05 ",
    ],
)
def test_a_day_in_every_form(cell: str) -> None:
    parsed = parse_dates(pl.Series([cell]))
    assert parsed.values.to_list() == [FIFTH]
    assert not parsed.problems
    assert not parsed.whole


@pytest.mark.parametrize("cell", ["2024-03", "2024年3月", "Mar 2024", "March 2024"])
def test_a_month_is_its_first_day(cell: str) -> None:
    assert parse_dates(pl.Series([cell])).values.to_list() == [date(2024, 3, 1)]


@pytest.mark.parametrize(
    "values",
    [
        [FIFTH],
        [datetime.fromisoformat("2024-03-05T23:00")],
        [20240305],
        [20240305.0],
        [45356],
        [45356.75],
        ["45356.75"],
    ],
)
def test_a_day_of_every_type(values: list[object]) -> None:
    assert parse_dates(pl.Series(values)).values.to_list() == [FIFTH]


@pytest.mark.parametrize("cell", ["yesterday", "2024-02-30", "31.04.2024", "5", "2024-13-01"])
def test_what_is_no_day_is_a_problem(cell: str) -> None:
    parsed = parse_dates(pl.Series(["2024-03-05", cell, None, ""]))
    assert parsed.values.to_list() == [FIFTH, None, None, None]
    assert codes(parsed) == ["not_a_date"]
    assert parsed.problems[0].where.to_list() == [False, True, False, False]


def test_a_year_that_cannot_be_is_a_problem() -> None:
    assert codes(parse_dates(pl.Series(["0204-01-01", "2024-01-01"]))) == ["date_out_of_range"]
    assert codes(parse_dates(pl.Series([date(1900, 1, 1), FIFTH]))) == ["date_out_of_range"]


def test_one_decisive_row_decides_the_column() -> None:
    assert parse_dates(pl.Series(["02/03/2024", "13/03/2024"])).values[0] == date(2024, 3, 2)
    assert parse_dates(pl.Series(["02/03/2024", "03/13/2024"])).values[0] == date(2024, 2, 3)


def test_rows_in_both_orders_are_a_fault_of_the_column() -> None:
    parsed = parse_dates(pl.Series(["13/02/2024", "02/13/2024", "02/03/2024"]))
    assert parsed.whole == (("dates_in_two_orders", {"day_first": "13/02/2024", "month_first": "02/13/2024"}),)


def test_rows_that_do_not_decide_are_a_fault_that_shows_both_readings() -> None:
    ((code, details),) = parse_dates(pl.Series(["01/02/2024", "03/04/2024"])).whole
    assert code == "dates_ambiguous"
    assert details == {"value": "01/02/2024", "day_first": "2024-02-01", "month_first": "2024-01-02"}


def test_the_user_decides_the_order() -> None:
    column = pl.Series(["01/02/2024", "13/02/2024", "02/13/2024"])
    dmy, mdy = parse_dates(column, "dmy"), parse_dates(column, "mdy")
    assert dmy.values.to_list() == [date(2024, 2, 1), date(2024, 2, 13), None]
    assert mdy.values.to_list() == [date(2024, 1, 2), None, date(2024, 2, 13)]
    assert codes(dmy) == codes(mdy) == ["not_a_date"]
    assert not dmy.whole
    assert not mdy.whole


def test_equal_day_and_month_are_not_ambiguous() -> None:
    assert parse_dates(pl.Series(["05/05/2024"])).values.to_list() == [date(2024, 5, 5)]


@given(
    st.lists(st.dates(date(1970, 1, 1), date(2100, 12, 31)), min_size=1, max_size=20),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%d.%m.%Y", "%d %b %Y", "%Y-%m-%d %H:%M"]),
)
def test_days_survive_being_written(days: list[date], form: str) -> None:
    assert parse_dates(pl.Series([f"{d:{form}}" for d in days])).values.to_list() == days


@given(st.lists(st.dates(date(1970, 1, 1), date(2100, 12, 31)), min_size=1, max_size=20))
def test_a_column_with_days_after_the_twelfth_is_read_as_it_was_written(days: list[date]) -> None:
    days = [*days, days[0].replace(day=28)]
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        assert parse_dates(pl.Series([f"{d:{form}}" for d in days])).values.to_list() == days


@given(st.lists(st.dates(date(1960, 1, 1), date(2100, 12, 31)), min_size=1, max_size=20))
def test_excel_counts_days_from_the_end_of_1899(days: list[date]) -> None:
    counts = [(d - date(1899, 12, 30)) // timedelta(days=1) for d in days]
    assert parse_dates(pl.Series(counts)).values.to_list() == days


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1", " 2.5 ", "-3", "1e3"], [1.0, 2.5, -3.0, 1000.0]),
        (["¥1,234.50", "-€5", "5元", "$ 7", "8 USD"], [1234.5, -5.0, 5.0, 7.0, 8.0]),
        (["1,5", "2", "0,25"], [1.5, 2.0, 0.25]),
        (["1.234,50", "7"], [1234.5, 7.0]),
        (["1,234", "12.5"], [1234.0, 12.5]),
        (["1,234,567", "1,234"], [1234567.0, 1234.0]),
        (["1.234.567", "1.234"], [1234567.0, 1234.0]),
        (["1 234", "1 234 567,8"], [1234.0, 1234567.8]),
        (["1'234.5"], [1234.5]),
        (["１２．５", "−3"], [12.5, -3.0]),
        (["1.234"], [1.234]),
    ],
)
def test_numbers_with_separators_that_the_column_explains(cells: list[str], numbers: list[float]) -> None:
    parsed = parse_numbers(pl.Series(cells))
    assert parsed.values.to_list() == numbers
    assert not parsed.problems


def test_a_lone_comma_before_three_digits_is_ambiguous() -> None:
    parsed = parse_numbers(pl.Series(["1,234", "5", "x"]), delimiter=";")
    assert parsed.values.to_list() == [None, 5.0, None]
    assert [(p.code, p.where.to_list()) for p in parsed.problems] == [
        ("number_ambiguous", [True, False, False]),
        ("not_a_number", [False, False, True]),
    ]


def test_in_a_file_cut_by_commas_it_is_a_thousands_separator() -> None:
    assert parse_numbers(pl.Series(["1,234", "5"]), delimiter=",").values.to_list() == [1234.0, 5.0]


def test_a_column_that_contradicts_itself_is_ambiguous() -> None:
    assert codes(parse_numbers(pl.Series(["1,5", "1.5"]))) == ["number_ambiguous"]


@pytest.mark.parametrize("cell", ["lots", "12 or 13", "0x10", "1-2", "--5"])
def test_text_is_no_number(cell: str) -> None:
    parsed = parse_numbers(pl.Series([cell, "1"]))
    assert parsed.values.to_list() == [None, 1.0]
    assert codes(parsed) == ["not_a_number"]


@pytest.mark.parametrize("cell", ["", " ", "NaN", "n/a", "NULL", "-", None])
def test_blanks_are_no_numbers_and_no_problems(cell: str | None) -> None:
    parsed = parse_numbers(pl.Series([cell, "1"], dtype=pl.String))
    assert parsed.values.to_list() == [None, 1.0]
    assert not parsed.problems


def test_missing_numbers_of_pandas_are_blanks() -> None:
    assert parse_numbers(pl.Series([1.0, float("nan")])).values.to_list() == [1.0, None]


def test_percent_is_a_share() -> None:
    assert parse_numbers(pl.Series(["13%", "0.2"]), percent=True).values.to_list() == [0.13, 0.2]


@given(st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1))
def test_numbers_survive_being_written(numbers: list[float]) -> None:
    assert parse_numbers(pl.Series([repr(x) for x in numbers])).values.to_list() == numbers


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1))
def test_grouped_numbers_survive_where_one_has_two_groups(numbers: list[int]) -> None:
    numbers = [*numbers, 1_234_567]
    assert parse_numbers(pl.Series([f"{x:,}" for x in numbers])).values.to_list() == numbers
    dotted = [f"{x:,}".replace(",", ".") for x in numbers]
    assert parse_numbers(pl.Series(dotted)).values.to_list() == numbers


def test_yes_and_no_in_many_words() -> None:
    yes, no = (
        ["1", "Yes", "TRUE", "y", "是", "有货", "In Stock"],
        ["0", "no", "False", "N", "否", "缺货", "out of stock"],
    )
    assert parse_flags(pl.Series(yes + no)).values.to_list() == [True] * 7 + [False] * 7
    assert parse_flags(pl.Series([1, 0, None])).values.to_list() == [True, False, None]
    assert codes(parse_flags(pl.Series(["maybe"]))) == ["not_a_flag"]
    assert codes(parse_flags(pl.Series([2, 0]))) == ["not_a_flag"]


def test_promotions_are_depths() -> None:
    parsed = parse_depths(pl.Series(["1", "0", "20%", "0.2", "8折", "7.5折", "yes", "否", None]))
    assert parsed.values.to_list() == [1.0, 0.0, 0.2, 0.2, 0.2, 0.25, 1.0, 0.0, None]
    assert codes(parse_depths(pl.Series(["deep"]))) == ["not_a_depth"]


def test_states_in_other_words() -> None:
    choices = ("active", "frozen", "discontinued")
    parsed = parse_choices(pl.Series(["Active", "停产", "On Hold", None]), choices)
    assert parsed.values.to_list() == ["active", "discontinued", "frozen", None]
    wrong = parse_choices(pl.Series(["sleeping"]), choices)
    assert codes(wrong) == ["not_a_choice"]
    assert wrong.problems[0].details == {"choices": "active, frozen, discontinued"}


def test_price_breaks_and_weekdays_are_checked() -> None:
    assert codes(parse_price_breaks(pl.Series(["100:9.5;500:9", None]))) == []
    assert codes(parse_price_breaks(pl.Series(["100-9.5"]))) == ["not_price_breaks"]
    assert parse_weekdays(pl.Series(["mon,thu", "周一、周四", "星期五"])).values.to_list() == [
        "mon,thu",
        "mon,thu",
        "fri",
    ]
    assert codes(parse_weekdays(pl.Series(["someday"]))) == ["not_order_days"]


@given(st.lists(st.one_of(st.none(), st.sampled_from(["a", "b", "c", "ä"]))))
def test_the_names_of_a_column_of_codes_are_those_it_has(names: list[str | None]) -> None:
    whole = pl.Series(["zz", *names], dtype=pl.String).cast(pl.Categorical)
    assert set(distinct_names(whole.slice(1)).to_list()) == {n for n in names if n is not None}
