"""What both forecasters said at held-out origins, and what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.hierarchy.both import Both, level_variance
from orderpoint.forecast.hierarchy.tree import Tree
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]

LEAST_ORIGINS, MOST_ORIGINS = 3, 8
MOST_CELLS = 1.5e7
"""Cells of history that all origins together may be fitted on, beyond the least number of origins."""
MOST_DOUBT = 30.0


@dataclass(frozen=True, eq=False)
class Origin:
    """One origin: forecasts of a span, and over its seen periods what was `said` of each series, (n,), and `came`."""

    series: Demand
    groups: Demand
    said: Floats
    came: Floats


def held_out(sales: Sales, span: int) -> tuple[int, ...]:
    """Origins, a span apart, in the last two thirds of the history; none where they are too few to prove anything."""
    periods = sales.timeline.count
    most = int(np.clip(MOST_CELLS / max(sales.quantity.size, 1), LEAST_ORIGINS, MOST_ORIGINS))
    origins = [periods - span * (k + 1) for k in range(most)]
    fine = tuple(sorted(t for t in origins if t >= max(periods // 3, 2 * span)))
    return fine if len(fine) >= LEAST_ORIGINS else ()


def forecast_at(
    origin: int, tree: Tree, who: tuple[Forecaster, Forecaster], history: tuple[Sales, Known], span: int
) -> Origin:
    """Fit `who` (series, groups) on what was known at `origin`; prices and calendar of the span count as planned."""
    sales, known = history
    series, groups = Both.fit(tree, who, sales_before(sales, origin), known, span).demand(span, known)
    seen = sales.observed()[:, origin : origin + span]
    came = (sales.quantity[:, origin : origin + span] * seen).sum(axis=1, dtype=np.float64)
    return Origin(series, groups, (series.mean * seen).sum(axis=1), came)


def doubts(tree: Tree, origins: tuple[Origin, ...]) -> Floats:
    """By what the stated variances of each level's groups are to be multiplied, at least 1; (O + 1, levels).

    A row for each origin, learned from the others, and a last one that is learned from all. Squared errors, less what
    the single periods brought by chance, are held against the stated variance of the level, weighed by their precision.
    """
    top, bottom = np.zeros((2, len(origins), len(tree.levels)))
    for k, o in enumerate(origins):
        seen = (tree.sums @ o.said) / (tree.sums @ o.series.mean.sum(axis=1) + 1e-12)
        total = o.groups.mean.sum(axis=1) * seen
        chance = tree.sums @ (o.series.ratio * o.said)
        stated = level_variance(o.groups, total)
        weight = stated / np.maximum(stated + chance, 1e-12) ** 2
        excess = (tree.sums @ o.came - total) ** 2 - chance
        top[k] = np.bincount(tree.level, weight * excess, len(tree.levels))
        bottom[k] = np.bincount(tree.level, weight * stated, len(tree.levels))
    sums = [np.concatenate((part.sum(axis=0) - part, part.sum(axis=0, keepdims=True))) for part in (top, bottom)]
    return np.asarray(np.clip(sums[0] / np.maximum(sums[1], 1e-12), 1.0, MOST_DOUBT))
