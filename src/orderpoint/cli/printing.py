"""What a command prints when it is done."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from orderpoint.messages import Language, say
from orderpoint.messages.backtest import BACKTEST
from orderpoint.messages.command_line import COMMAND_LINE
from orderpoint.messages.forecast import FORECAST

if TYPE_CHECKING:
    from orderpoint.app.backtest_folder import BacktestOutcome
    from orderpoint.app.blank_templates import Written
    from orderpoint.app.check_folder import CheckOutcome
    from orderpoint.app.demo import DemoOutcome
    from orderpoint.app.explain_item import ExplainOutcome
    from orderpoint.app.forecast_folder import ForecastOutcome
    from orderpoint.app.plan_folder import PlanOutcome
    from orderpoint.app.play_methods import PlayOutcome
    from orderpoint.app.what_if_folder import WhatIfOutcome
    from orderpoint.simulate.confirm import Confirmation

MOST_NOTES = 12
"""Remarks shown on the terminal; the report and plan.json have them all."""


def print_plan(outcome: PlanOutcome, language: Language, *, as_json: bool) -> None:
    """The summary as JSON and nothing else, or what was read, decided and written in some lines."""
    if as_json:
        _out(outcome.summary_json)
        return
    summary = outcome.summary
    for line in outcome.mapped:
        _out(line)
    for line in outcome.notes[:MOST_NOTES]:
        _out(line)
    if len(outcome.notes) > MOST_NOTES:
        _say("more_notes", language, count=f"{len(outcome.notes) - MOST_NOTES:,}")
    _say(
        "planned",
        language,
        series=f"{summary['series']:,}",
        items=f"{summary['items']:,}",
        today=summary["today"],
        orders=f"{summary['orders']:,}",
        value=f"{summary['totals']['value']:,.2f}",
    )
    if summary["stock_known"]:
        risks = summary["risks"]
        _say("at_risk", language, stockouts=f"{risks['stockout']:,}", overstocks=f"{risks['overstock']:,}")
    else:
        _say("no_stock", language)
    for table in ("transfers", "remarks"):
        if summary[table]:
            _say(f"{table}_in", language, count=f"{summary[table]:,}")
    _set_aside(outcome.set_aside, language)
    _written(outcome.folder, outcome.folder / "report.html", language)


def print_played(outcome: PlayOutcome, language: Language, *, as_json: bool) -> None:
    """The figures as JSON and nothing else, or a line for each method and whether a plan keeps its word."""
    if as_json:
        _out(outcome.summary_json)
        return
    done, held = outcome.comparison, outcome.confirmation
    for line in outcome.notes[:MOST_NOTES]:
        _out(line)
    apart = {figures.name: figures.cost for figures in done.differences}
    for figures in done.figures:
        other = apart.get(figures.name)
        _say(
            "compared",
            language,
            method=figures.name,
            cost=f"{figures.cost.mean:,.2f}",
            width=f"{figures.cost.half_width:,.2f}",
            fill=f"{figures.fill_rate.mean:.2%}",
            turnover=f"{figures.turnover.mean:.1f}",
            apart=""
            if other is None
            else say(
                COMMAND_LINE,
                "apart",
                language,
                apart=f"{other.mean:+,.2f}",
                width=f"{other.half_width:,.2f}",
                first=done.figures[0].name,
            ),
        )
    if held is not None:
        _say(
            "confirmed",
            language,
            expected=f"{held.total_cost.expected:,.2f}",
            simulated=f"{held.total_cost.simulated.mean:,.2f}",
            width=f"{held.total_cost.simulated.half_width:,.2f}",
            paths=f"{held.paths:,}",
            verdict=say(COMMAND_LINE, f"verdict_{_verdict(held)}", language),
        )
    _written(outcome.folder, outcome.page, language)


def _verdict(held: Confirmation) -> str:
    if held.unclear:
        return "unclear"
    return "holds" if held.holds else "differs"


def print_forecast(outcome: ForecastOutcome, language: Language, *, as_json: bool) -> None:
    """The figures as JSON and nothing else, or a line of what was forecast."""
    if as_json:
        _out(outcome.figures_json)
        return
    for line in outcome.notes[:MOST_NOTES]:
        _out(line)
    found = outcome.figures
    blanks = {name: f"{found[name]:,}" for name in ("series", "horizon")}
    units = f"{found['demand']:,.0f}"
    _out(say(FORECAST, "done", language, **blanks, today=found["today"], model=found["model"], units=units))
    _set_aside(found["set_aside"], language)
    _written(outcome.folder, outcome.page, language)


def print_explained(outcome: ExplainOutcome, language: Language, *, as_json: bool) -> None:
    """The parts as JSON and nothing else, or the sentence."""
    if as_json:
        _out(outcome.figures_json)
        return
    _out(outcome.sentence)
    _set_aside(outcome.set_aside, language)
    _written(outcome.folder, outcome.page, language)


def print_what_if(outcome: WhatIfOutcome, language: Language, *, as_json: bool) -> None:
    """The figures as JSON and nothing else, or a line of what changes."""
    if as_json:
        _out(outcome.figures_json)
        return
    for line in outcome.lines:
        _out(line)
    _set_aside(outcome.set_aside, language)
    _written(outcome.folder, outcome.page, language)


def print_backtest(outcome: BacktestOutcome, language: Language, *, as_json: bool) -> None:
    """The figures as JSON and nothing else, or a line for each model."""
    if as_json:
        _out(outcome.figures_json)
        return
    for line in outcome.notes[:MOST_NOTES]:
        _out(line)
    for model, found in outcome.figures["models"].items():
        cost = "" if found["cost"] is None else say(BACKTEST, "done_cost", language, cost=f"{found['cost']:,.0f}")
        shares = {name: "–" if found[name] is None else f"{found[name]:.1%}" for name in ("wape", "bias", "wql")}
        added, rmsse = found["value_added_wql"], found["rmsse"]
        _out(
            say(
                BACKTEST,
                "done",
                language,
                model=model,
                **shares,
                rmsse="–" if rmsse is None else f"{rmsse:.3f}",
                added="–" if added is None else f"{added:+.1%}",
                cost=cost,
            )
        )
    _set_aside(outcome.figures["set_aside"], language)
    _written(outcome.folder, outcome.page, language)


def print_check(outcome: CheckOutcome, language: Language, *, as_json: bool) -> None:
    """The data-quality report as JSON and nothing else, or as lines."""
    if as_json:
        _out(outcome.report_json)
        return
    for line in outcome.lines:
        _out(line)
    for path in outcome.written:
        _say("report_at" if path.suffix == ".html" else "results_in", language, path=path, folder=path)


def print_templates(outcome: Written, folder: Path, language: Language) -> None:
    """Where the templates are, and which files were there before."""
    _say("templates_in", language, count=len(outcome.written), folder=folder)
    if outcome.kept:
        _say("templates_kept", language, files=", ".join(path.name for path in outcome.kept))


def print_demo(outcome: DemoOutcome, language: Language) -> None:
    """Where the invented shop is, and its plan."""
    _say("demo_shop_in", language, folder=outcome.shop)
    print_plan(outcome.plan, language, as_json=False)


def _set_aside(rows: int, language: Language) -> None:
    """How many rows of the input were not used, where there are any."""
    if rows:
        _say("set_aside", language, count=f"{rows:,}")


def _written(folder: Path, page: Path | None, language: Language) -> None:
    """Where the results are, and the page where there is one."""
    _say("results_in", language, folder=folder)
    if page is not None:
        _say("report_at", language, path=page)


def _say(key: str, language: Language, **blanks: object) -> None:
    _out(say(COMMAND_LINE, key, language, **blanks))


def _out(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
