"""What every kernel reads: demand, which cells may be believed, seasonal factors, and the origins that are scored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
MOST_ORIGINS = 48
"""Rolling origins per series: enough to tell models apart, few enough to score all of them in the same pass."""


class Cells(NamedTuple):
    """n series over T periods, as kernels take them.

    `demand` float32 (n, T), units per period; `seen` bool (n, T), True where `demand` may be learned from; `factor`
    float32 (G, T), the seasonal factor of each period for each of G groups; `group` int32 (n,), the group of a series.
    """

    demand: FloatArray
    seen: NDArray[np.bool_]
    factor: FloatArray
    group: NDArray[np.int32]


class Outcome(NamedTuple):
    """What came after each of O origins, each array (n, O).

    `one` float32: demand of the first period, `one_seen` bool: whether it was seen; `total` float32: demand of the
    seen periods of the span; `share` float32: seasonal factors of the seen periods over those of the whole span.
    """

    one: FloatArray
    one_seen: NDArray[np.bool_]
    total: FloatArray
    share: FloatArray


@dataclass(frozen=True, eq=False)
class Panel:
    """Cells, and the questions asked of every model: what it says at each origin of the next period and of a span.

    `origins` int64 (O,), ascending: at origin t the periods before t are known; `span`: periods in the sum that is
    scored (lead time and review). `prior` float32 (n,): the level of a series of which nothing is known;
    `prior_weight` float32 (n,): how many periods of a series' own history that is worth. `keys`: names of the levels
    on which series are pooled, and each series' group there, int64 (n,).
    """

    cells: Cells
    origins: NDArray[np.int64]
    span: int
    prior: FloatArray
    prior_weight: FloatArray
    keys: tuple[tuple[str, NDArray[np.int64]], ...] = ()

    @property
    def count(self) -> int:
        """Number of series."""
        return len(self.cells.demand)

    @cached_property
    def outcome(self) -> Outcome:
        """What came after each origin."""
        return Outcome(*_outcome(self.cells, self.origins, self.span))


@dataclass(frozen=True, eq=False)
class Rolled:
    """What C parameter sets of a model said at O origins of n series, and what they say at the end.

    `one` float32 (C, n, O): mean of the first period after each origin. `total` float32 (C, n, O): mean of the sum over
    the periods of the span that were seen later (so that it stands beside `Outcome.total`). `ahead(factor)` takes the
    seasonal factors (G, H) of the H periods after the history and gives the means float32 (C, n, H), not negative.
    `parts`: where the one set is itself a mixture, the weight (n,) of each form in it. `carried(cells,
    hand_over)` is the same model after the periods of the cells, which follow; where this one hands its arrays over,
    it can be asked no more. None where that takes a new roll.
    """

    labels: tuple[str, ...]
    one: FloatArray
    total: FloatArray
    ahead: Callable[[FloatArray], FloatArray]
    parts: Callable[[], dict[str, NDArray[np.float64]]] | None = None
    carried: Callable[[Cells, bool], Rolled] | None = None


def level_ahead(levels: FloatArray, group: NDArray[np.int32]) -> Callable[[FloatArray], FloatArray]:
    """`Rolled.ahead` of a model whose state is a level (C, n): the level times the season."""

    def ahead(factor: FloatArray) -> FloatArray:
        return np.asarray(levels[:, :, None] * factor[group][None], dtype=np.float32)

    return ahead


def rolling_origins(periods: int, span: int, most: int = MOST_ORIGINS) -> NDArray[np.int64]:
    """At most `most` origins, evenly spread over the last two thirds of `periods`, the last with a whole span after it.

    Where the history is not longer than the span, there are none.
    """
    last = periods - span
    if last < 1:
        return np.zeros(0, np.int64)
    first = max(1, min(periods // 3, last))
    step = max(1, -(-(last - first + 1) // most))
    return np.arange(last, first - 1, -step, dtype=np.int64)[::-1].copy()


class Totals(NamedTuple):
    """Of n series: `units` float64, sold in seen periods; `periods` int64, seen; `whole` bool, no part units."""

    units: NDArray[np.float64]
    periods: NDArray[np.int64]
    whole: NDArray[np.bool_]

    @property
    def rate(self) -> NDArray[np.float64]:
        """Mean units per seen period, 0 where none was seen."""
        return np.asarray(self.units / np.maximum(self.periods, 1))


def totals(cells: Cells) -> Totals:
    """One pass over the cells."""
    return Totals(*_totals(cells.demand, cells.seen))


@njit(cache=True, parallel=True)
def _totals(
    demand: FloatArray, seen: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    n, periods = demand.shape
    units, had, whole = np.zeros(n), np.zeros(n, np.int64), np.ones(n, np.bool_)
    for i in prange(n):
        for t in range(periods):
            if seen[i, t]:
                units[i] += demand[i, t]
                had[i] += 1
                if demand[i, t] != np.floor(demand[i, t]):
                    whole[i] = False
    return units, had, whole


@njit(cache=True)
def exposure(seen: NDArray[np.bool_], factor: FloatArray, first: int, span: int) -> float:
    """Sum of the seasonal factors of the seen periods among the `span` periods from `first` on, of one series."""
    some = 0.0
    for h in range(first, first + span):
        if seen[h]:
            some += factor[h]
    return some


@njit(cache=True, parallel=True)
def _outcome(
    cells: Cells, origins: NDArray[np.int64], span: int
) -> tuple[FloatArray, NDArray[np.bool_], FloatArray, FloatArray]:
    n, count = cells.demand.shape[0], len(origins)
    one = np.zeros((n, count), np.float32)
    one_seen = np.zeros((n, count), np.bool_)
    total = np.zeros((n, count), np.float32)
    share = np.zeros((n, count), np.float32)
    for i in prange(n):
        f = cells.factor[cells.group[i]]
        for o in range(count):
            t = origins[o]
            one[i, o] = cells.demand[i, t]
            one_seen[i, o] = cells.seen[i, t]
            units, some, whole = 0.0, 0.0, 0.0
            for h in range(t, t + span):
                whole += f[h]
                if cells.seen[i, h]:
                    units += cells.demand[i, h]
                    some += f[h]
            total[i, o] = units
            share[i, o] = some / whole if whole > 0.0 else 0.0
    return one, one_seen, total, share
