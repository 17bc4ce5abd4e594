"""The special functions under the families: twins are scipy where it is right, 50-digit sums where it is not."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy import special, stats

from orderpoint.tables.families import incomplete_beta
from orderpoint.tables.families.gamma import standard_gamma_quantile
from orderpoint.tables.families.incomplete_beta import beta_tails
from orderpoint.tables.families.incomplete_gamma import gamma_tails
from orderpoint.tables.families.normal import normal_cdf, normal_quantile, rough_normal_quantile
from orderpoint.tables.families.saddlepoint import count_mass, poisson_mass

SHAPES = [1e-6, 1e-3, 0.1, 0.5, 1.0, 2.5, 9.9, 20.0, 99.0, 100.0, 101.0, 500.0, 1e4, 1e5]


def decimal_lower_gamma(a: float, x: float) -> float:
    """P(a, x) for a large, by its series in 50 digits."""
    with localcontext() as context:
        context.prec = 50
        big_a, big_x = Decimal(a), Decimal(x)
        two_pi = 2 * Decimal("3.14159265358979323846264338327950288419716939937510")
        log_factorial = (big_a + Decimal("0.5")) * big_a.ln() - big_a + two_pi.ln() / 2 + 1 / (12 * big_a)
        log_factorial += -1 / (360 * big_a**3) + 1 / (1260 * big_a**5)
        term = total = Decimal(1)
        n = 0
        while term > total * Decimal("1e-25"):
            n += 1
            term *= big_x / (big_a + n)
            total += term
        return float((big_a * big_x.ln() - big_x - log_factorial).exp() * total)


@pytest.mark.parametrize("a", SHAPES)
def test_both_tails_of_the_incomplete_gamma_agree_with_scipy_to_1e_12(a: float) -> None:
    for x in [a * f for f in (1e-3, 0.1, 0.39, 0.41, 0.8, 0.99, 1.0, 1.01, 1.3, 2.29, 2.31, 5.0)] + [a + 1.0, a + 30.0]:
        lower, upper = gamma_tails(a, x)
        assert lower == pytest.approx(special.gammainc(a, x), rel=1e-12, abs=1e-14)
        assert upper == pytest.approx(special.gammaincc(a, x), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("z", [-5.0, -1.0, -0.01, 0.0, 2.0])
def test_the_incomplete_gamma_keeps_its_digits_where_scipy_loses_them(z: float) -> None:
    a = 1.5e6  # scipy 1.17 is off by 1e-5 here
    x = a + z * math.sqrt(a)
    assert gamma_tails(a, x)[0] == pytest.approx(decimal_lower_gamma(a, x), rel=1e-12)


def test_the_incomplete_gamma_at_its_ends() -> None:
    assert gamma_tails(2.0, 0.0) == (0.0, 1.0)
    assert gamma_tails(2.0, -1.0) == (0.0, 1.0)
    assert gamma_tails(2.0, math.inf) == (1.0, 0.0)
    assert gamma_tails(0.0, 1.0) == (1.0, 0.0)


@pytest.mark.parametrize("a", [0.01, 0.3, 1.0, 7.0, 250.0, 1e4, 1e6])
@pytest.mark.parametrize("b", [1.0, 2.0, 11.0, 300.0, 1e5, 3e6])
def test_both_tails_of_the_incomplete_beta_agree_with_scipy_to_1e_10(a: float, b: float) -> None:
    mode, spread = a / (a + b), math.sqrt(a * b / (a + b) ** 3)
    for x in [mode + z * spread for z in (-6.0, -2.0, -0.1, 0.0, 0.5, 3.0, 8.0)]:
        if 0.0 < x < 1.0:
            lower, upper = beta_tails(a, b, x, 1.0 - x)
            assert lower == pytest.approx(special.betainc(a, b, x), rel=1e-10, abs=1e-12)
            assert upper == pytest.approx(special.betaincc(a, b, x), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(("a", "b"), [(1.1e6, 1.1e6), (1.5e6, 8e6), (2e6, 1e9)])
def test_the_uniform_expansion_continues_the_continued_fraction(a: float, b: float) -> None:
    mode, spread = a / (a + b), math.sqrt(a * b / (a + b) ** 3)
    for z in (-6.0, -1.0, -1e-3, 0.0, 1e-3, 0.2, 3.0):
        x = mode + z * spread
        lower, upper = incomplete_beta._uniform.py_func(a, b, x, 1.0 - x)
        assert lower == pytest.approx(special.betainc(a, b, x), abs=1e-10)
        assert lower + upper == pytest.approx(1.0, abs=1e-15)


def test_normal_quantile_agrees_with_scipy_to_the_last_digits() -> None:
    for p in [1e-300, 1e-40, 1e-12, 0.001, 0.02425, 0.1, 0.4999, 0.6, 0.95, 0.98, 1 - 1e-12]:
        assert normal_quantile(p) == pytest.approx(special.ndtri(p), rel=2e-15)
        assert rough_normal_quantile(p) == pytest.approx(special.ndtri(p), rel=2e-9)
        assert normal_cdf(normal_quantile(p)) == pytest.approx(p, rel=1e-12)
    assert normal_quantile(0.5) == 0.0
    assert (normal_quantile(0.0), normal_quantile(1.0)) == (-math.inf, math.inf)


@pytest.mark.parametrize("mean", [1e-6, 0.3, 4.0, 60.0, 900.0, 1e6])
def test_poisson_probabilities_agree_with_scipy(mean: float) -> None:
    for k in {0, 1, 2, 7, int(mean), int(mean + 3 * mean**0.5), int(2 * mean + 40)}:
        assert poisson_mass(float(k), mean) == pytest.approx(stats.poisson.pmf(k, mean), rel=1e-8, abs=1e-290)


@pytest.mark.parametrize("mean", [1e-6, 0.3, 4.0, 60.0, 900.0, 1e6])
@pytest.mark.parametrize("excess", [0.01, 0.7, 30.0, 5e3])
def test_negative_binomial_probabilities_agree_with_scipy(mean: float, excess: float) -> None:
    sd = math.sqrt(mean * (1 + excess))
    for k in {0, 1, 2, 7, int(mean), int(mean + 3 * sd)}:
        expected = stats.nbinom.pmf(k, mean / excess, 1 / (1 + excess))
        assert count_mass(float(k), mean, excess) == pytest.approx(expected, rel=1e-8, abs=1e-290)


def test_probabilities_of_a_large_count_sum_to_one_and_to_the_mean() -> None:
    k = np.arange(90_000, 110_001, dtype=float)
    masses = np.array([count_mass(x, 1e5, 1.0) for x in k])
    assert masses.sum() == pytest.approx(1.0, abs=1e-12)
    assert (masses * k).sum() == pytest.approx(1e5, rel=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma_quantile_agrees_with_scipy_to_1e_10(shape: float) -> None:
    for p in (1e-12, 1e-4, 0.05, 0.3, 0.5, 0.8, 0.99, 1 - 1e-9):
        expected = special.gammaincinv(shape, p)
        if expected > 1e-290:
            assert standard_gamma_quantile(p, shape) == pytest.approx(expected, rel=1e-10)


def test_gamma_quantile_at_its_ends() -> None:
    assert standard_gamma_quantile(0.0, 3.0) == 0.0
    assert standard_gamma_quantile(1.0, 3.0) == math.inf
    assert standard_gamma_quantile(0.5, 1e-9) == 0.0  # nearly everything is at zero
