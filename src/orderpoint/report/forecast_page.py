"""A forecast to look at: the largest series with their bands, and which models speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from orderpoint.messages import Language, say
from orderpoint.messages.forecast import FORECAST
from orderpoint.messages.report import REPORT
from orderpoint.plan.case import PlanCase
from orderpoint.report.document import document, markup
from orderpoint.report.fan_chart import Fan, fan_svg
from orderpoint.tables.demand import Demand

MOST_FANS = 12
MOST_ENDING = 20
"""Series that run out, on the page; phase_outs.csv has all."""
PAST_PERIODS = 120
BANDS = (0.05, 0.25, 0.75, 0.95)
LEAST_WEIGHT = 0.01


@dataclass(frozen=True, eq=False)
class Forecasted:
    """A case and its forecast; `weights`: mean share of each model in it, empty for a single model.

    `ending`: the series that run out (`plan.phase_out_table`).
    """

    case: PlanCase
    demand: Demand
    model: str
    weights: Mapping[str, float]
    ending: pl.DataFrame
    notes: tuple[str, ...] = ()


def forecast_page(done: Forecasted, language: Language) -> str:
    """One HTML document with its style and pictures inside; nothing is loaded from elsewhere."""
    return document(
        "forecast.html.j2",
        language,
        _headings(done, language),
        fans=[{**fan, "svg": markup(fan["svg"])} for fan in _fans(done)],
        weights=_weights(done, language),
        ending=_ending(done, language),
        notes=done.notes,
    )


def _headings(done: Forecasted, language: Language) -> dict[str, str]:
    sales, demand = done.case.sales, done.demand
    blanks = {
        "today": demand.timeline.first.isoformat(),
        "series": f"{len(demand.index):,}",
        "first": sales.timeline.first.isoformat(),
        "count": f"{sales.timeline.count:,}",
        "horizon": f"{demand.timeline.count:,}",
        "period": say(REPORT, f"period_{sales.timeline.period}", language),
        "model": done.model,
        "units": f"{demand.mean.sum():,.0f}",
    }
    return {key: say(FORECAST, key, language, **blanks) for key in FORECAST if not key.startswith("done")}


def _weights(done: Forecasted, language: Language) -> list[dict[str, str]]:
    """Models that have more than a hundredth of the say, the greatest first; the rest as one line."""
    ranked = sorted(done.weights.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [{"model": name, "weight": f"{weight:.0%}"} for name, weight in ranked if weight >= LEAST_WEIGHT]
    rest = sum(weight for _, weight in ranked if weight < LEAST_WEIGHT)
    if rest > 0:
        shown.append({"model": say(FORECAST, "others", language), "weight": f"{rest:.0%}"})
    return shown


def _ending(done: Forecasted, language: Language) -> list[dict[str, str]]:
    """The series that run out, those with the most units to come first."""
    never = say(FORECAST, "ending_never", language)
    return [
        {
            "item": done.case.snapshot.catalog.called(row["item"]),
            "location": row["location"],
            "change": f"{row['change_per_week']:+.1%}",
            "last": never if row["last_day"] is None else row["last_day"].isoformat(),
            "remaining": f"{row['remaining']:,.0f}",
            "band": f"{row['remaining_q05']:,.0f} – {row['remaining_q95']:,.0f}",
        }
        for row in done.ending.sort("remaining", descending=True, maintain_order=True).head(MOST_ENDING).to_dicts()
    ]


def _fans(done: Forecasted) -> list[dict[str, Any]]:
    """The series with the most expected money, as pictures."""
    sales, demand, costs = done.case.sales, done.demand, done.case.snapshot.costs
    catalog, index = done.case.snapshot.catalog, demand.index
    price = np.where(np.isfinite(costs.price), costs.price, costs.unit_cost)
    money = demand.mean.sum(axis=1) * price
    quantiles = np.stack([demand.quantile(p) for p in (*BANDS, 0.5)])
    past = slice(max(0, sales.timeline.count - PAST_PERIODS), sales.timeline.count)
    pictures = []
    for row in np.argsort(-money, kind="stable")[:MOST_FANS]:
        if money[row] <= 0:
            break
        item, place = index.items[index.item_of[row]], index.locations[index.location_of[row]]
        name = catalog.name[catalog.items.index(item)] or ""
        fan = Fan(
            title=f"{item} {place}",
            past_days=sales.timeline.starts()[past],
            past=sales.quantity[row, past].astype(np.float64),
            hidden=sales.censored()[row, past],
            future_days=demand.timeline.starts(),
            median=quantiles[-1, row],
            bands=quantiles[: len(BANDS), row],
            arrival=None,
        )
        label = " · ".join(part for part in (name, place if len(index.locations) > 1 else "") if part)
        pictures.append({"item": item, "label": label, "svg": fan_svg(fan)})
    return pictures
