"""Prices day by day: list prices that change now and then, promotions, festival cuts, clearance, competitors' prices.

Beside each price stands the log factor that it, the item's life and its season put on demand, so that the price
effect in the truth is the price in the export, to the cent.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.simulate.world import fitted
from orderpoint.simulate.world.catalog import Catalog
from orderpoint.simulate.world.draws import Key, key_of, normal, uniform
from orderpoint.simulate.world.seasons import Seasons
from orderpoint.simulate.world.settings import WorldSettings

_STREAM = 11
_DIP_DAYS = 7
_COOL_DOWN_DAYS = 14
_DECLINE_DAYS, _DECLINE_LOG = 120, math.log(0.2)
_CLEAR_DAYS = 60


class Prices(NamedTuple):
    """Arrays (items of the slice, D).

    Attributes:
        price: asked by the shop, to the cent.
        depth: of the cut below the list price, 0 where there is none.
        rival: mean price of the competitors, to the cent.
        log_factor: log of the factor on demand of price, rival, promotion, life and season; -inf while not on offer.
    """

    price: NDArray[np.float64]
    depth: NDArray[np.float64]
    rival: NDArray[np.float64]
    log_factor: NDArray[np.float32]


class _Customs(NamedTuple):
    """How this shop cuts prices, and what a cut does beside the price."""

    depths: NDArray[np.float64]
    festival_depths: NDArray[np.float64]
    daily_chance: float
    log_dip: float
    log_lift: float
    festival: NDArray[np.int64]


class _Item(NamedTuple):
    number: int
    price: float
    elasticity: float
    rival_elasticity: float
    strength: float
    launch: int
    end: int
    tau: float
    hype: float
    participation: float


def make(settings: WorldSettings, catalog: Catalog, seasons: Seasons, first: int, last: int) -> Prices:
    """Prices of the items numbered `first` to `last` - 1."""
    shape = (last - first, settings.span_days)
    prices = Prices(np.empty(shape), np.empty(shape), np.empty(shape), np.empty(shape, np.float32))
    part = slice(first, last)
    facts = np.column_stack(
        [
            np.arange(first, last), catalog.price[part], catalog.elasticity[part], catalog.rival_elasticity[part],
            catalog.season_strength[part], catalog.launch_day[part], catalog.end_day[part],
            catalog.launch_tau_days[part], catalog.hype[part], catalog.participation[part],
        ]
    )  # fmt: skip
    customs = _Customs(
        np.array(fitted.PROMOTION_DEPTHS), np.array(fitted.FESTIVAL_DEPTHS), fitted.PROMOTION_DAILY_CHANCE,
        fitted.AFTER_PROMOTION_LOG_DIP, fitted.DEAL_LOG_LIFT, seasons.festival,
    )  # fmt: skip
    _fill(prices, facts, seasons.log_year[catalog.category[part]], customs, settings.seed)
    return prices


@njit(cache=True, nogil=True)
def _fill(out: Prices, facts: NDArray[np.float64], log_year: NDArray[np.float64], customs: _Customs, seed: int) -> None:
    for i in range(len(facts)):
        f = facts[i]
        item = _Item(int(f[0]), f[1], f[2], f[3], f[4], int(f[5]), int(f[6]), f[7], f[8], f[9])
        key = key_of(seed, _STREAM, item.number)
        _depths(item, key, customs, out.depth[i])
        _asked(item, key, out.depth[i], out.price[i])
        _rivals(item, key, out.rival[i])
        _factors(item, customs, out, i, log_year[i])


@njit(cache=True)
def _depths(item: _Item, key: Key, customs: _Customs, depth: NDArray[np.float64]) -> None:
    """Promotions of 4 to 10 days at chance times, cuts in festivals' peaks, clearance in the last weeks of a life."""
    cut, left, rest = 0.0, 0, 0
    for day in range(len(depth)):
        if left > 0:
            left -= 1
            rest = _COOL_DOWN_DAYS if left == 0 else 0
        elif rest > 0:
            rest -= 1
        elif uniform(key, 8 * day) < customs.daily_chance:
            cut = customs.depths[int(uniform(key, 8 * day + 1) * len(customs.depths))]
            left = 4 + int(uniform(key, 8 * day + 2) * 7)
        depth[day] = cut if left > 0 else 0.0
        window = customs.festival[day]
        if window > 0 and uniform(key, 3_000_000 + 2 * window) < item.participation:
            mine = customs.festival_depths[int(uniform(key, 3_000_001 + 2 * window) * len(customs.festival_depths))]
            depth[day] = max(depth[day], mine)
        if item.end - _CLEAR_DAYS <= day < item.end:
            depth[day] = max(depth[day], 0.3 if day < item.end - _CLEAR_DAYS // 2 else 0.5)


@njit(cache=True)
def _asked(item: _Item, key: Key, depth: NDArray[np.float64], price: NDArray[np.float64]) -> None:
    """The list price steps by a few per cent every 120 to 400 days."""
    listed = item.price
    change = 30 + int(uniform(key, 4_000_000) * 370)
    steps = 0
    for day in range(len(price)):
        if day == change:
            steps += 1
            listed = round(listed * math.exp(0.02 + 0.05 * normal(key, 2_100_000 + steps)), 2)
            change = day + 120 + int(uniform(key, 4_000_000 + steps) * 280)
        price[day] = max(0.01, round(listed * (1.0 - depth[day]), 2))


@njit(cache=True)
def _rivals(item: _Item, key: Key, rival: NDArray[np.float64]) -> None:
    """The competitors' mean price wanders around the shop's first price (spread 6 %), a step every ten days or so."""
    level = 0.06 * normal(key, 2_500_000)
    for day in range(len(rival)):
        if uniform(key, 8 * day + 3) < 0.1:
            level = 0.8 * level + 0.6 * 0.06 * normal(key, 2_500_001 + day)
        rival[day] = max(0.01, round(item.price * math.exp(level), 2))


@njit(cache=True)
def _factors(item: _Item, customs: _Customs, out: Prices, row: int, log_year: NDArray[np.float64]) -> None:
    dip, since = 0.0, _DIP_DAYS
    for day in range(len(log_year)):
        if not item.launch <= day < item.end:
            out.log_factor[row, day] = -np.inf
            continue
        log = item.elasticity * math.log(out.price[row, day] / item.price)
        log += item.rival_elasticity * math.log(out.rival[row, day] / item.price)
        log += item.strength * log_year[day]
        if out.depth[row, day] > 0.0:
            log += customs.log_lift
            dip, since = customs.log_dip * out.depth[row, day] / 0.1, 0
        elif since < _DIP_DAYS:
            log += dip
            since += 1
        age = day - item.launch
        if age < 1_000:
            log += math.log(1.0 - 0.7 * math.exp(-age / item.tau) + item.hype * math.exp(-age / 10.0))
        if item.end - day < _DECLINE_DAYS:
            log += _DECLINE_LOG * (1.0 - (item.end - day) / _DECLINE_DAYS)
        out.log_factor[row, day] = log
