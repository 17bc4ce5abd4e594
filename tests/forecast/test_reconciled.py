"""The reconciled forecaster: the contract, what it changes, and where it leaves things alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from orderpoint.forecast.hierarchy import Reconciled, tree_of
from orderpoint.forecast.hierarchy.above import above
from orderpoint.forecast.hierarchy.both import Trust, agree
from orderpoint.forecast.hierarchy.nodes import correlations, sums_of_groups
from orderpoint.forecast.hierarchy.origins import Origin, doubts
from orderpoint.forecast.hierarchy.proof import prove
from orderpoint.forecast.newitems import WithLaunches
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.forecast.smoothing import SimpleSmoothing
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Override
from orderpoint.tables.sales import State
from orderpoint.testing.forecaster_contract import ForecasterContract, check_distribution, same
from tests.forecast.builders import FIRST, known_of, sales_of

SPAN = 5
PLACES = tuple(f"p{k}" for k in range(8))


def smoothed(span: int = SPAN) -> Reconciled:
    return Reconciled(SimpleSmoothing(0.1), span, top=SimpleSmoothing(0.1))


class TestContract(ForecasterContract):
    def forecaster(self) -> Any:
        return smoothed(20)  # four origins


@pytest.mark.proof
class TestContractOfThePortfolio(ForecasterContract):
    def forecaster(self) -> Any:
        return Reconciled(WithLaunches(Portfolio(span=20)), 20)


def slow_shop(items: int = 12, periods: int = 100) -> Any:
    """Items that sell alike at eight places, in waves that all places share, too little to be seen at one."""
    rng = np.random.default_rng(3)
    waves = np.exp(0.6 * np.sin(np.arange(periods) / 15.0 + rng.uniform(0, 6, (items, 1))))
    rate = np.repeat(0.6 * waves, len(PLACES), axis=0)
    return sales_of(rng.poisson(rate), places=PLACES), rate


def test_where_groups_know_more_it_is_nearer_to_the_truth() -> None:
    sales, rate = slow_shop()
    known = known_of(sales)
    restless = SimpleSmoothing(0.8)  # follows every sale of a single place
    fitted = Reconciled(restless, SPAN, top=SimpleSmoothing(0.2)).fit(sales, known)
    alone, together = (f.demand(SPAN, known) for f in (restless.fit(sales, known), fitted))
    assert fitted.proof.acts
    by_item = [(d.mean[:, 0] - rate[:, -1]).reshape(-1, len(PLACES)).sum(axis=1) for d in (alone, together)]
    wrong = [float((miss**2).sum()) for miss in by_item]
    assert wrong[1] < 0.95 * wrong[0], wrong
    assert np.array_equal(together.family, alone.family)
    assert (together.level_cv2 <= alone.level_cv2).all()
    assert (together.level_cv2 < alone.level_cv2).any()
    check_distribution(together, sales, SPAN)


def test_where_groups_know_less_nothing_changes_to_the_bit() -> None:
    rng = np.random.default_rng(4)
    sales = sales_of(rng.poisson(20.0, (6, 100)))
    known = known_of(sales)
    base = SimpleSmoothing(0.05)
    fitted = Reconciled(base, SPAN, top=SimpleSmoothing(1.0)).fit(sales, known)
    assert fitted.proof is not None
    assert not fitted.proof.acts
    assert same(fitted.demand(9, known), base.fit(sales, known).demand(9, known))


@pytest.mark.parametrize("sales", [sales_of(np.full((3, 14), 4.0)), sales_of(np.full((1, 100), 4.0))])
def test_short_histories_and_single_series_are_left_alone(sales: Any) -> None:
    known = known_of(sales)
    fitted = smoothed().fit(sales, known)
    assert fitted.proof is None
    assert same(fitted.demand(4, known), SimpleSmoothing(0.1).fit(sales, known).demand(4, known))


def test_a_planners_word_stands() -> None:
    sales, _ = slow_shop()
    known = known_of(sales)
    start = FIRST + timedelta(days=100)
    word = Override("i000", "p0", start, start + timedelta(days=1), "set", 7.0, None, None, "ann", "fair")
    fitted = Reconciled(SimpleSmoothing(0.4), SPAN, top=SimpleSmoothing(0.2)).fit(sales, known)
    bare, told = fitted.demand(SPAN, known).mean, fitted.demand(SPAN, replace(known, overrides=(word,))).mean
    assert told[0].tolist() == [7.0, 7.0, *bare[0, 2:].tolist()]
    assert np.array_equal(told[1:], bare[1:])


def test_spans_beyond_the_first_are_reconciled_too() -> None:
    sales, _ = slow_shop()
    tree = tree_of(sales.index, known_of(sales).catalog)
    series = Demand.poisson(
        sales.index, sales.timeline.after(7), np.tile(np.arange(1.0, 8), (len(sales.index), 1)), 0.2
    )
    groups = Demand.poisson(sales_of(np.ones((tree.count, 1))).index, sales.timeline.after(7), 0.0, 0.0)
    up = replace(groups, mean=1.2 * (tree.sums @ series.mean))
    found = agree(tree, series, up, SPAN, Trust(1.0, np.ones(len(tree.levels))))
    assert found.factor == pytest.approx(1.2, abs=0.01)  # the groups are certain, and agree
    assert found.share.max() < 1


def test_what_stock_hid_is_filled_before_series_are_summed() -> None:
    quantity = np.full((2, 40), 10.0)
    state = np.full(quantity.shape, State.OBSERVED)
    quantity[0, 20:23], state[0, 20:23] = 0, State.STOCKOUT  # one of two: a guess of half
    quantity[:, 30], state[:, 30] = 0, State.STOCKOUT  # both
    state[:, :5] = State.OFF
    state[1, 5:8] = State.OFF
    sales = sales_of(quantity, state)
    tree = tree_of(sales.index, known_of(sales).catalog)
    found = above(tree, sales, known_of(sales), SPAN).sales
    assert found.quantity[0, 20:23] == pytest.approx([20, 20, 20], rel=1e-3)
    assert found.state[0, [0, 5, 20, 30, 31]].tolist() == [
        State.OFF,
        *[State.OBSERVED] * 2,
        State.STOCKOUT,
        State.OBSERVED,
    ]
    assert found.quantity[0, 5] == 10  # what is not on sale has no demand
    assert found.quantity[0, 30] == 0


def shocked(count: int, seed: int, shock: float = 0.3) -> Any:
    """Origins of a shop whose series all miss together by a shock of each origin; forecasts say 20, spread rightly."""
    rng = np.random.default_rng(seed)
    sales = sales_of(np.ones((40, 1)))
    n, line = len(sales.index), sales.timeline.after(SPAN)
    tree = tree_of(sales.index, known_of(sales).catalog)
    series = Demand.poisson(sales.index, line, 4.0, shock**2)
    groups = Demand.poisson(sales_of(np.ones((1, 1))).index, line, 4.0 * n, shock**2)
    levels = rng.gamma(shock**-2, shock**2, count)
    came = [rng.poisson(20.0 * level, n).astype(float) for level in levels]
    return tree, tuple(Origin(series, groups, np.full(n, 20.0), units) for units in came)


def test_a_groups_interval_covers_what_comes_where_series_miss_together() -> None:
    tree, origins = shocked(40, 1)
    found = correlations(tree, origins)
    variance = 20.0 + 0.3**2 * 20.0**2
    assert found[0] == pytest.approx(0.3**2 * 20.0**2 / variance, abs=0.2)
    demand = origins[0].series
    later = np.array([o.came.sum() for o in shocked(400, 2)[1]])
    inside = {}
    for name, correlation in (("together", found), ("alone", np.zeros(1))):
        group = sums_of_groups(tree, demand, correlation, 0, SPAN - 1)
        assert group.means() == pytest.approx([800.0])
        low, high = group.quantile(0.1)[0], group.quantile(0.9)[0]
        inside[name] = ((later >= low) & (later <= high)).mean()
    assert 0.65 < inside["together"] < 0.92
    assert inside["alone"] < 0.45


def test_small_groups_of_counts_are_counts() -> None:
    sales = sales_of(np.ones((2, 1)))
    tree = tree_of(sales.index, known_of(sales).catalog)
    demand = Demand.poisson(sales.index, sales.timeline.after(3), 0.5)
    found = sums_of_groups(tree, demand, np.zeros(1), 0, 2)
    assert found.quantile(0.5) == 3
    assert found.variances() == pytest.approx([3.0])


def test_groups_that_were_wrong_are_doubted() -> None:
    tree, origins = shocked(6, 5)
    biased = tuple(replace(o, groups=replace(o.groups, mean=2.0 * o.groups.mean)) for o in origins)
    assert doubts(tree, biased)[-1, 0] > 2.0 * doubts(tree, origins)[-1, 0]
    assert (doubts(tree, origins) >= 1).all()


def test_one_lucky_origin_is_no_proof() -> None:
    """Groups that are right at one origin of six and wrong at the others do not act."""
    tree, origins = shocked(6, 6, shock=0.05)
    groups = [
        replace(o.groups, mean=o.groups.mean * (o.came.sum() / 800 if k == 0 else 1.5)) for k, o in enumerate(origins)
    ]
    wrong = tuple(replace(o, groups=g) for o, g in zip(origins, groups, strict=True))
    assert not prove(tree, wrong, SPAN).acts
