"""Rows of the report's tables."""

from __future__ import annotations

import pytest

from orderpoint.messages import Language
from orderpoint.report.rows import limit_rows
from orderpoint.report.words import Words
from orderpoint.tables.decisions import Binding


@pytest.mark.parametrize("language", list(Language))
def test_limits_that_bind_come_first_and_those_of_suppliers_without_an_order_are_left_out(language: Language) -> None:
    words = Words(language)
    limits = (
        Binding("container", "Hanoi", 33.0, 0.0, 0.0),
        Binding("supplier_minimum", "Hanoi", 300.0, 0.0, 0.0),
        Binding("space", "east", 12.5, 0.0, 0.0),
        Binding("supplier_minimum", "Porto", 300.0, 55_421.0, 0.0),
        Binding("container", "Porto", 33.0, 59.4, 12_345.6),
    )
    rows = limit_rows(limits, words)
    assert [row["limit"] for row in rows] == [
        words("limit_container", of="Porto"),
        words("limit_space", of="east"),
        words("limit_supplier_minimum", of="Porto"),
    ]
    assert [row["price"] for row in rows] == ["12,346", words("unknown"), words("unknown")]
    if language is Language.EN:
        assert [row["most"] for row in rows] == ["33 a container", "at most 12.5", "at least 300"]
        assert [row["used"] for row in rows] == ["59.4 in 2", "0", "55,421"]
