"""What methods achieve when they are played, as a table and as JSON-ready figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from orderpoint.simulate.compare_policies import PolicyComparison
from orderpoint.simulate.confirm import Confirmation, Total
from orderpoint.simulate.figures import FIGURES, Figures
from orderpoint.simulate.intervals import Interval
from orderpoint.simulate.levels import LongRun

DECIMALS = 6

COLUMNS = {
    "method": pl.String(),
    "category": pl.String(),
    "figure": pl.String(),
    "value": pl.Float64(),
    "half_width": pl.Float64(),
    "difference": pl.Float64(),
    "difference_half_width": pl.Float64(),
}


def figures_table(comparison: PolicyComparison) -> pl.DataFrame:
    """One row for each method, category ("" for all series) and figure.

    `half_width` is half of the 95 % confidence interval; `difference` the value less that of the first method on the
    same paths, with its own interval (all series only, empty for the first method).
    """
    return pl.DataFrame(list(_rows(comparison)), schema=COLUMNS, orient="row")


def _rows(comparison: PolicyComparison) -> Iterator[tuple[object, ...]]:
    against: dict[str, Figures] = {figures.name: figures for figures in comparison.differences}
    for figures in comparison.figures:
        paired = against.get(figures.name)
        for name in FIGURES:
            value = _interval(figures, name)
            apart = (None, None) if paired is None else _rounded(_interval(paired, name))
            yield (figures.name, "", name, *_rounded(value), *apart)
    for part in comparison.by_category:
        for figures in part.figures:
            for name in FIGURES:
                yield (figures.name, part.category, name, *_rounded(_interval(figures, name)), None, None)


def figures_summary(comparison: PolicyComparison) -> dict[str, Any]:
    """The same as JSON-ready figures: each is [value, half width of its 95 % interval]."""
    return {
        "first": comparison.timeline.first.isoformat(),
        "periods": comparison.timeline.count,
        "paths": comparison.paths,
        "paths_seed": comparison.seed,
        "methods": {figures.name: _all(figures) for figures in comparison.figures},
        "differences": {figures.name: _all(figures) for figures in comparison.differences},
        "by_category": {
            part.category: {figures.name: _all(figures) for figures in part.figures} for part in comparison.by_category
        },
    }


def confirmation_figures(held: Confirmation) -> dict[str, Any]:
    """What a plan expected until the next orders arrive, what came, and whether the one is in the other's interval."""
    return {
        "paths": held.paths,
        "holds": held.holds,
        "unclear": held.unclear,
        "cost": _total(held.total_cost),
        "holding_cost": _total(held.total_holding),
        "stockout_cost": _total(held.total_stockout),
        "fill_rate": _total(held.total_fill_rate),
        "series_inside": {
            "cost": float(held.cost.inside.mean()),
            "fill_rate": float(held.fill_rate.inside.mean()),
            "stockout_risk": float(held.stockout_risk.inside.mean()),
        },
    }


def long_run_figures(run: LongRun) -> dict[str, Any]:
    """The levels played for a year of the average period's demand: each figure with half of its 95 % interval."""
    return {"periods": run.periods, "warm_up": run.warm_up, "paths": run.paths, **_all(run.figures)}


def _total(total: Total) -> dict[str, float | bool]:
    value, half_width = _rounded(total.simulated)
    return {
        "expected": round(total.expected, DECIMALS),
        "simulated": value,
        "half_width": half_width,
        "inside": total.inside,
    }


def _all(figures: Figures) -> dict[str, list[float]]:
    return {name: list(_rounded(_interval(figures, name))) for name in FIGURES}


def _interval(figures: Figures, name: str) -> Interval:
    value: Interval = getattr(figures, name)
    return value


def _rounded(value: Interval) -> tuple[float, float]:
    return round(value.mean, DECIMALS), round(value.half_width, DECIMALS)
