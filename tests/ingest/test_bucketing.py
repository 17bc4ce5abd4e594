"""Counting by series and period: grids of days, weeks and months, states, sums against a plain twin, and cuts."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderpoint.domain.calendar import Period, add_periods
from orderpoint.domain.errors import UsageError
from orderpoint.ingest.bucketing import Bucketed, bucket
from orderpoint.ingest.grid import BucketOptions, grain_of, grid_of
from orderpoint.ingest.intake import read
from orderpoint.ingest.reading import FileRead, Reading, ReadOptions
from orderpoint.tables.sales import State
from tests.ingest.folders import FIRST, daily, write_table

OFF, ON, OUT = int(State.OFF), int(State.OBSERVED), int(State.STOCKOUT)
MONDAY = date(2025, 1, 6)


def days_from(first: date, count: int, step: int = 1) -> list[date]:
    return [first + timedelta(days=step * k) for k in range(count)]


def months_from(first: date, count: int) -> list[date]:
    return [add_periods(first, Period.MONTH, k) for k in range(count)]


def reading_of(
    rows: Sequence[tuple[object, ...]], columns: str = "date item location quantity", **tables: pl.DataFrame
) -> Reading:
    sales = pl.DataFrame(rows, schema=columns.split(), orient="row", infer_schema_length=None)
    sales = sales.with_columns(pl.col("item", "location").cast(pl.Categorical), pl.col("quantity").cast(pl.Float32))
    return Reading({"sales": sales, **tables}, files=(FileRead("sales.csv", "sales", len(rows)),))


def row(bucketed: Bucketed, item: str, location: str = "main") -> int:
    return bucketed.sales.index.row_of()[item, location]


@pytest.mark.parametrize(
    ("days", "period", "month_ends"),
    [
        (days_from(FIRST, 20), Period.DAY, False),
        (days_from(MONDAY, 5, step=7), Period.WEEK, False),
        ([MONDAY, MONDAY + timedelta(days=21), MONDAY + timedelta(days=35)], Period.WEEK, False),
        (months_from(date(2025, 1, 1), 5), Period.MONTH, False),
        (months_from(date(2025, 1, 15), 5), Period.MONTH, False),
        ([date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)], Period.MONTH, True),
        ([date(2024, 2, 29), date(2024, 4, 30), date(2025, 2, 28)], Period.MONTH, True),
        ([MONDAY, MONDAY + timedelta(days=7)], Period.DAY, False),
        ([FIRST], Period.DAY, False),
    ],
)
def test_the_step_is_the_finest_that_the_dates_bear(days: list[date], period: Period, month_ends: bool) -> None:
    assert grain_of(days) == (period, month_ends)


def test_daily_data_end_the_day_before_today() -> None:
    grid = grid_of(days_from(FIRST, 20), BucketOptions())
    assert (grid.timeline.first, grid.today, grid.timeline.count) == (FIRST, FIRST + timedelta(days=20), 20)


def test_daily_data_in_weeks_end_today_and_drop_the_part_of_a_week_in_front() -> None:
    days = days_from(FIRST, 20)
    grid = grid_of(days, BucketOptions(period=Period.WEEK))
    assert (grid.today, grid.timeline.count) == (FIRST + timedelta(days=20), 2)
    assert [grid.period_of(d) for d in days] == [-1] * 6 + [0] * 7 + [1] * 7


def test_weeks_are_labelled_by_their_first_or_last_day() -> None:
    days = days_from(MONDAY, 4, step=7)
    by_start, by_end = grid_of(days, BucketOptions()), grid_of(days, BucketOptions(label="end"))
    assert (by_start.timeline.first, by_start.today) == (MONDAY, MONDAY + timedelta(days=28))
    assert (by_end.timeline.first, by_end.today) == (MONDAY - timedelta(days=6), MONDAY + timedelta(days=22))
    assert [by_end.period_of(d) for d in days] == [0, 1, 2, 3]


def test_ends_of_months_label_the_month_that_ends() -> None:
    grid = grid_of([date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)], BucketOptions())
    assert (grid.timeline.first, grid.today, grid.timeline.count) == (date(2025, 1, 1), date(2025, 4, 1), 3)
    assert grid.period_of(date(2025, 2, 28)) == 1


def test_months_that_begin_in_their_middle() -> None:
    grid = grid_of(months_from(date(2025, 1, 15), 4), BucketOptions())
    assert (grid.timeline.first, grid.today, grid.timeline.count) == (date(2025, 1, 15), date(2025, 5, 15), 4)


@pytest.mark.parametrize("today", [date(2025, 3, 31), date(2025, 3, 30), date(2025, 5, 29), date(2025, 4, 15)])
def test_daily_data_in_months_end_on_any_today(today: date) -> None:
    grid = grid_of(days_from(date(2024, 1, 1), 460), BucketOptions(today=today, period=Period.MONTH))
    assert grid.today == today
    assert grid.timeline.end == today
    assert grid.timeline.first >= date(2024, 1, 1)
    assert grid.timeline.count >= 12


@given(st.dates(date(2023, 1, 1), date(2026, 12, 31)), st.integers(1, 900), st.sampled_from(list(Period)))
def test_every_grid_of_daily_data_ends_today_and_holds_every_day_once(first: date, count: int, period: Period) -> None:
    days = days_from(first, count)
    grid = grid_of(days, BucketOptions(period=period))
    assert grid.timeline.end == grid.today == days[-1] + timedelta(days=1)
    counted = [grid.period_of(d) for d in days]
    assert counted == sorted(counted)
    inside = [c for c in counted if c >= 0]
    assert set(inside) == set(range(grid.timeline.count)) or grid.timeline.count == 1
    assert all(grid.timeline.start(grid.period_of(d)) <= d for d in days)


def test_today_must_begin_a_period_of_weekly_data() -> None:
    days = days_from(MONDAY, 10, step=7)
    grid = grid_of(days[:5], BucketOptions(today=MONDAY + timedelta(days=35)))
    assert grid.timeline.count == 5
    with pytest.raises(UsageError) as error:
        grid_of(days[:5], BucketOptions(today=MONDAY + timedelta(days=30)))
    assert error.value.code == "today_not_a_period_start"
    assert (error.value.details["before"], error.value.details["after"]) == ("2025-02-03", "2025-02-10")


@pytest.mark.parametrize("period", [Period.DAY, Period.MONTH])
def test_weekly_data_cannot_be_counted_otherwise(period: Period) -> None:
    with pytest.raises(UsageError, match="period_not_in_data"):
        grid_of(days_from(MONDAY, 5, step=7), BucketOptions(period=period))


Cell = tuple[str, str, int]


def plain_twin(
    rows: Sequence[tuple[object, ...]], first: date
) -> tuple[dict[Cell, float], dict[Cell, float], dict[Cell, float]]:
    """Quantity, mean price and deepest promotion of each cell, row by row."""
    quantity: dict[Cell, float] = defaultdict(float)
    priced: dict[Cell, list[tuple[float, float]]] = defaultdict(list)
    promotion: dict[Cell, float] = defaultdict(float)
    for day, item, place, units, price, depth in rows:
        cell = (str(item), str(place), (day - first).days)  # type: ignore[operator]
        quantity[cell] += float(units)  # type: ignore[arg-type]
        promotion[cell] = max(promotion[cell], float(depth or 0.0))  # type: ignore[arg-type]
        if price is not None:
            priced[cell].append((max(float(units), 0.0), float(price)))  # type: ignore[arg-type]
    mean = {}
    for cell, known in priced.items():
        weight = sum(w for w, _ in known)
        mean[cell] = sum(w * p for w, p in known) / weight if weight else known[0][1]
    return quantity, mean, promotion


LINES = st.tuples(
    st.integers(0, 9),
    st.sampled_from(["b", "a", "c", "é"]),
    st.sampled_from(["x", "y"]),
    st.integers(-3, 9),
    st.one_of(st.none(), st.integers(1, 20)),
    st.sampled_from([None, 0.0, 0.25, 1.0]),
)


@given(st.lists(LINES, min_size=1, max_size=40))
def test_cells_are_those_of_a_plain_loop(lines: list[tuple[int, str, str, int, int | None, float | None]]) -> None:
    rows = [(FIRST + timedelta(days=d), i, p, q, c, m) for d, i, p, q, c, m in [*lines, (0, "a", "x", 1, None, None)]]
    schema = {
        "date": pl.Date,
        "item": pl.String,
        "location": pl.String,
        "quantity": pl.Float32,
        "price": pl.Float64,
        "promotion": pl.Float64,
    }
    sales = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.col("item", "location").cast(pl.Categorical)
    )
    options = BucketOptions(period=Period.DAY, today=FIRST + timedelta(days=10))
    if grain_of(sorted({r[0] for r in rows}))[0] is not Period.DAY:
        return
    result = bucket(Reading({"sales": sales}), options).sales
    quantity, price, promotion = plain_twin(rows, FIRST)
    assert result.index.pairs() == sorted({(r[1], r[2]) for r in rows})
    for (item, place), i in result.index.row_of().items():
        for t in range(10):
            cell = (item, place, t)
            expected = max(quantity.get(cell, 0.0), 0.0) if result.state[i, t] != OFF else 0.0
            assert result.quantity[i, t] == expected
            assert result.price is not None
            assert result.promotion is not None
            assert result.price[i, t] == pytest.approx(price.get(cell, np.nan), rel=1e-5, nan_ok=True)
            assert result.promotion[i, t] == promotion.get(cell, 0.0)
    sold = {c for c, q in quantity.items() if q > 0}
    for item, place, t in sold:
        assert result.state[result.index.row_of()[item, place], t] != OFF


def test_a_series_is_on_from_its_first_sale_and_gaps_are_zeros() -> None:
    rows = [(FIRST + timedelta(days=k), "a", "main", 1.0) for k in range(10)]
    rows += [(FIRST + timedelta(days=k), "late", "main", q) for k, q in ((2, 0.0), (4, 5.0), (8, 5.0))]
    result = bucket(reading_of(rows))
    i = row(result, "late")
    assert result.sales.state[i].tolist() == [OFF] * 4 + [ON] * 6
    assert result.sales.quantity[i].tolist() == [0, 0, 0, 0, 5, 0, 0, 0, 5, 0]


def test_an_item_that_never_sold_is_on_from_its_first_row() -> None:
    rows = [(FIRST + timedelta(days=k), "a", "main", 1.0) for k in range(6)] + [
        (FIRST + timedelta(days=2), "z", "main", 0.0)
    ]
    result = bucket(reading_of(rows))
    assert result.sales.state[row(result, "z")].tolist() == [OFF] * 2 + [ON] * 4


def test_launch_and_end_of_life_bound_what_is_said() -> None:
    rows = [(FIRST + timedelta(days=k), "a", "main", 1.0) for k in range(10)] + [
        (FIRST + timedelta(days=5), "b", "main", 2.0)
    ]
    items = pl.DataFrame(
        {
            "item": ["a", "b", "c"],
            "launch": [None, FIRST + timedelta(days=3), FIRST + timedelta(days=30)],
            "end_of_life": [FIRST + timedelta(days=6), None, None],
        }
    )
    stock = pl.DataFrame({"item": ["c"], "location": ["main"], "on_hand": [4.0]})
    result = bucket(reading_of(rows, items=items, stock=stock))
    assert result.sales.state[row(result, "a")].tolist() == [ON] * 7 + [OFF] * 3
    assert result.sales.quantity[row(result, "a")].tolist() == [1] * 7 + [0] * 3
    assert result.sales.state[row(result, "b")].tolist() == [OFF] * 3 + [ON] * 7
    assert result.sales.state[row(result, "c")].tolist() == [OFF] * 10


def test_rows_out_of_stock_make_their_period_a_stockout() -> None:
    columns = "date item location quantity in_stock"
    flags = [False, False, True, True, False, None, True, True]
    rows: list[tuple[object, ...]] = [(FIRST + timedelta(days=k), "a", "main", 0.0, f) for k, f in enumerate(flags)]
    result = bucket(reading_of(rows, columns))
    assert result.sales.state[0].tolist() == [OFF, OFF, ON, ON, OUT, ON, ON, ON]


def test_one_row_out_of_stock_is_enough_for_its_week() -> None:
    columns = "date item location quantity in_stock"
    rows: list[tuple[object, ...]] = [(MONDAY + timedelta(days=k), "a", "main", 1.0, k != 9) for k in range(21)]
    result = bucket(reading_of(rows, columns), BucketOptions(period=Period.WEEK))
    assert result.sales.state[0].tolist() == [ON, OUT, ON]
    assert result.sales.quantity[0].tolist() == [7, 7, 7]


def test_pairs_of_stock_and_of_orders_on_their_way_are_series_too() -> None:
    rows = [(FIRST + timedelta(days=k), "a", "x", 1.0) for k in range(5)]
    stock = pl.DataFrame({"item": ["a", "s"], "location": ["y", "x"], "on_hand": [1.0, 2.0]})
    incoming = pl.DataFrame({"item": ["a", "ghost"], "location": ["z", "z"], "quantity": [1.0, 1.0]})
    result = bucket(reading_of(rows, stock=stock, incoming=incoming))
    assert result.sales.index.pairs() == [("a", "x"), ("a", "y"), ("a", "z"), ("s", "x")]
    assert result.sales.state[1:].tolist() == [[ON] * 5] * 3


def test_an_estimate_makes_a_series_of_an_item_without_history_everywhere() -> None:
    rows = [(FIRST + timedelta(days=k), "a", p, 1.0) for k in range(5) for p in ("x", "y")]
    overrides = pl.DataFrame({"item": ["new", "a"], "kind": ["estimate", "set"]})
    result = bucket(reading_of(rows, overrides=overrides))
    assert result.sales.index.pairs() == [("a", "x"), ("a", "y"), ("new", "x"), ("new", "y")]


def test_more_back_than_sold_counts_as_zero_and_is_noted() -> None:
    rows = [
        (FIRST, "a", "main", 3.0),
        (FIRST + timedelta(days=1), "a", "main", -5.0),
        (FIRST + timedelta(days=3), "a", "main", 1.0),
    ]
    result = bucket(reading_of(rows))
    assert result.sales.quantity[0].tolist() == [3, 0, 0, 1]
    assert [(n.code, n.details) for n in result.notes] == [("net_returns_clipped", {"count": "1", "units": "5"})]


def test_rows_of_today_and_later_are_cut() -> None:
    rows = [(d, i, "main", float(q)) for d, i, q in daily(30)] + [(FIRST + timedelta(days=25), "new", "main", 1.0)]
    today = FIRST + timedelta(days=20)
    result = bucket(reading_of(rows), BucketOptions(today=today))
    assert result.today == today
    assert result.sales.index.items == ("I0",)
    assert result.sales.quantity[0].tolist() == list(range(1, 21))
    with pytest.raises(UsageError, match="today_before_history"):
        bucket(reading_of(rows), BucketOptions(today=FIRST))


def test_days_after_the_end_of_the_file_say_nothing_unless_it_paused_as_long_before() -> None:
    rows = [(d, i, "main", float(q)) for d, i, q in daily(10)]
    result = bucket(reading_of(rows), BucketOptions(today=FIRST + timedelta(days=15)))
    assert result.sales.state[0].tolist() == [ON] * 10 + [OFF] * 5
    assert [n.code for n in result.notes] == ["history_ends_early"]
    paused = [*rows, (FIRST + timedelta(days=16), "I0", "main", 1.0)]
    result = bucket(reading_of(paused), BucketOptions(today=FIRST + timedelta(days=20)))
    assert result.sales.state[0].tolist() == [ON] * 20
    assert result.notes == ()


def test_series_stand_in_the_order_of_their_names_whatever_the_order_of_rows() -> None:
    rows = [(FIRST + timedelta(days=k), i, p, 1.0) for k in range(4) for i in ("é", "b", "a", "B") for p in ("y", "x")]
    forward, backward = bucket(reading_of(rows)).sales, bucket(reading_of(rows[::-1])).sales
    assert forward.index.pairs() == sorted({(i, p) for _, i, p, _ in rows}) == backward.index.pairs()
    assert np.array_equal(forward.quantity, backward.quantity)


def test_a_file_of_months_from_disk_to_periods(tmp_path: Path) -> None:
    days = months_from(date(2023, 1, 1), 24)
    ends = [d.replace(day=calendar.monthrange(d.year, d.month)[1]) for d in days]
    write_table(tmp_path / "sales.csv", "date item quantity", [(d, "a", k) for k, d in enumerate(ends, start=1)])
    result = bucket(read([tmp_path]))
    assert result.sales.timeline.period is Period.MONTH
    assert result.today == date(2025, 1, 1)
    assert result.sales.quantity[0].tolist() == list(range(1, 25))


def test_real_weeks_with_stock_flags(data_folder: Path, tmp_path: Path) -> None:
    raw = pl.read_parquet(data_folder / "vn2_inventory" / "weekly_sales_in_stock.parquet")
    raw.rename({"Store": "location", "Product": "item", "week": "date", "sales": "quantity"}).write_parquet(
        tmp_path / "sales.parquet"
    )
    today = date(2023, 1, 2)
    result = bucket(read([tmp_path], ReadOptions(today=today)), BucketOptions(today=today))
    past = raw.filter(pl.col("week") < today)
    assert len(result.sales.index) == 599
    assert (result.sales.timeline.first, result.sales.timeline.period) == (raw["week"].min(), Period.WEEK)
    assert result.sales.quantity.sum(dtype=np.float64) == past["sales"].sum()
    flagged = past.filter(~pl.col("in_stock")).height
    first_in_stock = (
        past.filter(pl.col("in_stock") | (pl.col("sales") > 0))
        .group_by("Store", "Product")
        .agg(pl.col("week").min().alias("first"))
    )
    before = (  # weeks before the first in stock, all weeks where there is none
        past.join(first_in_stock, on=["Store", "Product"], how="left")
        .filter(~pl.col("in_stock") & ((pl.col("week") < pl.col("first")) | pl.col("first").is_null()))
        .height
    )
    assert int((result.sales.state == State.STOCKOUT).sum()) == flagged - before


def hourly(days: int = 10) -> list[tuple[object, ...]]:
    """Three units at 10 h and one at 18 h of every day; on the last day out of stock from 12 h on, of B all day."""
    rows: list[tuple[object, ...]] = []
    for day in days_from(MONDAY, days):
        for item in ("A", "B"):
            for hour, units in ((10, 3.0), (12, 0.0), (18, 1.0)):
                out = day == MONDAY + timedelta(days=days - 1) and (item == "B" or hour >= 12)
                rows.append((day, item, "main", 0.0 if out else units, not out, hour))
    return rows


HOURLY = "date item location quantity in_stock hour"


def test_hours_out_of_stock_tell_the_share_of_a_days_demand_that_was_in_stock() -> None:
    sales = bucket(reading_of(hourly(), HOURLY), BucketOptions(MONDAY + timedelta(days=10))).sales
    assert sales.in_stock_share is not None
    a, b = sales.index.row_of()["A", "main"], sales.index.row_of()["B", "main"]
    assert sales.state[:, -1].tolist() == [OUT, OUT]
    assert sales.in_stock_share[a, -1] == pytest.approx(0.75)
    assert sales.in_stock_share[b, -1] == pytest.approx(0.0)
    assert np.isnan(sales.in_stock_share[:, :-1]).all()


def test_a_day_with_a_row_out_of_stock_of_no_hour_has_no_share() -> None:
    rows = [*hourly(), (MONDAY + timedelta(days=9), "A", "main", 0.0, False, None)]
    sales = bucket(reading_of(rows, HOURLY), BucketOptions(MONDAY + timedelta(days=10))).sales
    assert sales.in_stock_share is not None
    assert np.isnan(sales.in_stock_share[sales.index.row_of()["A", "main"], -1])


@pytest.mark.parametrize("columns", ["date item location quantity in_stock", "date item location quantity"])
def test_without_hours_or_flags_there_are_no_shares(columns: str) -> None:
    rows = [line[: len(columns.split())] for line in hourly()]
    assert bucket(reading_of(rows, columns), BucketOptions(MONDAY + timedelta(days=10))).sales.in_stock_share is None


def test_weeks_have_no_shares_of_hours() -> None:
    options = BucketOptions(MONDAY + timedelta(days=14), Period.WEEK)
    assert bucket(reading_of(hourly(14), HOURLY), options).sales.in_stock_share is None


def test_a_file_of_hours_is_read_and_an_hour_of_24_is_set_aside(tmp_path: Path) -> None:
    header = "date,item,quantity,in_stock,hour"
    lines = [f"{d},{i},{q:g},{int(bool(s))},{h}" for d, i, _, q, s, h in hourly()]
    (tmp_path / "sales.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    share = bucket(read((tmp_path,))).sales.in_stock_share
    assert share is not None
    assert np.nanmax(share) == pytest.approx(0.75)
    (tmp_path / "sales.csv").write_text("\n".join([header, lines[0][:-2] + "24", *lines[1:]]), encoding="utf-8")
    aside = read((tmp_path,)).set_aside
    assert [(row.column, row.value) for row in aside] == [("hour", "24")]
