"""A forecast fan: what was sold, what hid behind stockouts, and how wide the future is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape

import numpy as np
from numpy.typing import NDArray

from orderpoint.report.scale import Scale, nice_ticks, short_number

FloatArray = NDArray[np.float64]

WIDTH, HEIGHT = 460.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 38.0, 8.0, 8.0, 22.0
DATE_WIDTH = 64.0
"""Room that a date takes below the axis."""


@dataclass(frozen=True, eq=False)
class Fan:
    """One series of the page. Past (k,), future (h,); `bands` (4, h) are the quantiles 5, 25, 75 and 95 %.

    `came` (h,): what was sold after all, NaN where it is not known; None where nothing is.
    """

    title: str
    past_days: list[date]
    past: FloatArray
    hidden: NDArray[np.bool_]
    future_days: list[date]
    median: FloatArray
    bands: FloatArray
    arrival: date | None
    came: FloatArray | None = None


def fan_svg(fan: Fan) -> str:
    """The fan as an SVG element that scales with its box; colours come from the page's style sheet."""
    past, future = len(fan.past), len(fan.median)
    x = Scale(0, max(past + future - 1, 1), LEFT, WIDTH - RIGHT)
    ticks = nice_ticks(_top(fan))
    y = Scale(0, ticks[-1], HEIGHT - BOTTOM, TOP)
    parts = [*_grid(ticks, y), *_hidden(fan, x)]
    ahead = [x(past + k) for k in range(future)]
    for low, high, style in ((0, 3, "band wide"), (1, 2, "band narrow")):
        parts.append(_area(ahead, [y(v) for v in fan.bands[low]], [y(v) for v in fan.bands[high]], style))
    parts.append(_line([x(k) for k in range(past)], [y(v) for v in fan.past], "past"))
    parts.append(_line(ahead, [y(v) for v in fan.median], "median"))
    parts.append(
        f'<line class="today" x1="{x(past - 0.5):.1f}" x2="{x(past - 0.5):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
    )
    parts.extend(_arrival(fan, x, past))
    parts.extend(_came(fan, [x(past + k) for k in range(future)], y))
    parts.extend(_dates(fan, x))
    body = "".join(parts)
    box = f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"
    return f'<svg class="fan" viewBox="{box}" role="img" aria-label="{escape(fan.title)}">{body}</svg>'


def _top(fan: Fan) -> float:
    """Top of the axis: all of the fan, and the past but for a lone peak that would flatten everything else."""
    past = float(np.quantile(fan.past, 0.99)) if len(fan.past) else 0.0
    came = 0.0 if fan.came is None or not np.isfinite(fan.came).any() else float(np.nanmax(fan.came))
    return max(past, came, float(fan.bands.max()) if fan.bands.size else 0.0, 1.0)


def _grid(ticks: list[float], y: Scale) -> list[str]:
    lines = []
    for tick in ticks:
        lines.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>')
        lines.append(
            f'<text class="tick" x="{LEFT - 5}" y="{y(tick) + 3.5:.1f}" text-anchor="end">{short_number(tick)}</text>'
        )
    return lines


def _hidden(fan: Fan, x: Scale) -> list[str]:
    """Grey stripes where stock was out."""
    step = x(1) - x(0)
    top, height = TOP, HEIGHT - BOTTOM - TOP
    return [
        f'<rect class="out" x="{x(int(k)) - step / 2:.1f}" y="{top}" width="{max(step, 1.0):.1f}" height="{height}"/>'
        for k in np.flatnonzero(fan.hidden)
    ]


def _line(xs: list[float], ys: list[float], style: str) -> str:
    points = " ".join(f"{a:.1f},{max(b, TOP):.1f}" for a, b in zip(xs, ys, strict=True))
    return f'<polyline class="{style}" points="{points}"/>'


def _area(xs: list[float], low: list[float], high: list[float], style: str) -> str:
    there = [f"{a:.1f},{b:.1f}" for a, b in zip(xs, high, strict=True)]
    back = [f"{a:.1f},{b:.1f}" for a, b in zip(reversed(xs), reversed(low), strict=True)]
    return f'<polygon class="{style}" points="{" ".join(there + back)}"/>'


def _arrival(fan: Fan, x: Scale, past: int) -> list[str]:
    if fan.arrival is None or not fan.future_days or fan.arrival > fan.future_days[-1]:
        return []
    where = x(past + next(k for k, day in enumerate(fan.future_days) if day >= fan.arrival))
    low = HEIGHT - BOTTOM
    return [f'<path class="arrival" d="M{where:.1f} {low:.1f} l-5 9 h10 z"/>']


def _came(fan: Fan, xs: list[float], y: Scale) -> list[str]:
    if fan.came is None:
        return []
    return [
        f'<circle class="came" cx="{a:.1f}" cy="{y(float(v)):.1f}" r="2"/>'
        for a, v in zip(xs, fan.came, strict=True)
        if np.isfinite(v)
    ]


def _dates(fan: Fan, x: Scale) -> list[str]:
    """Today's date, the first and the last, as far as they have room beside each other."""
    days = [*fan.past_days, *fan.future_days]
    today, last = len(fan.past), len(days) - 1
    room = x(last) - x(today)
    aside = DATE_WIDTH if DATE_WIDTH <= room < 1.5 * DATE_WIDTH else DATE_WIDTH / 2  # leaves the last its room
    placed: dict[int, float] = {}
    for k, left in ((today, x(today) - aside), (0, LEFT), (last, WIDTH - RIGHT - DATE_WIDTH)):
        inside = min(max(left, LEFT), WIDTH - RIGHT - DATE_WIDTH)
        if 0 <= k <= last and all(abs(inside - other) >= DATE_WIDTH - 0.1 for other in placed.values()):
            placed.setdefault(k, inside)
    return [
        f'<text class="tick" x="{left + DATE_WIDTH / 2:.1f}" y="{HEIGHT - 3}" text-anchor="middle">'
        f"{days[k].isoformat()}</text>"
        for k, left in placed.items()
    ]
