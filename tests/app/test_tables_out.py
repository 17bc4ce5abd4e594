"""What a spreadsheet would run is written as plain text, and read back as it was."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from orderpoint.app.tables_out import csv


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_texts_that_would_run_as_formulas_get_an_apostrophe(tmp_path: Path, start: str) -> None:
    csv(pl.DataFrame({"item": [f"{start}SUM(A1)", "plain"], "quantity": [-1, 2]}))(tmp_path / "t.csv")
    back = pl.read_csv(tmp_path / "t.csv")
    assert back["item"].to_list() == [f"'{start}SUM(A1)", "plain"]
    assert back["quantity"].to_list() == [-1, 2], "numbers stay numbers"
