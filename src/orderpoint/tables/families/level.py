"""What is shared by the periods of a series: its level, a gamma of mean 1, and what zeros it leaves."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.tables.families.count import count_at_zero

FloatArray = NDArray[np.float64]

# Gauss-Hermite, 7 points, weight exp(-z^2 / 2) / sqrt(2 pi) (Abramowitz & Stegun, table 25.10, rescaled)
NODES = np.array(
    [
        -3.750439717725742,
        -2.366759410734541,
        -1.154405394739968,
        0.0,
        1.154405394739968,
        2.366759410734541,
        3.750439717725742,
    ]
)
WEIGHTS = np.array(
    [
        0.000548268855972218,
        0.0307571239675865,
        0.240123178605013,
        0.457142857142857,
        0.240123178605013,
        0.0307571239675865,
        0.000548268855972218,
    ]
)


class Series(NamedTuple):
    """The arrays of a `Demand`, as one argument of a compiled loop: n rows, H periods, K knots."""

    mean: FloatArray
    family: NDArray[np.uint8]
    ratio: FloatArray
    level_cv2: FloatArray
    zero: FloatArray
    knots: FloatArray


@njit(cache=True, error_model="numpy")
def level_node(j: int, cv2: float) -> float:
    """The level at node j of the quadrature: the cube of a normal (Wilson and Hilferty's form of the gamma)."""
    root = max(0.0, 1.0 - cv2 / 9.0 + float(NODES[j]) * math.sqrt(cv2) / 3.0)
    return root * root * root


@njit(cache=True, error_model="numpy")
def log_no_demand(mean: float, ratio: float, zero: float) -> float:
    """Logarithm of P(D = 0) of one period with `mean` over all, extra zeros included, its level being given."""
    if mean <= 0.0 or zero >= 1.0:
        return 0.0
    return math.log(zero + (1.0 - zero) * count_at_zero(mean / (1.0 - zero), max(0.0, ratio - 1.0)))
