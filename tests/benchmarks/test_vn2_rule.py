"""The organiser's rule against examples computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import vn2_rule
from benchmarks.vn2_world import Past, Shelf
from tests.benchmarks.vn2_examples import past_of


def empty(past: Past) -> Shelf:
    nothing = np.zeros(len(past.item))
    return Shelf(nothing, nothing, nothing)


def test_steady_sales_are_covered_for_four_weeks_less_all_that_is_there_or_due() -> None:
    past = past_of([[5.0] * 20, [2.0] * 20])
    shelf = Shelf(np.array([3.0, 9.0]), np.array([1.0, 0.0]), np.array([4.0, 0.0]))
    assert vn2_rule.order(past, shelf).tolist() == [20.0 - 8.0, 0.0]


def test_the_factor_of_a_week_is_the_mean_of_its_years_over_the_mean_factor() -> None:
    numbers = np.array([1, 2, 3, 1, 2, 3])
    sales = np.array([[4.0, 1.0, 1.0, 8.0, 1.0, np.nan], [4.0, 3.0, 3.0, 0.0, 3.0, 2.0]])
    # mean sales by column: 4 2 2 4 2 2, so weeks 1, 2, 3 have 4, 2, 2, mean 8/3
    factor = vn2_rule.week_factors(sales, numbers)
    assert factor[1:4] == pytest.approx([1.5, 0.75, 0.75])
    assert factor[4:] == pytest.approx(1.0)  # never seen


def test_a_peak_ahead_is_bought_for_and_weeks_out_of_stock_count_nowhere() -> None:
    # ISO weeks 1..52 of 2024 and on to week 2 of 2025. 10 a week, 30 in weeks 5 and 6. The second series sells the
    # same, and was out of stock, selling nothing, in three of the last 13 weeks.
    year = [30.0 if week in {5, 6} else 10.0 for week in range(1, 53)]
    sales = [*year, 10.0, 10.0]
    gaps = {44, 47, 50}
    past = past_of(
        [sales, [0.0 if k in gaps else units for k, units in enumerate(sales)]],
        [[True] * 54, [k not in gaps for k in range(54)]],
    )
    # Weeks 3..6 of 2025 are ahead: 10 + 10 + 30 + 30, whatever the common scale of the factors
    assert vn2_rule.order(past, empty(past)).tolist() == [80.0, 80.0]


def test_a_series_never_in_stock_is_not_ordered() -> None:
    past = past_of([[5.0] * 15, [0.0] * 15], [[True] * 15, [False] * 15])
    assert vn2_rule.order(past, empty(past)).tolist() == [20.0, 0.0]
