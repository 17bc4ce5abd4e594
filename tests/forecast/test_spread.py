"""Spread and shape are learned from errors, robustly, and say what the forecast does not know."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import nbinom

from orderpoint.forecast import distributions
from orderpoint.forecast.distributions import Errors, Learning
from orderpoint.forecast.panel import Outcome
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.tables.distribution import Family
from tests.forecast.builders import known_of, sales_of

SPAN = 10


def errors_of(rng: Any, *, ratio: Any = 2.0, cv2: Any = 0.1, mean: Any = 4.0, n: Any = 400, origins: Any = 40) -> Any:
    """Errors of a model that knows the mean and not the level, over disjoint spans."""
    level = rng.gamma(1 / cv2, cv2, (n, origins)) if cv2 > 0 else np.ones((n, origins))
    size = level[:, :, None] * np.full(SPAN, mean / (ratio - 1))
    y = rng.negative_binomial(size, 1 / ratio).astype(np.float32)
    outcome = Outcome(y[:, :, 0], np.ones((n, origins), bool), y.sum(axis=2), np.ones((n, origins), np.float32))
    one = np.full((n, origins), mean, np.float32)
    return Errors(one, SPAN * one, outcome, SPAN)


def together(origins: int, *parts: Errors) -> Errors:
    """The first origins of some series after those of others."""
    one, total = (np.concatenate([getattr(p, name)[:, :origins] for p in parts]) for name in ("one", "total"))
    outcome = (
        np.concatenate([array[:, :origins] for array in pair]) for pair in zip(*(p.outcome for p in parts), strict=True)
    )
    return Errors(one, total, Outcome(*outcome), SPAN)


def test_ratio_and_level_are_recovered() -> None:
    spread = distributions.fit(errors_of(np.random.default_rng(0)), Learning(cut_sd=20.0))
    assert np.median(spread.ratio) == pytest.approx(2.0, rel=0.1)
    assert np.median(spread.level_cv2) == pytest.approx(0.1, rel=0.15)


def test_without_a_level_there_is_little_of_it() -> None:
    spread = distributions.fit(errors_of(np.random.default_rng(1), cv2=0.0), Learning(cut_sd=20.0))
    assert np.median(spread.ratio) == pytest.approx(2.0, rel=0.1)
    assert np.median(spread.level_cv2) < 0.01


def test_moments_are_those_of_a_plain_loop() -> None:
    errors = errors_of(np.random.default_rng(2), n=3, origins=5)
    errors.outcome.share[1, 2] = 0.3
    errors.outcome.one_seen[0, 1] = False
    ratio, cv2 = np.array([1.5, 2.0, 3.0]), np.array([0.0, 0.2, 0.1])
    arrays = (errors.one, errors.total, errors.outcome.one, errors.outcome.total)
    got = distributions._moments(arrays, (errors.outcome.one_seen, errors.outcome.share), (ratio, cv2), 9.0, 0.5)
    want = np.zeros((3, 6))
    for i in range(3):
        for o in range(5):
            cases = [(0, errors.one, errors.outcome.one, errors.outcome.one_seen[i, o])]
            cases += [(3, errors.total, errors.outcome.total, errors.outcome.share[i, o] >= 0.5)]
            for at, said, came, counted in cases:
                if not counted:
                    continue
                m = float(said[i, o])
                square = min((float(came[i, o]) - m) ** 2, 9.0 * (ratio[i] * m + cv2[i] * m * m + 0.25))
                weight = (1 / (m * (1 + 0.2 * m))) ** (1 if at == 0 else 2)
                if at == 0:
                    want[i, :3] += [weight * (square - cv2[i] * m * m), weight * m, 1]
                else:
                    want[i, 3:] += [weight * (square - ratio[i] * m) * m * m, weight * m**4, 1]
    np.testing.assert_allclose(got, want, rtol=1e-6)


def test_one_large_order_does_not_decide_the_spread() -> None:
    errors = errors_of(np.random.default_rng(3), n=50)
    calm = distributions.fit(errors, Learning())
    errors.outcome.one[7, 9] += 5000
    errors.outcome.total[7, 9] += 5000
    after = distributions.fit(errors, Learning())
    assert after.ratio[7] < 2 * calm.ratio[7]
    assert np.delete(after.ratio, 7) == pytest.approx(np.delete(calm.ratio, 7), rel=0.05)


def test_a_series_of_its_own_kind_is_drawn_to_all_only_while_it_is_short() -> Any:
    rng = np.random.default_rng(4)
    calm, wild = errors_of(rng, ratio=1.2, cv2=0.0, n=80), errors_of(rng, ratio=6.0, cv2=0.0, n=1)

    def wild_ratio(origins: int) -> Any:
        return distributions.fit(together(origins, calm, wild), Learning(cut_sd=20.0)).ratio[-1]

    assert wild_ratio(3) < wild_ratio(40)


def test_large_items_may_be_steadier_than_small_ones() -> None:
    """One figure for both would be far too wide for the large ones, or too narrow for the small ones."""
    rng = np.random.default_rng(12)
    small, large = errors_of(rng, mean=0.4, ratio=1.3, cv2=0.6, n=300), errors_of(rng, mean=40.0, cv2=0.02, n=300)
    spread = distributions.fit(together(20, small, large), Learning(cut_sd=20.0))
    assert np.median(spread.level_cv2[:300]) == pytest.approx(0.6, rel=0.3)
    assert np.median(spread.level_cv2[300:]) == pytest.approx(0.02, rel=0.5)


def test_a_class_of_one_series_is_drawn_to_all() -> None:
    """Four origins of the only large item, which all were twice what was said, are no law of large items."""
    small, large = errors_of(np.random.default_rng(13), cv2=0.05), errors_of(np.random.default_rng(14), mean=40.0, n=1)
    doubled = large.outcome._replace(total=2.0 * large.total)
    spread = distributions.fit(together(4, small, Errors(large.one, large.total, doubled, SPAN)), Learning(cut_sd=20.0))
    assert 0.05 < spread.level_cv2[-1] < 0.3  # the square of what it missed by is 1


def test_the_family_follows_the_numbers() -> None:
    """Whole and ordinary: counts, at least as wide as Poisson's. Large or not whole: the residuals, if enough."""
    rng = np.random.default_rng(5)
    counts = rng.poisson(5, 200)
    steady = np.full(200, 10.0)
    large = np.round(rng.normal(5000, 500, 200))
    kilograms = rng.gamma(4, 1.37, 200)
    sales = sales_of([counts, steady, large, kilograms])
    shape = Portfolio(span=5).fit(sales, known_of(sales)).shape
    assert shape.family.tolist() == [Family.COUNT, Family.COUNT, Family.EMPIRICAL, Family.EMPIRICAL]
    assert shape.ratio[1] == 1
    short = sales_of([kilograms[:8]])
    assert Portfolio(span=5).fit(short, known_of(short)).shape.family.tolist() == [Family.GAMMA]


def test_knots_are_standardised_and_ascend() -> None:
    rng = np.random.default_rng(6)
    sales = sales_of(rng.gamma(2, 3.3, (5, 300)))
    knots = Portfolio(span=5).fit(sales, known_of(sales)).shape.knots
    assert (np.diff(knots, axis=1) >= 0).all()
    np.testing.assert_allclose(knots.mean(axis=1), 0, atol=1e-9)
    np.testing.assert_allclose((knots**2).mean(axis=1), 1)


@pytest.mark.parametrize(("rate", "ratio"), [(0.3, 1.001), (3.0, 1.001), (3.0, 2.5), (30.0, 4.0)])
def test_lead_time_sums_are_covered_as_promised(rate: Any, ratio: Any) -> None:
    """The level wanders: quantiles of the two-week sum hold what they promise on what came after."""
    rng = np.random.default_rng(7)
    drift = rate * np.exp(np.cumsum(rng.normal(0, 0.01, (300, 264)), axis=1))
    y = rng.negative_binomial(drift / (ratio - 1), 1 / ratio).astype(np.float32)
    sales = sales_of(y[:, :250])
    demand = Portfolio(span=14).fit(sales, known_of(sales)).demand(14, known_of(sales))
    came = y[:, 250:].sum(axis=1)
    total = demand.sum_over(0, 13)
    for probability in (0.5, 0.8, 0.95):
        quantile = total.quantile(probability)
        low, high = (came < quantile).mean(), (came <= quantile).mean()
        assert low - 0.06 < probability < high + 0.06, (probability, low, high)


def test_the_unknown_is_wide() -> None:
    """A new item beside known ones: their mean, and a spread as wide as they differ."""
    rng = np.random.default_rng(8)
    rates = rng.gamma(1.5, 4, 30)
    quantity = rng.poisson(rates[:, None], (30, 200)).astype(np.float32)
    state = np.ones(quantity.shape, np.uint8)
    state[0], quantity[0] = 0, 0
    sales = sales_of(quantity, state)
    fitted = Portfolio(span=14).fit(sales, known_of(sales))
    demand = fitted.demand(14, known_of(sales))
    assert demand.mean[0].mean() == pytest.approx(rates[1:].mean(), rel=0.25)
    assert demand.level_cv2[0] > 0.25
    assert demand.level_cv2[0] > 5 * np.median(demand.level_cv2[1:])


@pytest.mark.parametrize("wrong", [{"prior_origins": -1}, {"cut_sd": 1}, {"least_share": 0}])
def test_settings_are_checked(wrong: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        Learning(**wrong)


def test_extra_zeros_are_told_from_a_wide_count() -> None:
    """Half of the periods closed, else Poisson of mean 6: a zero-inflated count; lumpy orders alone are a wide one."""
    rng = np.random.default_rng(9)
    closed = rng.poisson(6, (40, 400)) * (rng.random((40, 400)) < 0.5)
    wide = rng.negative_binomial(0.5, 0.25, (40, 400))
    sales = sales_of(np.concatenate((closed, wide)))
    shape = Portfolio(span=7).fit(sales, known_of(sales)).shape
    extra = shape.family == Family.ZERO_INFLATED
    assert extra[:40].mean() > 0.85
    assert extra[40:].mean() < 0.3  # 48 origins cannot tell all of them apart
    assert np.median(shape.zero[:40]) == pytest.approx(0.5, abs=0.06)


def test_the_probability_of_zero_is_the_negative_binomials() -> None:
    """Against scipy; at ratio 1 it is Poisson's."""
    mean, ratio = np.array([0.4, 3.0, 2.0]), np.array([2.5, 1.5, 1.0])
    want = [nbinom.pmf(0, m / (r - 1), 1 / r) for m, r in zip(mean[:2], ratio[:2], strict=True)] + [np.exp(-2.0)]
    np.testing.assert_allclose(distributions._zero_share(mean, ratio), want, rtol=1e-6)
