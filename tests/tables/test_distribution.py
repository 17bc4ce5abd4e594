"""Distribution against scipy.stats and plain sums, family by family, and the laws that hold for all of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from orderpoint.tables.distribution import Distribution, Family

PROBABILITIES = [1e-9, 0.01, 0.05, 0.25, 0.5, 0.6, 0.75, 0.9, 0.95, 0.99, 0.9999, 1 - 1e-9]
MEANS = [1e-6, 1e-3, 0.2, 1.0, 3.7, 25.0, 63.0, 65.0, 99.0, 101.0, 400.0, 1e4, 1e6]


def count_twin(mean: float, variance: float) -> Any:
    """The scipy distribution of a COUNT."""
    if variance <= mean:
        return stats.poisson(mean)
    return stats.nbinom(mean**2 / (variance - mean), mean / variance)


def plain_shortage(twin: Any, x: float) -> float:
    """E[(D - x)+] of a count as the sum of P(D > k) over k >= x, the slow way."""
    first = math.floor(x)
    last = int(twin.ppf(1 - 1e-15)) + 200
    k = np.arange(first + 1, max(last, first + 2))
    return float((1 - (x - first)) * twin.sf(first) + twin.sf(k).sum())


def empirical(mean: float, variance: float, knots: list[float]) -> Distribution:
    column = np.ones((1, 1))
    families = np.array([Family.EMPIRICAL], np.uint8)
    return Distribution(families, column, column * mean, column * variance, column * 0, np.array([knots], dtype=float))


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("ratio", [1.0, 1.001, 1.5, 8.0, 300.0])
def test_counts_agree_with_scipy(mean: float, ratio: float) -> None:
    variance = mean * ratio
    twin = count_twin(mean, variance)
    ours = Distribution.single(Family.COUNT, mean, variance)
    assert ours.means()[0] == pytest.approx(twin.mean())
    assert ours.variances()[0] == pytest.approx(twin.var())
    for p in PROBABILITIES:
        k = ours.quantile(p)[0]
        # within its own rounding, scipy agrees that k is the least whole number that reaches p
        assert twin.cdf(k) >= p - 1e-10
        assert k == 0 or twin.cdf(k - 1) < p + 1e-10
        assert ours.cdf(k)[0] == pytest.approx(twin.cdf(k), abs=1e-10)
        assert ours.cdf(k + 0.7)[0] == ours.cdf(k)[0]


@pytest.mark.parametrize("mean", [1e-6, 0.2, 3.7, 25.0, 101.0, 1e4])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 8.0, 300.0])
def test_expected_shortage_of_counts_is_the_plain_sum(mean: float, ratio: float) -> None:
    twin = count_twin(mean, mean * ratio)
    ours = Distribution.single(Family.COUNT, mean, mean * ratio)
    sd = math.sqrt(mean * ratio)
    for x in (0.0, 0.4, math.floor(mean), mean + 0.5, mean + 2 * sd, math.ceil(mean + 5 * sd)):
        assert ours.expected_shortage(x)[0] == pytest.approx(plain_shortage(twin, x), rel=1e-7, abs=1e-10 * (1 + mean))
        left = plain_shortage(twin, x) - mean + x
        assert ours.expected_left(x)[0] == pytest.approx(left, rel=1e-7, abs=1e-8 * (1 + mean))


def test_zero_inflated_is_zero_or_the_count_behind() -> None:
    zero, inner, ratio = 0.35, 4.0, 1.8
    behind = count_twin(inner, inner * ratio)
    mean = (1 - zero) * inner
    variance = (1 - zero) * (inner * ratio + inner**2) - mean**2
    ours = Distribution.single(Family.ZERO_INFLATED, mean, variance, zero)
    assert ours.variances()[0] == pytest.approx(variance)
    for k in (0, 1, 4, 9, 30):
        assert ours.cdf(k)[0] == pytest.approx(zero + (1 - zero) * behind.cdf(k), abs=1e-12)
        assert ours.expected_shortage(k)[0] == pytest.approx((1 - zero) * plain_shortage(behind, k), abs=1e-11)
        assert ours.expected_left(k)[0] == pytest.approx(k - mean + (1 - zero) * plain_shortage(behind, k), abs=1e-11)
    assert ours.quantile(zero)[0] == 0
    assert ours.quantile(0.9)[0] == behind.ppf((0.9 - zero) / (1 - zero))


def test_zeros_that_leave_less_than_poisson_behind_leave_poisson() -> None:
    ours = Distribution.single(Family.ZERO_INFLATED, 2.0, 1.0, 0.5)
    behind = stats.poisson(4.0)
    assert ours.cdf(3)[0] == pytest.approx(0.5 + 0.5 * behind.cdf(3), abs=1e-12)
    assert ours.variances()[0] == pytest.approx(0.5 * (4 + 16) - 4)


@pytest.mark.parametrize("mean", [1e-3, 0.5, 30.0, 1e6])
@pytest.mark.parametrize("cv2", [1e-5, 0.04, 1.0, 9.0])
def test_gamma_agrees_with_scipy(mean: float, cv2: float) -> None:
    variance = cv2 * mean**2
    twin = stats.gamma(1 / cv2, scale=mean * cv2)
    ours = Distribution.single(Family.GAMMA, mean, variance)
    assert ours.variances()[0] == pytest.approx(variance)
    for p in PROBABILITIES:
        x = ours.quantile(p)[0]
        assert x == pytest.approx(twin.ppf(p), rel=1e-9, abs=1e-290)
        assert ours.cdf(x)[0] == pytest.approx(p, rel=1e-8, abs=1e-12)
        # E[D; D > x] of a gamma is its mean times the upper tail of the gamma of one more shape
        short = mean * stats.gamma(1 / cv2 + 1, scale=mean * cv2).sf(x) - x * twin.sf(x)
        assert ours.expected_shortage(x)[0] == pytest.approx(short, rel=1e-6, abs=1e-10 * mean)


def test_gamma_without_variance_is_a_point() -> None:
    ours = Distribution.single(Family.GAMMA, 3.0, 0.0)
    assert ours.quantile([0.3])[0] == 3.0
    assert (ours.cdf(2.9)[0], ours.cdf(3.0)[0]) == (0.0, 1.0)
    assert (ours.expected_shortage(1.0)[0], ours.expected_left(5.0)[0]) == (2.0, 2.0)


def test_empirical_interpolates_between_knots() -> None:
    # knots at 0.125, 0.375, 0.625, 0.875; the ends lie 1.5 steps further out: -2.5 and 2.5
    ours = empirical(100.0, 25.0, [-1.0, 0.0, 0.0, 1.0])
    scale = 5.0 / ours_sd([-2.5, -1.0, 0.0, 0.0, 1.0, 2.5])
    assert ours.quantile(0.125)[0] == pytest.approx(100 - scale)
    assert ours.quantile(0.25)[0] == pytest.approx(100 - scale / 2)
    assert ours.quantile(0.5)[0] == pytest.approx(100)
    assert ours.quantile(1.0)[0] == pytest.approx(100 + 2.5 * scale)
    assert ours.quantile(1e-12)[0] == pytest.approx(100 - 2.5 * scale)
    assert ours.cdf(100.0)[0] == pytest.approx(0.625)  # a step: the greatest probability at that value
    assert ours.cdf(100 - scale / 2)[0] == pytest.approx(0.25)
    assert ours.means()[0] == pytest.approx(100)
    assert ours.variances()[0] == pytest.approx(25)


def ours_sd(nodes: list[float]) -> float:
    """Standard deviation of a piecewise-linear quantile function of four knots and two ends, by many points."""
    p = (np.arange(400_000) + 0.5) / 400_000
    return float(np.interp(p, [0, 0.125, 0.375, 0.625, 0.875, 1], nodes).std())


def test_empirical_shortage_is_the_integral_of_the_quantile_function() -> None:
    knots = [-1.2, -0.7, -0.1, 0.2, 0.4, 2.9]
    p = (np.arange(20_000) + 0.5) / 20_000
    for mean, variance in ((50.0, 90.0), (5.0, 40.0)):  # the second is cut at zero
        ours = empirical(mean, variance, knots)
        values = np.array([ours.quantile(q)[0] for q in p[::10]])
        assert values.mean() == pytest.approx(mean, rel=2e-3)
        for x in (0.0, 3.0, mean, 1.8 * mean):
            assert ours.expected_shortage(x)[0] == pytest.approx(np.maximum(values - x, 0).mean(), abs=2e-3 * mean)
        assert ours.variances()[0] == pytest.approx(values.var(), rel=5e-3)


def test_empirical_that_reaches_below_zero_is_cut_and_keeps_its_mean() -> None:
    ours = empirical(1.0, 100.0, [-2.0, -1.0, 0.0, 1.0, 2.0])
    assert ours.means()[0] == 1.0
    assert ours.expected_shortage(0.0)[0] == pytest.approx(1.0, rel=1e-12)
    assert ours.quantile(0.3)[0] == 0.0
    assert 0.3 < ours.cdf(0.0)[0] < 1.0
    assert ours.variances()[0] < 100.0


def test_empirical_with_normal_knots_has_the_tail_mean_of_a_normal() -> None:
    knots = [float(stats.norm.ppf((k + 0.5) / 20)) for k in range(20)]
    ours = empirical(1000.0, 100.0, knots)
    for z in (-1.0, 0.0, 1.0, 1.8):
        loss = stats.norm.pdf(z) - z * stats.norm.sf(z)
        assert ours.expected_shortage(1000 + 10 * z)[0] == pytest.approx(10 * loss, abs=0.03)


def test_equal_knots_are_a_point() -> None:
    ours = empirical(7.0, 4.0, [0.5, 0.5, 0.5])
    assert ours.quantile(0.9)[0] == 7.0
    assert (ours.cdf(6.9)[0], ours.cdf(7.0)[0], ours.variances()[0]) == (0.0, 1.0, 0.0)


@pytest.mark.parametrize("family", list(Family))
def test_no_demand_is_zero_everywhere(family: Family) -> None:
    one = np.ones((1, 1))
    ours = Distribution(np.array([family], np.uint8), one, one * 0, one * 0, one * 0, np.array([[-1.0, 1.0]]))
    assert ours.cdf(0.0)[0] == 1.0
    assert ours.cdf(-0.1)[0] == 0.0
    for p in (0.0, 0.5, 0.999999):
        assert ours.quantile(p)[0] == 0.0
    assert (ours.expected_shortage(2.0)[0], ours.expected_left(2.0)[0], ours.variances()[0]) == (0.0, 2.0, 0.0)


def test_a_mixture_of_counts_agrees_with_the_mixture_of_scipys() -> None:
    weights, means, ratios = [0.2, 0.5, 0.3], [0.0, 6.0, 40.0], [1.0, 1.0, 3.0]
    twins = [count_twin(m, m * r) for m, r in zip(means[1:], ratios[1:], strict=True)]
    mean, variance = np.array([means]), np.array([means]) * np.array([ratios])
    families = np.array([Family.COUNT], np.uint8)
    ours = Distribution(families, np.array([weights]), mean, variance, mean * 0, np.empty((1, 0)))
    k = np.arange(400)
    cdf = 0.2 + 0.5 * twins[0].cdf(k) + 0.3 * twins[1].cdf(k)
    for p in PROBABILITIES:
        assert ours.quantile(p)[0] == k[np.argmax(cdf >= p)]
    masses = np.diff(cdf, prepend=0)
    assert ours.means()[0] == pytest.approx((masses * k).sum(), abs=1e-9)
    assert ours.variances()[0] == pytest.approx((masses * k**2).sum() - (masses * k).sum() ** 2, abs=1e-6)
    for x in (0.0, 5.5, 30.0):
        assert ours.expected_shortage(x)[0] == pytest.approx((masses * np.maximum(k - x, 0)).sum(), abs=1e-9)
        assert ours.expected_left(x)[0] == pytest.approx((masses * np.maximum(x - k, 0)).sum(), abs=1e-9)


def test_a_mixture_of_gammas_inverts_its_own_cdf() -> None:
    one = np.array([[0.25, 0.75]])
    families = np.array([Family.GAMMA], np.uint8)
    ours = Distribution(families, one, np.array([[1.0, 30.0]]), np.array([[2.0, 100.0]]), one * 0, np.empty((1, 0)))
    twins = stats.gamma(0.5, scale=2), stats.gamma(9.0, scale=100 / 30)
    for p in PROBABILITIES[1:-1]:
        x = ours.quantile(p)[0]
        assert 0.25 * twins[0].cdf(x) + 0.75 * twins[1].cdf(x) == pytest.approx(p, abs=1e-12)


@pytest.mark.parametrize("family", [Family.COUNT, Family.ZERO_INFLATED, Family.GAMMA])
def test_probability_tables_are_the_differences_of_the_cdf(family: Family) -> None:
    ours = Distribution.single(family, [0.0, 0.4, 12.0, 300.0], [0.0, 0.9, 30.0, 900.0], 0.1)
    masses = ours.masses()
    half = 0.5 if family is Family.GAMMA else 0.0
    for row in range(4):
        table = masses.values[masses.offsets[row] : masses.offsets[row + 1]]
        assert table.sum() == pytest.approx(1.0, abs=1e-12)
        one = ours.take(np.array([row]))
        cdf = np.array([one.cdf(k + half)[0] for k in range(len(table))])
        assert np.cumsum(table) == pytest.approx(cdf, abs=1e-11)


# --------------------------------------------------------------------------------------------------------------- laws

knot_lists = st.lists(st.floats(-5, 5), min_size=2, max_size=12).map(sorted)


@st.composite
def distributions(draw: st.DrawFn) -> Distribution:
    """One row of any family with one to three components."""
    m = draw(st.integers(1, 3))
    raw = np.array([draw(st.floats(0.01, 1.0)) for _ in range(m)])
    mean = np.array([draw(st.one_of(st.just(0.0), st.floats(1e-6, 1e4))) for _ in range(m)])
    ratio = np.array([draw(st.floats(0.2, 200.0)) for _ in range(m)])
    zero = np.array([draw(st.floats(0.0, 0.9)) for _ in range(m)])
    family = draw(st.sampled_from(list(Family)))
    knots = np.array([draw(knot_lists)])
    return Distribution(
        np.array([family], np.uint8),
        (raw / raw.sum())[None, :],
        mean[None, :],
        (mean * ratio)[None, :],
        zero[None, :],
        knots,
    )


@given(distributions(), st.floats(0, 1.5), st.floats(0, 1.5))
def test_cdf_never_falls(d: Distribution, a: float, b: float) -> None:
    scale = 3 * d.means()[0] + 3
    low, high = sorted((a * scale, b * scale))
    assert 0.0 <= d.cdf(low)[0] <= d.cdf(high)[0] + 1e-12 <= 1.0 + 1e-12


@given(distributions(), st.floats(0, 1), st.floats(0, 1))
def test_quantiles_never_cross_and_are_never_negative(d: Distribution, a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert 0.0 <= d.quantile(low)[0] <= d.quantile(high)[0]


@given(distributions(), st.floats(1e-6, 1 - 1e-6))
def test_the_quantile_is_the_least_that_reaches_its_probability(d: Distribution, p: float) -> None:
    x = d.quantile(p)[0]
    assert d.cdf(x * (1 + 1e-12))[0] >= p - 1e-9
    below = x - 1.0 if d.family[0] <= Family.ZERO_INFLATED else x * (1 - 1e-6)
    if x > 1e-290:
        assert d.cdf(below)[0] < p + 1e-9


@given(distributions(), st.floats(-0.5, 3.0))
def test_short_minus_left_is_mean_minus_stock(d: Distribution, share: float) -> None:
    x = share * (d.means()[0] + 1)
    short, left = d.expected_shortage(x)[0], d.expected_left(x)[0]
    assert short >= 0.0
    assert left >= 0.0
    assert short - left == pytest.approx(d.means()[0] - x, abs=1e-9 * (1 + d.means()[0]))


@given(distributions(), st.floats(0, 2.0), st.floats(0, 2.0), st.floats(0, 1))
def test_expected_shortage_is_convex_and_falls(d: Distribution, a: float, b: float, t: float) -> None:
    scale = d.means()[0] + 2
    low, high = sorted((a * scale, b * scale))
    middle = (1 - t) * low + t * high
    at_low, at_middle, at_high = (d.expected_shortage(x)[0] for x in (low, middle, high))
    slack = 1e-9 * scale
    assert at_high <= at_middle + slack
    assert at_middle <= at_low + slack
    assert at_middle <= (1 - t) * at_low + t * at_high + slack


# --------------------------------------------------------------------------------------------------------------- door


def test_an_argument_for_each_series() -> None:
    ours = Distribution.single(Family.COUNT, [1.0, 10.0], [1.0, 10.0])
    assert ours.cdf([0, 10]) == pytest.approx([stats.poisson.cdf(0, 1), stats.poisson.cdf(10, 10)])
    assert ours.quantile(np.array([0.5, 0.9])).tolist() == [1.0, 14.0]


def test_infinity_is_beyond_all_demand() -> None:
    for family in (Family.COUNT, Family.ZERO_INFLATED, Family.GAMMA):
        ours = Distribution.single(family, 5.0, 9.0, 0.1)
        assert ours.quantile(1.0)[0] == math.inf
        assert ours.cdf(math.inf)[0] == 1.0


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("weight", np.full((2, 1), 0.9), "sum to 1"),
        ("mean", np.array([[1.0], [-1.0]]), "mean"),
        ("variance", np.array([[1.0], [np.nan]]), "variance"),
        ("zero", np.full((2, 1), 1.5), "at most 1"),
        ("family", np.zeros(3, np.uint8), "family"),
        ("family", np.full(2, Family.EMPIRICAL, np.uint8), "knots"),
    ],
)
def test_a_wrong_table_is_refused(field: str, value: Any, words: str) -> None:
    parts = {"family": np.zeros(2, np.uint8), "knots": np.empty((2, 0))}
    parts |= {name: np.ones((2, 1)) * (name != "zero") for name in ("weight", "mean", "variance", "zero")}
    with pytest.raises(ValueError, match=words):
        Distribution(**(parts | {field: value}))


def test_probabilities_outside_0_and_1_are_refused() -> None:
    ours = Distribution.single(Family.COUNT, 1.0, 1.0)
    for p in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="probabilities"):
            ours.quantile(p)
