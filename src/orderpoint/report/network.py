"""The section on SCOLLAB's network: flows by way, both plays of the chain, and who supplies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from orderpoint.messages import say
from orderpoint.messages.network import NETWORK
from orderpoint.optimize.collaboration.bullwhip import Played
from orderpoint.optimize.collaboration.network_plan import NetworkPlan
from orderpoint.plan.result import Plan
from orderpoint.report.cost_bars import Bar, cost_bars_svg
from orderpoint.report.sourcing import sourcing_blocks
from orderpoint.report.words import Words

MOST_WAYS = 40
MOST_STAGES = 12
SPANS = 4
"""Spans of the horizon after today for which the flows are summed."""


class Money(NamedTuple):
    """What stock and waiting cost in a period."""

    holding: float
    shortage: float


def network_section(plan: Plan, names: Mapping[str, str | None], words: Words) -> dict[str, Any] | None:
    """What the page shows of the network; None where the method plans none."""
    network, flows = plan.network, plan.flows
    if network is None or flows is None:
        return None
    timeline = plan.case.snapshot.timeline
    period = say(NETWORK, f"one_{timeline.period}", words.language)
    blanks: dict[str, dict[str, object]] = {
        "flows_text": {
            "end": timeline.end.isoformat(),
            "planned": f"{network.planned:,}",
            "networks": f"{network.networks:,}",
        },
        "sourcing_text": {"shown": f"{len(network.sources.shown):,}", "all": f"{network.sources.count:,}"},
        "col_holding_alone": {"period": period},
        "sharing_text": {
            "window": network.tiers[0].window if network.tiers else 0,
            "periods": network.tiers[0].counted if network.tiers else 0,
        },
    }
    plain = [key for key in NETWORK if not _has_blanks(key)]
    texts = {key: say(NETWORK, key, words.language, **blanks.get(key, {})) for key in [*plain, *blanks]}
    edges = _edges(plan)
    return {
        "t": texts,
        "spans": [say(NETWORK, "col_later", words.language, start=day.isoformat()) for day in edges[:-1]],
        "ways": _ways(plan, flows, words),
        "stages": _stages(plan, network, words),
        "sharing": _sharing(network, period, words),
        "bars": _bars(network, words),
        "sources": sourcing_blocks(plan, network.sources.shown, names, words),
    }


def _has_blanks(key: str) -> bool:
    return "{" in NETWORK[key][0]


def _edges(plan: Plan) -> list[date]:
    """SPANS + 1 days: from the day after today's period to the end of the horizon."""
    timeline = plan.case.snapshot.timeline
    steps = np.unique(np.linspace(1, timeline.count, min(SPANS, timeline.count - 1) + 1).round())
    return [timeline.start(int(k)) for k in steps]


def _ways(plan: Plan, flows: pl.DataFrame, words: Words) -> list[dict[str, Any]]:
    """One row for each source and target, those that carry most money first."""
    snapshot, edges = plan.case.snapshot, _edges(plan)
    cost = pl.DataFrame(
        {
            "item": snapshot.index.item_names(),
            "target": snapshot.index.location_names(),
            "unit_cost": snapshot.costs.unit_cost,
        }
    )
    priced = flows.join(cost, on=("item", "target"), how="left", maintain_order="left")
    today = pl.col("start") < edges[0]
    sums = [pl.col("units").filter(today).sum().alias("today")]
    for k, (left, right) in enumerate(pairwise(edges)):
        within = (pl.col("start") >= left) & (pl.col("start") < right)
        sums.append(pl.col("units").filter(within).sum().alias(f"span_{k}"))
    dearest = pl.col("shadow_price").fill_null(-np.inf).arg_max()
    table = (
        priced.group_by("source", "target", maintain_order=True)
        .agg(
            pl.col("item").n_unique().alias("items"),
            *sums,
            (pl.col("units") * pl.col("unit_cost")).sum().alias("value"),
            pl.col("shadow_price").get(dearest).alias("price"),
            pl.col("item").get(dearest).alias("dear_item"),
            pl.col("arrival").get(dearest).alias("dear_day"),
        )
        .sort(["value", "source", "target"], descending=[True, False, False])
        .head(MOST_WAYS)
    )
    return [
        {
            "source": row["source"] or words("supplier_unnamed"),
            "target": row["target"],
            "items": f"{row['items']:,}",
            "today": words.units(round(row["today"])),
            "spans": [words.units(round(row[f"span_{k}"])) for k in range(len(edges) - 1)],
            "value": words.money(row["value"]),
            "dearest": _dearest(row, words),
        }
        for row in table.iter_rows(named=True)
    ]


def _dearest(row: dict[str, Any], words: Words) -> str:
    if row["price"] is None or row["price"] <= 0.0:
        return words("unknown")
    blanks = {"price": words.price(row["price"]), "item": row["dear_item"], "day": row["dear_day"].isoformat()}
    return say(NETWORK, "dearest", words.language, **blanks)


def _stages(plan: Plan, network: NetworkPlan, words: Words) -> list[dict[str, str]]:
    """One row for each stage, by the names of its places: customers' side first, the mean over its items."""
    places = plan.case.snapshot.index.location_names()
    found: dict[tuple[int, str], list[list[float]]] = {}
    for tiers in network.tiers:
        alone, shared = tiers.played.alone, tiers.played.shared
        for k, stage in enumerate(tiers.places):
            name = ", ".join(sorted({places[row] for row in stage}))
            figures = [alone.variance_ratio[k], shared.variance_ratio[k], alone.holding[k], shared.holding[k]]
            found.setdefault((k, name), []).append(figures)
    ranked = sorted(found.items(), key=lambda found: (found[0][0], -len(found[1]), found[0][1]))
    rows = []
    for (_, name), figures in ranked[:MOST_STAGES]:
        swing = np.mean([f[:2] for f in figures], axis=0)
        money = np.sum([f[2:] for f in figures], axis=0)
        rows.append(
            {
                "name": name,
                "items": f"{len(figures):,}",
                "swing_alone": f"{swing[0]:.1f}",
                "swing_shared": f"{swing[1]:.1f}",
                "holding_alone": words.money(float(money[0])),
                "holding_shared": words.money(float(money[1])),
            }
        )
    return rows


def _totals(network: NetworkPlan) -> tuple[Money, Money]:
    """The money of all chains in a period: each for himself, and shared."""
    plays = [tiers.played for tiers in network.tiers]
    return _money([play.alone for play in plays]), _money([play.shared for play in plays])


def _money(ways: list[Played]) -> Money:
    return Money(sum(float(way.holding.sum()) for way in ways), sum(way.shortage for way in ways))


def _sharing(network: NetworkPlan, period: str, words: Words) -> str:
    if not network.tiers:
        return ""
    alone, shared = (sum(way) for way in _totals(network))
    share = 1.0 - shared / alone if alone > 0.0 else 0.0
    key = "sharing_saves" if share >= 0.0 else "sharing_costs"
    saved = say(NETWORK, key, words.language, share=words.share(abs(share)))
    blanks = {"alone": words.money(alone), "shared": words.money(shared), "saved": saved, "period": period}
    return say(NETWORK, "sharing_sum", words.language, **blanks)


def _bars(network: NetworkPlan, words: Words) -> str:
    if not network.tiers:
        return ""
    named = zip(("way_alone", "way_shared"), _totals(network), strict=True)
    bars = tuple(Bar(say(NETWORK, key, words.language), held, 0.0, short) for key, (held, short) in named)
    return cost_bars_svg(bars, say(NETWORK, "sharing_title", words.language))
