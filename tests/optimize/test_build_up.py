"""The season's dynamic program beside a slow twin over every position and lot; the calendar of cycles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.optimize.build_up.calendar import CycleCalendar, CycleKind
from orderpoint.optimize.build_up.grid import Grid, Terms, at_position
from orderpoint.optimize.build_up.season import Season, season_of
from orderpoint.optimize.build_up.windows import review_kinks
from orderpoint.optimize.cycle import Lump, cycle_of, value_at
from orderpoint.optimize.kinks import cost_table
from orderpoint.optimize.protection import Setting, rows_of
from orderpoint.optimize.sampling import Sampling
from orderpoint.testing.small_shop import SmallShop, with_receipt

FloatArray = NDArray[np.float64]


def slow_windows(paths: FloatArray, setting: Setting, start: int, y: float) -> tuple[float, float]:
    """(ext, hold) of one position, path by path and period by period."""
    lines, lead = setting.lines, int(setting.offers.arrival[0])
    then = int(setting.offers.next_arrival[0])
    ext, hold, h, p = 0.0, 0.0, lines.holding[0], lines.stockout[0]
    for path in paths:
        before = path[start : start + lead].sum()
        free = y - before
        held = free if lines.backlog[0] else max(free, 0.0)
        for t in range(start + lead, start + then):
            days = setting.clock.days[t]
            free, held = free - path[t], held - path[t]
            ext += h * days * max(free, 0.0)
            hold += h * days * max(held, 0.0)
            if lines.backlog[0]:
                ext, hold = ext + p * days * max(-free, 0.0), hold + p * days * max(-held, 0.0)
        if not lines.backlog[0]:
            ext, hold = ext + p * max(-free, 0.0), hold + p * max(-held, 0.0)
    return ext / len(paths), hold / len(paths)


def slow_season(paths: FloatArray, setting: Setting, terms: Terms, grid: Grid, reviews: int) -> tuple[FloatArray, ...]:
    """(s, S, V of the second review) by trying every lot from every position."""
    lines, offers = setting.lines, setting.offers
    lead, then = int(offers.arrival[0]), int(offers.next_arrival[0])
    review, backlog = then - lead, bool(lines.backlog[0])
    positions = grid.low + np.arange(grid.size)
    level, _ = review_kinks(paths.astype(np.float32), setting, 0, 0, (reviews - 1) * review)
    anchor = cost_table(level, 1.0, grid.size).min()
    idle = np.inf if backlog else lines.stockout[0] * level.demand
    cycle = cycle_of(level, Lump(terms.fixed, terms.least, terms.price, np.inf), 1.0, anchor, idle)
    free = terms.fixed <= 0.0 and terms.least <= 1.0 and level.demand > 0.0
    value = np.array([0.0 if free else value_at(cycle, x) for x in positions])
    points, levels, after = np.zeros(reviews), np.zeros(reviews), value
    pack = max(offers.pack[0], 1.0)
    for k in range(reviews - 1, -1, -1):
        start = k * review
        due = lines.receipts[0, start + then : start + then + review].sum()
        windows = np.array([slow_windows(paths, setting, start, x) for x in positions])
        demand = paths[:, start : start + review].sum(axis=1)
        future = np.zeros(grid.size)
        for m, y in enumerate(positions):
            left = y - demand if backlog else np.maximum(y - demand, 0.0)
            future[m] = np.mean([ahead(value, grid, x, due) for x in left])
        lumps = terms.fixed > 0.0 or terms.least > 1.0
        ordered, stay = windows[:, 0] + future, windows[:, int(lumps)] + future
        after, value = value, stay.copy()
        for m, x in enumerate(positions):
            quantity = np.arange(np.ceil(terms.least / pack) * pack, offers.max_quantity[0] + 0.5, pack)
            places = (m + quantity).astype(int)
            places = places[(places < grid.size) & (x + quantity <= lines.max_stock[0])]
            if len(places) and terms.fixed + ordered[places].min() < stay[m] - 1e-9 * (1 + abs(stay[m])):
                value[m], points[k] = terms.fixed + ordered[places].min(), x
        levels[k] = positions[np.argmin(np.where(positions <= lines.max_stock[0], ordered, np.inf))]
    return points, levels, after


def ahead(value: FloatArray, grid: Grid, x: float, due: float) -> float:
    """V' of a position with what is due; below the grid it goes on as it begins."""
    if x >= grid.low:
        return float(at_position(value, grid, x + due))
    first, second = at_position(value, grid, grid.low + due), at_position(value, grid, grid.low + 1.0 + due)
    return float(first + (x - grid.low) * (second - first))


@pytest.mark.parametrize("backlog", [False, True])
def test_levels_and_values_are_those_of_every_lot_tried_from_every_position(backlog: bool) -> None:
    rng = np.random.default_rng(31)
    count, reviews = 110, 4
    for lead, review in ((0, 1), (1, 1), (1, 2)):
        n = count // 3 + 1
        shop = SmallShop(
            mean=rng.uniform(0.2, 3.0, (n, 12)),
            horizon=12,
            arrival=lead,
            next_arrival=lead + review,
            order_cost=rng.choice([0.0, 0.0, 2.0, 5.0], n),
            pack=(pack := rng.choice([1.0, 1.0, 2.0], n)),
            moq=pack * rng.integers(1, 3, n),
            max_quantity=rng.integers(4, 12, n),
            max_stock=rng.choice([8.0, 30.0, 30.0], n),
            holding_per_period=rng.uniform(0.1, 0.5, n),
            stockout=rng.uniform(0.3, 2.0, n),
            backlog=backlog,
        )
        snapshot, demand = shop.build()
        snapshot = with_receipt(snapshot, lead + review + 1, 2.0)
        reach = lead + review + (reviews - 1) * review
        for paths, _, setting in Sampling(paths=8).sampled(snapshot, demand, reach):
            for i in range(n):
                one = Setting(rows_of(setting.lines, i, i + 1), offers_of(setting, i), setting.clock)
                check(paths[i], one, reviews)


def offers_of(setting: Setting, i: int) -> object:
    """The offer of series i alone, price breaks left out."""
    per_offer = {name: getattr(setting.offers, name)[i : i + 1] for name in setting.offers._fields}
    per_offer["first_break"] = np.zeros(2, np.int64)
    per_offer["break_quantity"] = per_offer["break_price"] = np.empty(0)
    return type(setting.offers)(**per_offer)


def check(paths: NDArray[np.float32], setting: Setting, reviews: int) -> None:
    lines, offers = setting.lines, setting.offers
    lines = lines._replace(first_offer=np.array([0, 1]))
    setting = Setting(lines, offers, setting.clock)
    least = max(offers.moq[0], offers.pack[0], 1.0)
    terms = Terms(float(offers.order_cost[0]), float(least), float(offers.unit_cost[0]), np.inf)
    season: Season = season_of(paths, setting, (0, 0), terms, 1)
    assert len(season.points) == reviews
    assert season.grid.stride == 1.0
    points, levels, values = slow_season(paths.astype(np.float64), setting, terms, season.grid, reviews)
    assert np.allclose(season.values[0], values, atol=1e-9)
    bought = season.levels > season.points
    assert np.array_equal(season.points[bought], points[bought])
    first = np.ceil(least / offers.pack[0]) * offers.pack[0]
    assert np.array_equal(season.levels[bought], np.maximum(levels, points + first)[bought])


def test_strata_of_a_level_share_their_orders_and_keep_their_own_costs() -> None:
    snapshot, demand = SmallShop(mean=(6.0,), level_cv2=0.3, horizon=12, order_cost=4.0).build()
    for paths, _, setting in Sampling(paths=256).sampled(snapshot, demand, 8):
        terms = Terms(4.0, 1.0, 5.0, np.inf)
        one, four = (season_of(paths[0], setting, (0, 0), terms, strata) for strata in (1, 4))
        low = int((four.levels[1] - four.grid.low) / four.grid.stride)
        costs = four.values[:, low]
        assert costs[0] < costs[-1]
        assert abs(one.levels[0] - four.levels[0]) <= 0.3 * one.levels[0]


def test_a_short_shelf_life_lowers_the_levels_and_a_long_one_changes_nothing() -> None:
    snapshot, demand = SmallShop(mean=(4.0,), horizon=12, order_cost=20.0, stockout=9.0).build()
    levels = []
    for life in (2.0, 4.0, 99.0, np.inf):
        for paths, _, setting in Sampling(paths=256).sampled(snapshot, demand, 12):
            levels.append(season_of(paths[0], setting, (0, 0), Terms(20.0, 1.0, 5.0, life), 1).levels[0])
    assert levels[0] < levels[1] < levels[2] == levels[3]


def test_cycles_are_named_after_their_weeks_months_quarters_and_windows() -> None:
    days = Timeline(date(2025, 10, 30), Period.DAY, 20)
    names, cycle = CycleCalendar(CycleKind.WEEKLY).cycles(days)
    assert names == ("2025-W44", "2025-W45", "2025-W46", "2025-W47")
    assert np.bincount(cycle).tolist() == [4, 7, 7, 2]
    assert CycleCalendar(CycleKind.MONTHLY).cycles(days)[0] == ("2025-10", "2025-11")
    assert CycleCalendar(CycleKind.SEASONAL).cycles(days)[0] == ("2025-Q4",)
    windows = (("singles' day", date(2025, 11, 9), date(2025, 11, 11)),)
    names, cycle = CycleCalendar(CycleKind.WINDOWS, windows).cycles(days)
    assert names == ("", "singles' day", "")
    assert np.bincount(cycle).tolist() == [10, 3, 7]


def test_windows_that_overlap_or_are_missing_are_refused() -> None:
    first, second = ("a", date(2025, 1, 1), date(2025, 1, 9)), ("b", date(2025, 1, 9), date(2025, 1, 12))
    with pytest.raises(ValueError, match="overlap"):
        CycleCalendar(CycleKind.WINDOWS, (first, second))
    with pytest.raises(ValueError, match="overlap"):
        CycleCalendar(CycleKind.WINDOWS, (("a", date(2025, 1, 9), date(2025, 1, 1)),))
    with pytest.raises(ValueError, match="windows"):
        CycleCalendar(CycleKind.WINDOWS)
    assert replace(CycleCalendar(), kind=CycleKind.MONTHLY).windows == ()
