"""How a forecast keeps within the memory that the user allows: in parts, each as large as there is room for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from orderpoint.app.kept_parts import KeptParts
from orderpoint.app.request import PlanRequest
from orderpoint.domain.errors import UsageError
from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.in_parts import InParts, dealt
from orderpoint.ingest.reading import Note
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

GIB = 1 << 30
PROGRAM = 640 << 20
"""Bytes that the program takes before the data: interpreter, libraries, kernels, and what a small shop needs."""
CELL_HELD = 16
"""Bytes of one period of one series in memory: units, state, price, promotion."""
LEARNING = dict.fromkeys(("boosted", "random_forest", "decision_tree", "neural"), (48 << 10, 32))
USUAL = (16 << 10, 24)
"""Bytes that learning takes beside the data, for a series and for each of its periods.

Measured (`python -m benchmarks.memory --learning`), of histories of 200 and 1,000 days: the portfolio 11 and 30 KiB a
series where 21 and 40 are allowed, boosted trees at standard effort 22 and 23 KiB where 54 and 80 are.
"""
FEWEST = 500
"""Series that a part has at least: what is pooled has to be learned from enough of them."""


@dataclass(frozen=True)
class Within:
    """The forecaster that keeps within memory, what is said of it, and where finished parts lie (None: nowhere)."""

    forecaster: Forecaster
    notes: tuple[Note, ...] = ()
    kept: KeptParts | None = None

    def done(self) -> None:
        """The results are written; what was kept to go on from has served."""
        if self.kept is not None:
            self.kept.drop()


def within_memory(
    request: PlanRequest, model: str, history: tuple[Sales, Known], base: Forecaster, out: Path | None
) -> Within:
    """`base`, named `model`, in parts where `request.memory` asks for them; `out`: where results go (None: no keeping).

    Raises UsageError where not even the fewest series have room.
    """
    if request.memory is None:
        return Within(base)
    sales, known = history
    most = room_for(model, sales, request.memory)
    if most >= len(sales.index):
        return Within(base)
    kept = None if out is None else KeptParts.of(request, out)
    parts = InParts(base, most) if kept is None else InParts(base, most, kept)
    sizes = [len(rows) for rows in dealt(sales.index, known.catalog, most)]
    details = {"parts": str(len(sizes)), "series": f"{max(sizes):,}", "memory": f"{request.memory:g}"}
    return Within(parts, (Note("", "forecast_in_parts", details),), kept)


def room_for(model: str, sales: Sales, memory: float) -> int:
    """How many series the model can learn at a time within `memory` GiB; all of them where there is room."""
    count, periods = len(sales.index), sales.timeline.count
    held = PROGRAM + count * periods * CELL_HELD
    fixed, cell = LEARNING.get(model, USUAL)
    each = fixed + periods * cell
    most = int((memory * GIB - held) // each)
    if most < min(FEWEST, count):
        least = math.ceil((held + min(FEWEST, count) * each) / GIB * 10) / 10
        raise UsageError("memory_too_small", memory=f"{memory:g}", least=f"{least:g}", series=f"{count:,}")
    return min(most, count)
