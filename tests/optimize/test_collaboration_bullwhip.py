"""Shared information beside each for himself: Chen, Drezner, Ryan and Simchi-Levi (2000), and the money."""

from __future__ import annotations

import numpy as np
import pytest

from orderpoint.optimize.collaboration.bullwhip import Chain, order_variance, side_by_side, variance_bound


def chain(*, safety: float = 0.0, window: int = 8) -> Chain:
    return Chain(np.array([1, 2, 1]), np.array([1.0, 0.5, 0.25]), 9.0, window, safety)


@pytest.mark.parametrize(("L", "p", "ratio"), [(2, 5, 2.12), (1, 4, 1.625), (4, 10, 2.12), (3, 3, 5.0)])
def test_one_stage_has_the_bound_of_chen_et_al_2000(L: int, p: int, ratio: float) -> None:  # noqa: N803 - their symbol
    # 1 + 2 L / p + 2 L^2 / p^2
    assert variance_bound([L], p, shared=True)[0] == pytest.approx(ratio)
    assert variance_bound([L], p, shared=False)[0] == pytest.approx(ratio)
    assert order_variance([L], p, shared=False)[0] == pytest.approx(ratio)


def test_alone_the_variance_multiplies_and_shared_it_adds() -> None:
    alone, shared = (variance_bound([2, 3, 2], 8, shared=s) for s in (False, True))
    assert alone[2] == pytest.approx(1.625 * (1 + 6 / 8 + 18 / 64) * 1.625)
    assert shared[2] == pytest.approx(1 + 14 / 8 + 98 / 64)
    assert (alone[1:] > shared[1:]).all()
    assert (order_variance([2, 3, 2], 8, shared=False) >= alone - 1e-12).all()


def test_played_orders_vary_as_the_theory_says_for_demand_that_never_makes_an_order_negative() -> None:
    demand = np.random.default_rng(0).normal(1000.0, 20.0, (30, 1500))
    played = side_by_side(chain(), demand)
    protection = [2, 3, 2]
    assert np.allclose(played.alone.variance_ratio, order_variance(protection, 8, shared=False), rtol=0.03)
    assert np.allclose(played.shared.variance_ratio, order_variance(protection, 8, shared=True), rtol=0.03)


def test_a_longer_average_calms_the_chain() -> None:
    demand = np.random.default_rng(1).poisson(20.0, (20, 800)).astype(float)
    ratios = [side_by_side(chain(window=p), demand).alone.variance_ratio[-1] for p in (4, 8, 16)]
    assert ratios == sorted(ratios, reverse=True)


def test_sharing_calms_the_chain_and_saves_money() -> None:
    demand = np.random.default_rng(2).poisson(20.0, (30, 1500)).astype(float)
    played = side_by_side(chain(safety=1.5), demand)
    assert (played.shared.variance_ratio[1:] < played.alone.variance_ratio[1:]).all()
    assert played.shared.cost < played.alone.cost
    assert played.saved == pytest.approx(1.0 - played.shared.cost / played.alone.cost)


def test_the_compiled_play_is_the_plain_one() -> None:
    chosen = chain(safety=1.0, window=4)
    demand = np.random.default_rng(3).poisson(6.0, (1, 60)).astype(float)
    for shared, played in zip((False, True), _both(chosen, demand), strict=True):
        orders, held, owed = plain_play(chosen, demand[0], shared=shared)
        counted = orders[:, 20:]
        assert np.allclose(played.variance_ratio, counted.var(axis=1) / demand[0, 20:].var())
        assert np.allclose(played.holding, held[:, 20:].mean(axis=1) * chosen.holding)
        assert played.shortage == pytest.approx(owed[20:].mean() * chosen.penalty)


def _both(chosen: Chain, demand: np.ndarray):  # noqa: ANN202 - two of them
    played = side_by_side(chosen, demand)
    return played.alone, played.shared


def plain_play(chosen: Chain, demand: np.ndarray, *, shared: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(orders, stock, customers' wait) of each stage and period, with lists of shipments and no tricks."""
    stages, periods = len(chosen.lead), len(demand)
    mean = demand.mean()
    stock = [mean * (lead + 1.0) for lead in chosen.lead]
    unfilled = [0.0] * stages
    arrivals = [[0.0] * (periods + 10) for _ in range(stages)]
    seen = [[mean] * chosen.window for _ in range(stages)]
    orders, held, owed = np.zeros((stages, periods)), np.zeros((stages, periods)), np.zeros(periods)
    for t in range(periods):
        for k in range(stages):
            stock[k] += arrivals[k][t]
        asked = 0.0
        for k in range(stages):
            if not shared and k > 0:
                seen[k] = [*seen[k][1:], asked]
            cover = list(range(k + 1)) if shared else [k]
            days = sum(int(chosen.lead[j]) + 1 for j in cover)
            position = sum(stock[j] + sum(arrivals[j][t + 1 :]) for j in cover) + unfilled[k]
            position -= 0.0 if shared or k == 0 else unfilled[k - 1]
            numbers = np.array(seen[0] if shared else seen[k])
            level = days * numbers.mean() + chosen.safety * numbers.std() * days**0.5
            orders[k, t] = max(level - position, 0.0)
            unfilled[k] += orders[k, t]
            asked = orders[k, t]
        for k in reversed(range(stages)):
            moved = unfilled[k] if k + 1 == stages else min(unfilled[k], max(stock[k + 1], 0.0))
            if k + 1 < stages:
                stock[k + 1] -= moved
            unfilled[k] -= moved
            if chosen.lead[k] == 0:
                stock[k] += moved
            else:
                arrivals[k][t + int(chosen.lead[k])] += moved
        stock[0] -= demand[t]
        seen[0] = [*seen[0][1:], float(demand[t])]
        owed[t] = max(-stock[0], 0.0)
        held[:, t] = np.maximum(stock, 0.0)
    return orders, held, owed


def test_a_window_of_one_and_a_play_without_an_end_are_refused() -> None:
    with pytest.raises(ValueError, match="window"):
        chain(window=1)
    with pytest.raises(ValueError, match="play more"):
        side_by_side(chain(), np.ones((1, 10)), warm_up=9)
