"""With lost sales and a lead time an order also changes the orders after it: look some reviews ahead before placing it.

The window alone takes it that a unit left over makes the next order smaller by one. But orders already on their way
when the next one is placed were sized without that knowledge, and a sale that is lost never comes back, so the window
alone orders too much: up to 7 % above the least cost where the lead time is four reviews (P. Zipkin 2008, "Old and new
methods for lost-sales inventory systems", Operations Research 56(5), 1256-1263; his policy "myopic").

Here the paths are played on over two further windows. The later orders follow a capped base stock, min(S - position,
cap), which is close to optimal (L. Xin 2021, "Understanding the performance of capped base-stock policies in lost-sales
inventory models", Operations Research 69(1), 61-70). Its S and cap are the best of a few for this very state, and then
today's order is the best given them: one step of policy improvement. S and cap follow the mean demand from review to
review.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.kinks import Kinks
from orderpoint.optimize.protection import Setting
from orderpoint.stockflow.equation import step

FloatArray = NDArray[np.float64]

WINDOWS = 2
"""Further windows that are played."""

LEVELS, CAPS = 4, 3
"""Candidates for S, downwards from the base stock, and for the cap."""

SHARE = 4
"""S and cap are chosen on every fourth path: they only stand for orders to come."""

PLAYS = LEVELS * CAPS // SHARE + 12
"""Plays of all paths that one series takes, about: what it costs."""


class Rule(NamedTuple):
    """A capped base stock for later reviews: `level`, `cap` in units; `scale` (reviews,), demand over today's."""

    level: float
    cap: float
    scale: FloatArray


@njit(cache=True)
def applies(setting: Setting, i: int, o: int) -> bool:
    """Whether looking ahead can help: sales are lost, and today's order arrives after a later one could be placed."""
    lines, offers = setting.lines, setting.offers
    return bool(not lines.backlog[i] and offers.arrival[o] > 0 and offers.sd_days[o] <= 0.0)


@njit(cache=True)
def look_ahead(
    paths: NDArray[np.float32], setting: Setting, i: int, o: int, level: Kinks, single: tuple[float, float, float]
) -> float:
    """Today's order of series `i` through offer `o`, in single units; `paths` (paths, T) reach beyond its window.

    `single`: the order that is best for the window alone, the base stock, and the most that may be ordered.
    """
    alone, base, most = single
    position = setting.lines.on_hand[i] + setting.lines.receipts[i, : setting.offers.next_arrival[o]].sum()
    spread = max(np.round(level.end.std() / 4.0), 1.0)
    periods = min(setting.offers.next_arrival[o] + WINDOWS * _review(setting, o), paths.shape[1])
    paths = paths[:, :periods]
    few = paths[::SHARE]
    scale = _scale(paths, setting, o)
    best, rule = np.inf, Rule(base, np.inf, scale)
    for k in range(LEVELS):
        for cap in _caps(level):
            tried = Rule(max(base - k * spread, 0.0), cap, scale)
            first = min(max(np.floor(min(tried.level - position, cap)), 0.0), most)
            cost = _played(few, setting, i, o, first, tried)
            if cost < best:
                best, rule = cost, tried
    low = int(max(min(alone, most) - 8.0 * spread, 0.0))
    high = int(min(alone + spread, most))
    while low < high:
        middle = (low + high) // 2
        more = _played(paths, setting, i, o, middle + 1.0, rule)
        if more < _played(paths, setting, i, o, float(middle), rule):
            low = middle + 1
        else:
            high = middle
    return float(low)


@njit(cache=True)
def _review(setting: Setting, o: int) -> int:
    """Periods between two reviews."""
    return int(setting.offers.next_arrival[o] - setting.offers.arrival[o])


@njit(cache=True)
def _caps(level: Kinks) -> FloatArray:
    """Candidates for the most that one later order may be: none, and a cycle's demand with more and less to spare."""
    mean, sd = level.cycle.mean(), level.cycle.std()
    return np.array([np.inf, mean + 0.8 * sd, mean + 0.2 * sd])


@njit(cache=True)
def _scale(paths: NDArray[np.float32], setting: Setting, o: int) -> FloatArray:
    """Mean demand from each review on, per period, as a share of that from today on."""
    offers = setting.offers
    span, review = offers.next_arrival[o], _review(setting, o)
    periods = paths.shape[1]
    mean = np.zeros(periods)
    for j in range(paths.shape[0]):
        for t in range(periods):
            mean[t] += paths[j, t]
    today = mean[:span].mean()
    scale = np.ones(periods // review + 1)
    for k in range(1, len(scale)):
        if k * review < periods and today > 0.0:
            scale[k] = mean[k * review : min(k * review + span, periods)].mean() / today
    return scale


@njit(cache=True)
def _played(paths: NDArray[np.float32], setting: Setting, i: int, o: int, quantity: float, rule: Rule) -> float:
    """Cost of all periods from the arrival of today's order on, on average, when later reviews follow `rule`."""
    lines, days = setting.lines, setting.clock.days
    lead = setting.offers.arrival[o]
    review = _review(setting, o)
    periods = paths.shape[1]
    due, open_orders = np.empty(periods), lines.receipts[i, :periods].sum()
    total = 0.0
    for j in range(paths.shape[0]):
        due[:] = lines.receipts[i, :periods]
        due[lead] += quantity
        coming, stock = open_orders + quantity, lines.on_hand[i]
        for t in range(periods):
            if t > 0 and t % review == 0 and t + lead < periods:
                scale = rule.scale[t // review]
                order = max(min(np.round(rule.level * scale - stock - coming), np.round(rule.cap * scale)), 0.0)
                due[t + lead] += order
                coming += order
            coming -= due[t]
            stock, short = step(stock, due[t], float(paths[j, t]), False)  # noqa: FBT003 - sales are lost
            if t >= lead:
                total += lines.holding[i] * days[t] * stock + lines.stockout[i] * short
    return float(total / paths.shape[0])
