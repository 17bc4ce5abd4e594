"""The inventory positions that a season is planned on, and the terms on which a series is bought."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.protection import Setting

FloatArray = NDArray[np.float64]
PathArray = NDArray[np.float32]

MOST_POSITIONS = 192
"""Positions of the grid; where an item moves more units, or packs, the grid is coarser."""


class Grid(NamedTuple):
    """Inventory positions low, low + stride, ..., `size` of them, in units."""

    low: float
    stride: float
    size: int


class Terms(NamedTuple):
    """How a series is bought: `fixed` money per order, `least` units, `price`; `life` periods (inf: keeps)."""

    fixed: float
    least: float
    price: float
    life: float


@njit(cache=True)
def bounds_of(setting: Setting, place: tuple[int, int]) -> tuple[float, float, float]:
    """(pack, most units of an order, most units of a position)."""
    offers = setting.offers
    return max(np.ceil(offers.pack[place[1]]), 1.0), offers.max_quantity[place[1]], setting.lines.max_stock[place[0]]


@njit(cache=True)
def grid_of(paths: PathArray, setting: Setting, place: tuple[int, int], terms: Terms, reviews: int) -> Grid:
    """Positions from what may be owed to what the highest path, a lot, and the build-up before a peak may ask for."""
    i, o = place
    offers, lines = setting.offers, setting.lines
    review, span = offers.next_arrival[o] - offers.arrival[o], offers.next_arrival[o]
    pack, most, _ = bounds_of(setting, place)
    top, cycle, mean = 1.0, 0.0, np.zeros(reviews)
    for j in range(len(paths)):
        for k in range(reviews):
            start = k * review
            mean[k] += paths[j, start : start + review].sum() / len(paths)
            top = max(top, paths[j, start : start + span].sum())
            cycle = max(cycle, paths[j, start : start + review].sum())
    holding = lines.holding[i] * setting.clock.days[:review].sum()
    reach = 2.0 * np.sqrt(2.0 * terms.fixed * mean.max() / holding) if holding > 0.0 else 0.0
    ahead, build = 0.0, 0.0
    if np.isfinite(most):
        for k in range(reviews - 1, -1, -1):
            ahead = max(ahead + mean[k] * (top / max(mean.max() * span / review, 1e-9)) - most, 0.0)
            build = max(build, ahead)
    width = top + terms.least + min(max(reach, build), 8.0 * top)
    low = -np.ceil(cycle) if lines.backlog[i] else 0.0
    least = (width - low) / MOST_POSITIONS
    stride = 1.0 if least <= 1.0 else np.ceil(least)
    if pack > 1.0:
        stride = pack / max(np.floor(pack / stride), 1.0) if stride < pack else pack * np.ceil(least / pack)
    low = -np.ceil(-low / stride) * stride
    return Grid(low, stride, int(np.ceil((width - low) / stride)) + 2)


@njit(cache=True)
def at_position(values: FloatArray, grid: Grid, position: float) -> float:
    """A table's value at any position: straight between its points and beyond its end; flat below a start at 0."""
    place = (position - grid.low) / grid.stride
    if place <= 0.0:
        slope = values[1] - values[0] if grid.low < 0.0 else 0.0
        return float(values[0] + place * slope)
    k = min(int(place), grid.size - 2)
    return float(values[k] + (place - k) * (values[k + 1] - values[k]))
