"""For every series: the offer, the quantity and the levels of least expected cost, from paths of its demand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.cycle import Cycle, Lump, cycle_of, free_cycle
from orderpoint.optimize.kinks import Kinks, cost_at, cost_table, held_cost, level_kinks, order_kinks
from orderpoint.optimize.order_quantity import (
    MOST_POINTS,
    Lots,
    best_quantity,
    demanded_quantity,
    left_over,
    lots_of,
    position_of,
    serving_quantity,
    worth_at,
)
from orderpoint.optimize.protection import Clock, Lines, Offers, Setting

FloatArray = NDArray[np.float64]

COLUMNS = 6
QUANTITY, OFFER, REORDER_POINT, ORDER_UP_TO, DEMANDED, ALONE = range(COLUMNS)
"""Columns of the table that `choose` fills.

DEMANDED: units that targets and minimum stocks ask for in any case; ALONE: QUANTITY before limits ask for more.
"""

ALIKE = 1e-9
"""Costs that differ by a smaller share are the same; then the cheaper price wins, then the earlier name."""


class Proposal(NamedTuple):
    """The best use of one offer: units, price of each, cost to compare with other offers, and its levels in units.

    `demanded`: units that are ordered in any case. Where lines share an order's cost, `quantity` is what the line takes
    when the order goes.
    """

    quantity: float
    demanded: float
    price: float
    cost: float
    reorder_point: float
    order_up_to: float


@njit(cache=True, parallel=True)
def choose(paths: NDArray[np.float32], lines: Lines, offers: Offers, clock: Clock, table: FloatArray) -> None:
    """Fill `table` (n, COLUMNS) for the n series of `lines`, whose demand `paths` (n, paths, B) holds."""
    # A parallel loop neither takes a tuple of tuples nor writes into an array that came in a tuple (numba 0.68).
    for i in prange(paths.shape[0]):
        setting = Setting(lines, offers, clock)
        chosen = lines.first_offer[i]
        best = propose(paths[i], setting, i, chosen)
        for o in range(chosen + 1, lines.first_offer[i + 1]):
            other = propose(paths[i], setting, i, o)
            margin = ALIKE * (1.0 + min(abs(best.cost), abs(other.cost)))
            if other.cost < best.cost - margin or (other.cost < best.cost + margin and other.price < best.price):
                best, chosen = other, o
        table[i, QUANTITY], table[i, OFFER] = best.quantity, chosen
        table[i, REORDER_POINT], table[i, ORDER_UP_TO] = best.reorder_point, best.order_up_to
        table[i, DEMANDED], table[i, ALONE] = best.demanded, best.quantity


@njit(cache=True, parallel=True)
def trace(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    paths: NDArray[np.float32],
    lines: Lines,
    offers: Offers,
    clock: Clock,
    table: FloatArray,
    quantity: FloatArray,
    saving: FloatArray,
) -> None:
    """What smaller orders than those of `table` would save: fill `quantity` and `saving`, both (n, P), from 0 up.

    The first two orders are the least lots; the others are spread evenly over the lots between.
    """
    for i in prange(paths.shape[0]):
        setting = Setting(lines, offers, clock)
        whole, o = table[i, QUANTITY], int(table[i, OFFER])
        if whole > 0.0:
            needed = max(table[i, ORDER_UP_TO] - position_of(setting, i, o), table[i, ALONE], 0.0)
            _trace_one(paths[i], setting, i, o, (whole, needed), quantity[i], saving[i])


@njit(cache=True)
def _trace_one(  # noqa: PLR0913, PLR0917
    paths: NDArray[np.float32],
    setting: Setting,
    i: int,
    o: int,
    reach: tuple[float, float],
    quantity: FloatArray,
    saving: FloatArray,
) -> None:
    """The curve of one series up to `reach`: units, and those beyond which what is left over has to be valued."""
    whole, needed = reach
    offers = setting.offers
    kinks = order_kinks(paths, setting, i, o)
    cycle = free_cycle(whole)
    if whole > needed or is_lumpy(setting, o):
        level = level_kinks(paths, setting, i, o)
        cycle = long_run(paths, setting, i, o, level)[0]
    lots = lots_of(setting, i, o, position_of(setting, i, o))
    idle = worth_at(kinks, cycle, 0.0)
    packs = max(np.round((whole - lots.least) / lots.pack), 0.0)
    last = len(quantity) - 1
    lots_in_all = int(np.round(whole / lots.pack))
    costs = cost_table(kinks, lots.pack, lots_in_all + 1) if lots_in_all <= MOST_POINTS else np.zeros(0)
    for k in range(1, last + 1):
        further = min(k - 1.0, packs) if packs < last or k <= 2 else np.round((k - 1) * packs / (last - 1))
        quantity[k] = min(lots.least + further * lots.pack, whole)
        if k > 1 and quantity[k] == quantity[k - 1]:
            saving[k] = saving[k - 1]
        elif len(costs) > 0:
            cost = costs[int(np.round(quantity[k] / lots.pack))] + left_over(kinks, cycle, quantity[k])
            saving[k] = idle - cost - offers.order_cost[o]
        else:
            saving[k] = idle - worth_at(kinks, cycle, quantity[k]) - offers.order_cost[o]


@njit(cache=True)
def propose(paths: NDArray[np.float32], setting: Setting, i: int, o: int) -> Proposal:
    """The best order of series `i` through offer `o`, with its levels."""
    lines, offers = setting.lines, setting.offers
    kinks = order_kinks(paths, setting, i, o)
    level = level_kinks(paths, setting, i, o)
    base = base_stock(level, lines.service_target[i])
    alone = lines.first_offer[i + 1] - lines.first_offer[i] == 1
    lots = lots_of(setting, i, o, position_of(setting, i, o))
    cycle = free_cycle(base)
    price = offers.unit_cost[o]
    if not alone or is_lumpy(setting, o):
        cycle, price, least = long_run(paths, setting, i, o, level)
        lots = Lots(lots.pack, max(lots.least, np.ceil(least / lots.pack) * lots.pack), lots.most)
    bought = lines.orderable[i] and offers.open_today[o]
    demanded = demanded_quantity(kinks, lots, setting, i, o) if bought else 0.0
    amount = max(_amount(kinks, cycle, lots, setting, (o, demanded)), demanded) if bought else 0.0
    cost = worth_at(kinks, cycle, amount) + kinks.before
    if amount > 0.0:
        cost += offers.order_cost[o] + offers.joint_share[o]
        if offers.joint_share[o] > 0.0 and demanded <= 0.0:
            cost = min(cost, worth_at(kinks, cycle, 0.0) + kinks.before)
    if not alone:
        premium = price - lines.least_price[i]
        cost += premium * amount + _cycles_after(setting, i, o) * (cycle.cost + premium * level.demand)
        cost += np.inf if lines.orderable[i] and not offers.open_today[o] else 0.0
    point, up_to = _bounded(cycle, base, setting, i)
    return Proposal(amount, demanded, price, cost, point, up_to)


@njit(cache=True)
def is_lumpy(setting: Setting, o: int) -> bool:
    """Whether stock left over from offer `o` has to be valued: orders come in lumps, or demand ends."""
    offers = setting.offers
    if offers.order_cost[o] + offers.joint_share[o] > 0.0 or max(offers.moq[o], offers.pack[o]) > 1.0:
        return True
    if offers.first_break[o + 1] > offers.first_break[o]:
        return True
    return bool(offers.fade[o] < 1.0 or np.isfinite(offers.sellable[o]))


@njit(cache=True)
def base_stock(level: Kinks, service_target: float) -> float:
    """The inventory position that no further unit improves, in whole units; at least what the target asks for."""
    any_unit = Lots(1.0, 1.0, np.inf)
    base = best_quantity(level, free_cycle(0.0), any_unit)
    if cost_at(level, 0.0) <= cost_at(level, base):
        base = 0.0
    if service_target > 0.0:
        base = max(base, serving_quantity(level, any_unit, service_target))
    return base


@njit(cache=True)
def long_run(paths: NDArray[np.float32], setting: Setting, i: int, o: int, level: Kinks) -> tuple[Cycle, float, float]:
    """(cycle, unit cost, least units of an order) of the price step of offer `o` that is cheapest in the long run.

    At a price break an order is at least the break's quantity, and saves its discount on all that is sold.
    """
    lines, offers = setting.lines, setting.offers
    backlog = lines.backlog[i]
    anchor = held_cost(paths, setting, i, o, base_stock(level, 0.0))
    idle = np.inf if backlog else lines.stockout[i] * level.demand
    least = max(offers.moq[o], offers.pack[o], 1.0)
    most = min(offers.max_quantity[o], lines.max_stock[i])
    price = offers.unit_cost[o]
    lump = Lump(offers.order_cost[o] + offers.joint_share[o], least, price, offers.sellable[o])
    best = cycle_of(level, lump, 1.0, anchor, idle)
    cost = best.cost + price * level.demand
    for b in range(offers.first_break[o], offers.first_break[o + 1]):
        quantity = max(least, offers.break_quantity[b])
        if quantity > most:
            continue
        other = cycle_of(level, Lump(lump.fixed, quantity, lump.unit_cost, lump.sellable), 1.0, anchor, idle)
        if other.order_up_to > 0.0 and other.cost + offers.break_price[b] * level.demand < cost:
            best, price, lump = other, offers.break_price[b], Lump(lump.fixed, quantity, lump.unit_cost, lump.sellable)
            cost = best.cost + price * level.demand
    if offers.fade[o] < 1.0:
        coming = cycle_of(level, lump, offers.fade[o], anchor, idle)
        best = Cycle(coming.stride, coming.values, best.reorder_point, best.order_up_to, best.cost)
    return best, price, lump.least


@njit(cache=True)
def _amount(kinks: Kinks, cycle: Cycle, lots: Lots, setting: Setting, which: tuple[int, float]) -> float:
    """Units to order: the best lot where it is worth the fixed cost of its line, or where that is paid anyway.

    `which`: the offer, and the units that are ordered in any case.
    """
    o, demanded = which
    amount = best_quantity(kinks, cycle, lots) if cycle.order_up_to > 0.0 else 0.0
    if amount > 0.0:
        saved = worth_at(kinks, cycle, 0.0) - worth_at(kinks, cycle, amount)
        amount = amount if saved > setting.offers.order_cost[o] or demanded > 0.0 else 0.0
    return amount if lots.most >= lots.least else 0.0


@njit(cache=True)
def _cycles_after(setting: Setting, i: int, o: int) -> float:
    """Review cycles of offer `o` from its window's end to the last of all offers: it is judged as if used on."""
    lines, offers = setting.lines, setting.offers
    last = offers.next_arrival[lines.first_offer[i] : lines.first_offer[i + 1]].max()
    return float((last - offers.next_arrival[o]) / (offers.next_arrival[o] - offers.arrival[o]))


@njit(cache=True)
def _bounded(cycle: Cycle, base: float, setting: Setting, i: int) -> tuple[float, float]:
    """(reorder point, order-up-to level) in whole units, within the item's service target and limits."""
    lines = setting.lines
    if not lines.orderable[i]:
        return 0.0, 0.0
    point, up_to = cycle.reorder_point, cycle.order_up_to
    if lines.service_target[i] > 0.0 and base - 1.0 > point:
        point, up_to = base - 1.0, max(base, up_to + base - 1.0 - point)
    least, most = np.ceil(lines.min_stock[i]), np.floor(max(lines.max_stock[i], 0.0))
    up_to = min(max(up_to, least), most)
    return max(min(max(point, least - 1.0), up_to - 1.0), 0.0), up_to
