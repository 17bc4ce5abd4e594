"""One budget over many lines, and limits that contradict each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderpoint.optimize.limits.budget import allocate
from orderpoint.optimize.limits.conflicts import Conflict, conflicts
from orderpoint.optimize.limits.curves import Curves
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.testing.policy_contract import value_of
from orderpoint.testing.small_shop import SmallShop

steps = st.lists(st.tuples(st.integers(1, 20), st.integers(-5, 60)), min_size=3, max_size=3)


def curves_of(lines: list[list[tuple[int, int]]]) -> Curves:
    """Any choices, not only concave ones: steps of money, and a saving at each."""
    money = np.array([[0, *np.cumsum([m for m, _ in line])] for line in lines], float)
    saving = np.array([[0, *(s for _, s in line)] for line in lines], float)
    return Curves(money, saving, np.ones(len(lines), np.bool_))


def best_of_all(curves: Curves, budget: float) -> float:
    """The greatest saving within the budget by trying every combination."""
    n, columns = curves.money.shape
    rows = np.arange(n)
    found = [
        curves.saving[rows, list(choice)].sum()
        for choice in product(range(columns), repeat=n)
        if curves.money[rows, list(choice)].sum() <= budget
    ]
    return float(max(found))


@given(st.lists(steps, min_size=1, max_size=4), st.integers(0, 120))
def test_never_over_the_budget_and_the_gap_is_certified(lines: list[list[tuple[int, int]]], budget: int) -> None:
    curves = curves_of(lines)
    shared = allocate(curves, float(budget))
    rows = np.arange(len(lines))
    assert curves.money[rows, shared.choice].sum() <= budget
    saved, best = curves.saving[rows, shared.choice].sum(), best_of_all(curves, budget)
    assert saved <= best
    assert saved >= best * (1 - shared.gap) - 1e-9
    assert 0 <= shared.gap <= 1


@given(st.lists(steps, min_size=1, max_size=4))
def test_a_budget_that_binds_nothing_gives_every_line_its_best(lines: list[list[tuple[int, int]]]) -> None:
    curves = curves_of(lines)
    shared = allocate(curves, 1e9)
    assert curves.saving[np.arange(len(lines)), shared.choice] == pytest.approx(curves.saving.max(axis=1))
    assert shared.gap == pytest.approx(0)
    assert (shared.shadow_price == 0).all()


def test_the_bound_also_holds_for_choices_between_the_columns() -> None:
    # 40 units at 1 each, saving 40 q - q^2 / 2; the curve shows every fourth: the certified best must cover the others.
    full = np.arange(41.0)
    saving = 40 * full - full**2 / 2
    shown = np.array([0, 1, 2, *range(6, 41, 4)])
    whole = Curves(np.stack([full] * 2), np.stack([saving] * 2), np.ones(2, np.bool_))
    coarse = Curves(np.stack([full[shown]] * 2), np.stack([saving[shown]] * 2), np.zeros(2, np.bool_))
    for budget in range(3, 80, 7):
        shared = allocate(coarse, float(budget))
        saved = coarse.saving[np.arange(2), shared.choice].sum()
        assert saved >= best_of_all(whole, budget) * (1 - shared.gap) - 1e-9


def test_money_goes_where_it_earns_most() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 10.0), stockout=(1.0, 5.0), unit_cost=5).build()
    policy = MinCost(Sampling(paths=512))
    whole = value_of(snapshot, policy.decide(snapshot, demand))
    cut = policy.decide(replace(snapshot, budget=0.4 * whole), demand)
    assert 0 < value_of(snapshot, cut) <= 0.4 * whole
    assert cut.quantity[1] > 0
    assert cut.quantity[0] < cut.quantity[1]
    assert cut.shadow_price[0] > 0
    assert 0 <= cut.gap < 0.05


def test_limits_that_contradict_each_other_are_named() -> None:
    shop = SmallShop(mean=(1.0,) * 4, min_stock=(0, 50, 0, 0), max_stock=(9, 20, np.inf, 4), moq=(1, 1, 9, 5))
    snapshot, _ = replace(shop, max_quantity=(np.inf, np.inf, 8, np.inf)).build()
    assert conflicts(snapshot) == (
        Conflict(1, ("min_stock", "max_stock")),
        Conflict(2, ("moq", "max_quantity")),
        Conflict(3, ("moq", "max_stock")),
    )


def test_curves_are_checked() -> None:
    with pytest.raises(ValueError, match="ascending"):
        Curves(np.array([[0.0, 2.0, 1.0]]), np.zeros((1, 3)), np.ones(1, np.bool_))
