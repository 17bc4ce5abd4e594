"""Forecasts held against what came: one self-contained page."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from orderpoint.forecast.value_added import by_author
from orderpoint.messages import Language, say
from orderpoint.messages.backtest import BACKTEST
from orderpoint.messages.report import REPORT
from orderpoint.plan.backtest_tables import backtest_table, steps_table, worst
from orderpoint.plan.forecast_backtest import Backtested, ModelScores
from orderpoint.report.cost_bars import Bar, cost_bars_svg
from orderpoint.report.document import document, markup
from orderpoint.report.fan_chart import Fan, fan_svg
from orderpoint.report.line_chart import Chart, line_chart_svg

SHOWN = ("wape", "bias", "rmsse", "mase", "wrmsse", "wql", "crps", "value_added_wql", "cost")
"""Measures of the table, in order."""
SHARES = ("wape", "bias", "wql", "crps", "value_added_wql")
PART_SHOWN = ("wape", "bias", "wql", "value_added_wql")
PARTED = ("category", "volume", "age")
MOST_PARTS = 24
MOST_WORST = 6
PAST_PERIODS = 90
BANDS = (0.05, 0.25, 0.75, 0.95)
POINTS = 41
"""Points at which calibration is drawn."""


def backtest_page(done: Backtested, notes: tuple[str, ...], language: Language) -> str:
    """One HTML document with its style and pictures inside; nothing is loaded from elsewhere."""
    table = backtest_table(done)
    return document(
        "backtest.html.j2",
        language,
        _headings(done, language),
        columns=[say(BACKTEST, name, language) for name in SHOWN],
        rows=[_row(row, SHOWN) for row in table.filter(pl.col("by") == "all").to_dicts()],
        parts=_parts(table, language),
        part_columns=[say(BACKTEST, name, language) for name in PART_SHOWN],
        judged=_judged(done, language),
        worst=[{**fan, "svg": markup(fan["svg"])} for fan in _worst(done)],
        notes=notes,
        **{name: markup(svg) for name, svg in _pictures(done, language).items()},
    )


def best_of(done: Backtested) -> ModelScores:
    """The model with the least quantile loss on the whole shop."""
    losses = [sum(float(s.pinball.sum()) for s in model.scored) for model in done.models]
    return done.models[int(np.argmin(losses))]


def _headings(done: Backtested, language: Language) -> dict[str, str]:
    case, timeline = done.case, done.case.sales.timeline
    blanks = {
        "series": f"{len(case.sales.index):,}",
        "origins": str(len(done.origins)),
        "first": timeline.start(done.origins[0]).isoformat(),
        "last": timeline.start(done.origins[-1]).isoformat(),
        "horizon": str(case.horizon),
        "period": say(REPORT, f"period_{timeline.period}", language),
        "span": str(case.span),
        "yardstick": done.models[0].name,
        "model": best_of(done).name,
        "last_model": done.models[-1].name,
    }
    said = {
        key: say(BACKTEST, key, language, **blanks)
        for key in BACKTEST
        if not key.startswith(("done", "money_", "largest_"))
    }
    said["money_title"] = say(BACKTEST, "money_title", language)
    said["money_text"] = (
        say(BACKTEST, "money_none", language)
        if done.money is None
        else say(BACKTEST, "money_text", language, series=f"{done.money.series:,}")
    )
    return said


def _pictures(done: Backtested, language: Language) -> dict[str, str]:
    grid = np.linspace(0.0, 1.0, POINTS)
    calibration, steps = [], []
    table = steps_table(done)
    for model in done.models:
        pit = np.concatenate([s.pit for s in model.scored])
        pit = np.sort(pit[np.isfinite(pit)])
        if len(pit):
            calibration.append((model.name, np.searchsorted(pit, grid, side="right") / len(pit)))
        wape = table.filter(pl.col("model") == model.name)["wape"].cast(pl.Float64).to_numpy()
        steps.append((model.name, np.asarray(wape, np.float64)))
    promised, kept = say(BACKTEST, "promised", language), say(BACKTEST, "kept", language)
    ahead = np.arange(1, done.case.horizon + 1, dtype=np.float64)
    bars = (
        ()
        if done.money is None
        else tuple(Bar(k.name, k.holding_cost, k.ordering_cost or 0.0, k.stockout_cost) for k in done.money.kpis)
    )
    return {
        "calibration": line_chart_svg(Chart(grid, calibration, promised, kept, percent=True, diagonal=True)),
        "steps": line_chart_svg(
            Chart(ahead, steps, say(BACKTEST, "steps_axis", language), say(BACKTEST, "wape", language), percent=True)
        )
        if done.case.horizon > 1
        else "",
        "money": cost_bars_svg(bars, say(BACKTEST, "cost", language)) if bars else "",
    }


def _row(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {"model": row["model"], "cells": [_said(row[name], name) for name in names]}


def _said(value: float | None, name: str) -> str:
    if value is None:
        return "–"
    if name in SHARES:
        return f"{value:+.1%}" if name in ("bias", "value_added_wql") else f"{value:.1%}"
    return f"{value:,.0f}" if name == "cost" else f"{value:.3f}"


def _share(value: float) -> str:
    """A share in per cent; a dash where nothing sold to take it of."""
    return f"{value:.1%}" if np.isfinite(value) else "–"


def _parts(table: pl.DataFrame, language: Language) -> list[dict[str, Any]]:
    """For each way of parting the shop: its heading, and a row for each part and model, the largest parts first."""
    found = []
    for by in PARTED:
        mine = table.filter(pl.col("by") == by)
        if mine.is_empty():
            continue
        order = mine.group_by("part").agg(pl.col("demand").max()).sort("demand", "part", descending=[True, False])
        rows = []
        for part in order["part"].to_list()[:MOST_PARTS]:
            for k, row in enumerate(mine.filter(pl.col("part") == part).to_dicts()):
                name = (
                    say(BACKTEST, part, language)
                    if part in BACKTEST
                    else part or say(BACKTEST, "no_category", language)
                )
                rows.append({"part": name if k == 0 else "", **_row(row, PART_SHOWN)})
        blanks = {"shown": str(MOST_PARTS), "count": f"{order.height:,}"}
        more = say(BACKTEST, "largest_parts", language, **blanks) if order.height > MOST_PARTS else ""
        found.append({"title": say(BACKTEST, f"by_{by}", language), "text": more, "rows": rows})
    return found


def _judged(done: Backtested, language: Language) -> list[dict[str, str]]:
    """A row for each author of overrides."""
    return [
        {
            "author": row["author"],
            "overrides": f"{row['overrides']:,}",
            **{name: _share(row[name]) for name in ("wape_model", "wape_judged")},
            "gain": f"{row['gain']:+.1%}",
            "verdict": say(BACKTEST, row["verdict"], language),
        }
        for row in by_author(done.judged).to_dicts()
    ]


def _worst(done: Backtested) -> list[dict[str, str]]:
    model, held, index = best_of(done), done.held, done.case.sales.index
    fans = []
    for row in worst(done, model, MOST_WORST):
        past = slice(max(0, held.origin - PAST_PERIODS), held.origin)
        demand, timeline = model.last, done.case.sales.timeline
        shown = slice(0, done.case.horizon)
        fan = Fan(
            title=f"{index.items[index.item_of[row]]} {index.locations[index.location_of[row]]}",
            past_days=timeline.starts()[past],
            past=done.case.sales.quantity[row, past].astype(np.float64),
            hidden=done.case.sales.censored()[row, past],
            future_days=demand.timeline.starts()[shown],
            median=demand.quantile(0.5)[row, shown],
            bands=np.stack([demand.quantile(p)[row, shown] for p in BANDS]),
            arrival=None,
            came=np.where(held.seen[row], held.actual[row], np.nan),
        )
        fans.append({"title": fan.title, "svg": fan_svg(fan)})
    return fans
