"""First-order loss of a probability table: E[(X - y)+] at whole y, summed from the tail so that no digits are lost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Loss(NamedTuple):
    """`mean` of X; `short[y]` = E[(X - y)+] and `below[y]` = P(X <= y) for y = 0..len - 1."""

    mean: float
    short: FloatArray
    below: FloatArray


@njit(cache=True, error_model="numpy")
def loss_of(x: FloatArray) -> Loss:
    """The loss function of a table."""
    short = np.empty(len(x))
    above, total = 0.0, 0.0
    for y in range(len(x) - 1, -1, -1):
        short[y] = total
        above += x[y]
        total += above
    return Loss(float(short[0]), short, np.cumsum(x))


@njit(cache=True, error_model="numpy")
def short(loss: Loss, y: int) -> float:
    """E[(X - y)+] at any whole y."""
    if y < 0:
        return loss.mean - y
    return float(loss.short[y]) if y < len(loss.short) else 0.0


@njit(cache=True, error_model="numpy")
def left(loss: Loss, y: int) -> float:
    """E[(y - X)+] at any whole y."""
    return 0.0 if y < 0 else float(y - loss.mean + short(loss, y))


@njit(cache=True, error_model="numpy")
def at_most(loss: Loss, y: int) -> float:
    """P(X <= y) at any whole y."""
    if y < 0:
        return 0.0
    return min(1.0, float(loss.below[min(y, len(loss.below) - 1)]))


@njit(cache=True, error_model="numpy")
def cost_at(loss: Loss, y: int, h: float, p: float) -> float:
    """G(y) = h E[(y - X)+] + p E[(X - y)+]: convex in y, a straight line on either side of the table."""
    return h * (y - loss.mean) + (h + p) * short(loss, y)


@njit(cache=True, error_model="numpy")
def cheapest(loss: Loss, h: float, p: float) -> int:
    """The least y of least G: the critical quantile p / (h + p)."""
    y = 0
    ratio = p / (h + p)
    while y < len(loss.below) - 1 and loss.below[y] < ratio:
        y += 1
    return y
