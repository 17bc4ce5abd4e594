"""Estimates are shown as exactly as their intervals bear, a row of them alike."""

from __future__ import annotations

import pytest

from orderpoint.report.precision import decimals_for, rounded


@pytest.mark.parametrize(
    ("half_widths", "decimals"),
    [([44.7], 0), ([937.0, 2.0], 0), ([8.1], 1), ([0.12, 0.04], 2), ([0.00964, 0.0219], 3), ([1e-9], 4)],
)
def test_the_widest_interval_of_a_row_is_shown_with_two_figures(half_widths: list[float], decimals: int) -> None:
    assert decimals_for(half_widths) == decimals


def test_what_has_no_interval_is_whole_or_has_two_decimals() -> None:
    assert decimals_for([]) is None
    assert decimals_for([0.0, 0.0]) is None
    assert [rounded(x, None) for x in (84.0, 1234.5, 0.0)] == ["84", "1,234.50", "0"]


def test_numbers_are_rounded_with_their_thousands_parted_and_no_zero_is_negative() -> None:
    assert rounded(147106.6, 0) == "147,107"
    assert rounded(-0.004, 2) == "0.00"
    assert rounded(-0.014, 2) == "-0.01"
