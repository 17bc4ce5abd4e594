"""Exports of shop systems are known by their headers and rewritten as tables of the contract."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from orderpoint.domain.errors import InputFaults
from orderpoint.ingest.intake import read
from orderpoint.ingest.profiles import PROFILES, Converted, merged_items, profile_of
from orderpoint.ingest.profiles.wide import period_start
from orderpoint.ingest.reading import RawTable
from orderpoint.tables.contract import OUTPUTS, TABLES
from tests.ingest import exports
from tests.ingest.exports import converted, raw_of

PERSONAL = ("ann", "555", "example.com", "王小明", "13800000000", "某路", "xi", "reno", "北京")


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return frame.select(columns).rows()


def reasons(done: Converted) -> dict[str, int]:
    return dict(Counter(s.code for s in done.set_aside))


def notes(done: Converted) -> dict[str, dict[str, str]]:
    return {n.code: dict(n.details) for n in done.notes}


EVERY = [
    (exports.SHOPIFY_ORDERS, "shopify_orders", ","),
    (exports.SHOPIFY_INVENTORY_NEW, "shopify_inventory", ","),
    (exports.SHOPIFY_INVENTORY_OLD, "shopify_inventory", ","),
    (exports.WOOCOMMERCE_PRODUCTS, "woocommerce_products", ","),
    (exports.WOOCOMMERCE_LINES, "woocommerce_order_lines", ","),
    (exports.WOOCOMMERCE_ITEM_COLUMNS, "woocommerce_orders", ","),
    (exports.WOOCOMMERCE_ANALYTICS, "woocommerce_orders", ","),
    (exports.TAOBAO, "taobao_orders", ","),
    (exports.TAOBAO_BY_ORDER, "taobao_orders", ","),
    (exports.JD, "jd_orders", ","),
    (exports.AMAZON, "amazon_all_orders", "\t"),
    (exports.AMAZON_NEW_ORDERS, "amazon_orders", "\t"),
    (exports.invoice_lines("1,21A,MUG,1,2025-01-01 10:00,2.5,7,France"), "invoice_lines", ","),
]


@pytest.mark.parametrize(("text", "name", "delimiter"), EVERY)
def test_every_export_is_known_and_gives_only_columns_of_the_contract(text: str, name: str, delimiter: str) -> None:
    done = converted(text, name, delimiter)
    for table, frame in done.tables.items():
        assert set(frame.columns) <= {*TABLES[table].names, "row"}
        assert set(TABLES[table].required) <= set(frame.columns)
    held = " ".join(frame.write_csv(include_header=False).lower() for frame in done.tables.values())
    assert not [word for word in PERSONAL if word in held]


@pytest.mark.parametrize(("text", "name", "delimiter"), EVERY)
def test_headers_decide_and_not_case_or_separators(text: str, name: str, delimiter: str) -> None:
    raw = raw_of(text, delimiter)
    shouted = {c: c.upper().replace(" ", "_") for c in raw.frame.columns}
    known = profile_of(RawTable(raw.path, None, raw.frame.rename(shouted)))
    assert known is not None
    assert known.name == name


def test_names_of_profiles_are_distinct_and_the_contracts_own_headers_are_nobodys() -> None:
    assert len({p.name for p in PROFILES}) == len(PROFILES)
    for spec in TABLES.values():
        frame = pl.DataFrame(schema=dict.fromkeys(spec.names, pl.String))
        assert profile_of(RawTable(Path("any.csv"), None, frame)) is None


# ------------------------------------------------------------------------------------ Shopify


def test_shopify_orders_fill_down_date_and_drop_cancelled_orders_with_all_their_lines() -> None:
    done = converted(exports.SHOPIFY_ORDERS, "shopify_orders")
    assert rows(done.tables["sales"], "row", "date", "item", "quantity", "price", "order", "currency", "channel") == [
        (2, "2025-01-03", "MUG-R", "2", "20.00", "#1001", "CNY", "web"),
        (3, "2025-01-03", "Spoon", "1", "30.00", "#1001", "CNY", "web"),
        (7, "2025-01-07", "MUG-B", "2", "20.00", "#1004", "CNY", "pos"),
    ]
    assert reasons(done) == {"order_cancelled": 3, "order_refunded": 1}
    assert {s.row for s in done.set_aside if s.code == "order_cancelled"} == {4, 5, 6}
    said = notes(done)
    assert said["filled_down"] == {"rows": "2"}
    assert said["partial_refunds_kept"] == {"orders": "1"}
    assert said["item_from_name"] == {"rows": "1"}
    assert said["personal_not_kept"] == {"columns": "Email, Billing Name, Billing Phone"}


def test_shopify_orders_without_a_date_on_their_first_line_never_borrow_from_the_order_above() -> None:
    text = exports.SHOPIFY_ORDERS.replace("2025-01-07 09:59:00 +0800", "")
    sales = converted(text, "shopify_orders").tables["sales"]
    assert rows(sales.filter(pl.col("order") == "#1004"), "date") == [(None,)]


def test_shopify_inventory_by_line_counts_what_can_be_sold_and_leaves_not_stocked_out() -> None:
    done = converted(exports.SHOPIFY_INVENTORY_NEW, "shopify_inventory")
    stock = done.tables["stock"].with_columns(pl.col("on_hand", "reserved").cast(pl.Float64))
    assert rows(stock, "row", "item", "location", "on_hand", "reserved") == [
        (2, "MUG-R", "East", 9.0, 2.0),
        (4, "Spoon", "East", -3.0, 0.0),
    ]
    assert notes(done) == {
        "not_stocked": {"rows": "1"},
        "incoming_without_due": {"units": "5", "column": "Incoming (not editable)"},
        "unavailable_not_counted": {"units": "1", "column": "Unavailable (not editable)"},
    }
    assert rows(done.tables["items"], "item", "name") == [("MUG-R", "Mug"), ("Spoon", "Spoon")]


def test_shopify_inventory_by_column_has_a_row_for_each_place_that_stocks_the_item() -> None:
    done = converted(exports.SHOPIFY_INVENTORY_OLD, "shopify_inventory")
    assert rows(done.tables["stock"], "row", "item", "location", "on_hand") == [
        (2, "Mug - Red / L", "East", "7"),
        (3, "SP", "East", "0"),
        (3, "SP", "West", "4"),
    ]
    assert notes(done) == {"not_stocked": {"rows": "1"}}


# ------------------------------------------------------------------------------------ WooCommerce


def test_woocommerce_products_give_items_and_the_stock_that_is_counted() -> None:
    done = converted(exports.WOOCOMMERCE_PRODUCTS, "woocommerce_products")
    assert rows(done.tables["items"], "item", "name", "category", "department", "price", "shortage") == [
        ("HAT", "Hat", "Hats", "Clothing", "19.90", "lost"),
        ("SH-M", "Shirt - M", None, None, "29.00", "backlog"),
        ("Scarf", "Scarf", "Clothing", "Clothing", "9.00", "lost"),
        ("TIE", "Tie", "Clothing", "Clothing", "9.00", "lost"),
    ]
    assert rows(done.tables["stock"], "row", "item", "on_hand") == [
        (2, "HAT", "12"),
        (4, "SH-M", "5"),
        (5, "Scarf", "0"),
    ]
    assert notes(done) == {
        "no_shelf": {"rows": "1"},
        "variable_parents": {"rows": "1"},
        "stock_not_counted": {"rows": "1"},
    }


def test_woocommerce_lines_are_one_sale_each() -> None:
    done = converted(exports.WOOCOMMERCE_LINES, "woocommerce_order_lines")
    assert rows(done.tables["sales"], "date", "item", "quantity", "price", "order") == [
        ("2025-02-01", "HAT", "2", "19.90", "501"),
        ("2025-02-01", "Scarf", "1", "9.00", "501"),
    ]
    assert reasons(done) == {"order_cancelled": 1}


def test_woocommerce_products_in_cells_are_taken_apart_and_totals_become_unit_prices() -> None:
    done = converted(exports.WOOCOMMERCE_ITEM_COLUMNS, "woocommerce_orders")
    assert rows(done.tables["sales"], "row", "item", "quantity", "price") == [
        (2, "HAT", "2", 19.9),
        (2, "Scarf", "1", 9.0),
    ]
    assert reasons(done) == {"order_refunded": 1}
    assert {s.row for s in done.set_aside} == {3}


def test_woocommerce_analytics_split_at_quantities_and_not_at_commas_in_names() -> None:
    done = converted(exports.WOOCOMMERCE_ANALYTICS, "woocommerce_orders")
    assert rows(done.tables["sales"], "date", "item", "quantity") == [
        ("2025-02-01", "Hat, with bow", "2"),
        ("2025-02-01", "Scarf", "1"),
    ]


# ------------------------------------------------------------------------------------ Taobao, JD, Amazon


def test_taobao_takes_the_day_of_payment_and_drops_closed_refunded_and_price_difference_lines() -> None:
    done = converted(exports.TAOBAO, "taobao_orders")
    assert rows(done.tables["sales"], "row", "date", "item", "quantity", "price", "order") == [
        (2, "2025-03-02", "MUG-R", "2", "20.00", "8001"),
        (4, "2025-03-03", "蓝色马克杯", "1", "20.00", "8003"),
    ]
    assert reasons(done) == {"order_cancelled": 1, "order_refunded": 1, "no_product_manual": 1}
    assert rows(done.tables["items"], "item", "name") == [("MUG-R", "红色马克杯"), ("蓝色马克杯", "蓝色马克杯")]


def test_a_taobao_order_of_several_products_in_one_line_cannot_be_split() -> None:
    done = converted(exports.TAOBAO_BY_ORDER, "taobao_orders")
    assert rows(done.tables["sales"], "item", "quantity") == [("红色马克杯", "3")]
    assert [(s.row, s.code) for s in done.set_aside] == [(3, "several_products_in_one_line")]


def test_jd_drops_cancelled_orders_and_leaves_money_to_validation() -> None:
    done = converted(exports.JD, "jd_orders")
    assert rows(done.tables["sales"], "row", "date", "item", "quantity", "price") == [
        (2, "2025-04-01", "100012", "2", "59.00"),
        (4, "2025-04-03", "100013", "1", "￥9.90"),
    ]
    assert reasons(done) == {"order_cancelled": 1}


def test_amazon_keeps_the_day_as_written_and_divides_the_lines_price() -> None:
    done = converted(exports.AMAZON, "amazon_all_orders", "\t")
    assert rows(done.tables["sales"], "date", "item", "quantity", "price", "order", "channel") == [
        ("2025-05-01", "BOT-1", "3", 15.0, "111-1", "Amazon.com"),
        ("2025-05-02", "B000000002", "1", None, "111-3", "Amazon.de"),
    ]
    assert reasons(done) == {"order_cancelled": 1}


# ------------------------------------------------------------------------------------ invoice lines


INVOICES = exports.invoice_lines(
    "100,21001,RED MUG,6,2025-01-02 10:00,2.50,7,France",
    "100,21002,BLUE MUG,4,2025-01-02 10:00,2.60,7,France",
    "100,POST,POSTAGE,1,2025-01-02 10:00,18.00,7,France",
    "C101,21001,RED MUG,-6,2025-01-03 10:00,2.50,7,France",
    "102,21001,damaged,-3,2025-01-03 11:00,0,,United Kingdom",
    "103,21001,,40,2025-01-03 12:00,0,,United Kingdom",
    "104,21002,BLUE MUG,2,2025-01-04 12:00,2.60,,United Kingdom",
    "104,21003,FREE PEN,2,2025-01-04 12:00,0,,United Kingdom",
    "A105,B,Adjust bad debt,1,2025-01-05 12:00,-500.00,,United Kingdom",
    "106,21002,BLUE MUG,1,2025-01-05 12:00,2.60,8,United Kingdom",
    "106,21002a,GREEN MUG,1,2025-01-05 12:00,2.60,8,United Kingdom",
    "107,21002A,GREEN MUG,5,2025-01-05 12:00,2.60,8,United Kingdom",
    "107,21002A,GREEN MUG,5,2025-01-06 12:00,2.60,8,United Kingdom",
    "108,GIFT,Dotty Gift Voucher £10.00,1,2025-01-06 12:00,10,8,United Kingdom",
    "109,21009,POSTAGE STAMP MUG,1,2025-01-06 12:00,2.60,8,United Kingdom",
    "109,TOFFEE,TOFFEE TIN,1,2025-01-06 12:00,4.60,8,United Kingdom",
)


def test_invoice_lines_leave_fees_records_and_bookkeeping_aside_and_keep_credit_notes_as_returns() -> None:
    done = converted(INVOICES, "invoice_lines")
    sales = done.tables["sales"].with_columns(pl.col("quantity").cast(pl.Int64))
    assert rows(sales, "row", "date", "item", "quantity", "order", "customer") == [
        (2, "2025-01-02", "21001", 6, "100", "7"),
        (3, "2025-01-02", "21002", 4, "100", "7"),
        (5, "2025-01-03", "21001", -6, "C101", "7"),
        (8, "2025-01-04", "21002", 2, "104", None),
        (9, "2025-01-04", "21003", 2, "104", None),
        (11, "2025-01-05", "21002", 1, "106", "8"),
        (12, "2025-01-05", "21002A", 1, "106", "8"),
        (13, "2025-01-05", "21002A", 5, "107", "8"),
        (14, "2025-01-06", "21002A", 5, "107", "8"),
        (16, "2025-01-06", "21009", 1, "109", "8"),
        (17, "2025-01-06", "TOFFEE", 1, "109", "8"),
    ]
    assert sales.filter(pl.col("row") == 9)["price"].to_list() == [None]
    assert reasons(done) == {"stock_record": 2, "bookkeeping": 1, "no_product_fee": 1, "no_product_voucher": 1}
    assert "location" not in sales.columns
    assert notes(done)["codes_differ_in_case"] == {"count": "1", "examples": "21002a = 21002A"}


def test_invoice_lines_of_a_small_catalogue_of_short_codes_are_all_products() -> None:
    lines = [f"{100 + k},{code},THING {code},1,2025-01-02 10:00,2.50,7,France" for k, code in enumerate("ABCDEM")]
    done = converted(exports.invoice_lines(*lines), "invoice_lines")
    assert done.tables["sales"]["item"].to_list() == list("ABCDEM")


def test_stray_single_letters_among_many_codes_are_manual_entries() -> None:
    lines = [f"{100 + k},{20000 + k},THING {k},1,2025-01-02 10:00,2.50,7,France" for k in range(60)]
    done = converted(exports.invoice_lines(*lines, "190,X,odd entry,1,2025-01-02 10:00,2.50,7,France"), "invoice_lines")
    assert reasons(done) == {"no_product_manual": 1}


def test_two_sheets_that_share_invoices_count_them_once_whatever_their_order() -> None:
    lines = ["sheet," + exports.INVOICE_HEADER]
    for sheet, invoices in (("old", (1, 2, 3)), ("new", (3, 4))):
        lines += [f"{sheet},{i},21001,RED MUG,{i},2025-01-0{i} 10:00,2.5,7,France" for i in invoices]
    done = converted("\n".join(lines) + "\n", "invoice_lines")
    assert rows(done.tables["sales"], "row", "order") == [(2, "1"), (3, "2"), (4, "3"), (6, "4")]
    assert [(s.row, s.code) for s in done.set_aside] == [(5, "order_counted_once")]
    assert notes(done)["overlap_counted_once"] == {
        "orders": "1", "rows": "1", "first": "2025-01-03", "last": "2025-01-03", "kept": "old",
    }  # fmt: skip


def test_decimal_commas_are_no_thousands() -> None:
    lines = [exports.INVOICE_HEADER.replace(",", ";")]
    lines += [f"{k};2100{k};MUG {k};6;2025-01-02 10:00;{k},50;7;France" for k in range(1, 4)]
    done = converted("\n".join(lines) + "\n", "invoice_lines", ";")
    assert done.tables["sales"]["price"].to_list() == [1.5, 2.5, 3.5]


def test_the_header_of_the_uci_workbook_is_known_with_native_types() -> None:
    frame = pl.DataFrame(
        {
            "InvoiceNo": ["536365", "C536379"],
            "StockCode": ["85123A", "85123A"],
            "Description": ["HEART HOLDER", "HEART HOLDER"],
            "Quantity": [6, -1],
            "InvoiceDate": [date(2010, 12, 1)] * 2,
            "UnitPrice": [2.55, 2.55],
            "CustomerID": [17850.0, None],
            "Country": ["United Kingdom"] * 2,
        }
    )
    raw = RawTable(Path("Online Retail.xlsx"), None, frame)
    profile = profile_of(raw)
    assert profile is not None
    sales = profile.convert(raw).tables["sales"]
    assert rows(sales, "date", "quantity", "customer") == [
        (date(2010, 12, 1), 6, "17850"),
        (date(2010, 12, 1), -1, None),
    ]


# ------------------------------------------------------------------------------------ wide and teaching files


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("2024-01-31", date(2024, 1, 31)),
        ("2024/1/5", date(2024, 1, 5)),
        ("20240131", date(2024, 1, 31)),
        ("2024年1月5日", date(2024, 1, 5)),
        ("2024-01-31 00:00:00", date(2024, 1, 31)),
        ("2024-01", date(2024, 1, 1)),
        ("2024年1月", date(2024, 1, 1)),
        ("2024-W05", date(2024, 1, 29)),
        ("2024W5", date(2024, 1, 29)),
        ("2024-13", None),
        ("2024-02-30", None),
        ("2024-W60", None),
        ("d_1", None),
        ("price", None),
        ("12345", None),
    ],
)
def test_a_header_names_a_period_or_none(header: str, expected: date | None) -> None:
    assert period_start(header) == expected


def test_a_wide_file_becomes_one_row_per_line_and_period() -> None:
    text = "sku,store,name,2024-01,2024-02,2024-03\nA,S1,Mug,1,,3\nB,S1,Pen,4,5,0\n"
    done = converted(text, "wide")
    assert sorted(rows(done.tables["sales"], "row", "item", "location", "date", "quantity")) == [
        (2, "A", "S1", date(2024, 1, 1), "1"),
        (2, "A", "S1", date(2024, 3, 1), "3"),
        (3, "B", "S1", date(2024, 1, 1), "4"),
        (3, "B", "S1", date(2024, 2, 1), "5"),
        (3, "B", "S1", date(2024, 3, 1), "0"),
    ]
    assert rows(done.tables["items"], "item", "name") == [("A", "Mug"), ("B", "Pen")]
    assert notes(done) == {"wide_unpivoted": {"columns": "3", "rows": "5"}, "wide_blank_cells": {"cells": "1"}}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("item_id,d_1,d_2,d_3,d_4,d_5\nA,1,2,3,4,5\n", ["wide_without_dates"]),
        ("colour,2024-01,2024-02,2024-03\nred,1,2,3\n", ["missing_column"]),
        ("item,2024-01,2024/1,2024-03\nA,1,2,3\n", ["wide_period_twice"]),
    ],
)
def test_a_wide_file_that_cannot_be_used_says_why(text: str, codes: list[str]) -> None:
    with pytest.raises(InputFaults) as caught:
        converted(text, "wide")
    assert [f.code for f in caught.value.faults] == codes


def test_the_teaching_file_is_one_item_named_after_it() -> None:
    text = "date,previous_day_sales,seasonality,demand\n2024-01-01,200,1.0,210\n2024-01-02,210,1.15,190\n"
    done = converted(text, "teaching_file", name="ecommerce_data.csv")
    assert rows(done.tables["sales"], "row", "date", "item", "quantity") == [
        (2, "2024-01-01", "ecommerce_data", "210"),
        (3, "2024-01-02", "ecommerce_data", "190"),
    ]


# ------------------------------------------------------------------------------------ items of exports


def test_hints_fill_blank_cells_of_the_users_own_items_and_never_change_them() -> None:
    own = pl.DataFrame({"item": ["A", "B"], "name": ["Mine", None], "row": [2, 3]})
    hint = pl.DataFrame(
        {"item": ["B", "A", "C"], "name": ["Pen", "Theirs", "Cup"], "category": ["x", "y", "z"], "row": [5, 6, 7]}
    )
    merged = merged_items([hint], own)
    assert merged is not None
    assert rows(merged, "item", "name", "category") == [("A", "Mine", "y"), ("B", "Pen", "x"), ("C", "Cup", "z")]


def test_a_shops_orders_csv_is_read_and_a_plans_is_not(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(exports.WOOCOMMERCE_LINES, encoding="utf-8")
    (tmp_path / "products.csv").write_text(exports.WOOCOMMERCE_PRODUCTS, encoding="utf-8")
    reading = read([tmp_path])
    assert {f.file: f.profile for f in reading.files} == {
        "orders.csv": "woocommerce_order_lines",
        "products.csv": "woocommerce_products",
    }
    assert "Scarf" in reading.tables["stock"]["item"].to_list()
    (tmp_path / "orders.csv").write_text(",".join(OUTPUTS["orders"]) + "\n", encoding="utf-8")
    (tmp_path / "sales.csv").write_text("date,item,quantity\n2025-01-01,HAT,3\n", encoding="utf-8")
    assert [f.file for f in read([tmp_path]).files if f.table == "sales"] == ["sales.csv"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_a_taobao_report_is_read_from_disk_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "ExportOrderDetail.csv").write_bytes(exports.TAOBAO.encode(encoding))
    reading = read([tmp_path])
    sales = reading.tables["sales"].with_columns(pl.col("item").cast(pl.String))
    assert rows(sales, "date", "item", "quantity") == [
        (date(2025, 3, 2), "MUG-R", 2.0),
        (date(2025, 3, 3), "蓝色马克杯", 1.0),
    ]
    assert {s.code for s in reading.set_aside} == {"order_cancelled", "order_refunded", "no_product_manual"}


@pytest.mark.data
def test_online_retail_keeps_its_products_and_nothing_else(data_folder: Path) -> None:
    frame = pl.read_parquet(data_folder / "online_retail_ii" / "transactions.parquet")
    raw = RawTable(Path("transactions.parquet"), None, frame)
    profile = profile_of(raw)
    assert profile is not None
    done = profile.convert(raw)
    items = set(done.tables["sales"]["item"].unique())
    assert not items & {
        "POST",
        "DOT",
        "M",
        "m",
        "C2",
        "D",
        "S",
        "B",
        "BANK CHARGES",
        "AMAZONFEE",
        "CRUK",
        "PADS",
        "TEST001",
        "ADJUST",
    }
    assert not [i for i in items if i.startswith("gift_")]
    assert {"85123A", "DCGSSBOY", "15056BL", "SP1002"} <= items
    assert "15056bl" not in items
    assert reasons(done)["order_counted_once"] == 22_523
    assert done.tables["sales"].height + len(done.set_aside) == frame.height
