"""The replay of the past as the page shows it."""

from __future__ import annotations

from typing import Any

from orderpoint.report.cost_bars import Bar, cost_bars_svg
from orderpoint.report.words import Words
from orderpoint.simulate.compare import Comparison
from orderpoint.simulate.kpis import Kpis


def proof(comparison: Comparison, words: Words, *, past_known: bool) -> dict[str, Any]:
    """Sentence, picture and table of a comparison."""
    return {
        "text": words(
            "proof_text",
            periods=comparison.timeline.count,
            first=comparison.timeline.first.isoformat(),
            series=f"{comparison.series:,}",
            all=f"{comparison.series_of:,}",
        ),
        "bars": cost_bars_svg(tuple(_bar(kpi) for kpi in comparison.kpis), words("proof_title")),
        "rows": [_row(kpi, words) for kpi in comparison.kpis],
        "past_note": words("proof_past_note") if past_known else "",
    }


def _bar(kpi: Kpis) -> Bar:
    return Bar(kpi.name, kpi.holding_cost, kpi.ordering_cost or 0.0, kpi.stockout_cost)


def _row(kpi: Kpis, words: Words) -> dict[str, str]:
    return {
        "name": kpi.name,
        "fill_rate": words.share(kpi.fill_rate),
        "stockout_share": words.share(kpi.stockout_share),
        "turnover": words("unknown") if kpi.turnover is None else f"{kpi.turnover:.1f}",
        "average_stock": words.money(kpi.average_stock_value),
        "holding": words.money(kpi.holding_cost),
        "ordering": words.money(kpi.ordering_cost),
        "stockout": words.money(kpi.stockout_cost),
        "cost": words.money(kpi.cost),
    }
