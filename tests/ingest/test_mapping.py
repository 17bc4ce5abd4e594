"""Which column is which field: own names, aliases in two languages, the user's word, ambiguity, personal columns."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from orderpoint.domain.errors import InputFaults, UsageError
from orderpoint.ingest.aliases import COLUMN_ALIASES
from orderpoint.ingest.headers import normalise, without_unit
from orderpoint.ingest.intake import read
from orderpoint.ingest.naming import field_named, is_personal, table_named
from orderpoint.ingest.reading import Mapped, ReadOptions
from orderpoint.tables.contract import TABLES
from tests.ingest.folders import daily, write_table


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Lead_Time Days", "lead_time_days"),
        ("\ufeffdate", "date"),
        ("ＤＡＴＥ", "date"),
        ("Unit-Price", "unit price"),
        ("item_duplicated_0", "item"),
    ],
)
def test_headers_are_compared_without_case_width_and_punctuation(written: str, same: str) -> None:
    assert normalise(written) == normalise(same)


def test_a_unit_in_brackets_is_no_part_of_the_name() -> None:
    assert without_unit("单价（元）") == normalise("单价")
    assert field_named("supply", "采购周期 (天)") == ("lead_time_days", False)


def test_the_contracts_own_names_always_win() -> None:
    for table, spec in TABLES.items():
        for column in spec.columns:
            assert field_named(table, column.name) == (column.name, True), (table, column.name)


def test_no_alias_means_two_fields_of_one_table() -> None:
    for table, fields in COLUMN_ALIASES.items():
        assert set(fields) == set(TABLES[table].names)
        owner: dict[str, str] = {}
        for field, listed in fields.items():
            for alias in listed.split(","):
                assert owner.setdefault(normalise(alias), field) == field, (table, alias)


@pytest.mark.parametrize(
    ("table", "column", "field"),
    [
        ("sales", "日期", "date"),
        ("sales", "商品编码", "item"),
        ("sales", "数量", "quantity"),
        ("sales", "单价", "price"),
        ("sales", "仓库", "location"),
        ("sales", "SKU", "item"),
        ("sales", "Units Sold", "quantity"),
        ("stock", "现货", "on_hand"),
        ("stock", "库存", "on_hand"),
        ("supply", "采购周期", "lead_time_days"),
        ("supply", "起订量", "moq"),
        ("incoming", "arrival_date", "due"),
        ("items", "保质期", "shelf_life_days"),
    ],
)
def test_common_aliases_are_known(table: str, column: str, field: str) -> None:
    found = field_named(table, column)
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    ("name", "table"), [("销售", "sales"), ("Purchase Orders", "incoming"), ("供应商", "suppliers")]
)
def test_tables_have_other_names_too(name: str, table: str) -> None:
    assert table_named(name) == table


def test_what_was_mapped_to_what_is_told(tmp_path: Path) -> None:
    path = write_table(tmp_path / "sales.csv", "日期 item 数量 weather", [(d, i, q, "sun") for d, i, q in daily()])
    reading = read([path])
    assert reading.mapped == (
        Mapped("sales.csv", "sales", "日期", "date", "alias"),
        Mapped("sales.csv", "sales", "item", "item", "contract"),
        Mapped("sales.csv", "sales", "数量", "quantity", "alias"),
    )
    assert [n.details["columns"] for n in reading.notes if n.code == "columns_not_used"] == ["weather"]


def test_two_columns_for_one_field_are_a_fault_that_shows_both(tmp_path: Path) -> None:
    path = write_table(tmp_path / "sales.csv", "date item qty units", [(d, i, q, q) for d, i, q in daily()])
    with pytest.raises(InputFaults) as error:
        read([path])
    (fault,) = error.value.faults
    assert (fault.code, fault.column, fault.details["candidates"]) == ("ambiguous_column", "quantity", "qty, units")


def test_two_columns_of_one_name_are_a_fault_too(tmp_path: Path) -> None:
    path = write_table(tmp_path / "sales.csv", "date item quantity quantity", [(d, i, q, 0) for d, i, q in daily()])
    with pytest.raises(InputFaults) as error:
        read([path])
    assert [f.code for f in error.value.faults] == ["ambiguous_column"]


def test_the_contracts_own_name_beats_an_alias(tmp_path: Path) -> None:
    path = write_table(tmp_path / "sales.csv", "date item quantity units", [(d, i, q, 999) for d, i, q in daily(3)])
    assert read([path]).tables["sales"]["quantity"].to_list() == [1.0, 2.0, 3.0]


def test_the_users_word_beats_everything(tmp_path: Path) -> None:
    path = write_table(tmp_path / "sales.csv", "date item quantity shipped", [(d, i, 999, q) for d, i, q in daily(3)])
    reading = read([path], ReadOptions(mapping={"Shipped": "quantity"}))
    assert reading.tables["sales"]["quantity"].to_list() == [1.0, 2.0, 3.0]
    assert Mapped("sales.csv", "sales", "shipped", "quantity", "option") in reading.mapped


def test_the_user_may_drop_a_column_and_speak_of_one_table(tmp_path: Path) -> None:
    rows = [(d, i, q, 9, 5) for d, i, q in daily(3)]
    path = write_table(tmp_path / "sales.csv", "date item quantity price a", rows)
    write_table(tmp_path / "stock.csv", "item on_hand a", [("I0", 5, 2)])
    reading = read([tmp_path], ReadOptions(mapping={"price": "", "a": "stock.reserved"}))
    assert path.exists()
    assert reading.tables["sales"].columns == ["row", "date", "item", "quantity", "file", "location"]
    assert reading.tables["stock"]["reserved"].to_list() == [2.0]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"qty": "amount"}, "map_unknown_field"),
        ({"qty": "sales.due"}, "map_unknown_field"),
        ({"day": "date:dym"}, "map_unknown_field"),
        ({"nothing": "quantity"}, "map_unknown_column"),
    ],
)
def test_a_mapping_that_cannot_be_is_wrong_usage(tmp_path: Path, mapping: dict[str, str], code: str) -> None:
    path = write_table(tmp_path / "sales.csv", "day sku qty", daily())
    with pytest.raises(UsageError, match=code):
        read([path], ReadOptions(mapping=mapping))


@pytest.mark.parametrize(
    "column", ["Email", "customer_name", "Billing Phone", "手机号", "收货人姓名", "Shipping Street"]
)
def test_personal_columns_are_known(column: str) -> None:
    assert is_personal("sales", column)


def test_names_of_goods_and_firms_are_not_personal() -> None:
    assert not is_personal("items", "name")
    assert not is_personal("suppliers", "name")
    assert not is_personal("sales", "customer")


PEOPLE = [(d, i, q, "Ann", "ann@example.org") for d, i, q in daily(3)]


def test_personal_columns_are_not_kept(tmp_path: Path) -> None:
    path = write_table(tmp_path / "sales.csv", "date item quantity customer_name email", PEOPLE)
    reading = read([path])
    assert "customer" not in reading.tables["sales"].columns
    assert "Ann" not in reading.tables["sales"].with_columns(pl.all().cast(pl.String)).write_csv()
    assert [n.details["columns"] for n in reading.notes if n.code == "personal_not_kept"] == ["customer_name, email"]


def test_personal_columns_are_kept_when_asked_for(tmp_path: Path) -> None:
    path = write_table(tmp_path / "sales.csv", "date item quantity customer_name email", PEOPLE)
    reading = read([path], ReadOptions(keep_personal=True))
    assert reading.tables["sales"]["customer"].cast(pl.String).to_list() == ["Ann"] * 3


def test_an_orders_file_of_an_earlier_plan_is_incoming(tmp_path: Path) -> None:
    write_table(tmp_path / "sales.csv", "date item location quantity", [(d, i, "north", q) for d, i, q in daily()])
    header = "item location supplier order_date arrival_date quantity unit_cost value expected_gain reason"
    row = ("I0", "north", "ACME", "2025-01-31", "2025-02-07", 40, 5.0, 200.0, 9.5, "because")
    write_table(tmp_path / "incoming.csv", header, [row])
    incoming = read([tmp_path]).tables["incoming"]
    assert [str(d) for d in incoming["due"]] == ["2025-02-07"]
    assert incoming["quantity"].to_list() == [40.0]


def test_customers_named_by_mail_addresses_are_numbered(tmp_path: Path) -> None:
    rows = [(d, i, q, f"{'ab'[k % 2]}@example.org") for k, (d, i, q) in enumerate(daily(4))]
    path = write_table(tmp_path / "sales.csv", "date item quantity customer", rows)
    reading = read([path])
    customers = reading.tables["sales"]["customer"].cast(pl.String).to_list()
    assert customers == ["customer 1", "customer 2", "customer 1", "customer 2"]
    assert "customers_numbered" in {n.code for n in reading.notes}
    kept = read([path], ReadOptions(keep_personal=True)).tables["sales"]["customer"].cast(pl.String).to_list()
    assert kept[0] == "a@example.org"
