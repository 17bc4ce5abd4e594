"""The regularised incomplete gamma functions P(a, x) and Q(a, x), both tails at once, at bounded cost.

Below a = 200, or far from the mode: the series of P and Lentz' continued fraction of Q. Around the mode of a large a:
Temme's uniform expansion (SIAM J. Math. Anal. 10, 1979, eq. 1.4; DLMF 8.12.3 and 8.12.8), whose cost does not grow with
a.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from orderpoint.tables.families.saddlepoint import TWO_PI, deviance, poisson_mass

UNIFORM_FROM = 200.0
SMALLEST = 1e-300
PRECISION = 1e-16
MOST_TERMS = 100_000

# Power series in eta of Temme's C_0 .. C_3 (derived from mu - log(1 + mu) = eta^2 / 2 by the recursion DLMF 8.12.12).
TEMME = np.array(
    [
        [
            -0.3333333333333333,
            0.08333333333333333,
            -0.014814814814814815,
            0.0011574074074074073,
            0.0003527336860670194,
            -0.0001787551440329218,
            3.919263178522438e-05,
            -2.185448510679992e-06,
            -1.85406221071516e-06,
            8.296711340953087e-07,
            -1.7665952736826078e-07,
            6.707853543401498e-09,
            1.0261809784240309e-08,
        ],
        [
            -0.001851851851851852,
            -0.003472222222222222,
            0.0026455026455026454,
            -0.0009902263374485596,
            0.00020576131687242798,
            -4.018775720164609e-07,
            -1.8098550334489977e-05,
            7.64916091608111e-06,
            -1.6120900894563446e-06,
            4.647127802807434e-09,
            1.378633446915721e-07,
            -5.752545603517705e-08,
            1.1951628599778148e-08,
        ],
        [
            0.004133597883597883,
            -0.0026813271604938273,
            0.0007716049382716049,
            2.0093878600823047e-06,
            -0.0001073665322636516,
            5.2923448829120125e-05,
            -1.2760635188618728e-05,
            3.423578734096138e-08,
            1.3721957309062934e-06,
            -6.298992138380055e-07,
            1.4280614206064242e-07,
            -2.0477098421990866e-10,
            -1.409252991086752e-08,
        ],
        [
            0.0006494341563786008,
            0.00022947209362139917,
            -0.0004691894943952557,
            0.00026772063206283885,
            -7.561801671883977e-05,
            -2.396505113867297e-07,
            1.1082654115347302e-05,
            -5.6749528269915965e-06,
            1.4230900732435883e-06,
            -2.7861080291528143e-11,
            -1.6958404091930278e-07,
            8.099464905388083e-08,
            -1.9111168485973655e-08,
        ],
    ]
)


@njit(cache=True, error_model="numpy")
def gamma_tails(a: float, x: float) -> tuple[float, float]:
    """(P(a, x), Q(a, x)) for real a, x: the two tails of a standard gamma of shape a; all at zero where a <= 0."""
    if x <= 0.0:
        return (1.0, 0.0) if a <= 0.0 and x == 0.0 else (0.0, 1.0)
    if a <= 0.0 or x == math.inf:
        return 1.0, 0.0
    return gamma_tails_by(a, x, poisson_mass(a, x))


@njit(cache=True, error_model="numpy")
def gamma_tails_by(a: float, x: float, mass: float) -> tuple[float, float]:
    """`gamma_tails` of finite a, x > 0 where `mass` = x^a e^-x / Gamma(a + 1) is known already."""
    if a >= UNIFORM_FROM and 0.4 < x / a < 2.3:
        return _uniform(a, x)
    if x < a + 1.0:
        lower = min(1.0, mass * _lower_series(a, x))
        return lower, 1.0 - lower
    upper = min(1.0, mass * a * _upper_fraction(a, x))
    return 1.0 - upper, upper


@njit(cache=True, error_model="numpy")
def _lower_series(a: float, x: float) -> float:
    """P(a, x) Gamma(a + 1) e^x / x^a = 1 + x / (a + 1) + x^2 / ((a + 1) (a + 2)) + ..., DLMF 8.11.4."""
    term = 1.0
    total = 1.0
    for n in range(1, MOST_TERMS):
        term *= x / (a + n)
        total += term
        if term < total * PRECISION:
            break
    return total


@njit(cache=True, error_model="numpy")
def _upper_fraction(a: float, x: float) -> float:
    """Q(a, x) Gamma(a) e^x / x^a by the continued fraction DLMF 8.9.2, evaluated by Lentz' method."""
    b = x + 1.0 - a
    c = 1.0 / SMALLEST
    d = 1.0 / b
    h = d
    for n in range(1, MOST_TERMS):
        numerator = -n * (n - a)
        b += 2.0
        d = numerator * d + b
        if abs(d) < SMALLEST:
            d = SMALLEST
        c = b + numerator / c
        if abs(c) < SMALLEST:
            c = SMALLEST
        d = 1.0 / d
        change = d * c
        h *= change
        if abs(change - 1.0) < PRECISION * 4.0:
            break
    return h


@njit(cache=True, error_model="numpy")
def _uniform(a: float, x: float) -> tuple[float, float]:
    """Both tails by Temme's expansion: erfc(+-eta sqrt(a/2)) / 2 -+ R, eta^2 a / 2 being the deviance of a from x."""
    half = deviance(a, x)
    eta = math.copysign(math.sqrt(2.0 * half / a), x - a)
    correction = 0.0
    for k in range(TEMME.shape[0] - 1, -1, -1):
        row = 0.0
        for j in range(TEMME.shape[1] - 1, -1, -1):
            row = row * eta + TEMME[k, j]
        correction = correction / a + row
    correction *= math.exp(-half) / math.sqrt(TWO_PI * a)
    signed = math.copysign(math.sqrt(half), eta)
    lower = 0.5 * math.erfc(-signed) - correction
    upper = 0.5 * math.erfc(signed) + correction
    return min(1.0, max(0.0, lower)), min(1.0, max(0.0, upper))
