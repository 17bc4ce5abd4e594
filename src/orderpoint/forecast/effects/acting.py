"""Effects that act in a forecast: learned in turns with the season, kept as far as they were proved to help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.effects.design import ahead_of, design_of
from orderpoint.forecast.effects.learned import Effects, learn
from orderpoint.forecast.effects.proof import helpful, provable
from orderpoint.forecast.panel import Cells, FloatArray
from orderpoint.forecast.pooling import Groups
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

S = TypeVar("S")
MEMORY = {Period.DAY: 28.0, Period.WEEK: 10.0, Period.MONTH: 4.0}
"""Periods, both ways in time, that the level remembers around which effects are learned."""


@dataclass(frozen=True, eq=False)
class Acting:
    """Effects of a history; those that did not help are 0. `sales`: the history."""

    effects: Effects
    sales: Sales

    def ahead(self, known: Known, timeline: Timeline) -> FloatArray:
        """Factor float32 (n, H) of the periods of `timeline`, which lie after the history, under the plans of `known`.

        Raises InputFaults where a driver says nothing of the periods ahead.
        """
        line = self.sales.timeline
        between = line.index_of(timeline.first) - line.count
        whole = line.after(between + timeline.count)
        return self.effects.factor(ahead_of(self.effects.design, self.sales, known, whole))[:, between:]


class Learned(NamedTuple, Generic[S]):
    """The season and its factors float32 (G, T); the effects and their factor float32 (n, T), None for none."""

    season: S
    seasonal: FloatArray
    acting: Acting | None
    factor: FloatArray | None


def act(
    cells: Cells,
    groups: Groups,
    history: tuple[Sales, Known, int],
    season_of: Callable[[FloatArray], tuple[S, FloatArray]],
    fill: Callable[[Cells, FloatArray], Cells],
) -> Learned[S]:
    """Learn season and effects of `history` (sales, what was known, periods of a span), each without the other.

    `season_of(demand)` learns a season from demand (n, T); `fill(cells, effect)` replaces what stockouts cut short:
    they come when promotions sell, and without them every promotion would look smaller than it was. Where no column
    has anything to say, no effect was proved to help or the history is too short for a proof, the season is alone.
    """
    sales, known, span = history
    season, seasonal = season_of(cells.demand)
    alone = Learned(season, seasonal, None, None)
    if not provable(sales.timeline.count, span):
        return alone
    design = design_of(sales, known)
    if not design.count:
        return alone
    keep = 1.0 - 1.0 / MEMORY[sales.timeline.period]
    first = learn(cells._replace(factor=seasonal), groups, design, keep)
    season, beside = season_of(cells.demand / first.factor(design))
    columns = helpful((seasonal, beside), cells, groups, design, (keep, span))
    if not columns.any():
        return alone
    whole = fill(cells._replace(factor=beside), first.factor(design))
    effects = learn(whole, groups, design, keep, first).only(columns)
    factor = effects.factor(design)
    return Learned(season, beside, Acting(replace(effects, design=design.until(0)), sales), factor)
