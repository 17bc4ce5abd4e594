"""Why an item is forecast as it is: from files on disk to a sentence, a table and a page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orderpoint.app.forecasters import forecaster_named, named_or_by_effort
from orderpoint.app.live_accuracy import as_published
from orderpoint.app.output import Writer, write_all
from orderpoint.app.request import PlanRequest, Progress
from orderpoint.app.shop_case import shop_case, use_workers
from orderpoint.app.tables_out import csv, json_text, text
from orderpoint.app.wanted_series import wanted_series
from orderpoint.app.wording import note_lines, set_aside_table
from orderpoint.plan.forecast_parts import PARTS, forecast_parts, parts_table
from orderpoint.report.explain_page import Explained, explain_page, sentence

DEFAULT_OUT = Path("orderpoint-explain")
PATHS = 2000
"""Paths of demand behind the interval of several places together."""


@dataclass(frozen=True)
class ExplainRequest:
    """What is to be explained: an item, at one location or at all together, by which model (None: the plan's)."""

    plan: PlanRequest
    item: str
    location: str | None = None
    model: str | None = None
    html: bool = False


@dataclass(frozen=True, eq=False)
class ExplainOutcome:
    """The sentence, where table and page were written, the figures as JSON, and how many rows were set aside."""

    folder: Path
    sentence: str
    figures_json: str
    page: Path | None
    set_aside: int


def explain_item(request: ExplainRequest, tell: Progress) -> ExplainOutcome:
    """Forecast and take the forecast apart; explain.csv, explain.json, set_aside.csv and, wanted, explain.html.

    Raises as `plan_folder` does, and UsageError where there is no such item or location.
    """
    use_workers(request.plan.workers)
    shop = shop_case(request.plan, tell)
    case, snapshot, language = shop.case, shop.case.snapshot, request.plan.language
    rows = np.flatnonzero(wanted_series(snapshot.index, (request.item,), request.location))
    model = named_or_by_effort(request.model, request.plan.effort)
    tell("forecasting")
    forecaster = forecaster_named(model, snapshot, request.plan.effort)
    fitted = as_published(shop, forecaster, request.plan.previous).fit(case.sales, case.known)
    periods = request.plan.horizon or snapshot.timeline.count
    found = forecast_parts(fitted, case.sales, case.known, rows, periods)
    sums = sum(
        found.demand.sample(PATHS, request.plan.seed, slice(row, row + 1))[0].sum(axis=1, dtype=np.float64)
        for row in rows.tolist()
    )
    low, high = np.quantile(np.asarray(sums), [0.05, 0.95])
    what = " ".join(word for word in (snapshot.catalog.called(request.item), request.location) if word)
    notes = note_lines(shop.notes, language)
    done = Explained(what, model, found, float(low), float(high), notes)
    told = sentence(done, language)
    content = json_text(
        {
            "item": request.item,
            "location": request.location,
            "today": snapshot.timeline.first.isoformat(),
            "horizon": periods,
            "model": model,
            "demand": round(float(found.mean.sum()), 4),
            "q05": round(float(low), 4),
            "q95": round(float(high), 4),
            "parts": {name: round(float(found.parts[name].sum()), 4) for name in PARTS},
            "sentence": told,
        }
    )
    aside = set_aside_table(shop.reading, language)
    writers: dict[str, Writer] = {
        "explain.csv": csv(parts_table(found)),
        "explain.json": text(content),
        "set_aside.csv": csv(aside),
    }
    if request.html:
        writers["explain.html"] = text(explain_page(done, language))
    folder = request.plan.out or DEFAULT_OUT / snapshot.timeline.first.isoformat()
    write_all(folder, writers)
    page = folder / "explain.html" if request.html else None
    return ExplainOutcome(folder, told, content, page, aside.height)
