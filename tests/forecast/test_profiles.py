"""Seasons are found where they are, shared where they are shared, and not invented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast import profiles
from orderpoint.forecast.panel import Cells
from orderpoint.forecast.pooling import Groups, grouped
from orderpoint.forecast.profiles import Season, Sums, Trust
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.series import SeriesIndex
from tests.forecast.builders import FIRST, known_of, sales_of

WEEK = np.array([0.7, 0.8, 0.9, 1.0, 1.1, 1.4, 1.1])


def learned(
    quantity: Any, state: Any = None, period: Any = Period.DAY, category: Any = None, places: Any = ("main",)
) -> Any:
    sales = sales_of(quantity, state, period, places)
    catalog = known_of(sales).catalog
    if category is not None:
        catalog = replace(catalog, category=tuple(category))
    groups = Groups.of_catalog(sales.index, catalog)
    cells = Cells(
        sales.quantity, sales.observed(), np.ones((groups.count, sales.timeline.count), np.float32), groups.of
    )
    return profiles.learn(cells, groups, sales.timeline), groups


def test_the_weekday_profile_is_recovered() -> None:
    mean = 6 * WEEK[np.arange(364) % 7]
    quantity = np.random.default_rng(0).poisson(mean, (40, 364))
    season, _ = learned(quantity)
    np.testing.assert_allclose(season.weekday[0], WEEK, atol=0.04)
    np.testing.assert_allclose(season.weekday.mean(axis=1), 1)


def test_a_group_with_its_own_week_keeps_it_and_a_small_one_is_drawn_to_all() -> None:
    rng = np.random.default_rng(1)
    plain, turned = WEEK[np.arange(364) % 7], WEEK[::-1][np.arange(364) % 7]
    many = rng.poisson(5 * plain, (30, 364))
    own = rng.poisson(5 * turned, (10, 364))
    season, groups = learned(np.concatenate((many, own)), category=["a"] * 30 + ["b"] * 10)
    np.testing.assert_allclose(season.weekday[groups.of[35]], WEEK[::-1], atol=0.08)
    few = rng.poisson(0.02 * turned, (10, 364))
    season, groups = learned(np.concatenate((many, few)), category=["a"] * 30 + ["b"] * 10)
    assert np.abs(season.weekday[groups.of[35]] - WEEK).max() < 0.2


def test_a_year_is_learned_from_two_and_projected() -> None:
    t = np.arange(730)
    yearly = 1 + 0.4 * np.sin(2 * np.pi * t / 365.25)
    quantity = np.random.default_rng(2).poisson(8 * yearly, (40, 730))
    season, _ = learned(quantity)
    ahead = season.factors(Timeline(FIRST, Period.DAY, 730).after(365))[0].astype(float)
    truth = 1 + 0.4 * np.sin(2 * np.pi * np.arange(730, 1095) / 365.25)
    assert np.corrcoef(ahead, truth)[0, 1] > 0.95
    assert np.abs(np.convolve(ahead / truth, np.ones(28) / 28, "valid") - 1).max() < 0.15


def test_paydays_are_learned_from_months_and_projected() -> None:
    """A fifth more in the first week of a month, a fifth less in the last, in a shop that also has a week."""
    line = Timeline(FIRST, Period.DAY, 420)
    payday = np.ones(31)
    payday[:7], payday[24:] = 1.2, 0.8
    mean = 6 * WEEK[profiles.weekdays(line)] * payday[profiles.days_of_month(line)]
    season, _ = learned(np.random.default_rng(8).poisson(mean, (40, 420)))
    ahead = line.after(60)
    truth = WEEK[profiles.weekdays(ahead)] * payday[profiles.days_of_month(ahead)]

    def missed(said: Season) -> float:
        off = said.factors(ahead)[0] / truth
        return float(np.abs(off / off.mean() - 1).mean())

    assert missed(season) < 0.04
    assert missed(replace(season, month=np.ones_like(season.month))) > 0.08


def test_a_festival_in_few_months_is_no_payday() -> None:
    quantity = np.random.default_rng(9).poisson(6, (40, 180)).astype(float)
    quantity[:, 20] *= 4
    season, _ = learned(quantity)
    assert (season.month == 1).all()
    longer = np.random.default_rng(9).poisson(6, (40, 400)).astype(float)
    longer[:, 20] *= 4
    season, _ = learned(longer)
    np.testing.assert_allclose(season.month, 1, atol=0.06)  # one month of thirteen, hardly believed


@pytest.mark.parametrize(("period", "count"), [(Period.DAY, 300), (Period.WEEK, 51), (Period.MONTH, 11)])
def test_less_than_a_year_invents_no_yearly_season(period: Any, count: Any) -> None:
    growth = np.linspace(2, 20, count)
    season, _ = learned(np.random.default_rng(3).poisson(growth, (20, count)), period=period)
    assert (season.annual == 1).all()


def test_noise_of_one_item_is_no_season() -> None:
    """One lumpy item, two years of weeks: what one year says the other does not, so little is believed."""
    rng = np.random.default_rng(4)
    season, _ = learned(rng.negative_binomial(0.5, 0.1, (1, 104)), period=Period.WEEK)
    assert np.abs(season.annual - 1).mean() < 0.35
    together, _ = learned(rng.negative_binomial(0.5, 0.1, (200, 104)), period=Period.WEEK)
    assert np.abs(together.annual - 1).max() < 0.25


def test_one_enormous_order_is_no_season() -> None:
    quantity = np.random.default_rng(5).poisson(5, (30, 400)).astype(float)
    quantity[3, 200] = 70_000
    season, _ = learned(quantity)
    assert season.factors(Timeline(FIRST, Period.DAY, 800)).max() < 1.6


def test_stockouts_do_not_make_a_season() -> None:
    quantity = np.random.default_rng(6).poisson(5, (30, 280))
    state = np.ones(quantity.shape, np.uint8)
    sundays = np.arange(280) % 7 == 6
    quantity[:, sundays], state[:, sundays] = 0, 2
    season, _ = learned(quantity, state)
    np.testing.assert_allclose(season.weekday[0], 1, atol=0.06)


def test_shrinking_by_reliability_by_hand() -> None:
    """Two repeats that agree fully: d = .5 both times, weights 10/11 each; rho is the ceiling .95, c = 1/19."""
    sums = Sums(np.array([[[15.0, 15.0], [5.0, 5.0]]]), np.array([[[10.0, 10.0], [10.0, 10.0]]]))
    out = profiles.shrunken(sums, Trust(1.0, 0.95, floor=0.95))
    w = 10 / 11
    np.testing.assert_allclose(out, [[1 + 0.5 * 2 * w / (2 * w + 1 / 19), 1 - 0.5 * 2 * w / (2 * w + 1 / 19)]])


def test_repeats_that_contradict_each_other_are_not_believed() -> None:
    units = np.array([[[15.0, 5.0], [5.0, 15.0], [15.0, 5.0], [5.0, 15.0]]])
    out = profiles.shrunken(Sums(units, np.full((1, 4, 2), 10.0)), Trust(1.0, 0.5))
    np.testing.assert_allclose(out, 1, atol=1e-9)


def test_the_moving_window_spreads_a_peak_and_keeps_the_sum() -> None:
    peak = np.ones((1, 52))
    peak[0, 0] = 3.0
    out = profiles.smoothed(peak, 0.1)
    assert out[0, 0] == pytest.approx(2.6)
    assert out[0, 1] == out[0, 51] == pytest.approx(1.2)
    assert out.sum() == pytest.approx(peak.sum())


def test_a_flat_season_is_one_everywhere() -> None:
    for period in Period:
        assert (Season.flat(period).factors(Timeline(FIRST, period, 30)) == 1).all()


def test_small_categories_are_put_together() -> None:
    index = SeriesIndex.of([(f"i{k:03d}", "main") for k in range(14)])
    catalog = replace(Catalog.bare(index.items), category=tuple(["a"] * 10 + ["b", "b", "c", None]))
    groups = Groups.of_catalog(index, catalog)
    assert groups.count == 2
    assert len(set(groups.of[10:].tolist())) == 1


def test_group_sums_are_those_of_a_plain_loop() -> None:
    rng = np.random.default_rng(7)
    demand = rng.poisson(3, (150, 20)).astype(np.float32)
    demand[3, 5] = 900
    seen = rng.random(demand.shape) < 0.8
    factor = rng.uniform(0.5, 1.5, (2, 20)).astype(np.float32)
    group = (np.arange(150) % 2).astype(np.int32)
    units, level = grouped(Cells(demand, seen, factor, group), 0.9)
    want = np.zeros((2, 2, 20))
    for i in range(150):
        f = factor[group[i]]
        for t in range(20):
            if not seen[i, t]:
                continue
            away = [0.9 ** abs(t - s) if seen[i, s] else 0.0 for s in range(20)]
            top = sum(w * float(y) for w, y in zip(away, demand[i], strict=True))
            now = top / sum(w * float(c) for w, c in zip(away, f, strict=True))
            share = 1 / (1 + 0.2 * now)
            want[0, group[i], t] += share * min(float(demand[i, t]), 5 * now * f[t] + 5)
            want[1, group[i], t] += share * now
    # the compiled pass takes the present period's demand once, from the side of the future
    np.testing.assert_allclose(units, want[0], rtol=1e-5)
    np.testing.assert_allclose(level, want[1], rtol=1e-5)


def test_a_category_is_small_by_its_series_not_by_its_items() -> None:
    """One item at six places has a season of its own to tell; one at two places has not."""
    index = SeriesIndex.of(
        [("hat", f"{p}") for p in range(6)] + [("rug", f"{p}") for p in range(2)] + [("tin", "0"), ("urn", "0")]
    )
    catalog = replace(Catalog.bare(index.items), category=("hats", "rugs", "rest", "rest"))
    category = Groups.of_catalog(index, catalog)
    of = category.category[category.of]
    hats = np.array(index.item_names()) == "hat"
    assert len(set(of[hats].tolist())) == 1
    assert set(of[hats].tolist()).isdisjoint(of[~hats].tolist())
    assert set(of[~hats].tolist()) == {0}
