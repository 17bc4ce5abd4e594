"""Lot sizing of goods that spoil: brute force over order periods, and a slow twin of the ledger of lots."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from orderpoint.optimize.lot_sizing import issue, shelf_life, wagner_whitin
from orderpoint.optimize.lot_sizing.issue import Issue
from orderpoint.optimize.lot_sizing.problem import LotSizing

FloatArray = NDArray[np.float64]


def random_problem(rng: np.random.Generator, periods: int, stock: int = 0) -> LotSizing:
    return LotSizing(
        demand=rng.integers(0, 6, (1, periods)),
        setup_cost=rng.integers(0, 40, (1, periods)),
        holding_cost=rng.integers(0, 4, (1, periods)),
        unit_cost=rng.integers(0, 12, (1, periods)),
        initial_stock=stock,
    )


def brute_cost(problem: LotSizing, life: int) -> float:
    """Least cost over every set of order periods: each demand from the cheapest that is neither late nor spoilt."""
    tables, periods = problem.tables(), problem.shape[1]
    setup, unit, holding = (np.broadcast_to(a, (1, periods))[0] for a in (tables.setup, tables.unit, tables.holding))
    best = np.inf
    for chosen in product((False, True), repeat=periods):
        orders = [k for k in range(periods) if chosen[k]]
        cost = float(setup[orders].sum())
        for t in np.flatnonzero(tables.demand[0]):
            ways = [unit[k] + holding[k:t].sum() for k in orders if t - life < k <= t]
            cost += tables.demand[0, t] * min(ways, default=np.inf)
        best = min(best, cost)
    return best


def slow_play(problem: LotSizing, quantity: FloatArray, life: int, which: Issue) -> tuple[float, float, float]:
    """(holding cost, lost, wasted) with one list of dated lots."""
    tables, periods = problem.tables(), problem.shape[1]
    holding = np.broadcast_to(tables.holding, (1, periods))[0]
    lots = [[0, float(tables.initial_stock[0, 0])]]
    held, lost, wasted = 0.0, 0.0, 0.0
    for t in range(periods):
        lots.append([t, float(quantity[t])])
        wanted = float(tables.demand[0, t])
        for lot in sorted(lots, key=lambda lot: lot[0] if which is Issue.FIFO else -lot[0]):
            sold = min(lot[1], wanted)
            lot[1] -= sold
            wanted -= sold
        lost += wanted
        wasted += sum(units for born, units in lots if born + life - 1 == t)
        lots = [lot for lot in lots if lot[0] + life - 1 > t]
        held += holding[t] * sum(units for _, units in lots)
    return held, lost, wasted


def test_no_set_of_order_periods_is_cheaper_within_the_shelf_life() -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        problem, life = random_problem(rng, int(rng.integers(1, 7))), int(rng.integers(1, 5))
        plan = shelf_life.optimal(problem, life)
        assert plan.cost[0] == pytest.approx(brute_cost(problem, life), abs=1e-9)
        played = issue.evaluate(problem, plan.quantity, life)
        assert (played.lost[0], played.wasted[0]) == (0.0, 0.0)
        assert played.cost[0] == pytest.approx(plan.cost[0], abs=1e-9)


def test_a_long_shelf_life_changes_nothing() -> None:
    rng = np.random.default_rng(2)
    for _ in range(50):
        problem = random_problem(rng, 20, stock=int(rng.integers(0, 9)))
        assert shelf_life.optimal(problem, 20).cost == pytest.approx(wagner_whitin.optimal(problem).cost, abs=1e-9)


def test_dated_stock_serves_only_while_it_lasts() -> None:
    problem = LotSizing([[2, 2, 2]], 10.0, 1.0, initial_stock=9)
    plan = shelf_life.optimal(problem, 2)
    assert plan.quantity.tolist() == [[0, 0, 2]]
    assert plan.cost[0] == 7.0 + 10.0  # 7 left after the first period; what is left after the second has spoilt
    assert issue.evaluate(problem, plan.quantity, 2).wasted.tolist() == [5.0]


@pytest.mark.parametrize("which", list(Issue))
def test_lots_are_sold_and_spoil_as_in_a_ledger_of_dated_lots(which: Issue) -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        periods, life = int(rng.integers(1, 9)), int(rng.integers(1, 6))
        problem = random_problem(rng, periods, stock=int(rng.integers(0, 9)))
        quantity = rng.integers(0, 9, (1, periods)) * rng.integers(0, 2, (1, periods))
        found = issue.evaluate(problem, quantity, life, which)
        held, lost, wasted = slow_play(problem, quantity[0], life, which)
        assert (found.holding[0], found.lost[0], found.wasted[0]) == pytest.approx((held, lost, wasted))


def test_customers_who_take_the_newest_units_waste_more() -> None:
    rng = np.random.default_rng(4)
    problem = LotSizing(np.full((1, 30), 10.0), 20.0, 0.1)
    paths = rng.poisson(10.0, (1, 200, 30))
    quantity = shelf_life.optimal(problem, 4).quantity * 1.1
    fifo, lifo = (issue.evaluate(problem, quantity, 4, which, paths) for which in (Issue.FIFO, Issue.LIFO))
    assert lifo.wasted[0] > fifo.wasted[0]
    assert lifo.lost[0] >= fifo.lost[0]


def test_waiting_demand_and_no_shelf_life_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="backlog_cost"):
        shelf_life.optimal(LotSizing([[1.0]], 1.0, 1.0, backlog_cost=1.0), 2)
    with pytest.raises(ValueError, match="at least 1"):
        shelf_life.optimal(LotSizing([[1.0]], 1.0, 1.0), 0)
