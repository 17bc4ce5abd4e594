"""Which columns there are: windows and seasons by length of period, and the names of the features in their order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period

Ints = NDArray[np.int64]

POOLS = ("all", "location", "department", "group", "item")
"""Series that say something of each other: everywhere, by location, by department and category, and by item."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Periods that features look back over.

    `recent`: windows of means, ascending; `long`: that of spread and shares. `phase`: length of the short season, and
    `repeats` of it that are meaned. `year`: periods of a year that keep the phase; `around`: periods meaned on each
    side of the day a year before. `memory` of the level that scales a series.
    """

    recent: tuple[int, ...]
    long: int
    phase: int
    repeats: tuple[int, int]
    year: int
    around: int
    memory: float


WINDOWS = {
    Period.DAY: Windows((3, 7, 14, 28, 56, 112, 364), 56, 7, (4, 12), 364, 3, 28.0),
    Period.WEEK: Windows((1, 2, 4, 8, 13, 26, 52), 13, 52, (1, 3), 52, 1, 8.0),
    Period.MONTH: Windows((1, 2, 3, 6, 12, 24), 6, 12, (1, 3), 12, 0, 4.0),
}

SHAPE = ("spread", "zero_share", "since_last_sale", "age", "in_stock_share", "last", "log_level", "largest")
SEASON = ("same_phase_few", "same_phase_many", "same_phase_last", "last_year", "last_year_over_level")
POOLED = ("short", "long", "same_phase", "last_year", "mean_over_own")
PRICE = ("price_over_own_mean", "price_over_now", "price_over_like", "price_over_highest", "price_change_recent")
PROMOTION = ("promotion", "promotion_share", "promotion_uplift", "same_phase_same_promotion", "promotion_in_span")
CODES = ("location_code", "department_code", "category_code")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a matrix of features; `when` names those that depend on place and period alone."""

    windows: Windows
    priced: bool
    promoted: bool
    when: tuple[str, ...]
    drivers: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns in their order."""
        return (
            "step",
            *(f"mean_{w}" for w in self.windows.recent),
            *SHAPE,
            *SEASON,
            *(f"{pool}_{what}" for pool in POOLS for what in POOLED),
            *CODES,
            *(PRICE if self.priced else ()),
            *(PROMOTION if self.promoted else ()),
            *self.when,
            *(f"driver_{name}" for name in self.drivers),
        )

    @property
    def categorical(self) -> tuple[int, ...]:
        """Columns whose numbers are names."""
        return tuple(k for k, name in enumerate(self.names) if name.endswith("_code"))
