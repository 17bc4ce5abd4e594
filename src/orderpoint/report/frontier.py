"""Money against service: the efficient frontier of today's orders, with the point that was chosen."""

from __future__ import annotations

from html import escape

import numpy as np

from orderpoint.report.scale import Scale, nice_ticks, short_number
from orderpoint.tables.decisions import Frontier

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640.0, 240.0, 56.0, 20.0, 14.0, 34.0
MOST_POINTS = 200


def frontier_svg(frontier: Frontier, chosen: float, labels: tuple[str, str]) -> str:
    """Service (0 to 1) over money, and a mark at the money `chosen`; `labels` name the picture and the mark."""
    money, service, _ = frontier.thinned(MOST_POINTS)
    x = Scale(0.0, nice_ticks(float(money[-1]))[-1], LEFT, WIDTH - RIGHT)
    low = float(np.floor(service.min() * 10.0) / 10.0)
    y = Scale(low, 1.0, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(v):.1f}" y2="{y(v):.1f}"/>'
        f'<text x="{LEFT - 8}" y="{y(v) + 3:.1f}" text-anchor="end">{v:.0%}</text>'
        for v in np.linspace(low, 1.0, 5)
    ]
    parts += [
        f'<text x="{x(v):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{short_number(v)}</text>'
        for v in nice_ticks(float(money[-1]))
    ]
    line = " ".join(f"{x(m):.1f},{y(s):.1f}" for m, s in zip(money, service, strict=True))
    parts.append(f'<polyline class="median" points="{line}"/>')
    at = min(max(chosen, float(money[0])), float(money[-1]))
    height = float(np.interp(at, money, service))
    parts.append(f'<circle class="arrival" cx="{x(at):.1f}" cy="{y(height):.1f}" r="5"/>')
    anchor = "end" if x(at) > WIDTH / 2 else "start"
    shift = -9 if anchor == "end" else 9
    parts.append(
        f'<text class="name" x="{x(at) + shift:.1f}" y="{y(height) + 16:.1f}" text-anchor="{anchor}">'
        f"{escape(labels[1])}</text>"
    )
    box = f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"
    return f'<svg class="frontier" viewBox="{box}" role="img" aria-label="{escape(labels[0])}">{"".join(parts)}</svg>'
