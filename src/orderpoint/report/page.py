"""The report of a plan: one self-contained page, from the plan's tables and figures to HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orderpoint.messages import say
from orderpoint.messages.report import REPORT
from orderpoint.optimize.weighing import AS_IT_IS
from orderpoint.plan.result import Plan
from orderpoint.report.cycles import cycle_section
from orderpoint.report.document import document, markup
from orderpoint.report.fans import fans
from orderpoint.report.frontier import frontier_svg
from orderpoint.report.network import network_section
from orderpoint.report.proof import proof
from orderpoint.report.rows import level_rows, limit_rows, risk_rows, supplier_blocks, transfer_rows
from orderpoint.report.words import Words

MOST_ORDERS = 200
MOST_RISKS = 40
MOST_LEVELS = 60


@dataclass(frozen=True)
class Basis:
    """What the plan rests on, in words: assumptions with the number of series they were used for, and what was read."""

    defaults: Mapping[str, int] = field(default_factory=dict)
    read: Sequence[str] = ()
    mapped: Sequence[str] = ()
    notes: Sequence[str] = ()
    set_aside: int = 0


def page(plan: Plan, basis: Basis) -> str:
    """The report as one HTML document with its style and pictures inside; nothing is loaded from elsewhere."""
    language = plan.case.language
    return document("plan.html.j2", language, _sentences(plan, Words(language)), **_context(plan, basis))


def _sentences(plan: Plan, words: Words) -> dict[str, str]:
    snapshot, sales = plan.case.snapshot, plan.case.sales
    own = {key: say(REPORT, key, plan.case.language) for key in REPORT if key != "made_by"}
    return own | {
        "title": words("title", today=snapshot.timeline.first.isoformat()),
        "subtitle": words(
            "subtitle",
            series=f"{len(snapshot.index):,}",
            items=f"{len(set(snapshot.index.item_names())):,}",
            first=sales.timeline.first.isoformat(),
            count=f"{sales.timeline.count:,}",
            period=words(f"period_{snapshot.timeline.period}"),
        ),
    }


def _context(plan: Plan, basis: Basis) -> dict[str, Any]:
    words = Words(plan.case.language)
    snapshot = plan.case.snapshot
    names = dict(zip(snapshot.catalog.items, snapshot.catalog.name, strict=True))
    return {
        "stock_known": snapshot.stock.known,
        "many_places": len(set(snapshot.index.location_names())) > 1,
        "tiles": _tiles(plan, words),
        "suppliers": supplier_blocks(plan.orders, names, words, MOST_ORDERS),
        "orders_shown": _shown(words, "orders_shown", plan.orders.height, MOST_ORDERS),
        "risks": [
            _risk_block(plan, names, words, "stockout"),
            _risk_block(plan, names, words, "overstock"),
            *(
                _risk_block(plan, names, words, kind)
                for kind in ("expiry", "end_of_life")
                if (plan.risks["kind"] == kind).any()
            ),
        ]
        if snapshot.stock.known
        else [],
        "levels": [] if snapshot.stock.known else level_rows(plan.levels, names, words, MOST_LEVELS),
        "levels_shown": words("levels_shown", shown=min(MOST_LEVELS, plan.levels.height), all=plan.levels.height),
        "transfers": [] if plan.transfers is None else transfer_rows(plan.transfers, names, words, MOST_ORDERS),
        "cycles": _cycles(plan, names, words),
        "network": _network(plan, names, words),
        "limits": limit_rows(plan.decisions.binding, words),
        "frontier": _frontier(plan, words),
        "remarks": [] if plan.remarks is None else plan.remarks.head(MOST_ORDERS).to_dicts(),
        "fans": [{"item": f.item, "label": f.label, "svg": markup(f.svg)} for f in fans(plan)],
        "identity": _identity(plan, words),
        "proof": _proof(plan, words),
        "basis": _basis(plan, basis, words),
    }


def _shown(words: Words, key: str, count: int, most: int) -> str:
    return words(key, shown=most, all=f"{count:,}") if count > most else ""


def _risk_block(plan: Plan, names: Mapping[str, str | None], words: Words, kind: str) -> dict[str, Any]:
    rows = risk_rows(plan.risks, kind, names, words, MOST_RISKS)
    return {"id": kind, "title": words(f"{kind}_title"), "text": words(f"{kind}_text"), "rows": rows}


def _tiles(plan: Plan, words: Words) -> list[dict[str, str]]:
    stockouts = int((plan.risks["kind"] == "stockout").sum())
    overstocks = int((plan.risks["kind"] == "overstock").sum())
    tiles: list[tuple[str, str, str]] = []
    if plan.case.snapshot.stock.known:
        tiles = [
            (f"{plan.orders.height:,}", "tile_orders", ""),
            (words.money(float(plan.orders["value"].sum())), "tile_value", ""),
            (words.money(float(plan.orders["expected_gain"].sum())), "tile_gain", "good"),
            (f"{stockouts:,}", "tile_stockout", "warn" if stockouts else ""),
            (f"{overstocks:,}", "tile_overstock", "warn" if overstocks else ""),
            (words.share(_fill(plan.before.short, plan.before.demand)), "tile_fill_before", ""),
            (words.share(_fill(plan.after.short, plan.after.demand)), "tile_fill_after", "good"),
        ]
    return [{"value": value, "label": words(key), "tone": tone} for value, key, tone in tiles]


def _fill(short: Any, demand: Any) -> float:  # noqa: ANN401 -- arrays (n,)
    total = float(demand.sum())
    return 1.0 - float(short.sum()) / total if total > 0 else 1.0


def _frontier(plan: Plan, words: Words) -> Any:  # noqa: ANN401 -- markup, "" without a frontier
    frontier = plan.decisions.frontier
    if frontier is None or not len(frontier.money):
        return ""
    spent = float(plan.orders["value"].sum())
    return markup(frontier_svg(frontier, spent, (words("frontier_title"), words("frontier_chosen"))))


def _cycles(plan: Plan, names: Mapping[str, str | None], words: Words) -> dict[str, Any] | None:
    shown = cycle_section(plan, names, words)
    if shown is None:
        return None
    pictures = [{**picture, "svg": markup(picture["svg"])} for picture in shown["pictures"]]
    return {**shown, "sum": markup(shown["sum"]), "pictures": pictures}


def _network(plan: Plan, names: Mapping[str, str | None], words: Words) -> dict[str, Any] | None:
    shown = network_section(plan, names, words)
    return None if shown is None else {**shown, "bars": markup(shown["bars"])}


def _identity(plan: Plan, words: Words) -> str:
    if not plan.case.snapshot.stock.known:
        return ""
    return words(
        "proof_identity",
        before=words.money(float(plan.before.cost.sum())),
        after=words.money(float(plan.after.cost.sum())),
    )


def _proof(plan: Plan, words: Words) -> dict[str, Any] | None:
    if plan.comparison is None:
        return None
    shown = proof(plan.comparison, words, past_known=plan.case.snapshot.stock.known)
    replayed, planned = (one.name for one in (plan.case.replays_with, plan.case.forecaster))
    other = words("proof_forecaster", replayed=replayed, planned=planned) if replayed != planned else ""
    return {**shown, "bars": markup(shown["bars"]), "forecaster": other, "calibrated": _calibrated(plan, words)}


def _calibrated(plan: Plan, words: Words) -> str:
    """What the orders took from the past; "" where they are as without it."""
    done = plan.calibration
    if done is None or done.weighing == AS_IT_IS:
        return ""
    saved, error = done.savings()[done.weighing]
    holding, level = done.weighing
    return words(
        "proof_calibrated" if level == 1.0 else "proof_calibrated_level",
        factor=f"{holding if level == 1.0 else level:g}",
        reviews=len(done.ends),
        series=f"{done.series:,}",
        saved=words.money(saved),
        error=words.money(error),
        cost=words.money(float(done.cost[0].sum())),
    )


def _basis(plan: Plan, basis: Basis, words: Words) -> list[dict[str, Any]]:
    defaults = [
        words("default_for", what=words(f"default_{k}"), count=f"{v:,}") for k, v in basis.defaults.items() if v
    ]
    budget = plan.case.snapshot.budget
    limits = (
        [words("basis_budget", budget=words.money(budget), gap=f"{plan.decisions.gap:.3%}")]
        if budget is not None
        else []
    )
    set_aside = [words("basis_set_aside", count=f"{basis.set_aside:,}")] if basis.set_aside else []
    parts = (
        ("basis_read", list(basis.read)),
        ("basis_mapped", list(basis.mapped)),
        ("basis_defaults", defaults + limits),
        ("basis_notes", [*basis.notes, *set_aside]),
    )
    return [{"heading": words(key), "lines": lines} for key, lines in parts if lines]
