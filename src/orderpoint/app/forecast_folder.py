"""From files on disk to a folder with the forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from orderpoint import __version__
from orderpoint.app.chosen import choice_notes
from orderpoint.app.forecasters import forecaster_named, named_or_by_effort, span_of
from orderpoint.app.live_accuracy import live_accuracy
from orderpoint.app.output import Writer, write_all
from orderpoint.app.request import PlanRequest, Progress
from orderpoint.app.shop_case import shop_case, use_workers
from orderpoint.app.tables_out import csv, json_text, parquet, text
from orderpoint.app.within_memory import within_memory
from orderpoint.app.wording import note_lines, set_aside_table
from orderpoint.forecast.base import Weighted
from orderpoint.forecast.choice import choice_of
from orderpoint.plan.forecast_table import forecast_table
from orderpoint.plan.phase_out_table import phase_out_table
from orderpoint.plan.summary import choice_figures
from orderpoint.report.forecast_page import Forecasted, forecast_page

DEFAULT_OUT = Path("orderpoint-forecast")
PHASE_OUTS = "phase_outs.csv"
WEIGHT_DECIMALS = 4


@dataclass(frozen=True)
class ForecastRequest:
    """What is to be forecast: a plan's request (its `horizon` is how many periods are shown), and the model.

    `model` None stands for the plan's own, by its effort.
    """

    plan: PlanRequest
    model: str | None = None
    html: bool = False


@dataclass(frozen=True, eq=False)
class ForecastOutcome:
    """What was forecast, where it was written, and the figures as JSON."""

    folder: Path
    figures: Mapping[str, Any]
    figures_json: str
    notes: tuple[str, ...]
    page: Path | None


def forecast_folder(request: ForecastRequest, tell: Progress) -> ForecastOutcome:
    """Read and forecast; forecast.parquet, forecast.json, set_aside.csv and, wanted, forecast.html.

    And accuracy.csv where forecasts of earlier runs are found.

    Raises as `plan_folder` does.
    """
    use_workers(request.plan.workers)
    shop = shop_case(request.plan, tell)
    case, snapshot, language = shop.case, shop.case.snapshot, request.plan.language
    model = named_or_by_effort(request.model, request.plan.effort)
    tell("forecasting")
    out = request.plan.out
    named = forecaster_named(model, snapshot, request.plan.effort)
    within = within_memory(request.plan, model, (case.sales, case.known), named, out or DEFAULT_OUT)
    live = live_accuracy(shop, within.forecaster, request.plan.previous or out or DEFAULT_OUT)
    fitted = live.forecaster.fit(case.sales, case.known)
    shown = request.plan.horizon or snapshot.timeline.count
    demand = fitted.demand(shown, case.known)
    weights = {k: float(np.mean(w)) for k, w in fitted.weights().items()} if isinstance(fitted, Weighted) else {}
    choice, ending = choice_of(fitted), phase_out_table(case.sales, case.known)
    notes = note_lines((*choice_notes(choice), *live.notes, *within.notes, *shop.notes), language)
    aside = set_aside_table(shop.reading, language)
    figures: dict[str, Any] = {
        "today": snapshot.timeline.first.isoformat(),
        "period": str(snapshot.timeline.period),
        "series": len(snapshot.index),
        "horizon": shown,
        "span": span_of(snapshot),
        "model": model,
        "weights": {name: round(weight, WEIGHT_DECIMALS) for name, weight in weights.items()},
        "choice": choice_figures(choice),
        "phase_outs": ending.height,
        "demand": round(float(demand.mean.sum()), WEIGHT_DECIMALS),
        "version": __version__,
        "live": live.figures,
        "set_aside": aside.height,
        "notes": list(notes),
    }
    content = json_text(figures)
    writers: dict[str, Writer] = {
        "forecast.parquet": parquet(forecast_table(demand)),
        "forecast.json": text(content),
        "set_aside.csv": csv(aside),
        **({PHASE_OUTS: csv(ending)} if ending.height else {}),
        **live.writers(),
    }
    if request.html:
        writers["forecast.html"] = text(
            forecast_page(Forecasted(case, demand, model, weights, ending, notes), language)
        )
    folder = out or DEFAULT_OUT / figures["today"]
    write_all(folder, writers, gone=() if ending.height else (PHASE_OUTS,))
    within.done()
    return ForecastOutcome(folder, figures, content, notes, folder / "forecast.html" if request.html else None)
