"""New items are forecast by their like, and honestly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from orderpoint.domain.calendar import Period
from orderpoint.forecast.newitems import Launches, WithLaunches, substitutes
from orderpoint.forecast.newitems.ages import ages_of
from orderpoint.forecast.newitems.beliefs import Belief, with_cut_periods
from orderpoint.forecast.newitems.learned import learn
from orderpoint.forecast.newitems.likeness import word_vectors, words_of
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.forecast.smoothing import DiscountedRatio
from orderpoint.tables.known import Override
from orderpoint.tables.sales import State
from orderpoint.testing.forecaster_contract import ForecasterContract, same
from tests.forecast.builders import FIRST, known_of, sales_of
from tests.forecast.launch_worlds import AHEAD, CURVES, LEVELS, WEEKS, launches, transform

BASE = DiscountedRatio()
SEEDS = (1, 2)


class TestContract(ForecasterContract):
    def forecaster(self) -> Any:
        return WithLaunches(BASE)


class TestContractOfThePortfolio(ForecasterContract):
    def forecaster(self) -> Any:
        return WithLaunches(Portfolio(span=5))


def error(truth: Any, demand: Any) -> float:
    return float(np.abs(demand.mean - truth.rate)[truth.new].sum() / truth.rate[truth.new].sum())


@pytest.mark.parametrize(("weeks", "of_base"), [(0, 1.0), (1, 0.7), (4, 0.5), (12, 0.8)])
def test_the_error_of_new_items_falls_and_ninety_percent_is_ninety(weeks: int, of_base: float) -> None:
    base, wise, inside = 0.0, 0.0, []
    for seed in SEEDS:
        truth = launches(seed, weeks)
        base += error(truth, BASE.fit(truth.sales, truth.known).demand(AHEAD, truth.known))
        demand = WithLaunches(BASE).fit(truth.sales, truth.known).demand(AHEAD, truth.known)
        wise += error(truth, demand)
        inside.append(transform(demand.sum_over(0, AHEAD - 1), truth.came.sum(axis=1))[truth.new])
    assert wise < of_base * base
    assert 0.85 <= np.mean(np.abs(np.concatenate(inside) - 0.5) <= 0.45) <= 0.99


def test_the_longer_an_item_sold_the_less_is_unknown() -> None:
    demands = [
        WithLaunches(BASE).fit(truth.sales, truth.known).demand(AHEAD, truth.known).level_cv2[truth.new].mean()
        for truth in (launches(3, weeks) for weeks in (0, 1, 4))
    ]
    assert demands[0] > 2 * demands[1] > 2 * demands[2]


def test_long_lived_items_are_left_to_the_base() -> None:
    truth = launches(4, 2)
    base = BASE.fit(truth.sales, truth.known).demand(AHEAD, truth.known)
    wise = WithLaunches(BASE).fit(truth.sales, truth.known).demand(AHEAD, truth.known)
    rows = np.arange(80)
    np.testing.assert_array_equal(wise.mean[rows], base.mean[rows])
    np.testing.assert_array_equal(wise.level_cv2[rows], base.level_cv2[rows])
    assert not same(base, wise)


def test_curves_and_levels_of_kinds_are_found() -> None:
    truth = launches(5, 0, past=120)
    learned = learn(truth.sales, truth.known, Launches())
    kinds = [int(g) for g in learned.market.group[:4]]
    steps = learned.curves.steps[kinds]
    np.testing.assert_allclose(steps[1:, [1, 2, 3, 4]], CURVES[1:], atol=0.25)
    assert steps[0, 1] < 0.6  # little is sold at the start of the slowest kind: drawn to the others
    assert steps[:, -1].tolist() == [1.0] * 4
    assert learned.belief is not None
    np.testing.assert_allclose(learned.belief.mean[:4], LEVELS, rtol=0.3)
    assert 0.12 < learned.belief.cv2[0] < 0.5  # truth: 0.25


def test_names_alone_tell_kinds_apart() -> None:
    truth = launches(6, 0)
    bare = replace(truth.known.catalog, category=(None,) * len(truth.sales.index))
    learned = learn(truth.sales, replace(truth.known, catalog=bare), Launches())
    assert learned.belief is not None
    np.testing.assert_allclose(learned.belief.mean[:4], LEVELS, rtol=0.6)
    assert learned.belief.mean[3] > 8 * learned.belief.mean[0]


def test_the_same_item_at_another_place_says_most() -> None:
    rng = np.random.default_rng(7)
    level = rng.gamma(0.5, 20.0, 40)
    sold = rng.poisson(np.repeat(level, 2)[:, None] * np.tile([1.0, 0.5], 40)[:, None], (80, 100)).astype(np.float32)
    state = np.full(sold.shape, State.OBSERVED, np.uint8)
    late = np.arange(1, 80, 8)  # ten items are new in the south
    state[late], sold[late] = State.OFF, 0
    sales = sales_of(sold, state, Period.WEEK, ("north", "south"))
    mean = WithLaunches(BASE).fit(sales, known_of(sales)).demand(4, known_of(sales)).mean[late, 0]
    assert np.corrcoef(mean, level[late // 2])[0, 1] > 0.98
    assert 0.6 < mean.sum() / (0.5 * level[late // 2]).sum() < 1.4


def test_nothing_is_sold_before_the_launch() -> None:
    truth = launches(8, 0)
    launch = list(truth.known.catalog.launch)
    item = truth.new.start
    launch[item] = FIRST + timedelta(days=7 * (WEEKS + 3) + 5)  # Saturday of the fourth week ahead
    known = replace(truth.known, catalog=replace(truth.known.catalog, launch=tuple(launch)))
    mean = WithLaunches(BASE).fit(truth.sales, known).demand(AHEAD, known).mean
    assert (mean[item, :3] == 0).all()
    assert 0 < mean[item, 3] < 0.35 * mean[item, 4]


def test_nothing_is_sold_before_the_launch_where_nobody_is_like_it_either() -> None:
    """One item on sale teaches no belief; the new one comes in three days all the same."""
    state = np.full((2, 100), State.OBSERVED, np.uint8)
    state[1] = State.OFF
    quantity = np.random.default_rng(1).poisson(5.0, (2, 100)) * state
    sales = sales_of(quantity, state)
    known = known_of(sales)
    known = replace(known, catalog=replace(known.catalog, launch=(None, sales.timeline.start(103))))
    mean = WithLaunches(DiscountedRatio(0.1)).fit(sales, known).demand(7, known).mean
    assert (mean[1, :3] == 0).all()
    assert (mean[1, 3:] > 0).all()


def test_a_launch_that_sells_out_at_once_raises_the_forecast() -> None:
    truth = launches(9, 2)
    rows = np.arange(truth.new.start, truth.new.stop)
    state = truth.sales.state.copy()
    state[rows, -2:] = State.STOCKOUT
    quantity = truth.sales.quantity.copy()
    said = []
    for units in (0.0, 100.0):
        quantity[rows, -2:] = units
        sales = replace(truth.sales, state=state, quantity=quantity.copy())
        said.append(WithLaunches(BASE).fit(sales, truth.known).demand(AHEAD, truth.known).mean[rows].sum())
    assert said[1] > 2 * said[0]


def test_the_first_sale_is_not_counted_where_it_is_the_only_sign_of_the_launch() -> None:
    truth = launches(10, 4)
    bare = replace(truth.known.catalog, launch=(None,) * len(truth.sales.index))
    known = learn(truth.sales, replace(truth.known, catalog=bare), Launches())
    told = learn(truth.sales, truth.known, Launches())
    first = truth.sales.quantity[truth.new, WEEKS - 4]
    np.testing.assert_allclose(told.young.units[:, 0] - known.young.units[:, 0], first >= 1)


def test_gamma_poisson_by_hand() -> None:
    """Prior of mean 2 and cv2 0.5 is gamma(2, 1); 7 units in 3 periods make it gamma(9, 4)."""
    after = Belief(np.array([2.0]), np.array([0.5])).seeing(np.array([7.0]), np.array([3.0]), 0.0)
    assert after.mean[0] == pytest.approx(9 / 4)
    assert after.cv2[0] == pytest.approx(1 / 9)


def test_what_stock_cut_short_counts_only_above_what_was_expected() -> None:
    units = np.array([[4.0, 2.0, 9.0]])
    bound = np.array([[0.0, 1.0, 1.0]])
    total, over = with_cut_periods(units, np.array([[1.0, 0.0, 0.0]]), bound, np.array([5.0]))
    assert (total[0], over[0]) == (13.0, 2.0)


def test_an_estimate_is_heard_and_corrected_by_sales() -> None:
    rows = {}
    for weeks in (0, 12):
        truth = launches(11, weeks)
        item = truth.new.start + 2  # a kind without a launch curve
        name = truth.sales.index.items[item]
        first = FIRST + timedelta(days=7 * (WEEKS - weeks))
        word = Override(name, None, first, first + timedelta(days=364), "estimate", 60.0, 30.0, 90.0, "Ann", "fair")
        known = replace(truth.known, overrides=(word,))
        fitted = WithLaunches(BASE).fit(truth.sales, known)
        rows[weeks] = fitted.demand(4, known).mean[item].mean(), fitted.demand(4, truth.known).mean[item].mean()
        rate = truth.rate[item].mean()
    assert 2 * rows[0][1] < rows[0][0] < 60  # between what its like say and the estimate
    assert rate < rows[12][0] < 12  # by hand: (25 + 4 + 12 x 5.6) / (25 / 60 + 4 / 15 + 12) = 7.6


def test_words_of_names() -> None:
    assert words_of("Red MUG, no 12") == ["mug", "no", "red"]
    assert words_of("红色陶瓷杯") == ["瓷杯", "红色", "色陶", "陶瓷"]
    assert words_of("FOODS_3_090") == ["foods"]
    vectors = word_vectors(["red mug", "blue mug", "red mug", "12"])
    cosine = (vectors @ vectors.T).toarray()
    assert cosine[0, 2] == pytest.approx(1)
    assert 0 < cosine[0, 1] < 0.9
    assert cosine[3].sum() == 0


def test_substitutes_are_suggested_by_likeness() -> None:
    truth = launches(12, 1)
    found = substitutes(truth.sales, truth.known, ("i000", "i003"), most=2)
    assert found["item"].to_list() == ["i000", "i000", "i003", "i003"]
    kinds = [int(name[1:]) % 4 for name in found["like"].to_list()]
    assert kinds == [0, 0, 3, 3]
    assert "i000" not in found["like"].to_list()
    with pytest.raises(ValueError, match="nobody, noone"):
        substitutes(truth.sales, truth.known, ("noone", "nobody"))


def test_ages_by_catalogue_and_by_first_sale() -> None:
    truth = launches(13, 3)
    ages = ages_of(truth.sales, truth.known.catalog)
    assert ages.young[truth.new].all()
    assert not ages.young[:80].any()
    assert ages.mature[:80].all()
    assert (ages.launch[truth.new] == WEEKS - 3).all()


@pytest.mark.parametrize("wrong", [{"own_days": -1.0}, {"own_days": 200.0}, {"false_alarms": 0.6}])
def test_bad_parameters_are_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="launches: expected"):
        Launches(**wrong)
