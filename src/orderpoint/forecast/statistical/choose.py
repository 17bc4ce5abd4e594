"""Scores of all parameter sets of one series, and which of them speak for it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.forecast.statistical.lanes import LANES, Vector

L = LANES
U = np.uint64
ZERO, ONE, NINTH = np.float32(0.0), np.float32(1.0), np.float32(1.0 / 9.0)
TINY = np.float32(1e-6)
LEAST_SHARE = np.float32(0.5)


class Came(NamedTuple):
    """What came after the origins of one series: sums (O,) of the seen periods, and their share of the span (O,)."""

    total: NDArray[np.float32]
    share: NDArray[np.float32]


class Points(NamedTuple):
    """Probabilities of the pinball loss, and the normal's quantiles there; float32."""

    probability: Vector
    normal: Vector


class Rule(NamedTuple):
    """`prior_spans` and `temperature` as in `selection.Selection`; at most `most` sets speak for a series."""

    prior_spans: float
    temperature: float
    most: int


@njit(cache=True, error_model="numpy")
def score(total: Vector, came: Came, spread: tuple[np.float32, np.float32], points: Points, loss: Vector) -> int:
    """Fill `loss` (C,) with mean pinball losses of the sums `total` (O x C); how many origins counted.

    Quantiles are those of a gamma distribution with the sum's mean m and variance ratio m + cv2 m^2, by Wilson and
    Hilferty (1931).
    """
    ratio, level_cv2 = spread
    sets = U(len(loss))
    counted = 0
    middle, root = np.empty(len(loss), np.float32), np.empty(len(loss), np.float32)
    for c in range(sets):
        loss[c] = ZERO
    for o in range(len(came.total)):
        if came.share[o] < LEAST_SHARE:
            continue
        at = U(o) * sets
        y = came.total[o]
        counted += 1
        for c in range(sets):
            m = total[at + c]
            m = max(TINY, m)
            cv2 = (ratio / m + level_cv2) * NINTH
            middle[c], root[c] = ONE - cv2, np.sqrt(cv2)
        for k in range(len(points.probability)):
            p, z = points.probability[k], points.normal[k]
            for c in range(sets):
                m = total[at + c]
                m = max(TINY, m)
                base = middle[c] + z * root[c]
                base = max(ZERO, base)
                error = y - m * base * base * base
                over, under = p * error, (p - ONE) * error
                loss[c] += max(under, over)
    if counted > 0:
        scale = ONE / np.float32(counted * len(points.probability))
        for c in range(sets):
            loss[c] *= scale
    return counted


@njit(cache=True, error_model="numpy")
def relative(loss: Vector) -> bool:
    """Divide by the first voice's mean, so that a large item does not decide for a small one; False where it is 0."""
    mean = 0.0
    for c in range(L):
        mean += loss[c]
    mean /= L
    if not mean > 0.0:
        return False
    scale = np.float32(1.0 / mean)
    for c in range(U(len(loss))):
        loss[c] *= scale
    return True


@njit(cache=True, error_model="numpy")
def choose(loss: Vector, spans: float, pooled: Vector, rule: Rule, out: tuple[NDArray[np.int32], Vector]) -> None:
    """The sets that speak for a series and their weights, the heaviest first, -1 behind the last.

    `loss` relative, drawn to `pooled` as `spans` disjoint spans against `rule.prior_spans`. Each voice sends its best
    set; their weights are exp(-excess / temperature), and the lightest are left out.
    """
    ids, weight = out
    ids[:] = -1
    weight[:] = ZERO
    own = np.float32(spans / max(spans + rule.prior_spans, 1e-12))
    for c in range(U(len(loss))):
        loss[c] = own * loss[c] + (ONE - own) * pooled[c]
    voices = len(loss) // L
    best = np.zeros(voices, np.int64)
    value = np.zeros(voices, np.float32)
    for v in range(voices):
        best[v] = v * L + np.argmin(loss[v * L : (v + 1) * L])
        value[v] = loss[best[v]]
    least = value.min()
    total = ZERO
    for k in range(min(rule.most, voices)):
        v = int(np.argmin(value))
        if k > 0 and (rule.temperature == 0.0 or value[v] - least > 5.0 * rule.temperature):
            break
        ids[k] = best[v]
        weight[k] = np.float32(np.exp(-(value[v] - least) / rule.temperature)) if k > 0 else ONE
        total += weight[k]
        value[v] = np.float32(np.inf)
    for k in range(len(weight)):
        weight[k] /= total
