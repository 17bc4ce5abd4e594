"""Several lines on common axes: one for each model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from orderpoint.report.scale import Scale, nice_ticks, short_number

WIDTH, HEIGHT = 640.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 150.0, 28.0, 44.0
COLOURS = 8
"""Classes m0..m7 of the style sheet."""


@dataclass(frozen=True, eq=False)
class Chart:
    """`lines`: a name and values (K,) over the common `x` (K,) for each; NaN values leave a gap.

    `percent`: ticks of both axes are shares. `diagonal`: draw where x equals y. `dates` (K,): what stands below the
    axis for x, where x counts periods.
    """

    x: NDArray[np.float64]
    lines: Sequence[tuple[str, NDArray[np.float64]]]
    x_label: str
    y_label: str
    percent: bool = False
    diagonal: bool = False
    dates: Sequence[str] = ()


def line_chart_svg(chart: Chart) -> str:
    """The chart as an SVG element; names stand beside the lines' ends, moved apart where they would overlap."""
    finite = [v[np.isfinite(v)] for _, v in chart.lines]
    top = 1.0 if chart.diagonal else max((float(v.max()) for v in finite if len(v)), default=1.0)
    ticks = nice_ticks(top)
    low = 0.0 if chart.diagonal else float(chart.x[0])
    high = 1.0 if chart.diagonal else float(chart.x[-1])
    x = Scale(low, high, LEFT, WIDTH - RIGHT)
    y = Scale(0.0, ticks[-1], HEIGHT - BOTTOM, TOP)
    parts = [*_axes(chart, ticks, (x, y))]
    if chart.diagonal:
        parts.append(f'<line class="diagonal" x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}"/>')
    for k, (_, values) in enumerate(chart.lines):
        points = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(chart.x, values, strict=True) if np.isfinite(b))
        parts.append(f'<polyline class="m{k % COLOURS}" points="{points}"/>')
    parts.extend(_names(chart, y))
    box = f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"
    return f'<svg class="lines" viewBox="{box}" role="img" aria-label="{escape(chart.y_label)}">{"".join(parts)}</svg>'


def _axes(chart: Chart, ticks: list[float], scales: tuple[Scale, Scale]) -> list[str]:
    x, y = scales

    def said(value: float) -> str:
        return f"{value:.0%}" if chart.percent else short_number(value)

    parts = []
    for tick in ticks:
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{said(tick)}</text>')
    below = HEIGHT - BOTTOM + 16
    if chart.diagonal:
        marks = {tick: said(tick) for tick in ticks}
    else:
        places = (0, len(chart.x) // 2, len(chart.x) - 1)
        marks = {float(chart.x[k]): chart.dates[k] if chart.dates else short_number(float(chart.x[k])) for k in places}
    for mark, word in marks.items():
        parts.append(f'<text x="{x(mark):.1f}" y="{below}" text-anchor="middle">{escape(word)}</text>')
    parts.append(f'<text x="4" y="14" text-anchor="start">{escape(chart.y_label)}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{escape(chart.x_label)}</text>')
    return parts


def _names(chart: Chart, y: Scale) -> list[str]:
    """Each name at its line's end, from top to bottom, at least a line's height apart."""
    ends = []
    for k, (name, values) in enumerate(chart.lines):
        finite = values[np.isfinite(values)]
        if len(finite):
            ends.append((y(float(finite[-1])) + 4.0, k, name))
    parts, least = [], TOP
    for at, k, name in sorted(ends):
        least = max(at, least)
        parts.append(f'<circle class="m{k % COLOURS}" cx="{WIDTH - RIGHT + 10}" cy="{least - 4:.1f}" r="4"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 19}" y="{least:.1f}">{escape(name)}</text>')
        least += 15.0
    return parts
