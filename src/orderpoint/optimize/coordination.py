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
from orderpoint.optimize.limits.problem import Terms, loads_of, net_saving
from orderpoint.optimize.limits.select import select
from orderpoint.optimize.limits.wishes import granted
from orderpoint.optimize.shared_curves import Wanted, all_limits, as_wanted, lines_under, packs_of
from orderpoint.optimize.shared_terms import all_terms, spent, terms_of
from orderpoint.optimize.told_limits import bindings, remarks
from orderpoint.tables.decisions import Binding, Remark
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


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
    return replace(found, remarks=remarks(snapshot, wanted, (found.quantity, floor), fill))


def _floor(snapshot: Snapshot, wanted: Wanted) -> FloatArray:
    """Units of each line that reach its minimum stock, (n,), in whole lots and no more than it wants or shows."""
    pack = np.maximum(np.ceil(snapshot.supply.pack[wanted.offer]), 1.0)
    least = np.maximum(np.ceil(snapshot.supply.moq[wanted.offer] / pack), 1.0) * pack
    missing = np.where(snapshot.costs.min_stock > 0.0, snapshot.costs.min_stock - wanted.position, 0.0)
    floor = np.where(missing > 0.0, np.maximum(np.ceil(missing / pack) * pack, least), 0.0)
    return np.minimum(floor, wanted.quantity)


def _floors_first(snapshot: Snapshot, wanted: Wanted, floor: FloatArray, fill: float) -> Coordinated | None:
    """Orders of which each reaches its floor (n,), and that save most beyond; None where none are found."""
    units, saving = at_floors(wanted.units, wanted.saving, floor)
    lines, terms = all_limits(snapshot, replace(wanted, units=units, saving=saving), fill)
    terms = replace(terms, order_cost=wanted.order_cost)
    found = above_floors(lines, terms, floor, packs_of(snapshot, wanted) < units.shape[1])
    if found is None:
        return None
    quantity = lines.quantity[np.arange(len(floor)), found.choice]
    shadow = np.where(quantity < wanted.quantity, next_return(lines.money, lines.saving, found.choice), 0.0)
    gap = _gap(found.bound, net_saving(lines, terms, found.choice))
    return Coordinated(quantity, shadow, gap, bindings(snapshot, terms, lines, found.choice, found.prices))


def _shared_out(snapshot: Snapshot, wanted: Wanted, floor: FloatArray, fill: float) -> Coordinated:
    """The orders that save most in all within the shared limits; floors and service targets where they leave room."""
    terms = _terms(snapshot, wanted, fill)
    money = spent(snapshot, wanted.units, wanted.offer)
    if terms is None:
        return _within_budget(snapshot, wanted, money)
    lines = lines_under(snapshot, wanted, money)
    alone = as_wanted(snapshot, wanted)
    first = np.ones(len(wanted.quantity), np.int64)
    loads = loads_of(alone, terms, first)
    if not _broken(terms, loads.order_money, loads.order_volume, loads.money[0], loads.room):
        none = np.zeros(len(first))
        return Coordinated(wanted.quantity, none, 0.0, bindings(snapshot, terms, alone, first, None))
    found = select(lines, terms)
    choice = found.choice
    if found.prices.money[0] <= 0.0:
        choice = granted(lines, terms, choice, np.where(_served(snapshot), wanted.quantity, floor))
    quantity = wanted.units[np.arange(len(choice)), choice]
    cut = quantity < wanted.quantity
    shadow = np.where(cut, next_return(lines.money, lines.saving, choice), 0.0)
    gap = _gap(found.bound, net_saving(lines, terms, choice))
    return Coordinated(quantity, shadow, gap, bindings(snapshot, terms, lines, choice, found.prices))


def _terms(snapshot: Snapshot, wanted: Wanted, fill: float) -> Terms | None:
    """The limits beside the budget, and what orders have to earn; None where there are neither."""
    if snapshot.shared is None or wanted.order_cost is None:
        return terms_of(snapshot, fill)
    return replace(all_terms(snapshot, snapshot.shared, fill), order_cost=wanted.order_cost)


def _gap(bound: float, saving: float) -> float:
    """Certified relative distance of a saving to the most there can be, between 0 and 1."""
    return min(max(bound - saving, 0.0) / max(abs(bound), 1e-300), 1.0)


def _within_budget(snapshot: Snapshot, wanted: Wanted, money: FloatArray) -> Coordinated:
    """The budget alone."""
    budget = float(snapshot.budget or 0.0)
    used = float(spent(snapshot, wanted.quantity, wanted.offer).sum())
    if used <= budget:
        none = np.zeros(len(wanted.quantity))
        return Coordinated(wanted.quantity, none, 0.0, (Binding("budget", "", budget, used, 0.0),))
    packs = packs_of(snapshot, wanted)
    rising = np.maximum.accumulate(money, axis=1)
    curves = Curves(rising, np.where(rising > money, -np.inf, wanted.saving), packs < money.shape[1])
    shared = closed(*all_limits(snapshot, wanted, 1.0), curves, allocate(curves, budget))
    rows = np.arange(len(packs))
    quantity = wanted.units[rows, shared.choice]
    shadow = np.where(quantity < wanted.quantity, shared.shadow_price, 0.0)
    used = float(money[rows, shared.choice].sum())
    return Coordinated(quantity, shadow, shared.gap, (Binding("budget", "", budget, used, shared.price),))


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
