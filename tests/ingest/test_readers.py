"""Files as they come: encodings, delimiters, Excel, Parquet, folders, and files that cannot be read."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from orderpoint.domain.errors import InputFaults, MachineError, UsageError
from orderpoint.ingest import readers
from orderpoint.ingest.discover import ENDINGS, Found, discover
from orderpoint.ingest.intake import read
from orderpoint.ingest.text_files import decode, delimiter_of, read_text
from tests.ingest.folders import daily, shop, write_table

CHINESE = "日期,商品编码,仓库,数量\n2025-01-01,茶杯甲,上海仓,3\n2025-01-02,茶杯甲,上海仓,4\n"
WESTERN = "date;item;quantity\n2025-01-01;Café crème;3\n2025-01-02;Müller;4\n"


def codes(error: pytest.ExceptionInfo[InputFaults]) -> list[str]:
    return [fault.code for fault in error.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_text_reads_the_same_in_every_encoding(encoding: str) -> None:
    table = read_text(CHINESE.encode(encoding))
    assert table.encoding == encoding
    assert table.frame.columns == ["日期", "商品编码", "仓库", "数量"]
    assert table.frame["商品编码"].to_list() == ["茶杯甲", "茶杯甲"]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_western_text_is_not_taken_for_chinese(encoding: str) -> None:
    table = read_text(WESTERN.encode(encoding))
    assert table.encoding == "latin-1"
    assert table.frame["item"].to_list() == ["Café crème", "Müller"]


def test_one_chinese_word_in_gb18030_is_enough() -> None:
    text, encoding = decode("date,item,quantity\n2025-01-01,茶,3\n".encode("gb18030"))
    assert encoding == "gb18030"
    assert "茶".encode() in text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    lines = [["date", "item", "quantity"], ["2025-01-01", "a", "1"], ["2025-01-02", "b", "2"]]
    assert delimiter_of("\n".join(delimiter.join(line) for line in lines).encode()) == delimiter


def test_commas_inside_quotes_and_decimal_commas_are_no_delimiters() -> None:
    assert delimiter_of(b'date;item;quantity\n2025-01-01;"a, b, c, d";1,5\n2025-01-02;b;2,5\n') == ";"
    frame = read_text(b'date,item\n2025-01-01,"cup, blue"\n2025-01-02,"say ""hi"""\n').frame
    assert frame["item"].to_list() == ["cup, blue", 'say "hi"']


def test_a_record_with_too_many_cells_is_named_and_the_others_keep_their_lines() -> None:
    table = read_text(b"date,item,quantity\n2025-01-01,a,1\n2025-01-02,a,1,5\n2025-01-03,a,2\n")
    assert table.broken == ((3, "2025-01-02,a,1,5"),)
    assert table.frame["quantity"].to_list() == ["1", None, "2"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b" \n\n", "empty_file"),
        (b"PK\x03\x04\x00\x00", "not_text"),
        (b'date,item,quantity\n2025-01-01,"a,1\n2025-01-02,b,2\n', "open_quote"),
    ],
)
def test_a_file_that_is_no_table_is_one_fault(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "sales.csv").write_bytes(content)
    with pytest.raises(InputFaults) as error:
        read([tmp_path])
    assert codes(error) == [code]
    assert error.value.faults[0].file == "sales.csv"


@pytest.mark.parametrize("name", ["sales.parquet", "sales.xlsx"])
def test_a_damaged_binary_file_is_one_fault(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PAR1 not really")
    with pytest.raises(InputFaults) as error:
        read([tmp_path])
    assert codes(error) == ["unreadable"]


def test_parquet_keeps_its_types_and_numbers_as_names_lose_their_point(tmp_path: Path) -> None:
    night = datetime.fromisoformat("2025-01-01T23:59")
    frame = pl.DataFrame({"date": [night] * 2, "item": [126.0, 7.0], "quantity": [1, 2]})
    frame.write_parquet(tmp_path / "sales.parquet")
    sales = read([tmp_path]).tables["sales"]
    assert sales["date"].to_list() == [date(2025, 1, 1)] * 2
    assert sales["item"].cast(pl.String).to_list() == ["126", "7"]


def test_long_parquet_files_are_codes_and_mean_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {"date": ["2025-01-01", "2025-01-02", "2025-01-03"], "item": ["b ", "a", "b "], "quantity": [1.0, 2.0, 3.0]}
    pl.DataFrame(rows).write_parquet(tmp_path / "sales.parquet")
    short = read([tmp_path]).tables["sales"]
    monkeypatch.setattr(readers, "LONG_FILE_ROWS", 2)
    long = read([tmp_path]).tables["sales"]
    assert long.schema == short.schema
    assert long.with_columns(pl.col("item").cast(pl.String)).equals(short.with_columns(pl.col("item").cast(pl.String)))
    assert long["item"].cast(pl.String).to_list() == ["b", "a", "b"]


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell)
    book.close()
    return path


SALES_SHEET: list[list[object]] = [
    ["日期", "商品编码", "数量"],
    [datetime.fromisoformat("2025-01-01"), 126, 2],
    [datetime.fromisoformat("2025-01-02"), "A1", 3.5],
]


def test_excel_sheets_are_tables_by_their_names(tmp_path: Path) -> None:
    sheets = {"销售": SALES_SHEET, "库存": [["商品编码", "现货"], [126, 5]], "notes": [["hello"]]}
    reading = read([workbook(tmp_path / "shop.xlsx", sheets)])
    assert reading.tables["sales"]["date"].to_list() == [date(2025, 1, 1), date(2025, 1, 2)]
    assert reading.tables["sales"]["item"].cast(pl.String).to_list() == ["126", "A1"]
    assert reading.tables["sales"]["quantity"].to_list() == [2.0, 3.5]
    assert reading.tables["stock"]["on_hand"].to_list() == [5.0]
    assert any(n.code == "files_not_read" and "notes" in n.details["files"] for n in reading.notes)


def test_a_single_sheet_is_the_table_of_its_file(tmp_path: Path) -> None:
    reading = read([workbook(tmp_path / "Sales.XLSX", {"Sheet1": SALES_SHEET})])
    assert reading.tables["sales"].height == 2


def test_a_workbook_of_unknown_sheets_is_a_fault_that_lists_them(tmp_path: Path) -> None:
    with pytest.raises(InputFaults) as error:
        read([workbook(tmp_path / "shop.xlsx", {"one": SALES_SHEET, "two": SALES_SHEET})])
    assert codes(error) == ["no_sheet_known"]
    assert error.value.faults[0].details["sheets"] == "one, two"


def test_excel_day_counts_are_dates(tmp_path: Path) -> None:
    write_table(tmp_path / "sales.csv", "date item quantity", [(45658, "a", 1), (45659, "a", 2)])
    assert read([tmp_path]).tables["sales"]["date"].to_list() == [date(2025, 1, 1), date(2025, 1, 2)]


def test_a_folder_gives_its_tables_by_name_in_any_case_and_in_chinese(tmp_path: Path) -> None:
    write_table(tmp_path / "SALES.CSV", "date item quantity", daily())
    write_table(tmp_path / "库存.csv", "item on_hand", [("I0", 5)])
    (tmp_path / "README.md").write_text("read me")
    write_table(tmp_path / "orders.csv", "item quantity", [("I0", 5)])
    reading = read([tmp_path])
    assert set(reading.tables) == {"sales", "stock"}
    not_read = next(n for n in reading.notes if n.code == "files_not_read")
    assert not_read.details["files"] == "README.md, orders.csv"


def test_folders_within_the_folder_and_hidden_files_are_left_alone(tmp_path: Path) -> None:
    shop(tmp_path)
    write_table(tmp_path / "old" / "stock.csv", "item on_hand", [("I0", 99)])
    (tmp_path / ".sales.csv").write_text("x")
    assert [f.path.name for f in discover([tmp_path]).files] == ["sales.csv", "stock.csv", "supply.csv"]


def test_files_may_be_named_one_by_one_and_twice(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    reading = read([folder / "sales.csv", folder / "stock.csv", folder / "sales.csv"])
    assert set(reading.tables) == {"sales", "stock"}


def test_a_lone_file_of_any_name_is_sales_by_its_columns(tmp_path: Path) -> None:
    assert read([write_table(tmp_path / "export_0815.csv", "day sku units", daily())]).tables["sales"].height == 30


def test_a_named_file_that_is_no_table_is_a_fault_and_in_a_folder_a_note(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    odd = write_table(folder / "odd.csv", "a b", [(1, 2)])
    with pytest.raises(InputFaults) as error:
        read([folder / "sales.csv", odd])
    assert codes(error) == ["unknown_table"]
    assert any("odd.csv" in n.details.get("files", "") for n in read([folder]).notes)


def test_two_tables_of_one_name_are_a_fault(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    pl.DataFrame({"item": ["I0"], "on_hand": [1.0]}).write_parquet(folder / "inventory.parquet")
    with pytest.raises(InputFaults) as error:
        read([folder])
    assert codes(error) == ["two_tables"]
    assert error.value.faults[0].details["files"] == "inventory.parquet, stock.csv"


def test_two_files_that_could_be_the_sales_are_a_fault_that_names_both(tmp_path: Path) -> None:
    write_table(tmp_path / "north.csv", "date item quantity", daily())
    write_table(tmp_path / "south.csv", "date item quantity", daily())
    with pytest.raises(InputFaults) as error:
        read([tmp_path])
    assert codes(error) == ["which_is_sales"]
    assert error.value.faults[0].details["files"] == "north.csv, south.csv"


def test_a_missing_input_is_wrong_usage_and_another_ending_a_fault(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="input_not_found"):
        read([tmp_path / "nowhere"])
    (tmp_path / "sales.pdf").write_bytes(b"x")
    with pytest.raises(InputFaults) as error:
        read([tmp_path / "sales.pdf"])
    assert codes(error) == ["unknown_format"]


def test_a_folder_without_sales_says_what_lies_there(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("x")
    with pytest.raises(InputFaults) as error:
        read([tmp_path])
    assert codes(error) == ["no_sales"]
    assert error.value.faults[0].details["files"] == "notes.md"


def test_a_forbidden_file_is_a_failure_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_table(tmp_path / "sales.csv", "date item quantity", daily())

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(MachineError, match="no_permission"):
        read([path])


def growing(monkeypatch: pytest.MonkeyPatch, path: Path, times: int) -> list[int]:
    """Makes `path` grow by half a row after each of the first `times` reads; returns the count of reads."""
    plain = Path.read_bytes
    reads = [0]

    def grow(self: Path) -> bytes:
        data = plain(self)
        if self == path:
            reads[0] += 1
            if reads[0] <= times:
                with self.open("ab") as file:
                    file.write(b"2025-02-0%d,I0,1\n" % reads[0])
        return data

    monkeypatch.setattr(Path, "read_bytes", grow)
    return reads


def test_a_file_that_grows_while_it_is_read_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_table(tmp_path / "sales.csv", "date item quantity", daily())
    reads = growing(monkeypatch, path, times=1)
    assert read([path]).tables["sales"].height == 31
    assert reads == [2]


def test_a_file_that_never_stops_growing_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_table(tmp_path / "sales.csv", "date item quantity", daily())
    growing(monkeypatch, path, times=99)
    with pytest.raises(InputFaults) as error:
        read([path])
    assert codes(error) == ["file_changes"]


def test_every_ending_has_a_reader(tmp_path: Path) -> None:
    for ending, form in ENDINGS.items():
        empty = tmp_path / f"sales{ending}"
        empty.write_bytes(b"")
        faults = readers.read_file(Found(empty, form, named=True)).faults
        assert [f.code for f in faults] == ["empty_file"]
