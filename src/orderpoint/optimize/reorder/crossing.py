"""Units outstanding where orders may overtake one another: independent lead times and a base stock.

With a base stock each review orders the demand since the last one, D(R), and each order is late or not independently of
all others. At k periods after a review (0 <= k < R) the order placed j reviews ago is outstanding with probability
P(L > j R + k), so what the shelf lacks at the end of the period is a sum of independent terms:

    N = D(k + 1) + sum_{j >= 0} B_j D_j(R),  B_j Bernoulli with P(L > j R + k), D_j(R) independent

and net stock is S - N, exactly. The same terms with one common lead time are comonotone, hence larger in convex order:
for the same law of L, a base stock costs at most as much with crossing as without. For (s, S) and (r, Q) the orders
themselves depend on one another and nothing exact is known: those policies refuse.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.reorder.convolution import accumulate, convolved, row_of, thinned, trimmed
from orderpoint.optimize.reorder.demand_tables import stacked
from orderpoint.optimize.reorder.tables import ExposureTables, packed
from orderpoint.tables.families.masses import Masses

FloatArray = NDArray[np.float64]


def outstanding(period: Masses, chances: FloatArray, review_periods: int) -> ExposureTables:
    """The laws where each order takes k periods with probability chances[:, k], independently of all others."""
    rows = [_outstanding(row_of(period, i), chances[i], review_periods) for i in range(len(chances))]
    review, before, after = (stacked([row[k] for row in rows]) for k in range(3))
    return packed((review, before, before, after, after))


@njit(cache=True, error_model="numpy")
def _outstanding(d: FloatArray, chances: FloatArray, review_periods: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(review, before, after) of one series; the last two are averages over the periods between reviews."""
    review = np.ones(1)
    for _ in range(review_periods):
        review = trimmed(convolved(review, d))
    before, after = np.zeros(1), np.zeros(1)
    since = np.ones(1)  # demand since the review, not ordered yet
    for k in range(review_periods):
        total = since
        for age in range(k, len(chances), review_periods):
            late = chances[age + 1 :].sum()
            if late > 0.0:
                total = trimmed(convolved(total, thinned(review, late)))
        before = accumulate(before, 1.0 / review_periods, total)
        after = accumulate(after, 1.0 / review_periods, trimmed(convolved(total, d)))
        since = trimmed(convolved(since, d))
    return review, trimmed(before), trimmed(after)
