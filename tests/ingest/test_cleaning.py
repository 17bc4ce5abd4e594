"""Returns are netted against the sale they take back, overlaps counted once, and nothing vanishes in silence."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderpoint.ingest.cleaning.clean import Cleaned, clean_sales
from orderpoint.ingest.cleaning.netting import FOREVER_DAYS, Groups
from orderpoint.ingest.cleaning.overlap import repeated_orders
from orderpoint.ingest.cleaning.returns import net_returns

FIRST = date(2025, 1, 1)
Line = tuple[int, str, float, str | None, str | None]
"""Day number, item, quantity, order, customer."""


def sales_of(lines: list[Line], file: str = "a.csv", *, bare: bool = False) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "row": pl.Series(range(2, len(lines) + 2), dtype=pl.UInt32),
            "file": pl.Series([file] * len(lines), dtype=pl.String),
            "date": [FIRST + timedelta(days=d) for d, *_ in lines],
            "item": pl.Series([i for _, i, *_ in lines], dtype=pl.Categorical),
            "quantity": pl.Series([q for _, _, q, *_ in lines], dtype=pl.Float32),
            "order": pl.Series([o for *_, o, _ in lines], dtype=pl.String),
            "customer": pl.Series([c for *_, c in lines], dtype=pl.String),
        }
    )
    return frame.drop("order", "customer") if bare else frame


def left(done: Cleaned) -> dict[int, float]:
    return dict(done.sales.select("row", "quantity").iter_rows())


def notes(done: Cleaned) -> dict[str, dict[str, str]]:
    return {n.code: dict(n.details) for n in done.notes}


# ------------------------------------------------------------------------------------ returns


def test_a_customers_return_takes_back_the_purchase_of_the_same_quantity_and_not_the_latest() -> None:
    done = clean_sales(sales_of([(0, "A", 6, "1", "x"), (5, "A", 10, "2", "x"), (9, "A", -6, "C3", "x")]))
    assert left(done) == {3: 10}
    assert notes(done)["returns_netted_by_customer"] == {"rows": "1", "units": "6"}


def test_a_partial_return_takes_from_the_latest_purchases_first() -> None:
    done = clean_sales(sales_of([(0, "A", 6, "1", "x"), (5, "A", 4, "2", "x"), (9, "A", -7, "C3", "x")]))
    assert left(done) == {2: 3}


def test_another_customers_purchase_is_left_alone_and_an_older_sale_is_set_aside() -> None:
    done = clean_sales(sales_of([(0, "A", 6, "1", "y"), (9, "A", -6, "C3", "x")]))
    assert left(done) == {2: 6}
    assert [(s.row, s.value, s.code) for s in done.set_aside] == [(3, "-6", "return_of_older_sale")]
    assert notes(done)["returns_without_sale"] == {"rows": "1", "units": "6"}


def test_a_return_under_the_orders_own_number_is_netted_there() -> None:
    done = clean_sales(sales_of([(0, "A", 6, "1", None), (3, "A", 6, "2", None), (9, "A", -2, "1", None)]))
    assert left(done) == {2: 4, 3: 6}
    assert notes(done)["returns_netted_by_order"]["units"] == "2"


def test_a_guests_return_takes_back_a_sale_of_the_same_quantity_within_the_window() -> None:
    lines: list[Line] = [
        (0, "A", 5, "1", None),
        (20, "A", 5, "2", None),
        (22, "A", 9, "3", None),
        (25, "A", -5, "C4", None),
    ]
    assert left(clean_sales(sales_of(lines))) == {2: 5, 4: 9}


def test_a_table_without_orders_and_customers_nets_backwards_and_then_forwards() -> None:
    done = clean_sales(
        sales_of([(0, "A", 2, None, None), (5, "A", -4, None, None), (90, "A", 5, None, None)], bare=True)
    )
    assert left(done) == {4: 3}
    assert done.set_aside == ()


def test_a_return_never_touches_another_item_or_location() -> None:
    frame = sales_of([(0, "A", 5, "1", "x"), (1, "B", 5, "1", "x"), (2, "A", -5, "C2", "x")])
    frame = frame.with_columns(pl.Series("location", ["n", "n", "s"], dtype=pl.Categorical))
    done = clean_sales(frame)
    assert left(done) == {2: 5, 3: 5}
    assert len(done.set_aside) == 1


def test_a_huge_order_that_came_back_leaves_nothing_and_is_named() -> None:
    lines: list[Line] = [(d, "A", 10, str(d), f"c{d}") for d in range(20)]
    lines += [(5, "A", 74_215, "900", "x"), (5, "A", -74_215, "C901", "x")]
    done = clean_sales(sales_of(lines))
    assert done.sales["quantity"].sum() == 200
    named = [dict(n.details) for n in done.notes if n.code == "bulk_order_returned"]
    assert named == [{"item": "A", "units": "74215", "sold": "2025-01-06", "returned": "2025-01-06", "usual": "10"}]


def test_sales_without_returns_come_back_as_they_are() -> None:
    frame = sales_of([(0, "A", 5, "1", "x"), (1, "B", 0, "2", "y")])
    done = clean_sales(frame)
    assert done.sales.equals(frame)
    assert (done.set_aside, done.notes) == ((), ())


LINES = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from(["A", "B"]),
        st.integers(-6, 8).map(float),
        st.sampled_from(["1", "2", "3", None]),
        st.sampled_from(["x", "y", None]),
    ),
    max_size=40,
)


@given(lines=LINES)
def test_units_are_conserved_and_every_row_is_accounted_for(lines: list[Line]) -> None:
    frame = sales_of(lines)
    done = net_returns(frame)
    assert (done.sales["quantity"] >= 0).all()
    aside = sum(float(s.value) for s in done.set_aside)
    assert done.sales["quantity"].sum() + aside == pytest.approx(frame["quantity"].sum())
    kept = set(done.sales["row"])
    assert kept <= set(frame.filter(pl.col("quantity") >= 0)["row"])
    assert done.sales["row"].is_sorted()
    assert {s.row for s in done.set_aside} <= set(frame.filter(pl.col("quantity") < 0)["row"])
    before = dict(frame.select("row", "quantity").iter_rows())
    assert all(q <= before[row] for row, q in done.sales.select("row", "quantity").iter_rows())


def twin_net(day: list[int], left: list[float], window: int) -> list[float]:
    """Plain form of: equal quantities first, then the nearest earlier sales, for one group in order of time."""
    left = list(left)
    for i, units in enumerate(left):
        if units < 0:
            match = [j for j in range(i) if left[j] == -units and day[i] - day[j] <= window]
            if match:
                left[i] = left[match[-1]] = 0.0
    for i in range(len(left)):
        for j in reversed(range(i)):
            if left[i] < 0 < left[j] and day[i] - day[j] <= window:
                units = min(left[j], -left[i])
                left[i], left[j] = left[i] + units, left[j] - units
    return left


@given(
    groups=st.lists(st.lists(st.tuples(st.integers(0, 50), st.integers(-5, 9)), max_size=15), min_size=1, max_size=4),
    window=st.sampled_from([0, 7, 30, FOREVER_DAYS]),
)
def test_the_compiled_netting_agrees_with_its_plain_twin(groups: list[list[tuple[int, int]]], window: int) -> None:
    ordered = [sorted(g, key=lambda line: (line[0], line[1] < 0)) for g in groups]
    days = np.array([d for g in ordered for d, _ in g], np.int32)
    units = np.array([q for g in ordered for _, q in g], np.float64)
    starts = np.cumsum([0, *(len(g) for g in ordered)]).astype(np.int64)
    compiled = Groups(starts, days, units.copy(), np.full(len(units), -1, np.int64))
    compiled.net_equal(window)
    compiled.net_nearest(window)
    expected = [q for g in ordered for q in twin_net([d for d, _ in g], [float(u) for _, u in g], window)]
    assert compiled.left.tolist() == expected


# ------------------------------------------------------------------------------------ overlap


def test_an_order_in_two_files_counts_as_the_first_file_has_it() -> None:
    first = sales_of([(0, "A", 1, "1", "x"), (1, "A", 2, "2", "x"), (1, "B", 3, "2", "x")], "a.csv")
    second = sales_of([(1, "A", 2, "2", "x"), (1, "B", 3, "2", "x"), (2, "A", 4, "3", "x")], "b.csv")
    done = clean_sales(pl.concat([first, second]))
    assert sorted(done.sales.select("file", "row").iter_rows()) == [
        ("a.csv", 2),
        ("a.csv", 3),
        ("a.csv", 4),
        ("b.csv", 4),
    ]
    assert [(s.file, s.row, s.code) for s in done.set_aside] == [
        ("b.csv", 2, "order_counted_once"),
        ("b.csv", 3, "order_counted_once"),
    ]
    assert notes(done)["overlap_counted_once"] == {
        "orders": "1", "rows": "2", "first": "2025-01-02", "last": "2025-01-02", "kept": "a.csv",
    }  # fmt: skip


def test_an_order_split_between_two_files_keeps_all_its_lines() -> None:
    first = sales_of([(0, "A", 1, "1", "x")], "a.csv")
    second = sales_of([(0, "B", 2, "1", "x")], "b.csv")
    assert clean_sales(pl.concat([first, second])).sales.height == 2


def test_lines_without_order_never_overlap() -> None:
    both = pl.concat([sales_of([(0, "A", 1, None, None)], f) for f in ("a.csv", "b.csv")])
    assert not repeated_orders(both, "file").any()


def test_lines_that_repeat_within_one_file_are_told_and_kept() -> None:
    done = clean_sales(sales_of([(0, "A", 1, "1", "x"), (0, "A", 1, "1", "x"), (0, "A", 1, "2", "x")]))
    assert done.sales.height == 3
    assert notes(done)["lines_repeated_kept"] == {"rows": "1", "orders": "1"}


# ------------------------------------------------------------------------------------ real data


@pytest.mark.data
def test_online_retail_is_netted_without_losing_a_unit(data_folder: Path) -> None:
    from orderpoint.ingest.intake import read

    reading = read([data_folder / "online_retail_ii"])
    sales = reading.tables["sales"]
    assert (sales["quantity"] >= 0).all()
    assert sales.filter(pl.col("item").cast(pl.String) == "23166")["quantity"].max() < 74_215
    counts = Counter(s.code for s in reading.set_aside)
    assert counts["order_counted_once"] == 22_523
    assert counts["return_of_older_sale"] < 2_000
    bulk = [n.details for n in reading.notes if n.code == "bulk_order_returned"]
    assert bulk[0]["item"] == "23166"
    raw = pl.read_parquet(data_folder / "online_retail_ii" / "transactions.parquet")
    aside = {s.row for s in reading.set_aside if s.code != "return_of_older_sale"}
    lines = raw.with_row_index("row", offset=2).filter(~pl.col("row").is_in(aside))
    older = sum(float(s.value) for s in reading.set_aside if s.code == "return_of_older_sale")
    assert sales["quantity"].cast(pl.Float64).sum() + older == pytest.approx(lines["quantity"].sum())
