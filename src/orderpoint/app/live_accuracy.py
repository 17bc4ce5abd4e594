"""How the forecasts of earlier runs have fared, and what follows for this one where demand has left them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.app.output import Writer
from orderpoint.app.shop_case import ShopCase
from orderpoint.app.tables_out import csv
from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.drift.forgetting import Forgetting, window_that_helps
from orderpoint.forecast.drift.live import record_of
from orderpoint.forecast.drift.summary import accuracy
from orderpoint.forecast.drift.watch import EVERYTHING, Drift, recent, watch
from orderpoint.ingest.published import ACCURACY, earlier_results, read_published, read_record
from orderpoint.ingest.reading import Note
from orderpoint.plan.hindsight import AsKnownThen

WEEKS = 13
"""Drift that was found in so many weeks before today is acted on, and the accuracy that is told is of them."""
MOST_WEEKS = 26
"""Forecasts of periods further back are not scored; what an earlier run recorded of them stays."""
NO_CATEGORY = "none"


@dataclass(frozen=True, eq=False)
class Live:
    """`record` of all published periods so far, figures for JSON (None where nothing was published), and remarks.

    `forecaster`: the one of this run, taught to forget where that proved better.
    """

    record: pl.DataFrame
    figures: dict[str, Any] | None
    notes: tuple[Note, ...]
    forecaster: Forecaster

    def writers(self) -> dict[str, Writer]:
        """The record as a file, where there is one."""
        return {ACCURACY: csv(self.record)} if self.record.height else {}


def live_accuracy(shop: ShopCase, forecaster: Forecaster, previous: Path) -> Live:
    """Score what was published at `previous` (a forecast, or a folder of results or of folders of results).

    Raises InputFaults where a file there is no result of ours.
    """
    sales = shop.case.sales
    paths = earlier_results(previous)
    category = _categories(shop)
    record = read_record(paths, sales)
    published = read_published(paths, sales, _not_recorded(record, sales.timeline.end))
    if published is not None:
        scored = record_of(published, sales, category, sales.timeline.period.season)
        record = pl.concat([record, scored])
    record = record.unique(["date", "category"], keep="last").sort("date", "category")
    if record.is_empty():
        return Live(record, None, (), forecaster)
    figures = accuracy(record, sales.timeline.end, WEEKS)
    notes = [Note("", "live_accuracy", {name: _said(value) for name, value in figures.items()})] if figures else []
    acted, taught = [], forecaster
    for drift in recent(watch(record, sales, category), sales.timeline.end, WEEKS):
        rows = np.ones(len(category), np.bool_) if drift.category == EVERYTHING else category == drift.category
        since = max(0, sales.timeline.index_of(drift.began))
        window = window_that_helps(AsKnownThen(forecaster), sales, shop.case.known, rows, since)
        if window is not None:
            taught = Forgetting(taught, rows, window)
        acted.append(
            {
                "category": drift.category or None,
                "began": drift.began.isoformat(),
                "found": drift.found.isoformat(),
                "ratio": round(drift.ratio, 4),
                "window": window,
            }
        )
        notes.append(_note(drift, window))
    return Live(record, {**figures, "drift": acted}, tuple(notes), taught)


def _not_recorded(record: pl.DataFrame, today: date) -> date:
    """The first day that is still to be scored: after what is recorded, and not long ago, lest memory grows."""
    last = record.select(pl.col("date").max()).item() if record.height else date.min
    return max(last + timedelta(days=1), today - timedelta(weeks=MOST_WEEKS))


def as_published(shop: ShopCase, forecaster: Forecaster, previous: Path | None) -> Forecaster:
    """The forecaster as a run that reads the same earlier results has it; itself where none are named."""
    return forecaster if previous is None else live_accuracy(shop, forecaster, previous).forecaster


def with_live(shop: ShopCase, live: Live, notes: tuple[Note, ...] = ()) -> ShopCase:
    """The case with the forecaster and the remarks of `live`, and with further `notes`."""
    return replace(shop, case=replace(shop.case, forecaster=live.forecaster), notes=(*live.notes, *notes, *shop.notes))


def _categories(shop: ShopCase) -> NDArray[np.str_]:
    """Category (n,) of each series."""
    of = np.array([name or NO_CATEGORY for name in shop.case.snapshot.catalog.category])
    return np.asarray(of[shop.case.sales.index.item_of])


def _note(drift: Drift, window: int | None) -> Note:
    code = f"drift_{'kept' if window is None else 'shortened'}{'_shop' if drift.category == EVERYTHING else ''}"
    ratio, began = f"{drift.ratio:.2f}", drift.began.isoformat()
    return Note("", code, {"category": drift.category, "began": began, "ratio": ratio, "window": str(window)})


def _said(value: float | str | None) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:.1%}"
