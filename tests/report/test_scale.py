"""Axes: ticks are round, cover the values, and numbers stay short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderpoint.report.scale import Scale, nice_ticks, short_number


@given(st.floats(1e-6, 1e12))
def test_ticks_start_at_zero_cover_the_top_and_are_few(high: float) -> None:
    ticks = nice_ticks(high)
    assert ticks[0] == 0
    assert ticks[-1] >= high * (1 - 1e-6)
    assert 2 <= len(ticks) <= 6


@pytest.mark.parametrize(("value", "said"), [(950, "950"), (12_000, "12k"), (3_400_000, "3.4M"), (0.5, "0.5")])
def test_short_numbers(value: float, said: str) -> None:
    assert short_number(value) == said


def test_a_scale_maps_its_ends() -> None:
    scale = Scale(0, 10, 100, 0)
    assert (scale(0), scale(10), scale(5)) == (100, 0, 50)
