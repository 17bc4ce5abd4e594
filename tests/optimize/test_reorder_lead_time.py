"""Demand around an order: sums by family and by convolution, random sizes, lead times in sequence and crossing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import stats

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.optimize import reorder
from orderpoint.optimize.reorder import LeadTime, ReorderCosts
from orderpoint.optimize.reorder.tables import LAWS, law_of
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Distribution, Family
from orderpoint.tables.families.masses import Masses
from orderpoint.tables.series import SeriesIndex

COSTS = ReorderCosts(12.0, 1.0, 6.0)


def row(masses: Masses, i: int = 0) -> np.ndarray:
    return masses.values[masses.offsets[i] : masses.offsets[i + 1]]


@pytest.mark.parametrize("review", [1, 3])
@pytest.mark.parametrize("crossing", [False, True])
def test_sums_by_family_and_by_convolution_are_the_same(review: int, crossing: bool) -> None:
    demand = Distribution.single(Family.COUNT, [0.7, 5.0], [0.7, 11.0])
    lead = LeadTime.of([0, 2, 5], [[0.2, 0.5, 0.3], [0.0, 1.0, 0.0]], crossing=crossing)
    one, two = reorder.periodic(demand, lead, review), reorder.periodic(demand.masses(), lead, review)
    for i in range(2):
        for law in range(5):
            a, b = law_of(one.tables, law, i), law_of(two.tables, law, i)
            shared = min(len(a), len(b))
            assert a[:shared] == pytest.approx(b[:shared], abs=1e-12), LAWS[law]
            assert a[shared:].sum() + b[shared:].sum() < 1e-12


def test_a_random_span_of_a_forecast_is_the_same_mixture() -> None:
    index = SeriesIndex.of([("a", "x")])
    demand = Demand.poisson(index, Timeline(date(2024, 1, 1), Period.WEEK, 6), 4.0)
    chances = np.array([[0.0, 0.5, 0.3, 0.2]])
    later = np.array([[0.0, 0.0, 0.5, 0.3, 0.2]])
    given = reorder.spans(demand.period(0), demand.sum_over_random(chances), demand.sum_over_random(later))
    ours = reorder.periodic(Distribution.single(Family.COUNT, 4.0, 4.0), LeadTime.of([1, 2, 3], [0.5, 0.3, 0.2]))
    assert reorder.evaluate(COSTS, (12, 30), given).cost[0] == pytest.approx(
        reorder.evaluate(COSTS, (12, 30), ours).cost[0], abs=1e-9
    )


def test_orders_of_random_size_by_summing_over_the_customers() -> None:
    sizes = np.array([0.1, 0.5, 0.0, 0.4])
    for customers in (0.0, 0.3, 6.0):
        expected, part = np.zeros(200), np.ones(1)
        for n in range(60):
            expected[: len(part)] += stats.poisson(customers).pmf(n) * part
            part = np.convolve(part, sizes)[:200]
        ours = row(reorder.compound_poisson(customers, reorder.masses_of([sizes])))
        assert ours == pytest.approx(expected[: len(ours)], abs=1e-13)
        assert ours.sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("customers", [299.0, 301.0, 2500.0])
def test_thousands_of_customers_do_not_underflow(customers: float) -> None:
    ours = row(reorder.compound_poisson(customers))
    assert ours == pytest.approx(stats.poisson(customers).pmf(np.arange(len(ours))), abs=1e-13)


def test_logarithmic_sizes_make_a_negative_binomial() -> None:
    """Quenouille 1949: mean 6 and variance 15 as customers of logarithmic size."""
    ratio = 2.5
    q = 1.0 - 1.0 / ratio
    j = np.arange(1, 90)
    sizes = np.append(0.0, -(q**j) / (j * np.log1p(-q)))
    ours = row(reorder.compound_poisson(6.0 / 1.5 * np.log(ratio), reorder.masses_of([sizes / sizes.sum()])))
    assert ours == pytest.approx(stats.nbinom(6.0 / 1.5, 1 / ratio).pmf(np.arange(len(ours))), abs=1e-12)


def test_geometric_sizes_have_the_given_mean() -> None:
    tables = reorder.geometric([1.0, 4.0])
    assert row(tables).tolist() == [0.0, 1.0]
    assert row(tables, 1) @ np.arange(len(row(tables, 1))) == pytest.approx(4.0, abs=1e-10)
    assert row(tables, 1)[:3] == pytest.approx([0.0, 0.25, 0.1875])


def test_observed_demand_counts_each_observation_alike() -> None:
    tables = reorder.observed([[3, 0, 3, 1], [2]])
    assert row(tables).tolist() == [0.25, 0.25, 0.0, 0.5]
    assert row(tables, 1).tolist() == [0.0, 0.0, 1.0]


def test_units_outstanding_with_independent_lead_times_are_poisson() -> None:
    """Palm 1938: base stock, Poisson customers; only the mean lead time counts."""
    lead = LeadTime.of([0.5, 4.0], [0.6, 0.4], crossing=True)
    exposure = reorder.continuous(1.3, lead)
    ours = reorder.base_stock.evaluate(COSTS, 5, exposure)
    law = stats.poisson(1.3 * 1.9)
    assert ours.fill_rate[0] == pytest.approx(law.cdf(4), abs=1e-12)
    assert ours.backlog[0] == pytest.approx(sum((k - 5) * law.pmf(k) for k in range(6, 60)), abs=1e-12)


@pytest.mark.parametrize("review", [1, 2, 3])
def test_a_base_stock_costs_no_more_where_orders_may_cross(review: int) -> None:
    """The bound of docs/algorithms/reorder.md: terms with one common lead time are larger in convex order."""
    rng = np.random.default_rng(8)
    for _ in range(40):
        demand = reorder.masses_of([rng.dirichlet(np.ones(4))])
        chances = rng.dirichlet(np.ones(5))
        level = int(rng.integers(0, 12))
        cross, queue = (
            reorder.base_stock.evaluate(
                COSTS, level, reorder.periodic(demand, LeadTime.of(np.arange(5), chances, crossing=kind), review)
            )
            for kind in (True, False)
        )
        assert cross.cost[0] <= queue.cost[0] + 1e-9
        assert cross.on_hand[0] - cross.backlog[0] == pytest.approx(queue.on_hand[0] - queue.backlog[0], abs=1e-9)


def test_policies_without_an_exact_answer_refuse_independent_lead_times() -> None:
    lead = LeadTime.of([1, 3], [0.5, 0.5], crossing=True)
    exposure = reorder.periodic(Distribution.single(Family.COUNT, 4.0, 4.0), lead)
    for policy in (reorder.optimal, reorder.lots.optimal):
        with pytest.raises(ValueError, match="no exact answer"):
            policy(COSTS, exposure)
    for evaluate in (reorder.evaluate, reorder.lots.evaluate):
        with pytest.raises(ValueError, match="simulate"):
            evaluate(COSTS, (2, 8), exposure)


def test_a_fixed_lead_time_never_crosses() -> None:
    demand = Distribution.single(Family.COUNT, 4.0, 4.0)
    crossing = reorder.periodic(demand, LeadTime.of(2, crossing=True))
    assert not crossing.crossing
    assert reorder.optimal(COSTS, crossing).cost[0] == reorder.optimal(COSTS, reorder.periodic(demand, 2)).cost[0]


def test_what_makes_no_sense_is_refused_with_its_remedy() -> None:
    demand = Distribution.single(Family.COUNT, [1.0, 2.0], [1.0, 2.0])
    one = demand.take(np.array([0]))
    with pytest.raises(ValueError, match="whole periods"):
        reorder.periodic(demand, 1.5)
    with pytest.raises(ValueError, match="review_periods of at least 1"):
        reorder.periodic(demand, 1, 0)
    with pytest.raises(ValueError, match="as many"):
        reorder.spans(demand, one)
    with pytest.raises(ValueError, match=r"exposure\.after: expected as many"):
        reorder.spans(demand, protection=one)
    with pytest.raises(ValueError, match="rows that sum to 1"):
        LeadTime.of([1, 2], [0.5, 0.4])
    with pytest.raises(ValueError, match="at least 0"):
        LeadTime.of(-1.0)
    with pytest.raises(ValueError, match="one shape"):
        LeadTime(np.ones(2), np.ones(2))
    with pytest.raises(ValueError, match="leave out customers"):
        reorder.continuous(1.0, 1.0, reorder.masses_of([[0.5, 0.5]]))
    for bad in ([], [0.5, 0.4], [1.5, -0.5]):
        with pytest.raises(ValueError, match="sum to 1"):
            reorder.masses_of([bad])
    for bad in ([], [0.5], [-1], [np.nan]):
        with pytest.raises(ValueError, match="whole units"):
            reorder.observed([bad])
    with pytest.raises(ValueError, match="geometric"):
        reorder.geometric(0.5)
