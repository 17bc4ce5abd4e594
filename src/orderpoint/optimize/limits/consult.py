"""HiGHS is asked where lines are few; its answer is believed only if it keeps every limit and saves more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits import exact
from orderpoint.optimize.limits.problem import bounds_of
from orderpoint.optimize.limits.relaxation import priced
from orderpoint.optimize.limits.response import Prices
from orderpoint.optimize.limits.search import SMALL_GAP, Search, ways_of

IntArray = NDArray[np.int64]

MOST_EXACT = 400
"""Choices in all up to which HiGHS is asked for the best of all, first and last."""
MOST_LINES, CORE, CORES = 4000, 400, 2
"""Lines up to which HiGHS is asked for the best among the choices near the prices, how many of these, and
near the prices of how many ways of suppliers."""
MOST_WHOLE, LARGE_GAP = 1500, 1e-3
"""Choices in all up to which HiGHS is asked for the best of all where the gap is still larger than that."""
EXACT_CARE = exact.Care(gap=1e-6, nodes=1000)
CORE_CARE = exact.Care(gap=1e-4, nodes=100)
WHOLE_CARE = exact.Care(gap=1e-4, nodes=3000)


def consult(search: Search, ways: list[IntArray], prices: Prices) -> None:
    """Ask HiGHS where the gap is not small: for all choices, or near the prices of the best `ways` and its own."""
    lines, terms = search.lines, search.terms
    offered = exact.distinct(lines)
    choices = int(offered.sum())
    if search.small() or len(offered) > MOST_LINES:
        return
    if choices <= MOST_EXACT:
        _of_all(search, EXACT_CARE)
        return
    for containers in (*ways[:CORES], ways_of(search)):
        at, most = priced(search.market, bounds_of(terms, containers), prices)
        if most - float(terms.charge[containers != 0].sum()) <= search.saving * (1.0 + SMALL_GAP):
            continue
        answer = exact.solve(lines, terms, CORE_CARE, _near(search, at) & offered)
        if answer.choice is not None:
            search.offer(answer.choice)
    if choices <= MOST_WHOLE and search.bound - search.saving > LARGE_GAP * search.bound:
        _of_all(search, WHOLE_CARE)


def _of_all(search: Search, care: exact.Care) -> None:
    """Ask for the best of all choices; the answer's bound counts too."""
    answer = exact.solve(search.lines, search.terms, care)
    if answer.choice is not None:
        search.offer(answer.choice)
    if answer.bound >= search.saving:
        search.bound = min(search.bound, answer.bound)


def _near(search: Search, prices: Prices) -> NDArray[np.bool_]:
    """(n, P): the choices of the best answer, and CORE more that lose least at the prices."""
    lines, rows = search.lines, np.arange(len(search.choice))
    money, volume = np.broadcast_to(prices.money, rows.shape), prices.room[lines.place]
    known = np.where(lines.supplier >= 0, lines.supplier, 0)
    if len(prices.minimum):
        money = money - np.where(lines.supplier >= 0, prices.minimum[known], 0.0)
        volume = volume + np.where(lines.supplier >= 0, prices.volume[known], 0.0)
    net = lines.saving - money[:, None] * lines.money - (volume * lines.unit_volume)[:, None] * lines.quantity
    loss = net.max(axis=1, keepdims=True) - net
    rank = min(CORE + len(rows), loss.size - 1)
    near: NDArray[np.bool_] = np.asarray(loss <= np.partition(loss.ravel(), rank)[rank], np.bool_)
    near[rows, search.choice] = True
    return near
