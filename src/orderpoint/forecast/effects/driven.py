"""Given drivers as columns: in standard deviations from their mean, over the history or over the periods ahead."""

from __future__ import annotations

import numpy as np

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.features import drivers
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

STILL = 1e-6
"""A driver whose standard deviation is a smaller share of its mean does not move."""


def driven(names: tuple[str, ...], sales: Sales, known: Known, timeline: Timeline) -> list[FloatArray]:
    """Drivers over `timeline` in standard deviations of their history from its mean, 0 where nothing is said.

    Of each a row for every location where all its series hear the same, otherwise one for every series.
    """
    line, index = sales.timeline, sales.index
    past = line.count
    whole = line if timeline.first == line.first else Timeline(line.first, line.period, past + timeline.count)
    table, owner = drivers.table_of(known.drivers, names, index, whole, past)
    if whole.count > past:
        table = drivers.reaching(table, owner, names, sales, whole)
    first = np.unique(index.location_of, return_index=True)[1]
    everywhere = len(first) == len(index.locations) < len(index)
    out = []
    for values, of in zip(table, owner, strict=True):
        alike = everywhere and (of == of[first][index.location_of]).all()
        standard = _standard(values, past)[:, whole.count - timeline.count :]
        out.append(np.asarray(standard[of[first] if alike else of]))
    return out


def _standard(values: FloatArray, past: int) -> FloatArray:
    """Each row less its mean over the first `past` periods, over its standard deviation there; 0 where it is still."""
    out = np.zeros_like(values)
    for row in range(len(values)):
        had = values[row, :past][np.isfinite(values[row, :past])].astype(np.float64)
        if len(had) and had.std() > STILL * max(1.0, abs(had.mean())):
            out[row] = np.nan_to_num((values[row] - had.mean()) / had.std())
    return out
