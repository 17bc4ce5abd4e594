"""Lost sales with a lead time: published optima, a plain twin on random systems, and rules for any lead time."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from orderpoint.optimize import lost_sales
from orderpoint.optimize.lost_sales import LostSales, search
from orderpoint.optimize.lost_sales.arrival import stock_at_arrival
from orderpoint.tables.distribution import Distribution, Family
from tests.optimize.lost_sales_twin import plain_law, plain_optimum

ZIPKIN_2008 = {
    (1, 4): 4.041, (2, 4): 4.395, (3, 4): 4.599, (4, 4): 4.729,
    (1, 9): 5.438, (2, 9): 6.094, (3, 9): 6.531, (4, 9): 6.836,
    (1, 19): 6.676, (2, 19): 7.664, (3, 19): 8.363, (4, 19): 8.887,
    (1, 39): 7.836, (2, 39): 9.106, (3, 39): 10.038, (4, 39): 10.794,
}  # fmt: skip
"""(lead time, cost of a unit lost) -> least cost of a period; Poisson 5, holding 1."""
SYSTEMS = 220


def poisson(mean: float) -> NDArray[np.float64]:
    return Distribution.single(Family.COUNT, mean, mean).masses().values


def zipkin(lead_time: int, lost: float) -> LostSales:
    return LostSales(poisson(5.0), lead_time, 1.0, lost)


def random_system(rng: np.random.Generator) -> LostSales:
    """Demand of at most 3 units, a lead time of at most 2 periods, every third with lots or a fixed cost."""
    f = rng.dirichlet(np.ones(rng.integers(2, 5)))
    lead = int(rng.integers(0, 3))
    system = LostSales(f, lead, rng.uniform(0.2, 2.0), rng.uniform(3.0, 12.0), unit_cost=rng.uniform(0.0, 2.0))
    if rng.random() < 1.0 / 3.0:
        fixed = rng.uniform(0.0, 4.0) * (rng.random() < 0.7)
        return replace(system, order_cost=fixed, pack=int(rng.integers(1, 3)), least=int(rng.integers(1, 4)))
    return system


@pytest.mark.parametrize(("lead_time", "lost"), [pair for pair in ZIPKIN_2008 if pair[0] <= 3])
def test_the_least_cost_is_that_of_zipkin_2008(lead_time: int, lost: int) -> None:
    found = lost_sales.optimum(zipkin(lead_time, lost))
    assert found.cost == pytest.approx(ZIPKIN_2008[lead_time, lost], abs=0.001)
    assert found.lower <= found.cost <= found.upper <= found.lower * (1 + 1e-6)


@pytest.mark.proof
@pytest.mark.parametrize("lost", [4, 9, 19, 39])
def test_the_least_cost_is_that_of_zipkin_2008_at_four_periods(lost: int) -> None:
    assert lost_sales.optimum(zipkin(4, lost)).cost == pytest.approx(ZIPKIN_2008[4, lost], abs=0.001)


def test_the_optimum_is_that_of_a_plain_walk_over_all_states_and_orders() -> None:
    rng = np.random.default_rng(11)
    for _ in range(SYSTEMS):
        system = random_system(rng)
        most = 3 * (len(system.demand) - 1) * (1 if system.is_plain else 2)
        top = (system.lead_time + 1) * (len(system.demand) - 1) + (0 if system.is_plain else 8)
        found = lost_sales.optimum(system, 1e-9)
        assert found.cost == pytest.approx(plain_optimum(system, min(most, top), top), rel=1e-6), system


def test_what_the_optimum_orders_costs_what_it_says() -> None:
    rng = np.random.default_rng(12)
    for _ in range(60):
        system = random_system(rng)
        found = lost_sales.optimum(system, 1e-9)
        order = {tuple(state): q for state, q in zip(found.states.tolist(), found.orders, strict=True)}

        def policy(states: NDArray[np.int64], order: dict[tuple[int, ...], int] = order) -> NDArray[np.int64]:
            return np.array([order.get(tuple(state), 0) for state in states.tolist()])

        assert lost_sales.evaluate(system, policy, 1e-9).cost == pytest.approx(found.cost, rel=1e-7)


def test_no_rule_costs_less_than_the_optimum_and_a_long_run_costs_what_the_chain_says() -> None:
    rng = np.random.default_rng(13)
    for mean in (0.7, 2.0, 4.0):
        system = LostSales(poisson(mean), int(rng.integers(1, 4)), 1.0, float(rng.uniform(3.0, 20.0)))
        least = lost_sales.optimum(system).lower
        level = system.newsvendor(system.lead_time + 1)
        rules = [lost_sales.capped(system, level), lost_sales.capped(system, level, int(mean) + 1)]
        rules += [lost_sales.projected(system, 1.5 * mean), lost_sales.window(system), lost_sales.window(system, 1.0)]
        demand = lost_sales.Run(200_000).demand(system)
        for rule in rules:
            exact = lost_sales.evaluate(system, rule).cost
            mean_cost, error = lost_sales.simulated(rule, demand)
            assert exact >= least - 1e-9
            assert abs(mean_cost - exact) < 5.0 * error, rule


def test_the_stock_at_arrival_is_that_of_every_run_of_demands() -> None:
    rng = np.random.default_rng(14)
    for _ in range(50):
        lead_time = int(rng.integers(0, 5))
        f = rng.dirichlet(np.ones(rng.integers(2, 5)))
        state = rng.integers(0, 5, max(lead_time, 1))
        law = stock_at_arrival(f, state, lead_time)
        assert law == pytest.approx(plain_law(f, tuple(state.tolist()), lead_time)[: len(law)], abs=1e-12)
        assert law.sum() == pytest.approx(1.0)


def worst_gap(lead_times: tuple[int, ...]) -> tuple[float, float]:
    """(mean, worst) gap of the patient window to the published optima, in percent."""
    gaps = []
    for lead_time, lost in ZIPKIN_2008:
        if lead_time in lead_times:
            system = zipkin(lead_time, lost)
            gaps.append(100.0 * (search.exactly(lost_sales.window(system)) / lost_sales.optimum(system).cost - 1.0))
    return float(np.mean(gaps)), max(gaps)


def test_the_patient_window_is_within_a_fifth_of_a_percent_of_the_least_cost() -> None:
    mean, worst = worst_gap((1, 2, 3))
    assert mean <= 0.1
    assert worst <= 0.2


@pytest.mark.proof
def test_the_patient_window_is_within_a_fifth_of_a_percent_at_four_periods() -> None:
    assert worst_gap((4,))[1] <= 0.2


def test_the_best_capped_base_stock_is_that_of_a_full_search() -> None:
    system = zipkin(1, 4)
    costs = {
        (level, cap): search.exactly(lost_sales.capped(system, level, cap))
        for level in range(8, 16)
        for cap in (5, 6, 7, 8, np.inf)
    }
    found = search.best_capped(system, search.exactly)
    assert found.cost == pytest.approx(min(costs.values()), rel=1e-6)


@pytest.mark.parametrize("lead_time", [6, 15])
def test_with_a_long_lead_time_the_best_rule_beats_capped_base_stock_and_the_constant_order(lead_time: int) -> None:
    system = LostSales(poisson(3.0), lead_time, 1.0, 9.0)
    cost = search.on_run(system, lost_sales.Run(8_000))
    found = search.best(system, cost)
    capped = search.best_capped(system, cost)
    assert found.cost <= capped.cost
    assert capped.cost <= min(search.best_base_stock(system, cost).cost, search.best_constant(system, cost).cost)


@pytest.mark.parametrize("lost", [1.0, 3.0])
def test_where_a_lost_unit_is_cheap_patience_ends_and_the_window_keeps_up_with_the_best_capped_base_stock(
    lost: float,
) -> None:
    # sqrt(1 + L / 2) alone costs 5 % and more beyond it here.
    demand = Distribution.single(Family.COUNT, 4.0, 12.0).masses().values
    system = LostSales(demand, 25, 1.0, lost)
    cost = search.on_run(system, lost_sales.Run(4_000))
    capped = search.best_capped(system, cost).cost
    assert cost(lost_sales.window(system)) < 1.01 * capped
    assert cost(lost_sales.window(system, 13.5**0.5)) > 1.04 * capped


def test_patience_is_the_lesser_of_what_lead_time_and_costs_ask_for() -> None:
    assert lost_sales.patience([0.0, 2.0, 4.0]) == pytest.approx([1.0, 2.0**0.5, 3.0**0.5])
    assert lost_sales.patience(30.0, [1.0, 4.0, 1e9]) == pytest.approx([1.57, 2.14, 4.0])
    assert (lost_sales.patience([1.0, 2.0, 4.0], 2.0) == lost_sales.patience([1.0, 2.0, 4.0])).all()


def test_the_best_cap_is_found_far_below_the_mean_demand_where_a_lost_unit_is_cheap() -> None:
    demand = Distribution.single(Family.COUNT, 4.0, 20.0).masses().values
    system = LostSales(demand, 8, 1.0, 1.0)
    cost = search.on_run(system, lost_sales.Run(4_000))
    every = {(s, cap): cost(lost_sales.capped(system, s, cap)) for s in range(36) for cap in range(7)}
    assert search.best_capped(system, cost).cost <= 1.001 * min(every.values())
    assert min(every, key=lambda pair: every[pair])[1] < system.mean / 2.0


def test_the_law_of_a_long_lead_time_is_that_of_a_plain_loop() -> None:
    f, lead_time = poisson(3.0), 25
    state = np.random.default_rng(15).integers(0, 7, lead_time)
    law = np.zeros(state.sum() + 1)
    law[state[0]] = 1.0
    for k in range(lead_time):
        after = np.zeros_like(law)
        for x, d in product(range(len(law)), range(len(f))):
            after[max(x - d, 0)] += law[x] * f[d]
        law = np.roll(after, state[k + 1]) if k + 1 < lead_time else after
    found = stock_at_arrival(f, state, lead_time)
    assert found == pytest.approx(law[: len(found)], abs=1e-12)
    assert law[len(found) :].sum() < 1e-12


def test_with_lots_or_a_fixed_cost_orders_are_lots_and_rarer() -> None:
    system = LostSales(poisson(2.0), 1, 1.0, 9.0)
    lots = lost_sales.optimum(replace(system, pack=3, least=4))
    fixed = lost_sales.optimum(replace(system, order_cost=10.0))
    assert set(np.unique(lots.orders)) <= {0, 6, 9, 12, 15, 18}
    assert lots.cost > lost_sales.optimum(system).cost
    assert fixed.orders.max() > lost_sales.optimum(system).orders.max()


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"demand": np.array([0.5, 0.4])}, "sum to 1"),
        ({"demand": np.array([1.0])}, "positive mean"),
        ({"lead_time": -1}, "lead_time"),
        ({"holding_cost": 0.0}, "holding_cost"),
        ({"unit_cost": 9.0}, "more than the unit cost"),
        ({"pack": 0}, "pack"),
    ],
)
def test_a_system_without_sense_is_refused(fields: dict[str, object], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        replace(zipkin(1, 9), **fields)


def test_what_cannot_be_counted_or_bounded_is_refused_with_a_remedy() -> None:
    with pytest.raises(ValueError, match=r"lost_sales\.search"):
        lost_sales.optimum(zipkin(12, 9))
    with pytest.raises(ValueError, match="highest position"):
        lost_sales.evaluate(zipkin(1, 9), lambda states: np.full(len(states), 2))
    with pytest.raises(ValueError, match="lots"):
        lost_sales.evaluate(replace(zipkin(1, 9), pack=2), lambda states: np.where(states[:, 0] < 3, 3, 0))
    with pytest.raises(ValueError, match="optimum"):
        lost_sales.window(replace(zipkin(1, 9), order_cost=5.0))
