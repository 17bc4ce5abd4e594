"""Cost side by side: one bar for each way of ordering, split into holding, ordering and stockouts."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from orderpoint.report.scale import Scale, short_number

WIDTH, ROW, LEFT, RIGHT = 640.0, 34.0, 190.0, 70.0


class Bar(NamedTuple):
    """Money of one way of ordering."""

    name: str
    holding: float
    ordering: float
    stockout: float

    @property
    def cost(self) -> float:
        """All of it."""
        return self.holding + self.ordering + self.stockout


def cost_bars_svg(bars: tuple[Bar, ...], label: str) -> str:
    """Horizontal stacked bars in money; classes `holding`, `ordering` and `stockout` colour the parts."""
    most = max((bar.cost for bar in bars), default=0.0) or 1.0
    x = Scale(0, most, LEFT, WIDTH - RIGHT)
    rows = []
    for number, bar in enumerate(bars):
        top = number * ROW + 6
        rows.append(f'<text class="name" x="{LEFT - 10}" y="{top + 16}" text-anchor="end">{escape(bar.name)}</text>')
        begin = 0.0
        for part, value in (
            ("holding", bar.holding),
            ("ordering", bar.ordering),
            ("stockout", bar.stockout),
        ):
            width = x(begin + value) - x(begin)
            rows.append(f'<rect class="{part}" x="{x(begin):.1f}" y="{top}" width="{width:.1f}" height="22"/>')
            begin += value
        rows.append(f'<text class="total" x="{x(begin) + 7:.1f}" y="{top + 16}">{short_number(bar.cost)}</text>')
    height = len(bars) * ROW + 6
    box = f"0 0 {WIDTH:.0f} {height:.0f}"
    return f'<svg class="bars" viewBox="{box}" role="img" aria-label="{escape(label)}">{"".join(rows)}</svg>'
