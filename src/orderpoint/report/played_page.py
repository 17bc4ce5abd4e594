"""Methods side by side, or one method beside what its plan expected: one self-contained page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from orderpoint.messages import Language, say
from orderpoint.messages.report import REPORT
from orderpoint.report.cost_bars import Bar, cost_bars_svg
from orderpoint.report.document import document, markup
from orderpoint.report.interval_bars import interval_bars_svg
from orderpoint.report.precision import decimals_for, rounded
from orderpoint.report.words import Words
from orderpoint.simulate.compare_policies import PolicyComparison
from orderpoint.simulate.confirm import Confirmation, Total
from orderpoint.simulate.figures import Figures
from orderpoint.simulate.intervals import Interval
from orderpoint.simulate.levels import LongRun
from orderpoint.tables.snapshot import Snapshot

SHARES = ("fill_rate", "cycle_service")
MONEY = ("holding_cost", "ordering_cost", "stockout_cost", "cost", "average_stock_value", "purchase_cost", "profit")
PLAIN = ("turnover", "days_of_cover", "stockout_days", "orders", "waste", "bullwhip")
SHOWN = (*SHARES, *MONEY, *PLAIN)
"""Figures of the page's table, in order."""

HELPED = ("cycle_service", "stockout_days", "bullwhip")
"""Figures whose name does not say what they are."""

MOST_CATEGORIES = 24


@dataclass(frozen=True, eq=False)
class Played:
    """A comparison of one or more methods; for a single one whether its plan keeps its word, and its year."""

    comparison: PolicyComparison
    confirmation: Confirmation | None = None
    long_run: LongRun | None = None
    notes: tuple[str, ...] = ()


def played_page(played: Played, snapshot: Snapshot, language: Language) -> str:
    """One HTML document with its style and pictures inside; nothing is loaded from elsewhere."""
    words = Words(language)
    return document(
        "played.html.j2",
        language,
        {key: say(REPORT, key, language) for key in REPORT if key != "made_by"} | _headings(played, snapshot, words),
        **{name: markup(svg) for name, svg in _pictures(played, words).items()},
        methods=[figures.name for figures in played.comparison.figures],
        figures=[
            _row(played.comparison, name, words)
            for name in SHOWN
            if _tells(getattr(figures, name) for figures in played.comparison.figures)
        ],
        long_run=_long_run(played.long_run, words),
        notes=played.notes,
        categories=_categories(played.comparison, words),
        confirmation=_confirmation(played.confirmation, words),
    )


def _headings(played: Played, snapshot: Snapshot, words: Words) -> dict[str, str]:
    done = played.comparison
    names = ", ".join(figures.name for figures in done.figures)
    title = "played_one" if len(done.figures) == 1 else "played_many"
    return {
        "title": words(title, methods=names),
        "subtitle": words(
            "played_subtitle",
            series=f"{len(snapshot.index):,}",
            first=done.timeline.first.isoformat(),
            count=f"{done.timeline.count:,}",
            period=words(f"period_{snapshot.timeline.period}"),
            paths=f"{done.paths:,}",
        ),
    }


def _pictures(played: Played, words: Words) -> dict[str, str]:
    figures = played.comparison.figures
    bars = tuple(Bar(f.name, f.holding_cost.mean, f.ordering_cost.mean, f.stockout_cost.mean) for f in figures)
    service = [(f.name, f.fill_rate) for f in figures]
    return {
        "cost_bars": cost_bars_svg(bars, words("col_cost")),
        "service_bars": interval_bars_svg(service, words("col_fill_rate")),
    }


def _row(comparison: PolicyComparison, name: str, words: Words) -> dict[str, Any]:
    """One figure: its name, and for each method the value, its interval, and the difference to the first method."""
    paired: dict[str, Interval] = {figures.name: getattr(figures, name) for figures in comparison.differences}
    values: list[Interval] = [getattr(figures, name) for figures in comparison.figures]
    decimals, apart_decimals = _decimals(values, name), _decimals(paired.values(), name)
    cells = []
    for figures, value in zip(comparison.figures, values, strict=True):
        apart = paired.get(figures.name)
        cells.append(
            {
                "value": _said(value.mean, name, decimals),
                "width": _said(value.half_width, name, decimals),
                "apart": "" if apart is None else _signed(apart, name, apart_decimals),
                "differs": apart is not None and abs(apart.mean) > apart.half_width,
            }
        )
    return {"name": words(f"figure_{name}"), "cells": cells, "help": words(f"help_{name}") if name in HELPED else ""}


def _long_run(run: LongRun | None, words: Words) -> list[dict[str, str]]:
    """Each figure of the levels played for a year, with its interval."""
    if run is None:
        return []
    return [
        {"name": words(f"figure_{name}"), "value": _with_width(getattr(run.figures, name), name)}
        for name in SHOWN
        if _tells([getattr(run.figures, name)])
    ]


def _decimals(values: Iterable[Interval], name: str) -> int | None:
    scale = 100.0 if name in SHARES else 1.0
    return decimals_for(scale * value.half_width for value in values)


def _tells(values: Iterable[Interval]) -> bool:
    """Whether any of them is not simply nothing."""
    return any(value.mean != 0.0 or value.half_width != 0.0 for value in values)


def _with_width(value: Interval, name: str) -> str:
    decimals = _decimals([value], name)
    return f"{_said(value.mean, name, decimals)} ± {_said(value.half_width, name, decimals)}"


def _signed(apart: Interval, name: str, decimals: int | None) -> str:
    sign = "+" if apart.mean >= 0 else "\u2212"
    return f"{sign}{_said(abs(apart.mean), name, decimals)} ± {_said(apart.half_width, name, decimals)}"


def _said(value: float, name: str, decimals: int | None) -> str:
    return f"{rounded(100.0 * value, decimals)}%" if name in SHARES else rounded(value, decimals)


def _categories(comparison: PolicyComparison, words: Words) -> list[dict[str, Any]]:
    """Cost, service and turnover of each method by category; none where there is one category only."""
    if len(comparison.by_category) < 2:
        return []

    def cells(figures: Figures) -> dict[str, str]:
        return {
            "cost": words.money(figures.cost.mean),
            "fill_rate": f"{figures.fill_rate.mean:.1%}",
            "turnover": f"{figures.turnover.mean:.1f}",
        }

    dearest = sorted(comparison.by_category, key=lambda part: (-part.figures[0].cost.mean, part.category))
    return [
        {"name": part.category or words("no_category"), "cells": [cells(figures) for figures in part.figures]}
        for part in dearest[:MOST_CATEGORIES]
    ]


def _confirmation(held: Confirmation | None, words: Words) -> dict[str, Any] | None:
    if held is None:
        return None
    rows = (
        ("cost", held.total_cost),
        ("holding_cost", held.total_holding),
        ("stockout_cost", held.total_stockout),
        ("fill_rate", held.total_fill_rate),
    )
    verdict = "too_few_paths" if held.unclear else "confirmed" if held.holds else "not_confirmed"
    return {"verdict": words(verdict, paths=f"{held.paths:,}"), "rows": [_beside(n, t, words) for n, t in rows]}


def _beside(name: str, total: Total, words: Words) -> dict[str, Any]:
    return {
        "name": words(f"figure_{name}"),
        "expected": _said(total.expected, name, _decimals([total.simulated], name)),
        "simulated": _with_width(total.simulated, name),
        "inside": total.inside,
    }
