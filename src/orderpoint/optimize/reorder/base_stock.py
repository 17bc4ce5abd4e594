"""The base stock (R, S): at every review order what was demanded since the last one, so that the position is S again.

Source: Snyder and Shen, "Fundamentals of Supply Chain Theory" (2nd ed., 2019), section 4.3.4. The position after each
review is S, so the cost is that of a newsvendor for the demand `during`, and the best S its critical quantile. It is
the one policy that stays exact where orders cross (`crossing`).
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.reorder.costs import ReorderCosts
from orderpoint.optimize.reorder.exposure import Exposure
from orderpoint.optimize.reorder.figures import StockFigures, figures
from orderpoint.optimize.reorder.loss import cheapest, loss_of
from orderpoint.optimize.reorder.tables import DURING, ExposureTables, law_of
from orderpoint.optimize.reorder.whole import whole_rows

FloatArray = NDArray[np.float64]


def optimal(costs: ReorderCosts, exposure: Exposure) -> FloatArray:
    """(n,): the best base stock of each series, whole units."""
    return _quantiles(exposure.tables, costs.rows(len(exposure)))


def evaluate(costs: ReorderCosts, base_stock: ArrayLike, exposure: Exposure) -> StockFigures:
    """Long-run figures of a given base stock, one whole number or (n,)."""
    n = len(exposure)
    return figures(costs, exposure, np.ones(n), np.arange(n + 1), whole_rows(base_stock, n, "base_stock"))


@njit(cache=True, parallel=True, error_model="numpy")
def _quantiles(tables: ExposureTables, costs: FloatArray) -> FloatArray:
    out = np.empty(len(costs))
    for i in prange(len(costs)):
        out[i] = cheapest(loss_of(law_of(tables, DURING, i)), costs[i, 1], costs[i, 2])
    return out
