"""Cycles of trade: weeks, months, seasons of a quarter, or the windows of a promotion and what lies between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline

MONTHS_PER_QUARTER = 3


class CycleKind(StrEnum):
    """What a cycle is."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    SEASONAL = "seasonal"
    WINDOWS = "windows"


@dataclass(frozen=True)
class CycleCalendar:
    """`windows`, for WINDOWS: (name, first day, last day), both days in it; they neither overlap nor turn back.

    Raises ValueError where windows are missing, given to another kind, overlap or end before they begin.
    """

    kind: CycleKind = CycleKind.WEEKLY
    windows: tuple[tuple[str, date, date], ...] = ()

    def __post_init__(self) -> None:
        if (self.kind is CycleKind.WINDOWS) != bool(self.windows):
            raise ValueError("cycle calendar: expected windows with the kind 'windows', and with no other kind")
        ordered = sorted(self.windows, key=lambda window: window[1])
        days = [day for _, first, last in ordered for day in (first, last)]
        if days != sorted(days) or any(a[2] >= b[1] for a, b in pairwise(ordered)):
            raise ValueError("cycle calendar: expected windows that do not overlap and end after they begin")

    def cycles(self, timeline: Timeline) -> tuple[tuple[str, ...], NDArray[np.int64]]:
        """(names of the cycles in order, cycle of each period (H,)): a period belongs where its first day does.

        Names: "2025-W23", "2025-06", "2025-Q2", or the window's; "" between windows, a cycle of its own each time.
        """
        labels = [self._label(timeline.start(k)) for k in range(timeline.count)]
        changed = [k == 0 or labels[k] != labels[k - 1] for k in range(len(labels))]
        names = tuple(label for label, new in zip(labels, changed, strict=True) if new)
        return names, np.cumsum(changed).astype(np.int64) - 1

    def _label(self, day: date) -> str:
        if self.kind is CycleKind.WEEKLY:
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02d}"
        if self.kind is CycleKind.MONTHLY:
            return f"{day.year}-{day.month:02d}"
        if self.kind is CycleKind.SEASONAL:
            return f"{day.year}-Q{(day.month - 1) // MONTHS_PER_QUARTER + 1}"
        return next((name for name, first, last in self.windows if first <= day <= last), "")
