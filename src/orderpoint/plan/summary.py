"""The plan in a few figures: what `--json` prints and plan.json keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from orderpoint import __version__
from orderpoint.forecast.choice import Choice
from orderpoint.optimize.collaboration.network_plan import NetworkPlan
from orderpoint.plan.calibration import Calibration
from orderpoint.plan.result import Plan
from orderpoint.simulate.kpis import Kpis
from orderpoint.tables.decisions import Binding, Evaluation, Frontier

DECIMALS = 4
MOST_POINTS = 50
"""Points of a frontier that the summary keeps."""


def summary(plan: Plan, defaults: Mapping[str, int]) -> dict[str, Any]:
    """JSON-ready figures of a plan. `defaults`: name of an assumption -> number of series it was used for.

    Money is in home currency. `before` and `after` are the expected cost and service, until the next order arrives, of
    ordering nothing and of the plan (None where no stock is known); `calibration` what the orders took from
    the past, and `backtest` its replay.
    """
    snapshot = plan.case.snapshot
    sales = plan.case.sales
    return {
        "today": snapshot.timeline.first.isoformat(),
        "period": str(snapshot.timeline.period),
        "horizon": plan.case.shown_periods or snapshot.timeline.count,
        "items": len(set(snapshot.index.item_names())),
        "series": len(snapshot.index),
        "locations": len(set(snapshot.index.location_names())),
        "history": {"first": sales.timeline.first.isoformat(), "periods": sales.timeline.count},
        "stock_known": snapshot.stock.known,
        "method": plan.case.policy.name,
        "forecaster": plan.case.forecaster.name,
        "choice": choice_figures(plan.choice),
        "orders": plan.orders.height,
        "totals": {
            "units": int(plan.orders["quantity"].sum()),
            "value": _round(float(plan.orders["value"].sum())),
            "expected_gain": _round(float(plan.orders["expected_gain"].sum())),
        },
        "risks": {
            kind: int((plan.risks["kind"] == kind).sum()) for kind in ("stockout", "overstock", "expiry", "end_of_life")
        },
        "before": _totals(plan.before) if snapshot.stock.known else None,
        "after": _totals(plan.after) if snapshot.stock.known else None,
        "budget": snapshot.budget,
        "gap": _round(plan.decisions.gap, 9),
        "limits": [_limit(b) for b in plan.decisions.binding],
        "frontier": _frontier(plan.decisions.frontier),
        "transfers": 0 if plan.transfers is None else plan.transfers.height,
        "network": _network(plan.network),
        "remarks": 0 if plan.remarks is None else plan.remarks.height,
        "defaults": dict(defaults),
        "calibration": _calibration(plan.calibration),
        "backtest": _backtest(plan),
        "version": __version__,
        "seed": plan.case.seed,
    }


def choice_figures(choice: Choice | None) -> dict[str, Any] | None:
    """Which forecast is used, and cost and error of each that was tried; None where there was no choice."""
    if choice is None:
        return None
    tried = {
        name: {"cost": _round(cost), "wape": _round(choice.wape[name]) if np.isfinite(choice.wape[name]) else None}
        for name, cost in choice.cost.items()
    }
    return {"used": choice.used, "tried": tried}


def _totals(evaluation: Evaluation) -> dict[str, float]:
    demand = float(evaluation.demand.sum())
    return {
        "cost": _round(float(evaluation.cost.sum())),
        "holding_cost": _round(float(evaluation.holding_cost.sum())),
        "ordering_cost": _round(float(evaluation.ordering_cost.sum())),
        "stockout_cost": _round(float(evaluation.stockout_cost.sum())),
        "fill_rate": _round(1.0 - float(evaluation.short.sum()) / demand if demand > 0 else 1.0),
        "stockout_risk": _round(float(np.mean(evaluation.stockout_risk)) if len(evaluation.stockout_risk) else 0.0),
    }


def _limit(limit: Binding) -> dict[str, Any]:
    """A limit over many lines; where it is infinite there is none."""
    figures = {name: _round(value) if isinstance(value, float) else value for name, value in asdict(limit).items()}
    return {**figures, "shadow_price": _round(limit.shadow_price, 9)}


def _frontier(frontier: Frontier | None) -> list[dict[str, float]] | None:
    """At most MOST_POINTS points of it, evenly over its money, both ends among them."""
    if frontier is None or not len(frontier.money):
        return None
    return [
        {"money": _round(m), "service": _round(s, 6), "shadow_price": _round(p, 9)}
        for m, s, p in zip(*frontier.thinned(MOST_POINTS), strict=True)
    ]


def _network(network: NetworkPlan | None) -> dict[str, Any] | None:
    """How many networks the flows cover, and what their chains cost a period: each for himself, and shared."""
    if network is None:
        return None
    plays = [tiers.played for tiers in network.tiers]
    return {
        "networks": network.networks,
        "planned": network.planned,
        "flows": len(network.flows.units),
        "alone_cost": _round(sum(play.alone.cost for play in plays)),
        "shared_cost": _round(sum(play.shared.cost for play in plays)),
    }


def _calibration(done: Calibration | None) -> dict[str, Any] | None:
    """What today's orders are chosen by, holding cost and level's variance times a factor, and what was tried."""
    if done is None:
        return None
    tried = [
        {
            "holding_factor": weighing.holding,
            "level_factor": weighing.level,
            "cost": _round(cost),
            "saved": _round(saved),
            "standard_error": _round(error),
        }
        for (weighing, (saved, error)), cost in zip(done.savings().items(), done.cost.sum(axis=1), strict=True)
    ]
    return {
        "holding_factor": done.weighing.holding,
        "level_factor": done.weighing.level,
        "first": done.first.isoformat(),
        "reviews": len(done.ends),
        "series": done.series,
        "series_of": done.series_of,
        "tried": tried,
    }


def _backtest(plan: Plan) -> dict[str, Any] | None:
    if plan.comparison is None:
        return None
    done = plan.comparison
    return {
        "first": done.timeline.first.isoformat(),
        "periods": done.timeline.count,
        "series": done.series,
        "series_of": done.series_of,
        "forecaster": plan.case.replays_with.name,
        "contestants": [_figures(k) for k in done.kpis],
    }


def _figures(kpis: Kpis) -> dict[str, Any]:
    figures = {name: _round(value) if isinstance(value, float) else value for name, value in asdict(kpis).items()}
    return {**figures, "cost": _round(kpis.cost)}


def _round(value: float, decimals: int = DECIMALS) -> float:
    return round(float(value), decimals)
