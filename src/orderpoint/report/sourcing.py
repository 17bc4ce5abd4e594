"""Items that several suppliers offer, as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orderpoint.messages import say
from orderpoint.messages.network import NETWORK
from orderpoint.optimize.collaboration.sourcing import Sourced
from orderpoint.plan.result import Plan
from orderpoint.report.words import Words


def sourcing_blocks(
    plan: Plan, sourced: Sequence[Sourced], names: Mapping[str, str | None], words: Words
) -> list[dict[str, Any]]:
    """One block for each series: its offers, and what would be best for good."""
    index = plan.case.snapshot.index
    items, places = index.item_names(), index.location_names()
    many = len(index.locations) > 1
    return [
        {
            "item": items[one.series],
            "label": " · ".join(
                p for p in (names.get(items[one.series]) or "", places[one.series] if many else "") if p
            ),
            "rows": [_row(plan, one, k, words) for k in range(len(one.offers))],
            "lasting": _lasting(plan, one, words),
        }
        for one in sourced
    ]


def _row(plan: Plan, one: Sourced, k: int, words: Words) -> dict[str, str]:
    supply, offer = plan.case.snapshot.supply, int(one.offers[k])
    return {
        "supplier": supply.supplier[offer] or words("supplier_unnamed"),
        "lead": words.units(float(supply.lead_time_days[offer])),
        "on_time": words.share(float(one.on_time[k])),
        "price": words.money(float(supply.unit_cost[offer])),
        "least": _least(plan, offer, words),
        "today": words.units(float(one.today[k])),
    }


def _least(plan: Plan, offer: int, words: Words) -> str:
    """The least lot and the least money of an order; a dash without any."""
    supply, shared = plan.case.snapshot.supply, plan.case.snapshot.shared
    parts = []
    if supply.moq[offer] > 1.0:
        parts.append(say(NETWORK, "least_units", words.language, units=words.units(float(supply.moq[offer]))))
    if shared is not None:
        row = int(shared.supplier_of(supply)[offer])
        least = float(shared.min_order_value[row]) if row >= 0 else 0.0
        if least > 0.0:
            parts.append(say(NETWORK, "least_money", words.language, money=words.money(least)))
    return say(NETWORK, "and", words.language).join(parts) or words("unknown")


def _lasting(plan: Plan, one: Sourced, words: Words) -> str:
    """The cheapest way for good, and what the others cost; "" where it was not found."""
    if not one.lasting:
        return ""
    supply, best = plan.case.snapshot.supply, one.lasting[0]
    blanks = {
        "slow": supply.supplier[one.slow] or words("supplier_unnamed"),
        "quick": supply.supplier[one.quick] or words("supplier_unnamed"),
        "period": say(NETWORK, f"one_{plan.case.snapshot.timeline.period}", words.language),
    }
    others = [
        say(NETWORK, f"other_{way.kind}", words.language, cost=words.money(way.cost), **_named(way.kind, blanks))
        for way in one.lasting[1:]
    ]
    other = say(NETWORK, "and", words.language).join(others)
    figures = {"steady": words.units(best.steady), "level": words.units(best.level), "cost": words.money(best.cost)}
    return say(NETWORK, f"lasting_{best.kind}", words.language, **blanks, **figures, other=other)


def _named(kind: str, blanks: dict[str, str]) -> dict[str, str]:
    """The blank of the supplier that a way alone is about."""
    return {kind: blanks[kind]} if kind in blanks else {}
