"""One warehouse with shops: Axsater's recursion, published cases, and brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import binom, gamma, nbinom, poisson

from orderpoint.optimize.collaboration.counts import count_masses, table_length, thinned
from orderpoint.optimize.collaboration.one_warehouse import Method, OneWarehouse, evaluate, optimal
from orderpoint.optimize.newsvendor import Newsvendor
from orderpoint.tables.distribution import Distribution, Family

RATES, LEADS, PENALTIES = (0.5, 1.0, 0.3), (1.0, 2.0, 1.5), (10.0, 5.0, 20.0)
SYSTEM = OneWarehouse.single((2.0, 1.0), rate=RATES, lead_time=LEADS, holding=1.0, penalty=PENALTIES)


def axsater(hub_stock: int, shops: tuple[int, ...]) -> float:
    """Axsater (1990): the unit that a shop orders waits for the S0-th demand at the warehouse, an Erlang time."""
    total_rate = sum(RATES)

    def unit(rate: float, lead: float, penalty: float, stock: int, wait: float) -> float:
        """Expected cost of a unit that the shop's S-th demand after its order takes."""
        if stock == 0:
            return penalty * (lead + wait)
        arrives, last = lead + wait, stock / rate + 20.0 * (stock**0.5 + 1.0) / rate
        density = gamma(a=stock, scale=1.0 / rate).pdf
        held = quad(lambda t: (t - arrives) * density(t), arrives, last)[0]
        owed = quad(lambda t: (arrives - t) * density(t), 0.0, arrives)[0]
        return held + penalty * owed

    cost = 0.0
    for rate, lead, penalty, stock in zip(RATES, LEADS, PENALTIES, shops, strict=True):
        if hub_stock == 0:
            cost += rate * unit(rate, lead, penalty, stock, 2.0)
            continue
        time = gamma(a=hub_stock, scale=1.0 / total_rate)
        waits = quad(lambda t: time.pdf(t) * unit(rate, lead, penalty, stock, 2.0 - t), 0.0, 2.0, epsabs=1e-8)[0]  # noqa: B023
        cost += rate * (waits + time.sf(2.0) * unit(rate, lead, penalty, stock, 0.0))
    units = np.arange(60)
    return cost + float(np.maximum(hub_stock - units, 0) @ poisson.pmf(units, 2.0 * total_rate))


@pytest.mark.parametrize(("hub_stock", "shops"), [(0, (2, 4, 2)), (3, (2, 4, 1)), (5, (1, 3, 0))])
def test_the_exact_cost_is_that_of_the_recursion_of_axsater_1990(hub_stock: int, shops: tuple[int, ...]) -> None:
    assert evaluate(SYSTEM, hub_stock, shops).cost[0] == pytest.approx(axsater(hub_stock, shops), rel=1e-6)


def test_without_stock_at_the_warehouse_every_method_is_exact() -> None:
    # All orders wait for the whole lead time, so the units on order of a shop are Poisson over both lead times.
    costs = [evaluate(SYSTEM, 0, (2, 4, 2), method).cost[0] for method in Method]
    assert np.ptp(costs) < 1e-9
    units = np.arange(60)
    expected = 0.0
    for rate, lead, penalty, stock in zip(RATES, LEADS, PENALTIES, (2, 4, 2), strict=True):
        chance = poisson.pmf(units, rate * (lead + 2.0))
        expected += float((np.maximum(stock - units, 0) + penalty * np.maximum(units - stock, 0)) @ chance)
    assert costs[0] == pytest.approx(expected, rel=1e-9)


def test_with_endless_stock_at_the_warehouse_each_shop_is_a_newsvendor() -> None:
    found = evaluate(SYSTEM, 80, (2, 4, 2))
    demand = Distribution.single(Family.COUNT, np.array(RATES) * LEADS, np.array(RATES) * LEADS)
    own = Newsvendor(1.0, np.array(PENALTIES)).evaluate(demand, (2, 4, 2)).sum()
    assert found.waiting[0] < 1e-9
    assert found.cost[0] == pytest.approx(own + 80.0 - 2.0 * sum(RATES), rel=1e-9)


def by_enumeration(system: OneWarehouse, method: Method) -> float:
    """The least cost over all small base stocks: as many systems as there are choices, in one call."""
    shops = len(system.rate)
    choices = np.array(list(itertools.product(range(9), *[range(7)] * shops)))
    names = ("rate", "lead_time", "holding", "penalty", "dispersion")
    copies = OneWarehouse(
        np.arange(len(choices) + 1, dtype=np.int64) * shops,
        np.repeat(system.warehouse_lead_time, len(choices)),
        np.repeat(system.warehouse_holding, len(choices)),
        **{name: np.tile(getattr(system, name), len(choices)) for name in names},
    )
    return float(evaluate(copies, choices[:, 0], choices[:, 1:].ravel(), method).cost.min())


def random_system(rng: np.random.Generator, *, dispersed: bool) -> OneWarehouse:
    shops = int(rng.integers(1, 3))
    return OneWarehouse.single(
        (rng.uniform(0.2, 2.0), rng.uniform(0.3, 1.5)),
        rate=rng.uniform(0.1, 0.7, shops),
        lead_time=rng.uniform(0.0, 1.5, shops),
        holding=rng.uniform(0.5, 1.5, shops),
        penalty=rng.uniform(1.0, 9.0, shops),
        dispersion=rng.uniform(1.0, 1.5, shops) if dispersed else 1.0,
    )


@pytest.mark.parametrize("method", Method, ids=lambda m: m.name.lower())
def test_the_optimum_is_the_best_of_all_base_stocks_by_enumeration(method: Method) -> None:
    rng = np.random.default_rng(20 + method)
    for _ in range(200):
        system = random_system(rng, dispersed=method is Method.TWO_MOMENT)
        found = optimal(system, method)
        assert found.cost[0] <= by_enumeration(system, method) + 1e-9
        assert found.cost[0] == pytest.approx(evaluate(system, found.warehouse, found.shop, method).cost[0])


def test_two_moments_are_nearer_to_the_exact_cost_than_one() -> None:
    rng = np.random.default_rng(5)
    errors = np.zeros((60, 2))
    for row in errors:
        system = random_system(rng, dispersed=False)
        exact = optimal(system)
        for k, method in enumerate((Method.METRIC, Method.TWO_MOMENT)):
            chosen = optimal(system, method)
            row[k] = evaluate(system, chosen.warehouse, chosen.shop).cost[0] / exact.cost[0] - 1.0
    assert (errors > -1e-9).all()
    assert errors[:, 1].mean() <= errors[:, 0].mean()
    assert errors[:, 1].mean() < 0.002


def test_strides_find_nearly_the_same_as_looking_at_every_level() -> None:
    rng = np.random.default_rng(6)
    for _ in range(20):
        system = OneWarehouse.single(
            (rng.uniform(5, 20), 1.0), rate=rng.uniform(1, 4, 3), lead_time=2.0, holding=1.2, penalty=9.0
        )
        whole, quick = optimal(system, Method.TWO_MOMENT), optimal(system, Method.TWO_MOMENT, most_levels=12)
        assert whole.cost[0] <= quick.cost[0] <= 1.01 * whole.cost[0]


def test_many_warehouses_in_one_call_are_the_same_as_one_by_one() -> None:
    rng = np.random.default_rng(7)
    single = [random_system(rng, dispersed=False) for _ in range(20)]
    sizes = [len(s.rate) for s in single]
    names = ("warehouse_lead_time", "warehouse_holding", "rate", "lead_time", "holding", "penalty", "dispersion")
    together = OneWarehouse(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        **{name: np.concatenate([getattr(s, name) for s in single]) for name in names},
    )
    found = optimal(together)
    assert np.array_equal(found.cost, [optimal(s).cost[0] for s in single])
    assert np.array_equal(found.shop, np.concatenate([optimal(s).shop for s in single]))


@pytest.mark.parametrize(("mean", "variance"), [(0.0, 0.0), (0.3, 0.3), (7.0, 7.0), (40.0, 90.0), (3.0, 30.0)])
def test_a_table_of_counts_is_poisson_or_negative_binomial(mean: float, variance: float) -> None:
    masses = count_masses(mean, variance, table_length(mean, variance))
    k = np.arange(len(masses))
    if variance > mean:
        expected = nbinom.pmf(k, mean**2 / (variance - mean), mean / variance)
    else:
        expected = poisson.pmf(k, mean)
    assert np.allclose(masses, expected, atol=1e-10)


def test_a_thinned_count_keeps_each_unit_by_chance() -> None:
    masses = count_masses(4.0, 7.0, 60)
    slow = sum(chance * binom.pmf(np.arange(60), b, 0.3) for b, chance in enumerate(masses))
    assert np.allclose(thinned(masses, 0.3), slow, atol=1e-14)


def test_wide_demand_is_refused_where_the_method_is_exact_for_poisson_only() -> None:
    system = OneWarehouse.single((1.0, 1.0), rate=[1.0], lead_time=1.0, holding=1.0, penalty=2.0, dispersion=2.0)
    with pytest.raises(ValueError, match="TWO_MOMENT"):
        optimal(system)
    with pytest.raises(ValueError, match="whole units"):
        evaluate(SYSTEM, 1.5, 1.0)
