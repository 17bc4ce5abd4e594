"""Quantity discounts: the books' examples, and a fine grid over the cost of a lot as paid."""

from __future__ import annotations

import numpy as np
import pytest

from orderpoint.optimize.price_breaks import DiscountCosts, PriceBreaks

JOE = DiscountCosts(8.0, 0.3, 1300.0)
SCHEDULE = np.array([0.0, 400.0, 800.0]), np.array([0.75, 0.72, 0.68])


def paid(quantity: float, schedule: tuple[np.ndarray, np.ndarray], *, incremental: bool) -> float:
    """Money for the units of one lot, unit by unit of the schedule."""
    starts, prices = schedule
    if not incremental:
        return float(quantity * prices[np.searchsorted(starts, quantity, side="right") - 1])
    starts, prices = starts[np.isfinite(starts)], prices[np.isfinite(starts)]
    ends = np.append(starts[1:], np.inf)
    return float((np.clip(quantity, starts, ends) - starts) @ prices)


def plain_cost(
    costs: tuple[float, ...], quantity: float, schedule: tuple[np.ndarray, np.ndarray], **kind: bool
) -> float:
    fixed, rate, demand, further = costs
    money = paid(quantity, schedule, **kind)
    return demand * (fixed + money) / quantity + 0.5 * quantity * further + 0.5 * rate * money


def test_snyder_and_shen_candy_bars_with_all_units_discounts() -> None:
    """Of K = 8, i = 0.3 and 75, 72, 68 cents from 0, 400 and 800: 400 at 1,005.2 beats 304.0 and 800."""
    breaks = PriceBreaks(*SCHEDULE)
    ours = JOE.optimal(breaks)
    candidates = {q: plain_cost((8.0, 0.3, 1300.0, 0.0), q, SCHEDULE, incremental=False) for q in (304.04678, 400, 800)}
    assert ours.quantity[0] == min(candidates, key=lambda q: candidates[q])
    assert ours.cost[0] == pytest.approx(min(candidates.values()), rel=1e-12)
    assert JOE.evaluate(breaks, [304.04678, 400.0, 800.0]) == pytest.approx(list(candidates.values()), rel=1e-12)


def test_a_price_that_pays_for_a_larger_lot() -> None:
    """K = 200, i = 20 %, 1,000 a year at 500, 475 from 200, 450 from 500: 500 units at 472,900 (stockpyl 1.0.2)."""
    ours = DiscountCosts(200.0, 0.2, 1000.0).optimal(
        PriceBreaks(np.array([0.0, 200, 500]), np.array([500.0, 475, 450]))
    )
    assert (ours.quantity[0], ours.unit_price[0]) == (500.0, 450.0)
    assert ours.cost[0] == pytest.approx(472_900.0, rel=1e-12)


@pytest.mark.parametrize("incremental", [False, True])
def test_no_lot_of_a_fine_grid_is_cheaper_in_250_random_items(incremental: bool) -> None:
    rng = np.random.default_rng(12)
    n = 250
    starts = np.cumsum(np.append(np.zeros((n, 1)), rng.integers(5, 60, (n, 3)), axis=1), axis=1)
    prices = np.sort(rng.uniform(1.0, 4.0, (n, 4)), axis=1)[:, ::-1].copy()
    columns = rng.uniform(0.5, 60, n), rng.uniform(0.05, 0.4, n), rng.uniform(2, 200, n), rng.uniform(0, 0.3, n)
    starts[::5, 3] = np.inf  # fewer ranges in some rows
    breaks, costs = PriceBreaks(starts, prices, incremental), DiscountCosts(*columns)
    ours = costs.optimal(breaks)
    assert costs.evaluate(breaks, ours.quantity) == pytest.approx(ours.cost, rel=1e-12)
    for row in range(n):
        schedule = starts[row], prices[row]
        numbers = tuple(float(column[row]) for column in columns)
        grid = np.append(np.geomspace(0.5, 900, 150), starts[row, 1:][np.isfinite(starts[row, 1:])])
        trial = [plain_cost(numbers, q, schedule, incremental=incremental) for q in grid]
        assert ours.cost[row] <= min(trial) * (1 + 1e-12)
        own = plain_cost(numbers, ours.quantity[row], schedule, incremental=incremental)
        assert ours.cost[row] == pytest.approx(own, rel=1e-12)
        money = paid(ours.quantity[row], schedule, incremental=incremental)
        assert ours.unit_price[row] == pytest.approx(money / ours.quantity[row], rel=1e-12)


def test_one_price_is_the_plain_lot_with_its_purchases() -> None:
    ours = JOE.optimal(PriceBreaks(np.array([0.0]), np.array([0.75])))
    assert ours.quantity[0] == pytest.approx(304.0467800264368, rel=1e-12)
    assert ours.cost[0] == pytest.approx(68.41052550594829 + 975.0, rel=1e-12)


def test_schedules_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="rise from 0"):
        PriceBreaks(np.array([1.0, 5.0]), np.array([2.0, 1.0]))
    with pytest.raises(ValueError, match="rise from 0"):
        PriceBreaks(np.array([0.0, 5.0, 5.0]), np.array([3.0, 2.0, 1.0]))
    with pytest.raises(ValueError, match="do not rise"):
        PriceBreaks(np.array([0.0, 5.0]), np.array([2.0, 3.0]))
    with pytest.raises(ValueError, match="one shape"):
        PriceBreaks(np.array([0.0, 5.0]), np.array([2.0]))
    with pytest.raises(ValueError, match="no lot is too large"):
        DiscountCosts(1.0, 0.0, 1.0)
    with pytest.raises(ValueError, match="positive units per time"):
        DiscountCosts(1.0, 0.1, 0.0)
    with pytest.raises(ValueError, match="positive quantities"):
        JOE.evaluate(PriceBreaks(*SCHEDULE), 0.0)
