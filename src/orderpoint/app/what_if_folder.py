"""A change of plans held against the plan: from files on disk to figures and a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orderpoint.app.forecasters import DEFAULT, forecaster_named
from orderpoint.app.output import Writer, write_all
from orderpoint.app.request import PlanRequest, Progress
from orderpoint.app.shop_case import shop_case, use_workers
from orderpoint.app.tables_out import json_text, text
from orderpoint.app.wanted_series import wanted_series
from orderpoint.app.wording import note_lines
from orderpoint.domain.errors import UsageError
from orderpoint.messages import say
from orderpoint.messages.what_if import WHAT_IF
from orderpoint.plan.case import PlanCase
from orderpoint.plan.what_if import Change, what_if
from orderpoint.plan.what_if_figures import what_if_figures
from orderpoint.report.what_if_page import Shown, change_said, what_if_page

__all__ = ["Change", "WhatIfOutcome", "WhatIfRequest", "what_if_folder"]

DEFAULT_OUT = Path("orderpoint-what-if")


@dataclass(frozen=True)
class WhatIfRequest:
    """What is to be changed, in a plan's request, and by which model demand answers."""

    plan: PlanRequest
    change: Change
    model: str = DEFAULT
    html: bool = False


@dataclass(frozen=True, eq=False)
class WhatIfOutcome:
    """What came of it, where it was written, and the figures as JSON."""

    folder: Path
    figures: Mapping[str, Any]
    figures_json: str
    lines: tuple[str, ...]
    page: Path | None


def what_if_folder(request: WhatIfRequest, tell: Progress) -> WhatIfOutcome:
    """Forecast and decide as planned and with the change; what-if.json and, wanted, what-if.html.

    Raises as `plan_folder` does, and UsageError where the change names what is not there or lies outside the horizon.
    """
    use_workers(request.plan.workers)
    shop = shop_case(request.plan, tell)
    snapshot, language = shop.case.snapshot, request.plan.language
    _check(request.change, shop.case)
    tell("forecasting")
    case = replace(shop.case, forecaster=forecaster_named(request.model, snapshot, request.plan.effort))
    done = what_if(case, request.change)
    figures = what_if_figures(done, snapshot)
    shown = Shown(request.change, done, figures, note_lines(shop.notes, language))
    change = change_said(request.change, language)
    content = json_text(
        {
            "today": snapshot.timeline.first.isoformat(),
            "change": change,
            "series": int(done.rows.sum()),
            "horizon": snapshot.timeline.count,
            "model": request.model,
            "moved": shown.moved,
            "elasticity": None if done.elasticity is None else round(done.elasticity, 4),
            **figures,
        }
    )
    writers: dict[str, Writer] = {"what-if.json": text(content)}
    if request.html:
        writers["what-if.html"] = text(what_if_page(shown, language))
    folder = request.plan.out or DEFAULT_OUT / snapshot.timeline.first.isoformat()
    write_all(folder, writers)
    told = say(
        WHAT_IF,
        "done",
        language,
        change=change,
        before=f"{figures['before']['demand']:,.0f}",
        after=f"{figures['after']['demand']:,.0f}",
        margin=f"{figures['difference']['margin']:+,.2f}",
        orders=f"{figures['difference']['orders']:+,.0f}",
    )
    lines = (told, *shown.remarks(language))
    return WhatIfOutcome(folder, figures, content, lines, folder / "what-if.html" if request.html else None)


def _check(change: Change, case: PlanCase) -> None:
    timeline = case.snapshot.timeline
    wanted_series(case.snapshot.index, change.items, change.location)
    if change.price is None and change.promotion is None and change.event is None:
        raise UsageError("no_change")
    if not timeline.first <= change.first <= change.last:
        raise UsageError(
            "change_in_the_past", first=str(change.first), last=str(change.last), today=str(timeline.first)
        )
