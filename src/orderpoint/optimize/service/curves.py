"""For every series: quantities it may be ordered in, and what is short with each."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.kinks import Kinks, level_kinks, order_kinks
from orderpoint.optimize.order_quantity import Lots, lots_of, position_of
from orderpoint.optimize.protection import Clock, Lines, Offers, Setting
from orderpoint.optimize.service.measures import RESPONSE_TIME, asked_for, shortfall, waiting_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEVEL, ORDER = range(2)
"""What a curve speaks of: inventory positions with nothing on hand, or orders of today."""


@njit(cache=True, parallel=True)
def trace_service(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    paths: NDArray[np.float32],
    lines: Lines,
    offers: Offers,
    clock: Clock,
    choice: tuple[IntArray, int, int],
    quantity: FloatArray,
    short: FloatArray,
    asked: FloatArray,
) -> None:
    """Fill `quantity`, `short` (n, P) and `asked` (n,) of the series whose demand `paths` (n, paths, B) holds.

    `choice`: the offer of each series (n,), the measure, and LEVEL or ORDER. Column 0 is no order; a series with fewer
    choices repeats its last. The others follow the quantiles of what removes a path's last shortage, so that they are
    dense where service is still to be had.
    """
    offer, measure, kind = choice
    for i in prange(paths.shape[0]):
        setting = Setting(lines, offers, clock)
        o = offer[i]
        bare = level_kinks(paths[i], setting, i, o)
        waiting = waiting_of(paths[i], setting, i, o)
        asked[i] = asked_for(bare, measure)
        if kind == LEVEL:
            kinks = bare
            lots = Lots(1.0, 1.0, np.floor(lines.max_stock[i]))
            allowed = lines.orderable[i]
        else:
            kinks = order_kinks(paths[i], setting, i, o)
            lots = lots_of(setting, i, o, position_of(setting, i, o))
            allowed = lines.orderable[i] and offers.open_today[o]
        _fill_quantities(kinks, measure, lots, quantity[i])
        if not allowed:
            quantity[i] = 0.0
        for k in range(quantity.shape[1]):
            known = k > 0 and quantity[i, k] == quantity[i, k - 1]
            short[i, k] = short[i, k - 1] if known else shortfall(kinks, measure, waiting, quantity[i, k])


@njit(cache=True)
def _fill_quantities(kinks: Kinks, measure: int, lots: Lots, quantity: FloatArray) -> None:
    """Ascending lots into `quantity`, from 0 up to the one that leaves nothing short."""
    last = len(quantity) - 1
    quantity[:] = 0.0
    ends = np.sort(kinks.at if measure == RESPONSE_TIME else kinks.end)
    if lots.most < lots.least or len(ends) == 0 or ends[-1] <= 0.0 or kinks.demand <= 0.0:
        return
    most = min(max(np.ceil(ends[-1] / lots.pack) * lots.pack, lots.least), lots.most)
    count = int((most - lots.least) / lots.pack) + 1
    for k in range(1, last + 1):
        if count <= last:
            quantity[k] = lots.least + min(k - 1, count - 1) * lots.pack
            continue
        wanted = ends[min(int(len(ends) * k / last), len(ends) - 1)]
        lot = max(np.ceil(wanted / lots.pack) * lots.pack, lots.least)
        quantity[k] = min(max(lot, quantity[k - 1]), most)
    quantity[last] = most
