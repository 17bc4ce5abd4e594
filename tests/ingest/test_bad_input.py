"""Bad input, case by case: a fault with its place, or a row set aside; never a wrong number and never silence."""

from __future__ import annotations

import string
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from orderpoint.domain.errors import Fault, InputFaults
from orderpoint.ingest.intake import read
from orderpoint.ingest.reading import Reading, ReadOptions
from orderpoint.messages import Language
from orderpoint.messages.faults import FAULTS, fault_line, reason_of
from orderpoint.messages.notes import NOTES, note_line
from orderpoint.messages.repairs import FORM_FAULTS, SET_ASIDE_BY_RULE
from tests.ingest.folders import FIRST, daily, shop, write_table

TABLE_ROWS = {
    "stock": ("item on_hand", ("I0", 5)),
    "incoming": ("item quantity due", ("I0", 5, "2025-02-05")),
    "items": ("item unit_cost", ("I0", 5)),
    "supply": ("item lead_time_days", ("I0", 7)),
    "suppliers": ("supplier min_order_value", ("ACME", 100)),
    "locations": ("location capacity_volume", ("main", 100)),
    "network": ("source target lead_time_days", ("a", "b", 2)),
    "bundles": ("bundle item quantity", ("B", "I0", 2)),
    "rates": ("date currency rate", ("2025-01-01", "USD", 1.1)),
}


OVERRIDE = "item start end kind value author reason"


def faults_of(folder: Path, **options: object) -> list[Fault]:
    with pytest.raises(InputFaults) as error:
        read([folder], ReadOptions(**options))  # type: ignore[arg-type]
    return list(error.value.faults)


def with_sales(folder: Path, *bad: Sequence[object], header: str = "date item quantity", days: int = 100) -> Reading:
    rows: list[Sequence[object]] = [*daily(days), *bad]
    write_table(folder / "sales.csv", header, rows)
    return read([folder])


@pytest.mark.parametrize("table", TABLE_ROWS)
def test_an_empty_file_is_a_fault_and_a_header_alone_an_empty_table(tmp_path: Path, table: str) -> None:
    write_table(tmp_path / "sales.csv", "date item quantity", daily())
    header, _ = TABLE_ROWS[table]
    path = write_table(tmp_path / f"{table}.csv", header, [])
    assert read([tmp_path]).tables[table].height == 0
    path.write_bytes(b"")
    assert [(f.file, f.code) for f in faults_of(tmp_path)] == [(f"{table}.csv", "empty_file")]


def test_sales_with_a_header_alone_are_a_fault(tmp_path: Path) -> None:
    write_table(tmp_path / "sales.csv", "date item quantity", [])
    assert [(f.file, f.code) for f in faults_of(tmp_path)] == [("sales.csv", "no_rows")]


@pytest.mark.parametrize(
    ("header", "missing"), [("date item", "quantity"), ("date quantity", "item"), ("item qty", "date")]
)
def test_a_missing_column_is_named_with_those_that_are_there(tmp_path: Path, header: str, missing: str) -> None:
    cells = {"date": "2025-01-01", "item": "I0", "quantity": 1, "qty": 1}
    write_table(tmp_path / "sales.csv", header, [[cells[name] for name in header.split()]])
    (fault,) = faults_of(tmp_path)
    assert (fault.file, fault.code, fault.column) == ("sales.csv", "missing_column", missing)
    assert fault.details["columns"] == header.replace(" ", ", ")


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    shop(tmp_path)
    write_table(tmp_path / "supply.csv", "item supplier lead_time_days", [("I0", "A", -3), ("I1", "A", "soon")])
    write_table(tmp_path / "stock.csv", "item on_hand", [("I0", 5), ("I0", 6), ("I1", "many")])
    write_table(tmp_path / "items.csv", "item unit_cost status", [("I0", -1, "asleep")])
    write_table(tmp_path / "suppliers.csv", "name", [])
    write_table(tmp_path / "bundles.csv", "bundle item", [("B", "I0")])
    found = {(f.file, f.row, f.column, f.value, f.code) for f in faults_of(tmp_path)}
    assert found == {
        ("supply.csv", 2, "lead_time_days", "-3", "too_small"),
        ("supply.csv", 3, "lead_time_days", "soon", "not_a_number"),
        ("stock.csv", 3, "item", "I0", "repeated_row"),
        ("stock.csv", 4, "on_hand", "many", "not_a_number"),
        ("items.csv", 2, "unit_cost", "-1", "too_small"),
        ("items.csv", 2, "status", "asleep", "not_a_choice"),
        ("bundles.csv", None, "quantity", None, "missing_column"),
    }


@pytest.mark.parametrize(
    ("header", "row", "column", "code"),
    [
        ("item lead_time_days", ("I0", -1), "lead_time_days", "too_small"),
        ("item lead_time_days", ("I0", "inf"), "lead_time_days", "not_finite"),
        ("item lead_time_days", ("I0", "NaN"), "lead_time_days", "missing_value"),
        ("item lead_time_days", ("I0", 99999), "lead_time_days", "too_large"),
        ("item lead_time_days moq", ("I0", 7, 2.5), "moq", "not_whole"),
        ("item lead_time_days moq max_quantity", ("I0", 7, 20, 10), "moq", "moq_above_max"),
        ("item lead_time_days max_quantity", ("I0", 7, "1e18"), "max_quantity", "too_large"),
        ("item lead_time_days unit_cost", ("I0", 7, -0.01), "unit_cost", "too_small"),
        ("item lead_time_days review_days", ("I0", 7, 0), "review_days", "too_small"),
        ("item lead_time_days price_breaks", ("I0", 7, "lots"), "price_breaks", "not_price_breaks"),
        ("item lead_time_days", ("", 7), "item", "missing_value"),
    ],
)
def test_supply_that_cannot_be(tmp_path: Path, header: str, row: tuple[object, ...], column: str, code: str) -> None:
    shop(tmp_path)
    write_table(tmp_path / "supply.csv", header, [row])
    assert [(f.row, f.column, f.code) for f in faults_of(tmp_path)] == [(2, column, code)]


@pytest.mark.parametrize(
    ("table", "header", "row", "code"),
    [
        ("stock", "item on_hand", ("I0", "1e18"), "too_large"),
        ("stock", "item on_hand", ("I0", "-inf"), "not_finite"),
        ("stock", "item on_hand expires", ("I0", 5, "soon"), "not_a_date"),
        ("incoming", "item quantity due", ("I0", -5, "2025-02-01"), "too_small"),
        ("items", "item service_target", ("I0", 1), "too_large_or_equal"),
        ("items", "item service_target", ("I0", 0), "too_small_or_equal"),
        ("items", "item min_stock max_stock", ("I0", 9, 5), "min_above_max"),
        ("items", "item launch end_of_life", ("I0", "2025-02-01", "2025-01-01"), "end_before_start"),
        ("items", "item shortage", ("I0", "angry"), "not_a_choice"),
        ("rates", "date currency rate", ("2025-01-01", "USD", 0), "too_small_or_equal"),
        ("bundles", "bundle item quantity", ("B", "B", 2), "bundle_in_itself"),
        ("suppliers", "supplier order_days", ("ACME", "sometimes"), "not_order_days"),
        ("overrides", OVERRIDE, ("I0", "2025-02-02", "2025-02-01", "set", 5, "a", "b"), "end_before_start"),
        ("overrides", OVERRIDE, ("I0", "2025-02-01", "2025-02-02", "set", -5, "a", "b"), "override_negative"),
        ("overrides", OVERRIDE, ("I0", "2025-02-01", "2025-02-02", "estimate", 5, "a", "b"), "estimate_needs_bounds"),
    ],
)  # fmt: skip
def test_masters_that_cannot_be(tmp_path: Path, table: str, header: str, row: tuple[object, ...], code: str) -> None:
    shop(tmp_path)
    write_table(tmp_path / f"{table}.csv", header, [row])
    assert [f.code for f in faults_of(tmp_path)] == [code]


def test_stock_rows_that_repeat_item_location_and_lot_are_a_fault(tmp_path: Path) -> None:
    write_table(tmp_path / "sales.csv", "date item location quantity", [(d, i, "n", q) for d, i, q in daily()])
    rows = [("I0", "n", 5, "a"), ("I0", "n", 5, "b"), ("I0", "s", 5, "a"), ("I0", "n", 7, "a"), ("I0", "n", 1, "")]
    write_table(tmp_path / "stock.csv", "item location on_hand lot", rows)
    (fault,) = faults_of(tmp_path)
    assert (fault.row, fault.column, fault.value) == (5, "item, location, lot", "I0, n, a")
    assert fault.details == {"first": "2"}


@pytest.mark.parametrize(
    ("table", "header", "rows"),
    [
        ("stock", "item location on_hand", [("I0", "n", 5), ("I1", "", 5)]),
        ("sales", "date item location quantity", [("2025-01-01", "I0", "n", 1), ("2025-01-02", "I0", "", 1)]),
        ("supply", "item location lead_time_days", [("I0", "n", 5), ("I1", "", 5)]),
        ("prices", "date item location price", [("2025-01-01", "I0", "n", 1), ("2025-01-02", "I0", "", 1)]),
    ],
)
def test_a_location_in_some_rows_only_is_a_fault(
    tmp_path: Path, table: str, header: str, rows: list[tuple[object, ...]]
) -> None:
    write_table(tmp_path / "sales.csv", "date item location quantity", [(d, i, "n", q) for d, i, q in daily()])
    write_table(tmp_path / f"{table}.csv", header, rows)
    assert [(f.file, f.row, f.column, f.code) for f in faults_of(tmp_path)] == [
        (f"{table}.csv", 3, "location", "location_mixed")
    ]


@pytest.mark.parametrize(
    ("row", "column", "value", "code"),
    [
        (("2025-01-09", "I0", "lots"), "quantity", "lots", "not_a_number"),
        (("yesterday", "I0", 3), "date", "yesterday", "not_a_date"),
        (("2025-02-30", "I0", 3), "date", "2025-02-30", "not_a_date"),
        (("2025-01-09", "I0", "1e18"), "quantity", "1e18", "too_large"),
        (("2025-01-09", "I0", "-1e18"), "quantity", "-1e18", "too_small"),
        (("2025-01-09", "I0", "NaN"), "quantity", "NaN", "missing_value"),
        (("2025-01-09", "I0", "inf"), "quantity", "inf", "not_finite"),
        (("2025-01-09", "", 3), "item", "", "missing_value"),
        (("", "I0", 3), "date", "", "missing_value"),
    ],
)
def test_a_bad_row_of_sales_is_set_aside(
    tmp_path: Path, row: tuple[object, ...], column: str, value: str, code: str
) -> None:
    reading = with_sales(tmp_path, row)
    (aside,) = reading.set_aside
    assert (aside.file, aside.row, aside.column, aside.value, aside.code) == ("sales.csv", 102, column, value, code)
    assert reading.tables["sales"].height == 100
    assert reading.tables["sales"]["quantity"].sum() == sum(range(1, 101))


def test_a_negative_price_is_set_aside(tmp_path: Path) -> None:
    rows = [(*r, 5.0) for r in daily(100)] + [("2025-01-09", "I0", 3, -5)]
    write_table(tmp_path / "sales.csv", "date item quantity price", rows)
    (aside,) = read([tmp_path]).set_aside
    assert (aside.row, aside.column, aside.value, aside.code) == (102, "price", "-5", "too_small")


def test_a_row_with_several_faults_is_set_aside_once(tmp_path: Path) -> None:
    assert len(with_sales(tmp_path, ("never", "", "lots")).set_aside) == 1


def test_a_line_with_too_many_cells_is_set_aside_and_a_fault_in_stock(tmp_path: Path) -> None:
    assert [(s.row, s.code) for s in with_sales(tmp_path, ("2025-01-09", "I0", 3, 9)).set_aside] == [
        (102, "too_many_cells")
    ]
    write_table(tmp_path / "stock.csv", "item on_hand", [("I0", 5), ("I1", 5, 7)])
    assert [(f.file, f.row, f.code) for f in faults_of(tmp_path)] == [("stock.csv", 3, "too_many_cells")]


def test_blank_lines_are_no_rows_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    lines = ["date,item,quantity", "2025-01-01,a,1", "", "2025-01-02,a,x", ",,", *["2025-01-03,a,1"] * 9]
    (tmp_path / "sales.csv").write_text("\n".join(lines))
    reading = read([tmp_path])
    assert [s.row for s in reading.set_aside] == [4]
    assert reading.tables["sales"]["row"].to_list() == [2, *range(6, 15)]


def test_a_fifth_of_the_rows_may_be_set_aside_and_not_one_more(tmp_path: Path) -> None:
    reading = with_sales(tmp_path, *[("2025-01-09", "I0", "x")] * 20, days=80)
    assert len(reading.set_aside) == 20
    write_table(tmp_path / "sales.csv", "date item quantity", [*daily(80), *[("2025-01-09", "I0", "x")] * 21])
    (fault,) = faults_of(tmp_path)
    assert (fault.file, fault.row, fault.column, fault.value) == ("sales.csv", 82, "quantity", "x")
    assert (fault.code, fault.details) == ("too_many_set_aside", {"count": "21", "rows": "101"})


@pytest.mark.parametrize(
    ("table", "header", "good", "bad"),
    [
        ("prices", "date item price", ("2025-01-01", "I0", 5), ("2025-01-02", "I0", -5)),
        ("drivers", "date name value", ("2025-01-01", "rain", 5), ("2025-01-02", "rain", "wet")),
        ("calendar", "date event kind", ("2025-01-01", "New Year", "festival"), ("2025-01-02", "x", "unkind")),
    ],
)
def test_bad_rows_of_the_other_tolerant_tables_are_set_aside_too(
    tmp_path: Path, table: str, header: str, good: tuple[object, ...], bad: tuple[object, ...]
) -> None:
    shop(tmp_path)
    rows = [(FIRST + timedelta(days=k), *good[1:]) for k in range(9)]
    write_table(tmp_path / f"{table}.csv", header, [*rows, bad])
    reading = read([tmp_path])
    assert [(s.file, s.row) for s in reading.set_aside] == [(f"{table}.csv", 11)]
    assert reading.tables[table].height == 9


def test_dates_in_two_orders_are_a_fault_with_a_remedy_that_works(tmp_path: Path) -> None:
    rows = [(f"{k:02}/01/2025", "I0", 1) for k in range(1, 29)] + [("01/31/2025", "I0", 1)]
    write_table(tmp_path / "sales.csv", "day item quantity", rows)
    (fault,) = faults_of(tmp_path)
    assert (fault.code, fault.column) == ("dates_in_two_orders", "date")
    reading = read([tmp_path], ReadOptions(mapping={"day": "date:dmy"}))
    assert [s.value for s in reading.set_aside] == ["01/31/2025"]
    assert reading.tables["sales"].height == 28


def test_ambiguous_dates_are_a_fault_with_a_remedy_that_works(tmp_path: Path) -> None:
    rows = [(f"{k:02}/01/2025", "I0", 1) for k in range(1, 13)]
    write_table(tmp_path / "sales.csv", "day item quantity", rows)
    assert [f.code for f in faults_of(tmp_path)] == ["dates_ambiguous"]
    for order, last in (("dmy", "2025-01-12"), ("mdy", "2025-12-01")):
        reading = read([tmp_path], ReadOptions(mapping={"day": f"date:{order}"}))
        assert str(reading.tables["sales"]["date"].max()) == last


def test_a_wrong_encoding_of_names_still_reads(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_bytes("日期,商品编码,数量\n2025-01-01,茶杯,3\n".encode("gb18030"))
    reading = read([tmp_path])
    assert reading.tables["sales"]["item"].to_list() == ["茶杯"]
    assert reading.files[0].encoding == "gb18030"


def test_items_in_no_table_are_noted_and_kept(tmp_path: Path) -> None:
    shop(tmp_path)
    write_table(tmp_path / "items.csv", "item", [("I9",)])
    write_table(tmp_path / "incoming.csv", "item quantity due", [("ghost", 5, "2025-02-01")])
    write_table(tmp_path / "supply.csv", "item lead_time_days", [("I0", 5), ("phantom", 5)])
    notes = {(n.file, n.code, n.details["examples"]) for n in read([tmp_path]).notes if "examples" in n.details}
    assert notes == {
        ("sales.csv", "items_not_in_catalogue", "I0"),
        ("incoming.csv", "items_in_no_other_table", "ghost"),
        ("supply.csv", "items_in_no_other_table", "phantom"),
    }


def test_many_faults_of_one_kind_are_counted(tmp_path: Path) -> None:
    shop(tmp_path)
    write_table(tmp_path / "stock.csv", "item on_hand", [(f"I{k}", "x") for k in range(250)])
    faults = faults_of(tmp_path)
    assert len(faults) == 101
    assert (faults[-1].code, faults[-1].details["count"]) == ("more_of_these", "150")


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_fault_has_a_remedy_and_both_languages_have_the_same_blanks() -> None:
    for catalogue in (FAULTS, NOTES):
        for key, (english, chinese) in catalogue.items():
            assert blanks(english) == blanks(chinese), key
            assert any("\u4e00" <= c <= "\u9fff" for c in chinese), key
    for key in set(FAULTS) - set(FORM_FAULTS) - set(SET_ASIDE_BY_RULE):
        assert key.endswith(".remedy") or f"{key}.remedy" in FAULTS, key


def test_a_fault_is_one_line_with_place_cause_and_remedy() -> None:
    fault = Fault("supply.csv", "too_small", 2, "lead_time_days", "-3", {"bound": "0"})
    assert fault_line(fault) == (
        "supply.csv, row 2, lead_time_days '-3': the least that can be is 0. Correct the number."
    )
    assert fault_line(fault, Language.ZH).startswith("supply.csv\uff0c第 2 行\uff0clead_time_days '-3'")
    assert fault_line(Fault("", "no_sales", details={"files": "a.md"})).startswith("there is no sales table")
    assert reason_of("not_a_date", {}) == "this is not a date"
    assert note_line("sales.csv", "columns_not_used", {"columns": "a"}) == "sales.csv: Columns that are not used: a."


def test_every_fault_of_a_broken_folder_has_its_sentence(tmp_path: Path) -> None:
    test_every_fault_of_every_file_is_told_at_once(tmp_path)
    for fault in faults_of(tmp_path):
        for language in Language:
            line = fault_line(fault, language)
            assert fault.file in line
            assert "{" not in line
            assert fault.code not in line
