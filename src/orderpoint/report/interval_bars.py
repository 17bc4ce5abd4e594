"""Estimates side by side: a dot for each, with its confidence interval as a line."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from orderpoint.report.scale import Scale
from orderpoint.simulate.intervals import Interval

WIDTH, ROW, LEFT, RIGHT = 640.0, 30.0, 190.0, 80.0


def interval_bars_svg(values: Sequence[tuple[str, Interval]], label: str) -> str:
    """Shares between 0 and 1 on one scale, which begins where the lowest interval does."""
    low = max(min((value.low for _, value in values), default=0.0), 0.0)
    high = min(max((value.high for _, value in values), default=1.0), 1.0)
    margin = max((high - low) * 0.1, 0.002)
    x = Scale(max(low - margin, 0.0), min(high + margin, 1.0), LEFT, WIDTH - RIGHT)
    parts = []
    for number, (name, value) in enumerate(values):
        y = number * ROW + 16
        begin, end = x(max(value.low, 0.0)), x(min(value.high, 1.0))
        parts.append(
            f'<text class="name" x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(name)}</text>'
            f'<line class="interval" x1="{begin:.1f}" x2="{end:.1f}" y1="{y}" y2="{y}"/>'
            f'<circle class="band" cx="{x(value.mean):.1f}" cy="{y}" r="5"/>'
            f'<text class="total" x="{WIDTH - RIGHT + 10:.1f}" y="{y + 4}">{value.mean:.2%}</text>'
        )
    base = len(values) * ROW + 4
    height = base + 18
    parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>')
    for share, anchor in ((x.low, "start"), ((x.low + x.high) / 2, "middle"), (x.high, "end")):
        parts.append(f'<text class="tick" x="{x(share):.1f}" y="{base + 14}" text-anchor="{anchor}">{share:.2%}</text>')
    box = f"0 0 {WIDTH:.0f} {height:.0f}"
    return f'<svg class="bars" viewBox="{box}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
