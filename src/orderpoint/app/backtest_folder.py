"""From files on disk to a folder that holds forecasts against what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from orderpoint.app.forecasters import forecaster_named, named_or_by_effort, span_of
from orderpoint.app.output import Writer, write_all
from orderpoint.app.request import PlanRequest, Progress
from orderpoint.app.shop_case import ShopCase, shop_case, use_workers
from orderpoint.app.tables_out import csv, json_text, text
from orderpoint.app.within_memory import within_memory
from orderpoint.app.wording import note_lines, set_aside_table
from orderpoint.domain.errors import UsageError
from orderpoint.ingest.reading import Note
from orderpoint.plan.backtest_tables import backtest_figures, backtest_table, steps_table
from orderpoint.plan.forecast_backtest import BacktestCase, Backtested, backtest, rolling_origins
from orderpoint.report.backtest_page import backtest_page

DEFAULT_OUT = Path("orderpoint-backtest")
YARDSTICK = "seasonal_naive"


@dataclass(frozen=True)
class BacktestRequest:
    """What is to be tested: a plan's request, the models (the yardstick is added), and how many origins at most.

    `models` is empty for the plan's own. `horizon` of the plan's request: periods held back after each origin.
    """

    plan: PlanRequest
    models: tuple[str, ...] = ()
    origins: int = 4
    html: bool = False


@dataclass(frozen=True, eq=False)
class BacktestOutcome:
    """What was found, where it was written, and the figures as JSON."""

    folder: Path
    figures: Mapping[str, Any]
    figures_json: str
    notes: tuple[str, ...]
    page: Path | None


def backtest_folder(request: BacktestRequest, tell: Progress) -> BacktestOutcome:
    """Score every model at rolling origins; backtest.csv, steps.csv, backtest.json and, wanted, backtest.html.

    And set_aside.csv; and judgement.csv, where there are overrides of the past to be scored.

    Raises as `plan_folder` does, and UsageError where the history is too short to hold anything back.
    """
    use_workers(request.plan.workers)
    shop = shop_case(replace(request.plan, horizon=None), tell)
    case, in_parts = _case(request, shop)
    done = backtest(case, tell)
    tell("writing")
    language = request.plan.language
    notes, aside = note_lines((*in_parts, *shop.notes), language), set_aside_table(shop.reading, language)
    figures = {
        "today": shop.case.snapshot.timeline.first.isoformat(),
        "period": str(shop.case.sales.timeline.period),
        "series": len(shop.case.sales.index),
        "seed": request.plan.seed,
        **backtest_figures(done),
        "set_aside": aside.height,
        "notes": list(notes),
    }
    return _written(request, done, figures, notes, aside)


def _case(request: BacktestRequest, shop: ShopCase) -> tuple[BacktestCase, list[Note]]:
    """The models on their history, and what is said of forecasts in parts."""
    case = shop.case
    span = span_of(case.snapshot)
    horizon = request.plan.horizon or span
    if not rolling_origins(case.sales.timeline.count, horizon, request.origins):
        raise UsageError("history_too_short", periods=str(case.sales.timeline.count), horizon=str(horizon))
    names = dict.fromkeys((YARDSTICK, *(request.models or (named_or_by_effort(None, request.plan.effort),))))

    history, models = (case.sales, case.known), {}
    notes: list[Note] = []
    for name in names:
        named = forecaster_named(name, case.snapshot, request.plan.effort)
        within = within_memory(request.plan, name, history, named, None)
        models[name] = within.forecaster
        notes += [note for note in within.notes if note not in notes]
    asked = BacktestCase(
        sales=case.sales,
        known=case.known,
        snapshot=case.snapshot,
        models=models,
        policy=case.replayed_by or case.policy,
        origins=request.origins,
        horizon=horizon,
        span=min(span, horizon),
        seed=request.plan.seed,
    )
    return asked, notes


def _written(
    request: BacktestRequest, done: Backtested, figures: dict[str, Any], notes: tuple[str, ...], aside: pl.DataFrame
) -> BacktestOutcome:
    content = json_text(figures)
    writers: dict[str, Writer] = {
        "backtest.csv": csv(backtest_table(done)),
        "steps.csv": csv(steps_table(done)),
        "backtest.json": text(content),
        "set_aside.csv": csv(aside),
    }
    if done.judged.height:
        writers["judgement.csv"] = csv(done.judged)
    if request.html:
        writers["backtest.html"] = text(backtest_page(done, notes, request.plan.language))
    folder = request.plan.out or DEFAULT_OUT / figures["today"]
    write_all(folder, writers, gone={"judgement.csv", "backtest.html"} - writers.keys())
    page = folder / "backtest.html" if request.html else None
    return BacktestOutcome(folder, figures, content, notes, page)
