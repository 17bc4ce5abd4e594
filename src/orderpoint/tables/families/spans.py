"""The sum of a span of periods: its mean, its variance, its extra zeros, and how much of its own shape it keeps."""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.tables.families.component import ZERO_INFLATED
from orderpoint.tables.families.count import count_at_zero, excess_of
from orderpoint.tables.families.level import NODES, WEIGHTS, Series, level_node, log_no_demand

FloatArray = NDArray[np.float64]
HALVINGS = 50
FIRST_LOG = 3  # state: sums of m, m^2, m^1.5, then log P(0) at each node of the level


@njit(cache=True, error_model="numpy")
def _add(series: Series, row: int, period: int, state: FloatArray) -> None:
    mean = series.mean[row, period]
    state[0] += mean
    state[1] += mean * mean
    state[2] += mean * math.sqrt(mean)
    if series.family[row] == ZERO_INFLATED:
        for j in range(len(NODES)):
            level = level_node(j, series.level_cv2[row])
            state[FIRST_LOG + j] += log_no_demand(mean * level, series.ratio[row], series.zero[row])


@njit(cache=True, error_model="numpy")
def _close(series: Series, row: int, periods: int, state: FloatArray) -> tuple[float, float, float, float]:
    """(mean, variance, extra zeros, share of the own shape) of the periods added so far."""
    mean = state[0]
    if mean <= 0.0:
        return 0.0, 0.0, 0.0, 1.0
    cv2 = series.level_cv2[row]
    variance = series.ratio[row] * mean + cv2 * mean * mean
    own = min(1.0, state[2] / (mean * math.sqrt(mean)))
    if series.family[row] != ZERO_INFLATED:
        return mean, variance, 0.0, own
    zero = min(series.zero[row], 1.0 - 1e-12)
    variance += (1.0 + cv2) * zero / (1.0 - zero) * state[1]
    if periods == 1:
        return mean, variance, zero, own
    no_demand = 0.0
    for j in range(len(NODES)):
        no_demand += WEIGHTS[j] * math.exp(state[FIRST_LOG + j])
    return mean, variance, extra_zeros(mean, variance, no_demand), own


@njit(cache=True, error_model="numpy")
def extra_zeros(mean: float, variance: float, no_demand: float) -> float:
    """The extra probability of zero with which a zero-inflated count of this mean and variance is 0 with `no_demand`.

    Between none (a negative binomial) and as many as leave a Poisson behind them; the nearer end where `no_demand` lies
    outside.
    """
    if variance <= mean:
        return 0.0
    low, high = 0.0, (variance - mean) / (variance + mean * mean - mean)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        inner = mean / (1.0 - middle)
        behind = (variance + mean * mean) / (1.0 - middle) - inner * inner
        if middle + (1.0 - middle) * count_at_zero(inner, excess_of(inner, behind)) < no_demand:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high) if high > 1e-15 else 0.0


@njit(cache=True, parallel=True, error_model="numpy")
def span_sums(series: Series, first: NDArray[np.int64], last: NDArray[np.int64]) -> FloatArray:
    """(4, n): mean, variance, extra zeros and share of the own shape of the sum of periods first..last of every row."""
    rows = series.mean.shape[0]
    out = np.empty((4, rows))
    for row in prange(rows):
        state = np.zeros(FIRST_LOG + len(NODES))
        for period in range(first[row], last[row] + 1):
            _add(series, row, period, state)
        closed = _close(series, row, last[row] + 1 - first[row], state)
        for k in range(4):
            out[k, row] = closed[k]
    return out


@njit(cache=True, parallel=True, error_model="numpy")
def prefix_sums(series: Series, first: NDArray[np.int64], longest: int) -> FloatArray:
    """(4, n, longest + 1): as `span_sums`, of the first 0, 1, .. longest periods from `first` of every row."""
    rows = series.mean.shape[0]
    out = np.empty((4, rows, longest + 1))
    for row in prange(rows):
        state = np.zeros(FIRST_LOG + len(NODES))
        for periods in range(longest + 1):
            if periods > 0:
                _add(series, row, first[row] + periods - 1, state)
            closed = _close(series, row, periods, state)
            for k in range(4):
                out[k, row, periods] = closed[k]
    return out
