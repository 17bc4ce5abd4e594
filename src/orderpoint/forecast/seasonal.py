"""What the calendar alone says of a period: learned seasons and occasions, and known uplifts."""

from __future__ import annotations

import numpy as np

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast import judgement, profiles
from orderpoint.forecast.occasions import Places
from orderpoint.forecast.panel import FloatArray
from orderpoint.forecast.pooling import Groups
from orderpoint.forecast.shrinkage import LEAST_FACTOR
from orderpoint.tables.known import Known
from orderpoint.tables.series import SeriesIndex


def season_factors(
    season: profiles.Season, groups: Groups, timeline: Timeline, known: Known, index: SeriesIndex
) -> FloatArray:
    """Learned seasons times known uplifts, float32 (G, count), never quite zero."""
    factor = season.factors(timeline)
    if season.occasions is not None:
        places = Places(index.locations, groups.location)
        factor = (factor * season.occasions.factors(timeline, known.calendar, places)).astype(np.float32)
    if any(event.uplift_factor is not None for event in known.calendar):
        factor = factor * judgement.uplift(timeline, known.calendar, index.locations)[groups.location]
    return np.maximum(factor, np.float32(LEAST_FACTOR**2))
