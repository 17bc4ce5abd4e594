"""Demand: sums of periods against brute-force convolution, and the door."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special, stats

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Distribution, Family
from orderpoint.tables.series import SeriesIndex

FloatArray = NDArray[np.float64]
NORMAL_KNOTS = [float(stats.norm.ppf((k + 0.5) / 20)) for k in range(20)]
EXPONENTIAL_KNOTS = [float(stats.expon.ppf((k + 0.5) / 20)) for k in range(20)]


def demand_of(
    family: Family,
    mean: Any,
    *,
    ratio: float = 1.0,
    level_cv2: float = 0.0,
    zero: float = 0.0,
    knots: list[float] | None = None,
) -> Demand:
    means = np.atleast_2d(np.asarray(mean, dtype=float))
    n, periods = means.shape
    return Demand(
        index=SeriesIndex.of([(f"item{k:03d}", "main") for k in range(n)]),
        timeline=Timeline(date(2024, 1, 1), Period.DAY, periods),
        mean=means,
        family=np.full(n, family, np.uint8),
        ratio=np.full(n, ratio),
        level_cv2=np.full(n, level_cv2),
        zero=np.full(n, zero),
        knots=np.tile(np.asarray(knots, float), (n, 1)) if knots else np.empty((n, 0)),
    )


def period_masses(mean: float, ratio: float, zero: float, length: int) -> FloatArray:
    """P(D = k) of one period at a known level, by scipy."""
    inner = mean / (1 - zero)
    k = np.arange(length)
    if inner == 0:
        return (k == 0).astype(float)
    behind = stats.poisson(inner) if ratio == 1 else stats.nbinom(inner / (ratio - 1), 1 / ratio)
    masses: FloatArray = (1 - zero) * behind.pmf(k) + zero * (k == 0)
    return masses


def convolved(demand: Demand, first: int, last: int, length: int = 400) -> FloatArray:
    """P(sum = k) of row 0 over periods first..last: convolution at each of 100 levels, by Gauss-Laguerre weights."""
    cv2 = demand.level_cv2[0]
    levels, weights = np.ones(1), np.ones(1)
    if cv2 > 0:
        levels, weights = special.roots_genlaguerre(100, 1 / cv2 - 1)
        levels, weights = levels * cv2, weights / weights.sum()
    total = np.zeros(length)
    for level, weight in zip(levels, weights, strict=True):
        masses = (np.arange(length) == 0).astype(float)
        for t in range(first, last + 1):
            one = period_masses(level * demand.mean[0, t], demand.ratio[0], demand.zero[0], length)
            masses = np.convolve(masses, one)[:length]
        total += weight * masses
    return total


def cdf_of(distribution: Distribution, length: int = 400) -> FloatArray:
    return np.array([distribution.cdf(k)[0] for k in range(length)])


WEEK = [3.0, 0.0, 1.5, 0.2, 4.0, 9.0, 6.5]


def test_poisson_periods_around_a_gamma_level_sum_exactly() -> None:
    demand = demand_of(Family.COUNT, WEEK, level_cv2=0.3)
    assert cdf_of(demand.sum_over(0, 6)) == pytest.approx(np.cumsum(convolved(demand, 0, 6)), abs=1e-9)


def test_negative_binomial_periods_of_one_ratio_sum_exactly() -> None:
    demand = demand_of(Family.COUNT, WEEK, ratio=2.5)
    assert cdf_of(demand.sum_over(1, 5)) == pytest.approx(np.cumsum(convolved(demand, 1, 5)), abs=1e-10)


@pytest.mark.parametrize(("ratio", "cv2", "bound"), [(1.3, 0.05, 0.002), (2.0, 0.2, 0.005), (4.0, 0.6, 0.02)])
def test_between_the_exact_cases_the_sum_is_close(ratio: float, cv2: float, bound: float) -> None:
    demand = demand_of(Family.COUNT, WEEK, ratio=ratio, level_cv2=cv2)
    ours, truth = demand.sum_over(0, 6), convolved(demand, 0, 6, 900)
    k = np.arange(900)
    assert ours.means()[0] == pytest.approx((truth * k).sum(), rel=1e-6)
    assert ours.variances()[0] == pytest.approx((truth * k**2).sum() - (truth * k).sum() ** 2, rel=1e-4)
    assert np.abs(cdf_of(ours, 900) - np.cumsum(truth)).max() < bound


@pytest.mark.parametrize(
    ("scale", "ratio", "zero", "cv2", "bound"),
    [
        (0.3, 1.0, 0.5, 0.0, 0.009),
        (0.3, 1.8, 0.3, 0.1, 0.004),
        (1.0, 1.5, 0.6, 0.2, 0.011),
        (0.05, 1.0, 0.7, 0.5, 0.004),
    ],
)
def test_zero_inflated_sums_of_a_weekly_season_are_close(
    scale: float, ratio: float, zero: float, cv2: float, bound: float
) -> None:
    demand = demand_of(Family.ZERO_INFLATED, np.array(WEEK) * scale, ratio=ratio, level_cv2=cv2, zero=zero)
    ours, truth = demand.sum_over(0, 6), convolved(demand, 0, 6)
    k = np.arange(len(truth))
    assert ours.means()[0] == pytest.approx((truth * k).sum(), rel=1e-6)
    assert ours.variances()[0] == pytest.approx((truth * k**2).sum() - (truth * k).sum() ** 2, rel=1e-4)
    assert np.abs(cdf_of(ours) - np.cumsum(truth)).max() < bound


@pytest.mark.parametrize("zero", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("periods", [1, 2, 3])
def test_zero_inflated_sums_of_up_to_three_equal_periods_are_exact(zero: float, periods: int) -> None:
    demand = demand_of(Family.ZERO_INFLATED, np.full((1, 3), 4.0 * (1 - zero)), ratio=1.8, zero=zero)
    ours, truth = demand.sum_over(0, periods - 1), convolved(demand, 0, periods - 1)
    assert cdf_of(ours) == pytest.approx(np.cumsum(truth), abs=1e-10)


@pytest.mark.parametrize(("zero", "bound"), [(0.2, 0.02), (0.5, 0.04), (0.9, 0.006)])
def test_lumpy_zero_inflated_sums_keep_their_lumps(zero: float, bound: float) -> None:
    """14 periods, each of 60 units or none: a negative binomial of the same moments is off by up to 0.23."""
    demand = demand_of(Family.ZERO_INFLATED, np.full((1, 14), 60.0 * (1 - zero)), zero=zero)
    ours, truth = demand.sum_over(0, 13), convolved(demand, 0, 13, 1200)
    assert np.abs(cdf_of(ours, 1200) - np.cumsum(truth)).max() < bound
    assert ours.cdf(0)[0] == pytest.approx(zero**14, rel=1e-6)


def test_one_zero_inflated_period_is_exact() -> None:
    demand = demand_of(Family.ZERO_INFLATED, [[2.4]], ratio=1.7, zero=0.4)
    assert cdf_of(demand.period(0), 60) == pytest.approx(np.cumsum(convolved(demand, 0, 0, 60)), abs=1e-12)


def test_gamma_periods_of_one_scale_sum_exactly() -> None:
    demand = demand_of(Family.GAMMA, WEEK, ratio=2.0)
    x = np.array([5.0, 20.0, 24.2, 40.0])
    ours = np.array([demand.sum_over(0, 6).cdf(v)[0] for v in x])
    assert ours == pytest.approx(stats.gamma(sum(WEEK) / 2.0, scale=2.0).cdf(x), abs=1e-12)


def test_empirical_sums_lose_their_skewness_as_periods_are_added() -> None:
    demand = demand_of(Family.EMPIRICAL, np.full((1, 64), 40.0), ratio=10.0, knots=EXPONENTIAL_KNOTS)

    def skewness(periods: int) -> float:
        p = (np.arange(4000) + 0.5) / 4000
        ours = demand.sum_over(0, periods - 1)
        values = Distribution(*(np.repeat(a, 4000, axis=0) for a in vars(ours).values())).quantile(p)
        return float(stats.skew(values))

    one = skewness(1)
    assert one > 1.2
    assert skewness(4) == pytest.approx(one / 2, rel=0.15)
    assert skewness(64) == pytest.approx(one / 8, rel=0.2)


@pytest.mark.parametrize("family", list(Family))
def test_moments_of_a_sum_follow_the_formula(family: Family) -> None:
    zero = 0.25 if family is Family.ZERO_INFLATED else 0.0
    demand = demand_of(family, [[50.0, 80.0, 110.0]], ratio=1.6, level_cv2=0.07, zero=zero, knots=NORMAL_KNOTS)
    ours = demand.sum_over(0, 2)
    squares = (2500 + 6400 + 12100) * (1 + 0.07) * zero / (1 - zero)
    assert ours.means()[0] == pytest.approx(240.0)
    assert ours.variances()[0] == pytest.approx(1.6 * 240 + 0.07 * 240**2 + squares)


def test_first_and_last_may_differ_by_series() -> None:
    demand = demand_of(Family.COUNT, np.arange(12.0).reshape(3, 4))
    ours = demand.sum_over(np.array([0, 1, 3]), np.array([3, 1, 2]))
    assert ours.means().tolist() == [6.0, 5.0, 0.0]  # the last span is empty
    assert ours.quantile(0.99)[2] == 0.0


@pytest.mark.parametrize("family", list(Family))
def test_a_random_span_mixes_the_sums_of_its_lengths(family: Family) -> None:
    zero = 0.3 if family is Family.ZERO_INFLATED else 0.0
    demand = demand_of(family, [[30.0, 9.0, 20.0, 4.0]], ratio=1.4, level_cv2=0.1, zero=zero, knots=NORMAL_KNOTS)
    weights = np.array([[0.1, 0.2, 0.0, 0.7]])
    ours = demand.sum_over_random(weights, first=1)
    parts = [demand.sum_over(1, k) for k in range(4)]
    for x in (0.0, 5.0, 25.0, 40.0):
        by_parts = sum(w * part.cdf(x)[0] for w, part in zip(weights[0], parts, strict=True))
        # the components of an empirical mixture share one shape, the average of theirs
        assert ours.cdf(x)[0] == pytest.approx(by_parts, abs=6e-3 if family is Family.EMPIRICAL else 1e-12)
    p = 0.9
    x = ours.quantile(p)[0]
    assert ours.cdf(x + 1e-9)[0] >= p - 1e-12


def test_a_random_span_by_brute_force() -> None:
    demand = demand_of(Family.COUNT, WEEK, ratio=2.5)
    weights = [0.05, 0.15, 0.3, 0.5]
    truth = sum(w * convolved(demand, 0, k - 1) for k, w in enumerate(weights))
    ours = demand.sum_over_random(np.array([weights]))
    assert cdf_of(ours) == pytest.approx(np.cumsum(truth), abs=1e-10)


def test_a_certain_span_is_the_sum() -> None:
    demand = demand_of(Family.EMPIRICAL, np.full((2, 9), 12.0), ratio=6.0, knots=EXPONENTIAL_KNOTS)
    certain = np.zeros((2, 6))
    certain[:, 5] = 1.0
    for p in (0.05, 0.5, 0.95):
        expected = demand.sum_over(np.array([0, 3]), np.array([4, 7])).quantile(p)
        assert demand.sum_over_random(certain, np.array([0, 3])).quantile(p) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("family", list(Family))
@pytest.mark.parametrize("scale", [0.2, 3.0, 400.0])
def test_quantiles_of_all_periods_are_those_of_each(family: Family, scale: float) -> None:
    zero = 0.2 if family is Family.ZERO_INFLATED else 0.0
    mean = scale * np.array([WEEK, WEEK[::-1]])
    demand = demand_of(family, mean, ratio=3.0, level_cv2=0.05, zero=zero, knots=EXPONENTIAL_KNOTS)
    for p in (0.0, 0.05, 0.5, 0.95):
        each = np.stack([demand.period(t).quantile(p) for t in range(7)], axis=1)
        assert demand.quantile(p) == pytest.approx(each, rel=1e-9)


def test_daily_quantiles_do_not_add() -> None:
    """The design's own figure: 28 daily 95 % quantiles overstate the 95 % quantile of the sum 2.7 times."""
    demand = demand_of(Family.COUNT, np.full((1, 28), 0.4), ratio=1.5)
    assert demand.quantile(0.95).sum() / demand.sum_over(0, 27).quantile(0.95)[0] > 2.5


@given(
    st.lists(st.floats(0, 50), min_size=1, max_size=8),
    st.floats(1, 20),
    st.floats(0, 2),
    st.floats(0, 0.8),
    st.sampled_from(list(Family)),
)
def test_longer_spans_are_larger_in_mean_and_variance(
    mean: list[float], ratio: float, cv2: float, zero: float, family: Family
) -> None:
    demand = demand_of(family, [mean], ratio=ratio, level_cv2=cv2, zero=zero, knots=NORMAL_KNOTS)
    spans = [demand.sum_over(0, k) for k in range(-1, len(mean))]
    means = [d.means()[0] for d in spans]
    assert means == pytest.approx(np.concatenate([[0], np.cumsum(mean)]), rel=1e-12)
    if family is not Family.EMPIRICAL:  # which may lose variance to the cut at zero
        assert (np.diff([d.variances()[0] for d in spans]) >= -1e-9).all()
    zeros = [d.cdf(0.0)[0] for d in spans]
    assert all(0 <= z <= 1 + 1e-12 for z in zeros)


# --------------------------------------------------------------------------------------------------------------- door


def test_spans_that_leave_the_timeline_are_refused() -> None:
    demand = demand_of(Family.COUNT, [WEEK])
    for first, last in ((0, 7), (-1, 2)):
        with pytest.raises(ValueError, match="sum_over"):
            demand.sum_over(first, last)
    with pytest.raises(ValueError, match="sum_over_random"):
        demand.sum_over_random(np.full((1, 9), 1 / 9))
    with pytest.raises(ValueError, match="probability"):
        demand.quantile(1.2)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("mean", np.ones((1, 3)), "mean"),
        ("mean", np.array([[-1.0] + [1.0] * 6]), "mean"),
        ("mean", np.full((1, 7), np.nan), "mean"),
        ("family", np.array([9], np.uint8), "Family"),
        ("ratio", np.array([0.5]), "ratio"),
        ("level_cv2", np.array([-0.1]), "level_cv2"),
        ("zero", np.array([1.0]), "zero"),
        ("family", np.array([Family.EMPIRICAL], np.uint8), "at least 2"),
    ],
)
def test_a_wrong_table_is_refused(field: str, value: Any, words: str) -> None:
    good = vars(demand_of(Family.COUNT, [WEEK]))
    with pytest.raises(ValueError, match=words):
        Demand(**(good | {field: value}))


def test_falling_knots_are_refused() -> None:
    with pytest.raises(ValueError, match="ascending"):
        demand_of(Family.EMPIRICAL, [WEEK], knots=[1.0, 0.0])


def test_poisson_is_a_short_way_to_a_demand() -> None:
    index = SeriesIndex.of([("a", "x"), ("b", "x")])
    demand = Demand.poisson(index, Timeline(date(2024, 1, 1), Period.WEEK, 3), [[1.0], [4.0]], level_cv2=[0.0, 0.5])
    assert demand.sum_over(0, 2).means().tolist() == [3.0, 12.0]
    assert demand.sum_over(0, 2).variances().tolist() == [3.0, 84.0]
