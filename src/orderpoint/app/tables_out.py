"""Writers of the contract's files. Text that a spreadsheet would run as a formula is made plain text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from orderpoint.app.output import Writer

FORMULA_STARTS = r"^[=+\-@\t\r]"
"""A cell of text that begins so is run by a spreadsheet (OWASP, "CSV Injection")."""


def csv(table: pl.DataFrame) -> Writer:
    """Write a table as CSV in UTF-8; texts that would run as formulas get a leading apostrophe."""
    texts = [name for name, kind in table.schema.items() if kind == pl.String]
    plain = table.with_columns(
        pl.when(pl.col(name).str.contains(FORMULA_STARTS)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in texts
    )

    def write(path: Path) -> None:
        with path.open("wb") as file:
            plain.write_csv(file)

    return write


def parquet(table: pl.DataFrame) -> Writer:
    """Write a table as Parquet."""

    def write(path: Path) -> None:
        with path.open("wb") as file:
            table.write_parquet(file, compression="zstd", statistics=False)

    return write


def text(content: str) -> Writer:
    """Write text in UTF-8."""

    def write(path: Path) -> None:
        path.write_text(content, encoding="utf-8")

    return write


def json_text(summary: Mapping[str, Any]) -> str:
    """The summary as JSON that people can read, too."""
    return json.dumps(summary, indent=2, ensure_ascii=False, default=str) + "\n"
