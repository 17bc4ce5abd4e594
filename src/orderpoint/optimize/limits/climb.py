"""Better ways for suppliers - closed, open, how many containers - by changing one or two at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.modes import UNBOUNDED, Modes
from orderpoint.optimize.limits.problem import Terms, bounds_of
from orderpoint.optimize.limits.relaxation import priced
from orderpoint.optimize.limits.response import Prices
from orderpoint.optimize.limits.search import SMALL_GAP, Search, ways_of

IntArray = NDArray[np.int64]

TRIED, EVALUATIONS, MENDED = 24, 40_000, 6
"""Ways of suppliers that are priced: at least TRIED, and EVALUATIONS over the number of lines. How many are mended."""


def climbed(search: Search, prices: Prices, ways: Modes) -> list[IntArray]:
    """Ways for the suppliers, best first, found by changing one or two at a time while their own bound rises.

    The bound of settled suppliers is close to what can be saved with them, and much cheaper than to mend an answer;
    only the best ways are mended.
    """
    if search.small() or not search.terms.all_or_nothing.any():
        return []
    known: dict[bytes, float] = {}
    left = max(EVALUATIONS // len(search.choice), TRIED)

    def worth(containers: IntArray) -> float:
        key = containers.tobytes()
        if key not in known:
            most = priced(search.market, bounds_of(search.terms, containers), prices)[1]
            known[key] = most - float(search.terms.charge[containers != 0].sum())
        return known[key]

    for start in (ways.containers, ways_of(search)):
        current, rises = start, True
        while rises and len(known) < left:
            here, rises = worth(current), False
            for changed in _neighbours(search.terms, current, ways):
                if len(known) >= left:
                    break
                if worth(changed) > here + SMALL_GAP * abs(here):
                    current, rises = changed, True
                    break
    ranked = sorted(known, key=lambda key: -known[key])
    best = [np.frombuffer(key, np.int64) for key in ranked if known[key] > search.saving]
    for containers in best[:MENDED]:
        search.settle(containers.copy(), prices)
    return [containers.copy() for containers in best]


def _neighbours(terms: Terms, current: IntArray, ways: Modes) -> Iterator[IntArray]:
    """Ways in which one supplier differs from `current`, then those in which one closes and another opens."""
    close = np.argsort(np.where(terms.all_or_nothing, np.abs(ways.worth), np.inf), kind="stable")
    asking = close[: int(terms.all_or_nothing.sum())].tolist()
    boxed = np.isfinite(terms.container)
    for s in asking:
        options = {0, max(current[s] - 1, 0), current[s] + 1} if boxed[s] else {0, UNBOUNDED}
        for way in sorted(options - {int(current[s])}):
            changed = current.copy()
            changed[s] = way
            yield changed
    for closing in [s for s in asking if current[s] != 0]:
        for opening in [s for s in asking if current[s] == 0]:
            changed = current.copy()
            changed[closing], changed[opening] = 0, 1 if boxed[opening] else UNBOUNDED
            yield changed
