"""Sales that stock cut short: what demand was expected to be, given that it was at least what was sold.

A period out of stock from its start tells nothing: its sales are zero, and it is skipped (the state of every model is
carried over it). A period that sold y units before it ran out tells that demand was at least y. To skip it too would
be wrong: stock runs out when demand is high, so the periods left would be the low ones, and every level would be
learned too low. It is replaced by E[D | D >= y] under the level known so far, which is near that level where y is
small and above y where y is large (the E-step of the EM algorithm: Dempster, Laird & Rubin 1977; for inventory,
Nahmias 1994).

Where the hours out of stock are known, no tail is needed: y units came in hours that usually bring a share s of the
period's demand. Given the period's own rate, demand is Poisson, and the rate is gamma distributed around the level with
what the variance over mean r has beyond 1. So the hours out of stock would have brought (1 - s) times the rate's
mean given y, (mean + (r - 1) y) / (1 + (r - 1) s): the level where a period is like any other, what was sold where not.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast.panel import Cells, FloatArray
from orderpoint.tables.families.incomplete_gamma import gamma_tails
from orderpoint.tables.sales import State

OBSERVED = int(State.OBSERVED)
STOCKOUT = int(State.STOCKOUT)
STOCKOUT_INFERRED = int(State.STOCKOUT_INFERRED)

GAIN = 0.1
"""Share of a new period in the running level and in the running variance over mean."""
FIRST_RATIO, MOST_RATIO = 1.5, 50.0
LEAST_SHARE = 0.01
"""Share of a period in stock below which its hours tell nothing."""


def fill(
    cells: Cells,
    state: NDArray[np.uint8],
    prior: tuple[FloatArray, FloatArray],
    in_stock_share: FloatArray | None = None,
) -> Cells:
    """`cells` with censored demand replaced, and `seen` where demand was observed or replaced.

    `state` uint8 (n, T), values of `State`; `prior` the level (n,) of unknown series and its weight in periods;
    `in_stock_share` as in `tables.sales`. Where nothing was sold before stock ran out and no hours are known, and where
    the item was not on sale, the cell stays unseen.
    """
    share = np.zeros((0, 0), np.float32) if in_stock_share is None else np.asarray(in_stock_share, np.float32)
    told = (cells.demand > 0) if in_stock_share is None else (cells.demand > 0) | (share >= LEAST_SHARE)
    if not ((state >= STOCKOUT) & told).any():
        return cells._replace(seen=np.ascontiguousarray(state == OBSERVED))
    demand, seen = _fill(cells, state, prior, share)
    return cells._replace(demand=demand, seen=seen)


@njit(cache=True)
def expected_at_least(mean: float, ratio: float, least: float) -> float:
    """E[D | D >= least] of a gamma distributed D with the given mean and variance `ratio` x mean.

    With shape a = mean / ratio and x = least / ratio it is mean Q(a + 1, x) / Q(a, x), Q the upper incomplete gamma
    function.
    """
    a, x = mean / ratio, least / ratio
    tail = gamma_tails(a, x)[1]
    if mean <= 1e-6 or tail < 1e-200:  # so far out that the tail is nearly exponential
        return least + ratio
    return float(mean * gamma_tails(a + 1.0, x)[1] / tail)


@njit(cache=True)
def expected_rest(mean: float, ratio: float, sold: float, share: float) -> float:
    """Units that the hours out of stock would have brought, where `sold` came in hours with `share` of the demand."""
    beyond = ratio - 1.0
    return (1.0 - share) * (mean + beyond * sold) / (1.0 + beyond * share)


@njit(cache=True, parallel=True)
def _fill(
    cells: Cells, state: NDArray[np.uint8], prior: tuple[FloatArray, FloatArray], share: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_]]:
    n, periods = cells.demand.shape
    demand = cells.demand.copy()
    seen = np.zeros((n, periods), np.bool_)
    for i in prange(n):
        f = cells.factor[cells.group[i]]
        units = np.float64(prior[0][i]) * prior[1][i]
        weight = np.float64(prior[1][i])
        squares, means = 3.0 * FIRST_RATIO, 3.0  # three periods' worth of a first guess
        for t in range(periods):
            y = float(cells.demand[i, t])
            mean = f[t] * units / weight if weight > 0.0 else 0.0
            if state[i, t] == OBSERVED:
                if mean > 1e-6:  # of observed periods alone: a shade too low, but it cannot feed on itself
                    squares = (1.0 - GAIN) * squares + min((y - mean) ** 2 / mean, MOST_RATIO)
                    means = (1.0 - GAIN) * means + 1.0
            elif state[i, t] >= STOCKOUT and share.size > 0 and share[i, t] >= LEAST_SHARE:
                ratio = min(max(squares / means, 1.0), MOST_RATIO)
                y += expected_rest(mean, ratio, y, float(share[i, t]))
                demand[i, t] = y
            elif state[i, t] >= STOCKOUT and y > 0.0:
                ratio = min(max(squares / means, 1.0), MOST_RATIO)
                half = 0.5 if y == np.floor(y) else 0.0  # a whole number stands for what rounds to it
                y = max(expected_at_least(mean, ratio, y - half), y)
                demand[i, t] = y
            else:
                continue
            seen[i, t] = True
            units = (1.0 - GAIN) * units + y
            weight = (1.0 - GAIN) * weight + f[t]
    return demand, seen
