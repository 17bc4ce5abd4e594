"""The long-run (s, S) and the values of positions, beside a plain dynamic program."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from orderpoint.optimize.cycle import Cycle, Lump, cycle_of, value_at
from orderpoint.optimize.kinks import Kinks

HOLDING, STOCKOUT = 1.0, 9.0


def level(mean: float, count: int = 4000) -> Kinks:
    """The cost of a position when its cycle's demand is Poisson, by equally likely quantiles; no lead time."""
    demand = poisson.ppf((np.arange(count) + 0.5) / count, mean)
    up, down = np.full(count, HOLDING / count), np.full(count, STOCKOUT / count)
    none = np.zeros(0)
    return Kinks(demand, up, down, demand, 0.0, demand.mean(), 0.0, none, none, demand)


def least_cost(mean: float) -> float:
    """Cost of a cycle at the best position without lumps."""
    demand = level(mean).cycle
    return min((HOLDING * np.maximum(y - demand, 0) + STOCKOUT * np.maximum(demand - y, 0)).mean() for y in range(300))


def cycle(mean: float, fixed: float, least: float = 1.0, unit_cost: float = 1e9, sellable: float = np.inf) -> Cycle:
    lump = Lump(fixed, least, unit_cost, sellable)
    return cycle_of(level(mean), lump, 1.0, least_cost(mean), STOCKOUT * mean)


@pytest.mark.parametrize(("mean", "low", "high", "cost"), [(5.0, 2, 27, 24.78343), (20.0, 14, 62, 49.17304)])
def test_poisson_cases_of_zheng_and_federgruen(mean: float, low: int, high: int, cost: float) -> None:
    found = cycle(mean, 64.0)
    assert (found.reorder_point, found.order_up_to) == (low, high)
    assert found.cost == pytest.approx(cost, abs=0.02)


def plain_values(found: Cycle, mean: float, fixed: float, rounds: int = 4000) -> np.ndarray:
    """Relative values of positions 0..59 by running the (s, S) rule for long (lost sales, no lead time)."""
    demand = np.arange(40)
    chances = poisson.pmf(demand, mean)
    chances[-1] += 1.0 - chances.sum()
    top = 60
    g = [
        float((chances * (HOLDING * np.maximum(y - demand, 0) + STOCKOUT * np.maximum(demand - y, 0))).sum())
        for y in range(top)
    ]
    value = np.zeros(top)
    low, high = int(found.reorder_point), int(found.order_up_to)
    for _ in range(rounds):
        after = np.array([g[y] - found.cost + (chances * value[np.maximum(y - demand, 0)]).sum() for y in range(top)])
        value = np.where(np.arange(top) <= low, fixed + after[high], after)
        value -= value[low]
    return value


def test_values_are_those_of_playing_the_rule_for_ever() -> None:
    found = cycle(5.0, 64.0)
    assert found.values[:60] == pytest.approx(plain_values(found, 5.0, 64.0), abs=0.3)
    assert value_at(found, found.order_up_to) == pytest.approx(-64.0, abs=0.3)
    assert value_at(found, found.reorder_point) == 0.0


def test_without_lumps_it_is_a_base_stock_and_leftovers_below_it_are_free() -> None:
    found = cycle(5.0, 0.0)
    base = poisson.ppf(STOCKOUT / (STOCKOUT + HOLDING), 5.0)
    assert (found.reorder_point, found.order_up_to) == (base - 1, base)
    assert np.abs(found.values[: int(base) + 1]).max() < 1e-9
    assert (np.diff(found.values[int(base) :]) > 0).all()


def test_a_least_lot_keeps_the_levels_apart() -> None:
    found = cycle(5.0, 0.0, least=30)
    assert found.order_up_to - found.reorder_point >= 30
    assert found.cost > cycle(5.0, 0.0).cost


def test_what_costs_more_to_keep_than_to_miss_is_not_stocked() -> None:
    found = cycle(0.02, 40.0)
    assert found.order_up_to == 0
    assert found.cost == pytest.approx(STOCKOUT * 0.02)


def test_a_unit_left_over_never_costs_more_than_giving_it_away() -> None:
    assert np.diff(cycle(5.0, 0.0, unit_cost=2.0).values).max() <= 2.0 + 1e-9
    ending = cycle(5.0, 0.0, unit_cost=2.0, sellable=12.0)
    assert np.diff(ending.values)[12:] == pytest.approx(2.0)


def test_a_wide_range_is_seen_on_a_coarser_grid() -> None:
    fine, coarse = cycle(100.0, 64.0), cycle(100.0, 900.0)
    assert coarse.stride > 1
    assert coarse.order_up_to > fine.order_up_to
    assert value_at(coarse, -5.0) == 0.0
    assert value_at(coarse, 1e5) > value_at(coarse, 1e4)
