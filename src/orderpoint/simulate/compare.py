"""Side by side: every contestant on the same stretch, the same series and the same demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.simulate.as_you_did import as_you_did
from orderpoint.simulate.backtest import Contestant, Stretch, choose_stretch, judge, play
from orderpoint.simulate.hidden import wanted
from orderpoint.simulate.kpis import Kpis
from orderpoint.tables.sales import Sales
from orderpoint.tables.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Comparison:
    """Figures of each contestant over one stretch.

    `series` of `series_of` were played (a systematic sample where it is fewer).
    """

    timeline: Timeline
    series: int
    series_of: int
    kpis: tuple[Kpis, ...]


def systematic_sample(sales: Sales, size: int) -> NDArray[np.intp]:
    """Rows of at most `size` series, evenly spaced over the series in order of their sales.

    So that small and large are there.
    """
    total = sales.quantity.sum(axis=1, dtype=np.float64)
    ranked = np.argsort(-total, kind="stable")
    if len(ranked) <= size:
        return np.sort(ranked)
    return np.sort(ranked[np.linspace(0, len(ranked) - 1, size).round().astype(np.intp)])


def compare(
    sales: Sales, snapshot: Snapshot, contestants: tuple[Contestant, ...], *, most_series: int, past_name: str
) -> Comparison | None:
    """Play all contestants on the last part of the history, beside the shop's own past; None where it is too short.

    `most_series` bounds the work. The past comes first where the stock is known, named `past_name`.
    """
    rows = systematic_sample(sales, most_series)
    sales, snapshot, of = sales.take(rows), snapshot.take(rows), len(sales.index)
    stretch: Stretch | None = choose_stretch(sales, snapshot)
    if stretch is None:
        return None
    hidden = wanted(sales, stretch.first)
    timeline = Timeline(sales.timeline.start(stretch.first), sales.timeline.period, stretch.periods)
    past = as_you_did(past_name, sales, hidden, snapshot, stretch)
    played = [judge(c.name, play(sales, hidden, snapshot, c, stretch), snapshot, timeline) for c in contestants]
    return Comparison(timeline, len(rows), of, tuple(k for k in (past, *played) if k is not None))
