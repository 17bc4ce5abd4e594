"""The newsvendor from observations: Kaplan and Meier's example, plain counting, and what sold-out days cannot tell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderpoint.optimize import newsvendor_samples as samples
from orderpoint.optimize.newsvendor import Newsvendor
from orderpoint.optimize.newsvendor_samples import SampledDemand


def survival(values: list[float], censored: list[bool], x: float) -> float:
    """P(D > x) by the product over observed values, as the definition says."""
    left = 1.0
    for y in sorted({v for v, c in zip(values, censored, strict=True) if not c and v <= x}):
        seen = sum(v == y and not c for v, c in zip(values, censored, strict=True))
        left *= 1.0 - seen / (seen + sum(v > y for v in values))
    return left


def test_kaplan_and_meier_1958_example_of_eight_observations() -> None:
    """Seen at 0.8, 3.1, 5.4, 9.2, lost at 1.0, 2.7, 7.0, 12.1: survival 0.875, 0.7, 0.525, 0.2625."""
    values = [0.8, 1.0, 2.7, 3.1, 5.4, 7.0, 9.2, 12.1]
    lost = [False, True, True, False, False, True, False, True]
    demand = SampledDemand.of([values], [lost])
    for share, best in [(0.1, 0.8), (0.125, 0.8), (0.126, 3.1), (0.3, 3.1), (0.475, 5.4), (0.7375, 9.2)]:
        ours = samples.optimal(Newsvendor(1.0 - share, share), demand)
        assert (ours.quantity[0], ours.identified[0]) == (best, True)
        assert ours.known_share[0] == pytest.approx(1.0 - 0.2625, abs=1e-12)
    beyond = samples.optimal(Newsvendor(0.2, 0.8), demand)
    assert (beyond.quantity[0], beyond.identified[0]) == (12.1, False)


def test_without_sold_out_days_it_is_the_quantile_of_the_sample() -> None:
    """250 random samples, every observed quantity tried."""
    rng = np.random.default_rng(2)
    rows = [rng.poisson(rng.uniform(0.5, 20), rng.integers(1, 30)).astype(float) for _ in range(250)]
    h, p = rng.uniform(0.2, 2, 250), rng.uniform(0.2, 20, 250)
    ours = samples.optimal(Newsvendor(h, p), SampledDemand.of(list(rows)))
    assert ours.identified.all()
    for i, row in enumerate(rows):
        costs = {q: (h[i] * np.maximum(q - row, 0) + p[i] * np.maximum(row - q, 0)).mean() for q in sorted({0.0, *row})}
        assert ours.cost[i] == pytest.approx(min(costs.values()), abs=1e-10)
        assert costs[ours.quantity[i]] == pytest.approx(ours.cost[i], abs=1e-10)


def test_sold_out_days_by_the_product_of_the_definition() -> None:
    """250 random samples with ties and sold-out days."""
    rng = np.random.default_rng(6)
    for _ in range(250):
        values = rng.integers(0, 9, rng.integers(1, 14)).astype(float).tolist()
        lost = (rng.random(len(values)) < 0.4).tolist()
        ratio = float(rng.uniform(0.05, 0.95))
        ours = samples.optimal(Newsvendor(1.0 - ratio, ratio), SampledDemand.of([values], [lost]))
        reached = [v for v in sorted(values) if 1.0 - survival(values, lost, v) >= ratio]
        assert ours.identified[0] == bool(reached)
        assert ours.quantity[0] == (reached[0] if reached else max(values))
        assert ours.known_share[0] == pytest.approx(1.0 - survival(values, lost, np.inf), abs=1e-12)


def test_the_cost_of_a_given_quantity_counts_unseen_demand_as_the_largest_sale() -> None:
    demand = SampledDemand.of([[1.0, 3.0, 4.0, 6.0]], [[False, False, True, True]])
    newsvendor = Newsvendor(1.0, 4.0)
    # a quarter each at 1 and 3, half beyond: at least 6
    for quantity, cost in [(0.0, 0.25 * 4 + 0.25 * 12 + 0.5 * 24), (5.0, 0.25 * 4 + 0.25 * 2 + 0.5 * 4), (8.0, 3.0)]:
        assert samples.evaluate(newsvendor, demand, quantity)[0] == pytest.approx(cost, abs=1e-12)
    ours = samples.optimal(newsvendor, demand)
    assert not ours.identified[0]
    assert ours.cost[0] == pytest.approx(samples.evaluate(newsvendor, demand, 6.0)[0], abs=1e-12)


def test_days_that_sold_out_raise_what_is_bought() -> None:
    values = [2.0, 3.0, 5.0, 5.0, 8.0]
    plain = samples.optimal(Newsvendor(1.0, 1.5), SampledDemand.of([values]))
    told = samples.optimal(Newsvendor(1.0, 1.5), SampledDemand.of([values], [[False, False, True, True, False]]))
    assert (plain.quantity[0], told.quantity[0]) == (5.0, 8.0)


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=25), st.floats(0.05, 20))
def test_more_to_lose_never_buys_less(days: list[tuple[int, bool]], p: float) -> None:
    demand = SampledDemand.of([[d for d, _ in days]] * 2, [[c for _, c in days]] * 2)
    ours = samples.optimal(Newsvendor(1.0, np.array([p, 1.5 * p])), demand)
    assert ours.quantity[0] <= ours.quantity[1]
    assert ours.identified[0] >= ours.identified[1]


def test_what_was_never_observed_is_refused() -> None:
    with pytest.raises(ValueError, match="never observed"):
        SampledDemand.of([[1.0], []])
    with pytest.raises(ValueError, match=r"samples\.values"):
        SampledDemand.of([[-1.0]])
    with pytest.raises(ValueError, match=r"samples\.censored"):
        SampledDemand.of([[1.0, 2.0]], [[True]])
    with pytest.raises(ValueError, match=r"samples\.quantity"):
        samples.evaluate(Newsvendor(1.0, 1.0), SampledDemand.of([[1.0]]), np.nan)
