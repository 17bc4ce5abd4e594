"""A change of plans held against the plan: from files on disk to figures and a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from orderpoint.app.forecasters import forecaster_named, named_or_by_effort
from orderpoint.app.live_accuracy import as_published
from orderpoint.app.output import Writer, write_all
from orderpoint.app.request import PlanRequest, Progress
from orderpoint.app.shop_case import shop_case, use_workers
from orderpoint.app.tables_out import csv, json_text, text
from orderpoint.app.wanted_series import wanted_series
from orderpoint.app.wording import note_lines, set_aside_table
from orderpoint.domain.calendar import Timeline
from orderpoint.domain.errors import UsageError
from orderpoint.messages import Language, say
from orderpoint.messages.what_if import WHAT_IF
from orderpoint.plan.case import PlanCase
from orderpoint.plan.change import Change, are_cuts
from orderpoint.plan.what_if import what_if
from orderpoint.plan.what_if_figures import what_if_figures
from orderpoint.report.what_if_page import Shown, change_said, what_if_page
from orderpoint.tables.sales import State

__all__ = ["Change", "WhatIfOutcome", "WhatIfRequest", "what_if_folder"]

DEFAULT_OUT = Path("orderpoint-what-if")


@dataclass(frozen=True)
class WhatIfRequest:
    """What is to be changed, in a plan's request, and by which model demand answers (None: the plan's)."""

    plan: PlanRequest
    change: Change
    model: str | None = None
    html: bool = False


@dataclass(frozen=True, eq=False)
class WhatIfOutcome:
    """What came of it, where it was written, the figures as JSON, and how many rows were set aside."""

    folder: Path
    figures: Mapping[str, Any]
    figures_json: str
    lines: tuple[str, ...]
    page: Path | None
    set_aside: int


def what_if_folder(request: WhatIfRequest, tell: Progress) -> WhatIfOutcome:
    """Forecast and decide as planned and with the change; what-if.json, set_aside.csv and, wanted, what-if.html.

    Raises as `plan_folder` does, and UsageError where the change names what is not there or lies outside the horizon.
    """
    use_workers(request.plan.workers)
    shop = shop_case(request.plan, tell)
    snapshot, language = shop.case.snapshot, request.plan.language
    _check(request.change, shop.case)
    model = named_or_by_effort(request.model, request.plan.effort)
    tell("forecasting")
    forecaster = forecaster_named(model, snapshot, request.plan.effort)
    case = replace(shop.case, forecaster=as_published(shop, forecaster, request.plan.previous))
    done = what_if(case, request.change)
    figures = what_if_figures(done, snapshot)
    change = change_said(request.change, snapshot.catalog, language)
    shown = Shown(change, done, figures, note_lines(shop.notes, language))
    content = json_text(
        {
            "today": snapshot.timeline.first.isoformat(),
            "change": change,
            "series": int(done.rows.sum()),
            "horizon": done.periods,
            "model": model,
            "moved": done.moved,
            "elasticity": None if done.elasticity is None else round(done.elasticity, 4),
            **figures,
        }
    )
    aside = set_aside_table(shop.reading, language)
    writers: dict[str, Writer] = {"what-if.json": text(content), "set_aside.csv": csv(aside)}
    if request.html:
        writers["what-if.html"] = text(what_if_page(shown, language))
    folder = request.plan.out or DEFAULT_OUT / snapshot.timeline.first.isoformat()
    write_all(folder, writers)
    lines = (_told(change, figures, language), *shown.remarks(language))
    page = folder / "what-if.html" if request.html else None
    return WhatIfOutcome(folder, figures, content, lines, page, aside.height)


def _told(change: str, figures: Mapping[str, Mapping[str, float]], language: Language) -> str:
    """What came of it in a sentence."""
    apart = figures["difference"]
    formats = {"margin": "+,.2f", "orders": "+,.0f"}
    more = [
        say(WHAT_IF, f"done_{name}", language, value=f"{apart[name]:{form}}")
        for name, form in formats.items()
        if name in apart
    ]
    demand = {name: f"{figures[name]['demand']:,.0f}" for name in ("before", "after")}
    return say(WHAT_IF, "done", language, change=change, more="".join(more), **demand)


def _check(change: Change, case: PlanCase) -> None:
    timeline = case.snapshot.timeline
    end = timeline.start(case.shown_periods or timeline.count)
    wanted_series(case.snapshot.index, change.items, change.location)
    priced = change.price is not None or change.promotion is not None
    if not priced and change.event is None and not change.launch:
        raise UsageError("no_change")
    if change.uplift is not None and change.event is None:
        raise UsageError("uplift_of_nothing")
    if change.event is not None and change.items and not (priced or change.launch):
        raise UsageError("event_of_items")
    if change.launch:
        _check_launch(change, case)
    if not timeline.first <= change.first <= change.last:
        raise UsageError(
            "change_in_the_past", first=str(change.first), last=str(change.last), today=str(timeline.first)
        )
    if change.first >= end:
        raise UsageError("change_beyond_horizon", first=str(change.first), end=str(end))
    edges = [timeline.start(timeline.index_of(day)) for day in (change.first, change.after)]
    if priced and edges != [change.first, change.after]:
        raise UsageError(
            "change_within_period", first=str(change.first), last=str(change.last), **_whole(change, timeline)
        )
    if change.price is not None and not change.price > 0:
        raise UsageError("price_not_positive", price=f"{change.price:g}")
    if change.promotion == 1 and change.price is None and are_cuts(case):
        raise UsageError("promotion_without_depth")
    if change.event is not None and change.uplift is None:
        learned = sorted(
            {event.event for event in case.known.calendar if event.day < timeline.first and event.uplift_factor is None}
        )
        if change.event not in learned:
            raise UsageError("unknown_event", event=change.event, known=", ".join(learned) or "-")


def _check_launch(change: Change, case: PlanCase) -> None:
    if not change.items or change.location is not None:
        raise UsageError("launch_of_nothing")
    sales = case.sales
    begun = np.flatnonzero(change.rows(sales.index) & (sales.state != State.OFF).any(axis=1))
    if len(begun):
        since = sales.timeline.start(int(np.argmax(sales.state[begun[0]] != State.OFF)))
        raise UsageError("launch_sold", item=sales.index.pairs()[begun[0]][0], since=str(since))


def _whole(change: Change, timeline: Timeline) -> dict[str, str]:
    """First and last day of the whole periods that the change touches."""
    first, last = (timeline.index_of(day) for day in (change.first, change.last))
    return {"start": str(timeline.start(first)), "end": str(timeline.start(last + 1) - timedelta(days=1))}
