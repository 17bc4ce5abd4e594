"""Text files as they come: which encoding, which delimiter, and every cell as text."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import polars as pl

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = (",", ";", "\t", "|")
LINES_TO_LOOK_AT = 20
CHINESE_SHARE = 0.5
"""Share of the two-byte letters that lie in the plane of everyday Chinese from which on bytes are read as GB18030."""


class NotText(ValueError):
    """The bytes are no text table; the argument is a fault's code."""


@dataclass(frozen=True, eq=False)
class TextTable:
    """The cells of a text file. `broken`: (line, text) of records with more cells than the header."""

    frame: pl.DataFrame
    encoding: str
    delimiter: str
    broken: tuple[tuple[int, str], ...] = ()


def decode(data: bytes) -> tuple[bytes, str]:
    """The same text in UTF-8 without a mark, and the encoding it was in. Raises NotText for bytes that are no text."""
    if data.startswith(UTF16_MARKS):
        try:
            return data.decode("utf-16").encode(), "utf-16"
        except UnicodeDecodeError as error:
            raise NotText("unreadable") from error
    if b"\0" in data:
        raise NotText("not_text")
    if data.startswith(UTF8_MARK):
        data, name = data[len(UTF8_MARK) :], "utf-8-sig"
    else:
        name = "utf-8"
    try:
        data.decode()
    except UnicodeDecodeError:
        return _decode_legacy(data)
    return data, name


def _decode_legacy(data: bytes) -> tuple[bytes, str]:
    """GB18030 where the bytes look like Chinese, else Windows' Western table, which contains Latin-1's letters.

    Everyday Chinese has both bytes of a letter at 0xA1 or above; an accented Western letter is followed by a plain one.
    """
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    high = pairs = 0
    position, size = 0, len(data)
    while text and position < size - 1:
        if data[position] < 0x80:
            position += 1
            continue
        pairs += 1
        high += data[position + 1] >= 0xA1
        position += 2
        if pairs >= 10_000:
            break
    if pairs and high >= CHINESE_SHARE * pairs:
        return text.encode(), "gb18030"
    try:
        return data.decode("cp1252").encode(), "latin-1"
    except UnicodeDecodeError:
        return data.decode("latin-1").encode(), "latin-1"


def delimiter_of(text: bytes) -> str:
    """The delimiter that cuts the first lines into the same number of cells most often, the most cells among equals."""
    head = text[:65536].decode(errors="ignore")
    lines = head.splitlines()[:LINES_TO_LOOK_AT]
    best, score = ",", (0, 0)
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        if not widths or widths[0] < 2:
            continue
        alike = sum(w == widths[0] for w in widths)
        if (alike, widths[0]) > score:
            best, score = delimiter, (alike, widths[0])
    return best


def read_text(data: bytes) -> TextTable:
    """Every cell as String (null where blank), the first line as header; blank lines stay as rows of nulls.

    Raises NotText("empty_file") where there is not even a header, NotText("open_quote") where quotes do not close.
    """
    text, encoding = decode(data)
    if not text.strip():
        raise NotText("empty_file")
    delimiter = delimiter_of(text)
    try:
        frame = pl.read_csv(text, separator=delimiter, infer_schema=False, raise_if_empty=False)
    except pl.exceptions.PolarsError:
        return _read_slowly(text, encoding, delimiter)
    return TextTable(frame, encoding, delimiter)


def _read_slowly(text: bytes, encoding: str, delimiter: str) -> TextTable:
    """The same by Python's own reader, which names the records that are too long. Raises NotText for an open quote."""
    try:
        records = list(csv.reader(io.StringIO(text.decode(), newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise NotText("open_quote") from error
    header, *rows = records
    width = len(header)
    broken: list[tuple[int, str]] = []
    columns: list[list[str | None]] = [[] for _ in header]
    for line, row in enumerate(rows, start=2):
        if any(cell.strip() for cell in row[width:]):
            broken.append((line, delimiter.join(row)))
            row = []  # noqa: PLW2901 -- kept as a blank row, so that the count of lines stays right
        for k, column in enumerate(columns):
            column.append(row[k] if k < len(row) and row[k] != "" else None)
    frame = pl.DataFrame([pl.Series(f"column_{k}", c, pl.String) for k, c in enumerate(columns)])
    return TextTable(
        frame.rename(dict(zip(frame.columns, _distinct(header), strict=True))), encoding, delimiter, tuple(broken)
    )


def _distinct(header: list[str]) -> list[str]:
    """Names as Polars makes them distinct, so that both ways of reading agree."""
    seen: dict[str, int] = {}
    names: list[str] = []
    for name in header:
        repeats = seen.get(name, 0)
        names.append(name if not repeats else f"{name}_duplicated_{repeats - 1}")
        seen[name] = repeats + 1
    return names
