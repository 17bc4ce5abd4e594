"""Tables in relation to each other: places, currencies, bundles, and rows of tomorrow."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from orderpoint.domain.errors import InputFaults, UsageError
from orderpoint.ingest.intake import read
from orderpoint.ingest.reading import Reading, ReadOptions
from tests.ingest.folders import FIRST, daily, shop, write_table

LOCATED = [(d, i, p, q) for d, i, q in daily() for p in ("north", "south")]


def codes(reading: Reading) -> set[str]:
    return {n.code for n in reading.notes}


def places(reading: Reading, table: str) -> set[str]:
    return set(reading.tables[table]["location"].cast(pl.String).to_list())


def test_where_no_table_names_a_place_all_stand_at_main(tmp_path: Path) -> None:
    reading = read([shop(tmp_path)])
    assert places(reading, "sales") == places(reading, "stock") == {"main"}
    assert "location" not in reading.tables["supply"].columns


def test_sales_without_a_place_stand_at_the_only_one_that_stock_names(tmp_path: Path) -> None:
    shop(tmp_path)
    write_table(tmp_path / "stock.csv", "item location on_hand", [("I0", "north", 5)])
    write_table(tmp_path / "incoming.csv", "item quantity due", [("I0", 5, "2025-02-01")])
    reading = read([tmp_path])
    assert places(reading, "sales") == places(reading, "stock") == places(reading, "incoming") == {"north"}


def test_sales_without_a_place_are_served_by_the_pooled_stock_of_several(tmp_path: Path) -> None:
    shop(tmp_path)
    rows = [("I0", "north", 5, 1), ("I0", "south", 7, 2), ("I1", "south", 3, 0)]
    write_table(tmp_path / "stock.csv", "item location on_hand reserved", rows)
    reading = read([tmp_path])
    assert "places_pooled" in codes(reading)
    stock = reading.tables["stock"].select("item", "location", "on_hand", "reserved").rows()
    assert stock == [("I0", "main", 12.0, 3.0), ("I1", "main", 3.0, 0.0)]


def test_stock_without_a_place_stands_at_the_only_one_of_the_sales(tmp_path: Path) -> None:
    shop(tmp_path)
    write_table(tmp_path / "sales.csv", "date item location quantity", [r for r in LOCATED if r[2] == "north"])
    assert places(read([tmp_path]), "stock") == {"north"}


def test_stock_without_a_place_is_a_fault_where_sales_name_several(tmp_path: Path) -> None:
    shop(tmp_path)
    write_table(tmp_path / "sales.csv", "date item location quantity", LOCATED)
    with pytest.raises(InputFaults) as error:
        read([tmp_path])
    assert [(f.file, f.code) for f in error.value.faults] == [("stock.csv", "location_needed")]


MONEY = [
    ("2025-01-01", "I0", 1, 10, "EUR"),
    ("2025-01-02", "I0", 1, 10, "usd"),
    ("2025-01-05", "I0", 1, 10, "USD"),
    ("2025-01-06", "I0", 1, 10, ""),
]


def test_prices_are_converted_at_the_last_rate_of_their_day(tmp_path: Path) -> None:
    write_table(tmp_path / "sales.csv", "date item quantity price currency", MONEY)
    rates = [("2025-01-03", "USD", 0.5), ("2025-01-02", "USD", 0.8), ("2025-01-06", "USD", 99)]
    write_table(tmp_path / "rates.csv", "date currency rate", rates)
    reading = read([tmp_path])
    assert reading.home_currency == "EUR"
    assert reading.tables["sales"]["price"].to_list() == [10.0, 8.0, 5.0, 10.0]
    assert "currency" not in reading.tables["sales"].columns


def test_a_day_before_all_rates_takes_the_first_and_says_so(tmp_path: Path) -> None:
    write_table(tmp_path / "sales.csv", "date item quantity price currency", MONEY)
    write_table(tmp_path / "rates.csv", "date currency rate", [("2025-01-03", "USD", 0.5)])
    reading = read([tmp_path])
    assert reading.tables["sales"]["price"].to_list() == [10.0, 5.0, 5.0, 10.0]
    assert [n.details["count"] for n in reading.notes if n.code == "rate_before_first"] == ["1"]


def test_a_currency_without_a_rate_is_a_fault_that_names_it(tmp_path: Path) -> None:
    write_table(
        tmp_path / "sales.csv", "date item quantity price currency", [*MONEY, ("2025-01-07", "I0", 1, 9, "EUR")]
    )
    with pytest.raises(InputFaults) as error:
        read([tmp_path])
    (fault,) = error.value.faults
    assert (fault.file, fault.row, fault.code, fault.value) == ("sales.csv", 3, "missing_rate", "USD")
    assert fault.details["home"] == "EUR"


def test_costs_and_their_breaks_are_converted_at_the_last_rate_known_today(tmp_path: Path) -> None:
    write_table(tmp_path / "sales.csv", "date item quantity price currency", [(*r, 9, "EUR") for r in daily()])
    header = "item lead_time_days unit_cost order_cost currency price_breaks"
    rows = [("I0", 7, 10, 4, "USD", "100:8"), ("I1", 7, 10, 4, "EUR", "")]
    write_table(tmp_path / "supply.csv", header, rows)
    rates = [("2025-01-01", "USD", 0.5), ("2025-01-10", "USD", 0.25), ("2025-02-01", "USD", 99)]
    write_table(tmp_path / "rates.csv", "date currency rate", rates)
    supply = read([tmp_path], ReadOptions(today=date(2025, 1, 20))).tables["supply"]
    assert supply["unit_cost"].to_list() == [2.5, 10.0]
    assert supply["order_cost"].to_list() == [1.0, 4.0]
    assert supply["price_breaks"].to_list() == ["100:2.0", None]


def test_one_currency_needs_no_rates(tmp_path: Path) -> None:
    write_table(tmp_path / "sales.csv", "date item quantity price currency", [(*r, 9, "CNY") for r in daily()])
    reading = read([tmp_path])
    assert reading.home_currency == "CNY"
    assert set(reading.tables["sales"]["price"].to_list()) == {9.0}


def test_sales_of_bundles_are_sales_of_their_components_at_any_depth(tmp_path: Path) -> None:
    rows = [("2025-01-01", "gift", 2, 50, 1), ("2025-01-01", "cup", 3, 9, 1), ("2025-01-02", "big", 1, 90, 0)]
    write_table(tmp_path / "sales.csv", "date item quantity price in_stock", rows)
    write_table(
        tmp_path / "bundles.csv", "bundle item quantity", [("gift", "cup", 2), ("gift", "tea", 1), ("big", "gift", 3)]
    )
    reading = read([tmp_path])
    sales = reading.tables["sales"].with_columns(pl.col("item").cast(pl.String))
    assert sorted(sales.select("date", "item", "quantity", "price", "in_stock").rows()) == [
        (date(2025, 1, 1), "cup", 3.0, 9.0, True),
        (date(2025, 1, 1), "cup", 4.0, None, None),
        (date(2025, 1, 1), "tea", 2.0, None, None),
        (date(2025, 1, 2), "cup", 6.0, None, None),
        (date(2025, 1, 2), "tea", 3.0, None, None),
    ]
    assert "bundles_exploded" in codes(reading)


def test_rows_of_today_and_later_are_not_read_at_all(tmp_path: Path) -> None:
    today = FIRST + timedelta(days=20)
    future = [(today, "I0", "not a number"), (today + timedelta(days=1), "new item", 5)]
    write_table(tmp_path / "full" / "sales.csv", "date item quantity", [*daily(20), *future])
    write_table(tmp_path / "cut" / "sales.csv", "date item quantity", daily(20))
    options = ReadOptions(today=today)
    full, cut = read([tmp_path / "full"], options), read([tmp_path / "cut"], options)
    assert full.tables["sales"].equals(cut.tables["sales"])
    assert full.set_aside == cut.set_aside == ()


def test_a_today_before_all_sales_is_wrong_usage_that_names_the_first(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        read([shop(tmp_path)], ReadOptions(today=FIRST))
    assert error.value.code == "today_before_history"
    assert error.value.details == {"today": str(FIRST), "first": str(FIRST)}


def test_exports_of_shops_are_rewritten_from_their_past_alone(tmp_path: Path) -> None:
    header = "invoice stock_code description quantity invoice_date unit_price customer_id country"
    rows = [(1000 + k, f"1{k % 3}", f"CUP {k % 3}", 2, FIRST + timedelta(days=k), 3.5, 77, "UK") for k in range(40)]
    renamed = [(2000 + k, "10", "NEW NAME", 2, FIRST + timedelta(days=40 + k), 3.5, 77, "UK") for k in range(60)]
    write_table(tmp_path / "full" / "lines.csv", header, [*rows, *renamed])
    write_table(tmp_path / "cut" / "lines.csv", header, rows)
    options = ReadOptions(today=FIRST + timedelta(days=40))
    full, cut = read([tmp_path / "full"], options), read([tmp_path / "cut"], options)
    assert full.files[0].profile == "invoice_lines"
    for table in cut.tables:
        assert full.tables[table].equals(cut.tables[table]), table
    assert "NEW NAME" not in full.tables["items"]["name"].to_list()
    assert full.notes == cut.notes


def test_two_exports_of_one_shop_add_up(tmp_path: Path) -> None:
    header = "invoice stock_code description quantity invoice_date unit_price customer_id country"
    rows = [(1000 + k, f"1{k % 3}", f"CUP {k % 3}", 2, FIRST + timedelta(days=k), 3.5, 77, "UK") for k in range(40)]
    write_table(tmp_path / "january.csv", header, rows[:25])
    write_table(tmp_path / "february.csv", header, rows[20:])
    reading = read([tmp_path])
    assert reading.tables["sales"]["quantity"].sum() == 80.0
    assert sum(s.code == "order_counted_once" for s in reading.set_aside) == 5
