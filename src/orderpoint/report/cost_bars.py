"""Cost side by side: one bar for each way of ordering, split into holding, ordering and stockouts."""

from __future__ import annotations

from html import escape

from orderpoint.report.scale import Scale, short_number
from orderpoint.simulate.kpis import Kpis

WIDTH, ROW, LEFT, RIGHT = 640.0, 34.0, 190.0, 70.0


def cost_bars_svg(kpis: tuple[Kpis, ...], label: str) -> str:
    """Horizontal stacked bars in money; classes `holding`, `ordering` and `stockout` colour the parts."""
    most = max((k.cost for k in kpis), default=0.0) or 1.0
    x = Scale(0, most, LEFT, WIDTH - RIGHT)
    rows = []
    for number, kpi in enumerate(kpis):
        top = number * ROW + 6
        rows.append(f'<text class="name" x="{LEFT - 10}" y="{top + 16}" text-anchor="end">{escape(kpi.name)}</text>')
        begin = 0.0
        for part, value in (
            ("holding", kpi.holding_cost),
            ("ordering", kpi.ordering_cost or 0.0),
            ("stockout", kpi.stockout_cost),
        ):
            width = x(begin + value) - x(begin)
            rows.append(f'<rect class="{part}" x="{x(begin):.1f}" y="{top}" width="{width:.1f}" height="22"/>')
            begin += value
        rows.append(f'<text class="total" x="{x(begin) + 7:.1f}" y="{top + 16}">{short_number(kpi.cost)}</text>')
    height = len(kpis) * ROW + 6
    box = f"0 0 {WIDTH:.0f} {height:.0f}"
    return f'<svg class="bars" viewBox="{box}" role="img" aria-label="{escape(label)}">{"".join(rows)}</svg>'
