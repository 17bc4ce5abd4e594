"""A season in one picture: the stock as a line, what arrives and what sells as bars, festivals as bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import numpy as np
from numpy.typing import NDArray

from orderpoint.report.scale import Scale, nice_ticks, short_number

FloatArray = NDArray[np.float64]

WIDTH, HEIGHT = 460.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 42.0, 8.0, 18.0, 22.0
GAP = 0.08
"""Share of a cycle's width that stays free on each side of its two bars."""


@dataclass(frozen=True, slots=True)
class Band:
    """Days of an event, `first` to `last`, in days from today; `last` is not included."""

    name: str
    first: float
    last: float


@dataclass(frozen=True, eq=False)
class Track:
    """k cycles. `edges` (k + 1,): days from `today` at which they begin, and the last one ends.

    `stock` (k + 1,): at those edges. `order`, `incoming`, `demand` (k,): on a common length of time, so that bars of
    short and long cycles compare.
    """

    title: str
    today: date
    edges: FloatArray
    stock: FloatArray
    order: FloatArray
    incoming: FloatArray
    demand: FloatArray
    bands: Sequence[Band] = ()


def cycle_svg(track: Track, width: float = WIDTH) -> str:
    """The track as an SVG element that scales with its box; colours come from the page's style sheet.

    `width` in the units of the drawing; above WIDTH the picture is "wide", and keeps some size on a phone.
    """
    highest = max(float(v.max(initial=0.0)) for v in (track.stock, track.order + track.incoming, track.demand))
    ticks = nice_ticks(highest)
    x = Scale(float(track.edges[0]), float(track.edges[-1]), LEFT, width - RIGHT)
    y = Scale(0.0, ticks[-1], HEIGHT - BOTTOM, TOP)
    parts = [*_bands(track, x), *_grid(ticks, y, width)]
    for k in range(len(track.demand)):
        begin, end = x(float(track.edges[k])), x(float(track.edges[k + 1]))
        gap, half = GAP * (end - begin), (0.5 - GAP) * (end - begin)
        own, all_in = float(track.order[k]), float(track.order[k] + track.incoming[k])
        parts += [
            _bar(begin + gap, half, (y(0.0), y(own)), "arriving"),
            _bar(begin + gap, half, (y(own), y(all_in)), "coming"),
            _bar(begin + gap + half, half, (y(0.0), y(float(track.demand[k]))), "wanted"),
        ]
    points = " ".join(f"{x(float(d)):.1f},{y(float(s)):.1f}" for d, s in zip(track.edges, track.stock, strict=True))
    parts += [f'<polyline class="median" points="{points}"/>', *_days(track, x)]
    box = f"0 0 {width:.0f} {HEIGHT:.0f}"
    style = "cycle wide" if width > WIDTH else "cycle"
    return f'<svg class="{style}" viewBox="{box}" role="img" aria-label="{escape(track.title)}">{"".join(parts)}</svg>'


def _bar(left: float, width: float, between: tuple[float, float], style: str) -> str:
    low, high = between
    if low - high < 0.05:
        return ""
    return f'<rect class="{style}" x="{left:.1f}" y="{high:.1f}" width="{width:.1f}" height="{low - high:.1f}"/>'


def _grid(ticks: list[float], y: Scale, width: float) -> list[str]:
    return [
        f'<line class="grid" x1="{LEFT}" x2="{width - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
        f'<text class="tick" x="{LEFT - 5}" y="{y(tick) + 3.5:.1f}" text-anchor="end">{short_number(tick)}</text>'
        for tick in ticks
    ]


def _bands(track: Track, x: Scale) -> list[str]:
    """Each event's days, with its name above where it does not run into the one before."""
    parts, free = [], -1.0
    for band in sorted(track.bands, key=lambda b: b.first):
        begin, end = x(max(band.first, x.low)), x(min(band.last, x.high))
        if end <= begin:
            continue
        parts.append(
            f'<rect class="event" x="{begin:.1f}" y="{TOP}" width="{max(end - begin, 2.0):.1f}" '
            f'height="{HEIGHT - BOTTOM - TOP}"><title>{escape(band.name)}</title></rect>'
        )
        room = 6.0 * sum(2 if ord(letter) > 0x2E80 else 1 for letter in band.name)
        left = min(begin, x.end - room)
        if left > free:
            parts.append(f'<text class="tick" x="{left:.1f}" y="{TOP - 6}">{escape(band.name)}</text>')
            free = left + room
    return parts


def _days(track: Track, x: Scale) -> list[str]:
    middle = track.edges[len(track.edges) // 2]
    marks = ((track.edges[0], "start"), (middle, "middle"), (track.edges[-1], "end"))
    return [
        f'<text class="tick" x="{x(float(day)):.1f}" y="{HEIGHT - 5}" text-anchor="{anchor}">'
        f"{(track.today + timedelta(days=int(day))).isoformat()}</text>"
        for day, anchor in marks
    ]
