"""A history as models of the mean are to learn from it: hidden demand filled, effects of prices and plans taken out.

Demand is divided by the effect of each period, so that every form, also one that repeats what was sold a year ago, sees
what would have been sold at the usual price without promotion. What the forms then say of the past is multiplied by the
effect again before it is held against what came, so that spread and shape are those of demand as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast import censored, priors, profiles
from orderpoint.forecast.distributions import Errors
from orderpoint.forecast.effects.acting import Acting, act
from orderpoint.forecast.panel import Cells, FloatArray, Outcome, Panel, Totals, rolling_origins, totals
from orderpoint.forecast.pooling import Groups
from orderpoint.forecast.priors import Prior
from orderpoint.forecast.profiles import Season
from orderpoint.forecast.seasonal import season_factors
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales


@dataclass(frozen=True, eq=False)
class Cleaned:
    """`panel`: the cleaned history and the questions asked of it. `sums`: of demand as it was. `prior`: as cleaned.

    `acting`: the effects that were taken out, and `effect` float32 (n, T), their factor on the history; None for none.
    """

    groups: Groups
    season: Season
    panel: Panel
    sums: Totals
    prior: Prior
    acting: Acting | None
    effect: FloatArray | None

    def plain_errors(self, one: FloatArray, total: FloatArray) -> Errors:
        """What was said of the cleaned history (n, O), held against it."""
        return Errors(one, total, self.panel.outcome, self.panel.span)

    def with_effects(self, plain: Errors) -> Errors:
        """What was said of the cleaned history with the effects put back, held against demand as it was."""
        if self.effect is None:
            return plain
        of_spans, outcome = self._put_back
        return Errors(plain.one * self.effect[:, self.panel.origins], plain.total * of_spans, outcome, self.panel.span)

    @cached_property
    def _put_back(self) -> tuple[FloatArray, Outcome]:
        """Effects (n, O) on the sums, and what came as it was."""
        panel, cells = self.panel, self.panel.cells
        effect = np.ones_like(cells.demand) if self.effect is None else self.effect
        raw = _each(cells._replace(demand=cells.demand * effect), effect)
        outcome = Panel(raw, panel.origins, panel.span, self.prior.level, self.prior.weight).outcome
        return _span_effects(cells, effect, panel.origins, panel.span), outcome


def cleaned(sales: Sales, known: Known, span: int, *, seasons: bool, effects: bool) -> Cleaned:
    """Learn season and effects where they are wanted, take the effects out, and fill what stockouts cut short."""
    groups, line = Groups.of_catalog(sales.index, known.catalog), sales.timeline
    cells = Cells(
        np.ascontiguousarray(sales.quantity, np.float32),
        np.ascontiguousarray(sales.observed()),
        np.ones((groups.count, line.count), np.float32),
        groups.of,
    )

    def season_of(demand: FloatArray) -> tuple[Season, FloatArray]:
        season = Season.flat(line.period, groups.count)
        if seasons:
            now = cells._replace(demand=demand)
            season = profiles.learn(now, groups, line, known.calendar, sales.index.locations)
        return season, season_factors(season, groups, line, known, sales.index)

    def fill(now: Cells, effect: FloatArray) -> Cells:
        prior = priors.learn(totals(now._replace(demand=now.demand / effect)), groups.of, groups.count)
        filled = censored.fill(_each(now, effect), sales.state, (prior.level, prior.weight), sales.in_stock_share)
        return now._replace(demand=filled.demand, seen=filled.seen)

    acting = effect = None
    if effects:
        season, factor, acting, effect = act(cells, groups, (sales, known, span), season_of, fill)
    else:
        season, factor = season_of(cells.demand)
    cells = cells._replace(factor=factor)
    sums = totals(cells)
    if effect is None:
        prior = priors.learn(sums, groups.of, groups.count)
        cells = censored.fill(cells, sales.state, (prior.level, prior.weight), sales.in_stock_share)
    else:
        prior = priors.learn(totals(cells._replace(demand=cells.demand / effect)), groups.of, groups.count)
        filled = fill(cells, effect)
        cells = filled._replace(demand=filled.demand / effect)
    origins = rolling_origins(line.count, span)
    panel = Panel(cells, origins, span, prior.level, prior.weight, groups.keys())
    return Cleaned(groups, season, panel, sums, prior, acting, effect)


def _each(cells: Cells, effect: FloatArray) -> Cells:
    """Cells in which every series has a factor of its own, season times effect."""
    return cells._replace(factor=cells.factor[cells.group] * effect, group=np.arange(len(effect), dtype=np.int32))


@njit(cache=True, parallel=True)
def _span_effects(cells: Cells, effect: FloatArray, origins: NDArray[np.int64], span: int) -> FloatArray:
    """Effect (n, O) on the sum of the seen periods of each origin's span: their mean by seasonal factor."""
    n = len(effect)
    out = np.ones((n, len(origins)), np.float32)
    for i in prange(n):
        f = cells.factor[cells.group[i]]
        for o in range(len(origins)):
            plain, moved = 0.0, 0.0
            for h in range(origins[o], origins[o] + span):
                if cells.seen[i, h]:
                    plain += f[h]
                    moved += f[h] * effect[i, h]
            if plain > 0.0:
                out[i, o] = moved / plain
    return out
