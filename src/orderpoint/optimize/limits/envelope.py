"""The rising part of each line's concave envelope, by one walk over its choices.

Source: A. Andrew (1979), "Another efficient algorithm for convex hulls in two dimensions", Information Processing
Letters 9(5), 216-219.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Columns = NDArray[np.int16]


@njit(cache=True, parallel=True)
def envelopes(money: FloatArray, saving: FloatArray, most: float) -> tuple[Columns, FloatArray, IntArray]:
    """(corner, slope, count) of each line's envelope over the choices that cost at most `most`.

    `corner` int16 (n, P): its columns by ascending money, the first `count` of them used, beginning with column 0.
    `slope` (n, P): saving per money of the step that leads to each corner, falling along the line and above 0; 0 at
    column 0.
    """
    n, columns = money.shape
    corner, slope = np.empty((n, columns), np.int16), np.empty((n, columns))
    count = np.empty(n, np.int64)
    for i in prange(n):
        count[i] = _walk(money[i], saving[i], most, corner[i], slope[i])
    return corner, slope, count


@njit(cache=True)
def _walk(money: FloatArray, saving: FloatArray, most: float, corner: Columns, slope: FloatArray) -> int:
    """Fill the corners of one line; their number."""
    corner[0], slope[0] = 0, 0.0
    top = 0
    spent, saved = money[0], saving[0]
    for k in range(1, len(money)):
        if money[k] > most:
            break
        if not saving[k] > saved:
            continue
        while top > 0:
            more = money[k] - spent
            if more > 0.0 and saving[k] - saved <= slope[top] * more:
                break
            top -= 1
            spent, saved = money[corner[top]], saving[corner[top]]
        more = money[k] - spent
        top += 1
        corner[top] = k
        slope[top] = (saving[k] - saved) / more if more > 0.0 else np.inf
        spent, saved = money[k], saving[k]
    return top + 1


def steps_of(money: FloatArray, saving: FloatArray) -> FloatArray:
    """All steps of all lines' envelopes, (steps, 4): line, column from, column to, saving per money."""
    corner, slope, count = envelopes(money, saving, np.inf)
    used = np.arange(1, money.shape[1])[None, :] < count[:, None]
    line, at = np.nonzero(used)
    steps: FloatArray = np.stack([line, corner[line, at], corner[line, at + 1], slope[line, at + 1]], axis=1)
    return steps
