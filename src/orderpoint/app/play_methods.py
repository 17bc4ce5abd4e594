"""Play methods on days to come: one with its plan held to its word, or several side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from orderpoint.app.output import Writer, write_all
from orderpoint.app.planners import policy_for, sampling_for
from orderpoint.app.request import PlanRequest, Progress
from orderpoint.app.shop_case import ShopCase, shop_case, use_workers
from orderpoint.app.tables_out import csv, json_text, text
from orderpoint.app.wording import note_lines
from orderpoint.ingest.reading import Note
from orderpoint.optimize.base import Policy, judged_by
from orderpoint.plan.played_tables import confirmation_figures, figures_summary, figures_table, long_run_figures
from orderpoint.report.played_page import Played, played_page
from orderpoint.simulate.compare_policies import PolicyComparison, compare_policies
from orderpoint.simulate.confirm import Confirmation, confirm
from orderpoint.simulate.levels import simulate_levels
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FRESH = 7919
"""Added to the seed, so that the methods are judged on paths that none of them has seen."""

YEAR_PATHS = 100
"""Paths of a whole year at most: a year averages out most of the luck by itself."""

COMPARE_OUT, SIMULATE_OUT = Path("orderpoint-compare"), Path("orderpoint-simulate")


@dataclass(frozen=True)
class PlayRequest:
    """What is to be played: a plan's request, the methods, the number of paths, and whether a page is wanted."""

    plan: PlanRequest
    methods: tuple[str, ...]
    paths: int
    html: bool = True


@dataclass(frozen=True, eq=False)
class PlayOutcome:
    """What was played, where it was written, and the figures as JSON."""

    folder: Path
    comparison: PolicyComparison
    confirmation: Confirmation | None
    summary_json: str
    notes: tuple[str, ...]
    page: Path | None


def compare_methods(request: PlayRequest, tell: Progress) -> PlayOutcome:
    """Every method on the same paths; comparison.csv, comparison.json and comparison.html, all or none.

    Raises as `plan_folder` does.
    """
    shop, demand = _forecast(request, tell)
    played = _played(request, shop, demand, tell)
    return _written(request, shop, Played(played), ("comparison", COMPARE_OUT))


def simulate_method(request: PlayRequest, tell: Progress) -> PlayOutcome:
    """The first method alone, with what its plan expects beside what comes; simulation.csv, .json and .html.

    Raises as `plan_folder` does.
    """
    shop, demand = _forecast(request, tell)
    played = _played(request, shop, demand, tell)
    snapshot, policy = shop.case.snapshot, _policy(request, request.methods[0])
    decisions = policy.decide(snapshot, demand)
    expected = policy.evaluate(snapshot, demand, decisions)
    judged = judged_by(policy, snapshot)
    held = confirm(judged, demand, decisions, expected, request.paths, request.plan.seed + FRESH)
    year = None
    if snapshot.orderable.any():
        year = simulate_levels(snapshot, demand, decisions, min(request.paths, YEAR_PATHS), request.plan.seed + FRESH)
    return _written(request, shop, Played(played, held, year), ("simulation", SIMULATE_OUT))


def _forecast(request: PlayRequest, tell: Progress) -> tuple[ShopCase, Demand]:
    use_workers(request.plan.workers)
    shop = shop_case(replace(request.plan, method=request.methods[0]), tell, request.methods)
    case = shop.case
    tell("forecasting")
    demand = case.forecaster.fit(case.sales, case.known).demand(case.snapshot.timeline.count, case.known)
    return shop, demand


def _policy(request: PlayRequest, method: str) -> Policy:
    return policy_for(request.plan, method, sampling_for(request.plan))


def _played(request: PlayRequest, shop: ShopCase, demand: Demand, tell: Progress) -> PolicyComparison:
    tell("playing")
    policies = {method: _policy(request, method) for method in request.methods}
    return compare_policies(shop.case.snapshot, demand, policies, request.paths, request.plan.seed + FRESH)


def _not_played(snapshot: Snapshot) -> tuple[Note, ...]:
    """Remarks on what the days to come leave out."""
    notes = []
    if snapshot.budget is not None or snapshot.shared is not None:
        notes.append(Note("", "limits_today_only"))
    if not snapshot.stock.known:
        notes.append(Note("", "played_from_nothing"))
    return tuple(notes)


def _written(request: PlayRequest, shop: ShopCase, played: Played, where: tuple[str, Path]) -> PlayOutcome:
    name, default = where
    language = request.plan.language
    snapshot = shop.case.snapshot
    notes = note_lines((*shop.notes, *_not_played(snapshot)), language)
    figures: dict[str, Any] = {
        "today": snapshot.timeline.first.isoformat(),
        "series": len(snapshot.index),
        "seed": request.plan.seed,
        **figures_summary(played.comparison),
        "long_run": None if played.long_run is None else long_run_figures(played.long_run),
        "confirmation": None if played.confirmation is None else confirmation_figures(played.confirmation),
        "notes": list(notes),
    }
    table: pl.DataFrame = figures_table(played.comparison)
    content = json_text(figures)
    writers: dict[str, Writer] = {f"{name}.csv": csv(table), f"{name}.json": text(content)}
    if request.html:
        writers[f"{name}.html"] = text(played_page(replace(played, notes=notes), snapshot, language))
    folder = request.plan.out or default / figures["today"]
    write_all(folder, writers)
    page = folder / f"{name}.html" if request.html else None
    return PlayOutcome(folder, played.comparison, played.confirmation, content, notes, page)
