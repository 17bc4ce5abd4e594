"""Single-item curves under the limits that lines share: what each line may still order, which limits bind, and why.

Every line brings a curve: quantities it can be ordered in, and what each saves over ordering nothing (`choose.trace`).
A budget alone is shared by marginal return (`limits.budget`), several limits at once by prices (`limits.select`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.budget import allocate
from orderpoint.optimize.limits.curves import Curves, next_return
from orderpoint.optimize.limits.feasibility import fills
from orderpoint.optimize.limits.few import closed
from orderpoint.optimize.limits.floors import above_floors, at_floors
from orderpoint.optimize.limits.problem import Lines, Terms, loads_of, net_saving
from orderpoint.optimize.limits.response import Prices
from orderpoint.optimize.limits.select import select
from orderpoint.optimize.limits.unreached import Outcome, unreached
from orderpoint.optimize.limits.wishes import granted
from orderpoint.optimize.shared_terms import CONTAINER_FILL, all_terms, coming_by, filled, spent, terms_of
from orderpoint.tables.decisions import Binding, Remark
from orderpoint.tables.snapshot import Snapshot

__all__ = [
    "CONTAINER_FILL",
    "Coordinated",
    "Wanted",
    "coordinate",
    "filled",
    "furthest",
    "shares_limits",
    "spent",
    "terms_of",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

REVIEWS_AHEAD = 4
"""Reviews for whose demand a line may be ordered ahead to reach its supplier's minimum or to fill a container."""


@dataclass(frozen=True, eq=False)
class Coordinated:
    """Orders that keep all shared limits: `quantity` (n,), and as in `tables.decisions` their prices and the gap.

    `remarks`: lines of which nothing is bought because of a limit, and minimum stocks that gave way.
    """

    quantity: FloatArray
    shadow_price: FloatArray
    gap: float
    binding: tuple[Binding, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, eq=False)
class Wanted:
    """What n lines would order alone, and their curves: `quantity` (n,) from `offer` (n,); `units`, `saving` (n, P).

    `order_cost` (S,): money that an order of each supplier has to earn, where savings are money (`shared_orders`).
    """

    quantity: FloatArray
    offer: IntArray
    units: FloatArray
    saving: FloatArray
    order_cost: FloatArray | None = None


def shares_limits(snapshot: Snapshot) -> bool:
    """Whether any limit over many lines is set."""
    return snapshot.budget is not None or terms_of(snapshot, 1.0) is not None


def coordinate(snapshot: Snapshot, wanted: Wanted, fill: float) -> Coordinated:
    """The orders that save most in all within the shared limits; those wanted, where they keep all of them.

    Minimum stocks come first where all of them can be kept together; where they cannot, they give way to what saves
    more, and a remark says so.
    """
    floor = _floor(snapshot, wanted)
    found = _shared_out(snapshot, wanted, floor, fill)
    if (found.quantity < floor).any():
        firm = _floors_first(snapshot, wanted, floor, fill)
        found = found if firm is None else firm
    return replace(found, remarks=_remarks(snapshot, wanted, (found.quantity, floor), fill))


def _floor(snapshot: Snapshot, wanted: Wanted) -> FloatArray:
    """Units of each line that reach its minimum stock, (n,), in whole lots and no more than it wants or shows."""
    pack = np.maximum(np.ceil(snapshot.supply.pack[wanted.offer]), 1.0)
    least = np.maximum(np.ceil(snapshot.supply.moq[wanted.offer] / pack), 1.0) * pack
    held = snapshot.stock.on_hand + coming_by(snapshot, wanted.offer)
    missing = np.where(snapshot.costs.min_stock > 0.0, snapshot.costs.min_stock - held, 0.0)
    floor = np.where(missing > 0.0, np.maximum(np.ceil(missing / pack) * pack, least), 0.0)
    return np.minimum(floor, wanted.quantity)


def _floors_first(snapshot: Snapshot, wanted: Wanted, floor: FloatArray, fill: float) -> Coordinated | None:
    """Orders of which each reaches its floor (n,), and that save most beyond; None where none are found."""
    units, saving = at_floors(wanted.units, wanted.saving, floor)
    lines, terms = _all_limits(snapshot, replace(wanted, units=units, saving=saving), fill)
    terms = replace(terms, order_cost=wanted.order_cost)
    found = above_floors(lines, terms, floor, _packs(snapshot, wanted) < units.shape[1])
    if found is None:
        return None
    quantity = lines.quantity[np.arange(len(floor)), found.choice]
    shadow = np.where(quantity < wanted.quantity, next_return(lines.money, lines.saving, found.choice), 0.0)
    gap = _gap(found.bound, net_saving(lines, terms, found.choice))
    return Coordinated(quantity, shadow, gap, _bindings(snapshot, terms, lines, found.choice, found.prices))


def _remarks(
    snapshot: Snapshot, wanted: Wanted, bought: tuple[FloatArray, FloatArray], fill: float
) -> tuple[Remark, ...]:
    """What was wanted and is not bought, and minimum stocks that gave way; `bought`: units, and the floors, (n,)."""
    quantity, floor = bought
    gave_way = np.flatnonzero(quantity < floor).tolist()
    if not gave_way and not ((wanted.quantity > 0.0) & (quantity <= 0.0)).any():
        return ()
    level = snapshot.costs.min_stock
    remarks = [
        Remark(
            i, "min_stock_gave_way", {"level": f"{level[i]:g}", "need": f"{floor[i]:g}", "units": f"{quantity[i]:g}"}
        )
        for i in gave_way
    ]
    suppliers = snapshot.shared.suppliers if snapshot.shared is not None else ()
    lines, terms = _all_limits(snapshot, wanted, fill)
    outcome = Outcome(lines, terms, wanted.quantity, quantity, snapshot.index.locations, suppliers)
    return tuple(sorted((*unreached(outcome), *remarks), key=lambda remark: remark.series))


def _all_limits(snapshot: Snapshot, wanted: Wanted, fill: float) -> tuple[Lines, Terms]:
    """The curves with what they take of each limit, and all limits; a budget may be the only one."""
    money = spent(snapshot, wanted.units, wanted.offer)
    if snapshot.shared is not None:
        return _lines(snapshot, wanted, money), all_terms(snapshot, snapshot.shared, fill)
    none = np.zeros(len(money), np.int64)
    lines = Lines(wanted.units, money, wanted.saving, np.zeros(len(money)), none, none - 1)
    budget = np.inf if snapshot.budget is None else float(snapshot.budget)
    return lines, Terms(budget, np.full(len(snapshot.index.locations), np.inf), np.zeros(0), np.zeros(0), fill)


def _shared_out(snapshot: Snapshot, wanted: Wanted, floor: FloatArray, fill: float) -> Coordinated:
    """The orders that save most in all within the shared limits; floors and service targets where they leave room."""
    terms = _terms(snapshot, wanted, fill)
    money = spent(snapshot, wanted.units, wanted.offer)
    if terms is None:
        return _within_budget(snapshot, wanted, money)
    lines = _lines(snapshot, wanted, money)
    alone = _alone(snapshot, wanted)
    first = np.ones(len(wanted.quantity), np.int64)
    loads = loads_of(alone, terms, first)
    if not _broken(terms, loads.order_money, loads.order_volume, loads.money[0], loads.room):
        none = np.zeros(len(first))
        return Coordinated(wanted.quantity, none, 0.0, _bindings(snapshot, terms, alone, first, None))
    found = select(lines, terms)
    choice = found.choice
    if found.prices.money[0] <= 0.0:
        choice = granted(lines, terms, choice, np.where(_served(snapshot), wanted.quantity, floor))
    quantity = wanted.units[np.arange(len(choice)), choice]
    cut = quantity < wanted.quantity
    shadow = np.where(cut, next_return(lines.money, lines.saving, choice), 0.0)
    gap = _gap(found.bound, net_saving(lines, terms, choice))
    return Coordinated(quantity, shadow, gap, _bindings(snapshot, terms, lines, choice, found.prices))


def _terms(snapshot: Snapshot, wanted: Wanted, fill: float) -> Terms | None:
    """The limits beside the budget, and what orders have to earn; None where there are neither."""
    if snapshot.shared is None or wanted.order_cost is None:
        return terms_of(snapshot, fill)
    return replace(all_terms(snapshot, snapshot.shared, fill), order_cost=wanted.order_cost)


def _gap(bound: float, saving: float) -> float:
    """Certified relative distance of a saving to the most there can be, between 0 and 1."""
    return min(max(bound - saving, 0.0) / max(abs(bound), 1e-300), 1.0)


def _packs(snapshot: Snapshot, wanted: Wanted) -> FloatArray:
    """Packs in what each line wants, (n,)."""
    packs: FloatArray = wanted.quantity / np.maximum(np.ceil(snapshot.supply.pack[wanted.offer]), 1.0)
    return packs


def _within_budget(snapshot: Snapshot, wanted: Wanted, money: FloatArray) -> Coordinated:
    """The budget alone."""
    budget = float(snapshot.budget or 0.0)
    used = float(spent(snapshot, wanted.quantity, wanted.offer).sum())
    if used <= budget:
        none = np.zeros(len(wanted.quantity))
        return Coordinated(wanted.quantity, none, 0.0, (Binding("budget", "", budget, used, 0.0),))
    packs = _packs(snapshot, wanted)
    rising = np.maximum.accumulate(money, axis=1)
    curves = Curves(rising, np.where(rising > money, -np.inf, wanted.saving), packs < money.shape[1])
    shared = closed(*_all_limits(snapshot, wanted, 1.0), curves, allocate(curves, budget))
    rows = np.arange(len(packs))
    quantity = wanted.units[rows, shared.choice]
    shadow = np.where(quantity < wanted.quantity, shared.shadow_price, 0.0)
    used = float(money[rows, shared.choice].sum())
    return Coordinated(quantity, shadow, shared.gap, (Binding("budget", "", budget, used, shared.price),))


def furthest(
    snapshot: Snapshot, quantity: FloatArray, offer: IntArray, level: FloatArray, pace: FloatArray
) -> FloatArray:
    """The most units that a line's curve shows, (n,): beyond `quantity` where a supplier's terms may ask for more.

    `level` (n,): order-up-to level; `pace` (n,): mean demand of a period.
    """
    terms = terms_of(snapshot, 1.0)
    if terms is None or snapshot.shared is None or not snapshot.stock.known:
        return quantity
    supply, costs = snapshot.supply, snapshot.costs
    supplier = snapshot.shared.supplier_of(supply)[offer]
    asked = (supplier >= 0) & np.append(terms.of_suppliers, False)[supplier] & (level > 0.0)
    asked &= snapshot.orderable & supply.takes_orders_today[offer] & (costs.min_stock <= costs.max_stock)
    position = snapshot.stock.on_hand + coming_by(snapshot, offer)
    review = supply.next_arrival_period[offer] - supply.arrival_period[offer]
    pack = np.maximum(np.ceil(supply.pack[offer]), 1.0)
    least = np.maximum(np.ceil(supply.moq[offer] / pack), 1.0) * pack
    top = np.maximum(np.ceil((level + REVIEWS_AHEAD * review * pace - position) / pack) * pack, least)
    most = np.floor(np.minimum(supply.max_quantity[offer], np.maximum(costs.max_stock - position, 0.0)) / pack) * pack
    top = np.where(least > most, 0.0, np.minimum(top, most))
    return np.where(asked, np.maximum(top, quantity), quantity)


def _lines(snapshot: Snapshot, wanted: Wanted, money: FloatArray) -> Lines:
    """The curves with what they take of each limit."""
    shared = snapshot.shared
    if shared is None:
        raise ValueError("coordination: expected shared limits, got none; share the budget alone")
    supplier = shared.supplier_of(snapshot.supply)[wanted.offer]
    place = shared.location_of.astype(np.int64)
    return Lines(wanted.units, money, wanted.saving, shared.unit_volume, place, supplier)


def _alone(snapshot: Snapshot, wanted: Wanted) -> Lines:
    """What is wanted as lines of one choice beside none."""
    units = np.stack([np.zeros(len(wanted.quantity)), wanted.quantity], axis=1)
    money = np.stack([units[:, 0], spent(snapshot, wanted.quantity, wanted.offer)], axis=1)
    return _lines(snapshot, Wanted(wanted.quantity, wanted.offer, units, np.zeros_like(units)), money)


def _broken(terms: Terms, money: FloatArray, volume: FloatArray, spent_money: float, room: FloatArray) -> bool:
    """Whether any limit is broken by orders that come to these sums."""
    ordered = money > 0.0
    if spent_money > terms.budget or (room > terms.room).any() or (ordered & (money < terms.minimum)).any():
        return True
    boxed = np.flatnonzero(ordered & np.isfinite(terms.container))
    return any(not fills(volume[s], terms.container[s], terms.fill) for s in boxed)


def _served(snapshot: Snapshot) -> NDArray[np.bool_]:
    """Lines with a service target, (n,), which is a wish."""
    asks: NDArray[np.bool_] = np.nan_to_num(snapshot.costs.service_target) > 0.0
    return asks


def _bindings(
    snapshot: Snapshot, terms: Terms, lines: Lines, choice: IntArray, prices: Prices | None
) -> tuple[Binding, ...]:
    """All limits that are set, how far they are used, and what one more unit of each would save."""
    suppliers = snapshot.shared.suppliers if snapshot.shared is not None else ()
    loads = loads_of(lines, terms, choice)
    rows: list[Binding] = []
    if np.isfinite(terms.budget):
        rows.append(
            Binding("budget", "", terms.budget, float(loads.money[0]), float(prices.money[0]) if prices else 0.0)
        )
    for place in np.flatnonzero(np.isfinite(terms.room)).tolist():
        price = float(prices.room[place]) if prices else 0.0
        rows.append(Binding("space", snapshot.index.locations[place], terms.room[place], loads.room[place], price))
    for s in np.flatnonzero(terms.minimum > 0.0).tolist():
        price = float(prices.minimum[s]) if prices else 0.0
        rows.append(Binding("supplier_minimum", suppliers[s], terms.minimum[s], loads.order_money[s], price))
    for s in np.flatnonzero(np.isfinite(terms.container)).tolist():
        price = float(prices.volume[s]) if prices else 0.0
        rows.append(Binding("container", suppliers[s], terms.container[s], loads.order_volume[s], abs(price)))
    return tuple(rows)
