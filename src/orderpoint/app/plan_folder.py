"""The main use case: from files on disk to a folder with the plan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orderpoint.app.output import write_all
from orderpoint.app.planners import forecaster_for, policy_for, replay_policy_for
from orderpoint.app.request import PlanRequest, Progress
from orderpoint.app.tables_out import csv, json_text, parquet, text
from orderpoint.app.wording import mapped_lines, note_lines, read_lines, set_aside_table
from orderpoint.ingest.bucketing import bucket
from orderpoint.ingest.grid import BucketOptions
from orderpoint.ingest.intake import read
from orderpoint.ingest.reading import Note, Reading, ReadOptions
from orderpoint.ingest.snapshot import SnapshotOptions, state_of
from orderpoint.optimize.constraints import conflicts
from orderpoint.plan.case import PlanCase
from orderpoint.plan.result import Plan
from orderpoint.plan.run import run
from orderpoint.plan.summary import summary
from orderpoint.report.page import Basis, page
from orderpoint.tables.snapshot import Snapshot

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
    _use_workers(request.workers)
    tell("reading")
    reading = read(request.inputs, ReadOptions(today=request.today, mapping=request.mapping))
    tell("bucketing")
    case, defaults, notes = _case(request, reading)
    plan = run(case, tell)
    tell("writing")
    mapped = mapped_lines(reading, request.language)
    remarks = note_lines((*reading.notes, *notes), request.language)
    aside = set_aside_table(reading, request.language)
    figures = summary(plan, defaults) | {"set_aside": aside.height, "mapped": list(mapped), "notes": list(remarks)}
    figures_json = json_text(figures)
    basis = Basis(defaults, read_lines(reading, request.language), mapped, remarks, aside.height)
    out = request.out or DEFAULT_OUT / figures["today"]
    extra = {"transfers.csv": plan.transfers, "remarks.csv": plan.remarks}
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
            "report.html": text(page(plan, basis)),
            "plan.json": text(figures_json),
        },
    )
    return PlanOutcome(out, plan, figures, figures_json, mapped, remarks, aside.height)


def _case(request: PlanRequest, reading: Reading) -> tuple[PlanCase, dict[str, int], tuple[Note, ...]]:
    """The case to plan, the number of series for which each default is used, and remarks made on the way."""
    bucketed = bucket(reading, BucketOptions(request.today, request.period, request.label))
    limits = SnapshotOptions(request.horizon, request.budget, request.min_stock, request.max_stock)
    state = state_of(reading, bucketed.sales, limits)
    case = PlanCase(
        sales=bucketed.sales,
        known=state.known,
        snapshot=state.snapshot,
        forecaster=forecaster_for(request, state.snapshot),
        policy=policy_for(request),
        replayed_by=replay_policy_for(request),
        shown_periods=request.horizon,
        seed=request.seed,
        language=request.language,
    )
    return case, state.defaults, (*bucketed.notes, *state.notes, *_conflicts(state.snapshot))


def _conflicts(snapshot: Snapshot) -> tuple[Note, ...]:
    """A remark for each pair of limits that contradict each other, with the items whose lines they end."""
    by_limits: dict[tuple[str, ...], list[str]] = {}
    names = snapshot.index.item_names()
    for conflict in conflicts(snapshot):
        by_limits.setdefault(conflict.limits, []).append(names[conflict.series])
    return tuple(
        Note(
            "",
            "limits_conflict",
            {"count": str(len(items)), "limits": ", ".join(limits), "items": ", ".join(items[:5])},
        )
        for limits, items in by_limits.items()
    )


def _use_workers(workers: int | None) -> None:
    """Bound the threads of the compiled kernels; the result is the same for any number."""
    if workers is not None:
        import numba  # noqa: PLC0415 -- slow to import, needed where the number is given

        numba.set_num_threads(min(workers, numba.get_num_threads()))
