"""The main use case: from files on disk to a folder with the plan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orderpoint.app.chosen import choice_notes
from orderpoint.app.forecasters import BY_EFFORT
from orderpoint.app.live_accuracy import live_accuracy, with_live
from orderpoint.app.output import write_all
from orderpoint.app.request import PlanRequest, Progress
from orderpoint.app.shop_case import shop_case, use_workers
from orderpoint.app.tables_out import csv, json_text, parquet, text
from orderpoint.app.within_memory import within_memory
from orderpoint.app.wording import mapped_lines, note_lines, read_lines, set_aside_table
from orderpoint.plan.result import Plan
from orderpoint.plan.run import run
from orderpoint.plan.summary import summary
from orderpoint.report.page import Basis, page

DEFAULT_OUT = Path("orderpoint-plan")


@dataclass(frozen=True, eq=False)
class PlanOutcome:
    """What a planning run wrote and what there is to say about it."""

    folder: Path
    plan: Plan
    summary: dict[str, Any]
    summary_json: str
    mapped: tuple[str, ...]
    notes: tuple[str, ...]
    set_aside: int


def plan_folder(request: PlanRequest, tell: Progress) -> PlanOutcome:
    """Read, plan, and write the contract's files; all of them or none.

    Raises InputFaults, UsageError, InfeasibleError or OSError, with nothing written.
    """
    use_workers(request.workers)
    shop = shop_case(request, tell)
    history = shop.case.sales, shop.case.known
    model = BY_EFFORT[request.effort]
    within = within_memory(request, model, history, shop.case.forecaster, request.out or DEFAULT_OUT)
    live = live_accuracy(shop, within.forecaster, request.previous or request.out or DEFAULT_OUT)
    shop = with_live(shop, live, within.notes)
    reading, defaults = shop.reading, shop.defaults
    plan = run(shop.case, tell)
    tell("writing")
    mapped = mapped_lines(reading, request.language)
    remarks = note_lines((*choice_notes(plan.choice), *shop.notes), request.language)
    aside = set_aside_table(reading, request.language)
    figures = summary(plan, defaults) | {
        "live": live.figures,
        "set_aside": aside.height,
        "mapped": list(mapped),
        "notes": list(remarks),
    }
    figures_json = json_text(figures)
    basis = Basis(defaults, read_lines(reading, request.language), mapped, remarks, aside.height)
    out = request.out or DEFAULT_OUT / figures["today"]
    extra = {f"{name}.csv": getattr(plan, name) for name in ("transfers", "remarks", "cycles", "flows")}
    write_all(
        out,
        {
            "orders.csv": csv(plan.orders),
            "schedule.csv": csv(plan.schedule),
            "levels.csv": csv(plan.levels),
            "forecast.parquet": parquet(plan.forecast),
            "risks.csv": csv(plan.risks),
            **{name: csv(table) for name, table in extra.items() if table is not None},
            "set_aside.csv": csv(aside),
            **live.writers(),
            "report.html": text(page(plan, basis)),
            "plan.json": text(figures_json),
        },
        gone=[name for name, table in extra.items() if table is None],
    )
    within.done()
    return PlanOutcome(out, plan, figures, figures_json, mapped, remarks, aside.height)
