"""Which effects help: forecasts with and without each kind, on the later part of the history, which did not teach them.

The level at an origin is the discounted demand before it over its discounted season and effect; every period of the
span that follows is forecast by level x season x effect, as if its plans were known. The loss is the deviance of a
Poisson count (McCullagh and Nelder 1989, eq. 2.3): the same for all variants, and least at the true mean.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast.effects.design import Design
from orderpoint.forecast.effects.learned import learn
from orderpoint.forecast.panel import Cells, FloatArray
from orderpoint.forecast.pooling import Groups
from orderpoint.forecast.selection import Selection, weights

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

HELD_SHARE = 1 / 3
"""Share of the history that is held back."""
LEAST_SPANS = 2
"""Spans that must be held back, and that must be left to learn from; else nothing is known to help."""
LEAST_MEAN = 0.01
"""Units per period; no forecast is less, lest a single sale decide."""


def helpful(
    seasons: tuple[FloatArray, FloatArray], cells: Cells, groups: Groups, design: Design, how: tuple[float, int]
) -> Bools:
    """Columns (n, K) whose effects make the held-back part better, kind by kind.

    `seasons`: factors float32 (G, T) as learned without effects and beside them. `how`: the share of the level kept per
    period, and the periods of a span. A series that says little follows its category (`selection.weights`).
    """
    keep, span = how
    n, periods = cells.demand.shape
    cut = _cut(periods, span)
    early = Cells(
        np.ascontiguousarray(cells.demand[:, :cut]),
        np.ascontiguousarray(cells.seen[:, :cut]),
        np.ascontiguousarray(seasons[1][:, :cut]),
        cells.group,
    )
    learned = learn(early, groups, design.until(cut), keep)
    variants = _variants(design)
    losses, scored = np.empty((len(variants), n)), np.zeros(n)
    for v, columns in enumerate(variants):
        season = seasons[1] if columns.any() else seasons[0]
        losses[v], scored = deviances(cells._replace(factor=season), learned.factor(design, columns), (cut, span), keep)
    category = groups.category[groups.of]
    disjoint = scored / span * (_step(span) / span)  # every period is scored at several origins
    best = weights(losses, disjoint, category, Selection(temperature=0.0)).argmax(axis=0)
    return np.asarray(np.stack(variants)[best])


def provable(periods: int, span: int) -> bool:
    """Whether a history is long enough for some of it to be held back."""
    cut = _cut(periods, span)
    return min(cut, periods - cut) >= LEAST_SPANS * span


def _cut(periods: int, span: int) -> int:
    """The first period that is held back."""
    return periods - max(int(HELD_SHARE * periods), min(LEAST_SPANS * span, periods // 2))


def _variants(design: Design) -> list[Bools]:
    """Nothing, all columns, and all but those of each kind."""
    kinds = np.array(design.kinds)
    names = sorted(set(design.kinds))
    without = [kinds != name for name in names] if len(names) > 1 else []
    return [np.zeros(design.count, np.bool_), np.ones(design.count, np.bool_), *without]


@njit(cache=True)
def _step(span: int) -> int:
    """Periods between two origins: half a span."""
    return max(1, span // 2)


@njit(cache=True, parallel=True)
def deviances(cells: Cells, effect: FloatArray, when: tuple[int, int], keep: float) -> tuple[Floats, Floats]:
    """Mean deviance (n,) of a period's forecast and how many periods (n,) were scored.

    `effect` float32 (n, T); `when`: the first origin, and the span of each; origins are half a span apart.
    """
    cut, span = when
    n, periods = cells.demand.shape
    step = _step(span)
    out, scored = np.zeros(n), np.zeros(n)
    for i in prange(n):
        f = cells.factor[cells.group[i]]
        units, weight, loss, had = 0.0, 0.0, 0.0, 0
        for t in range(periods):
            if t >= cut and (t - cut) % step == 0 and weight > 0.0:
                for h in range(t, min(t + span, periods)):
                    if cells.seen[i, h]:
                        y = float(cells.demand[i, h])
                        mean = max(units / weight * f[h] * effect[i, h], LEAST_MEAN)
                        loss += 2.0 * (mean - y)
                        if y > 0.0:
                            loss += 2.0 * y * np.log(y / mean)
                        had += 1
            units *= keep
            weight *= keep
            if cells.seen[i, t]:
                units += cells.demand[i, t]
                weight += f[t] * effect[i, t]
        out[i] = loss / had if had > 0 else 0.0
        scored[i] = had
    return out, scored
