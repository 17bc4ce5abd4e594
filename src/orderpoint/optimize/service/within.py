"""Most service within space, suppliers' terms, containers and budget, with targets and a number of orders besides.

Both are priced into the curves that `coordination` chooses from, and what it certifies stays a bound:

targets   service up to a target counts 1 + w fold. w rises until all targets are reached; then no choice that reaches
          them serves more than the bound less what w alone adds. Where they cannot all be reached, service up to the
          targets is what is made greatest.
orders    each order is charged; the charge rises until few enough are left. The bound less the charges refunded is one
          for every choice of as many orders, whatever the charge (Geoffrion 1974).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.coordination import Coordinated, coordinate
from orderpoint.optimize.service.order_limit import OrderLimit
from orderpoint.optimize.service.share import Shared
from orderpoint.optimize.shared_curves import Wanted
from orderpoint.optimize.shared_terms import CONTAINER_FILL
from orderpoint.tables.decisions import Binding
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

WEIGHTS = (1.0, 8.0, 64.0, 512.0)
"""What service up to a target counts more, in turn."""
BEYOND = 1e-3
"""What service beyond the targets counts where they cannot all be reached."""
MOST_WAYS = 12
"""Ways to choose the orders up to which all are tried."""
CHARGES = 6
"""Charges of an order that are tried."""
SMALL_GAP = 1e-5
"""Relative gap at which the search ends."""


@dataclass(frozen=True, eq=False)
class Within:
    """The columns chosen, `choice` (n,), and what `coordination` says of them, its gap that of the service."""

    choice: IntArray
    found: Coordinated


@dataclass(frozen=True, eq=False)
class _Answer:
    """Columns, what they are worth by the curve asked for, and the most that any can be; `charge` of an order."""

    choice: IntArray
    worth: float
    bound: float
    found: Coordinated
    charge: float = 0.0


@dataclass(frozen=True, eq=False)
class Limits:
    """What is asked: the `snapshot` with its limits, the `offer` of each series (n,), the number of orders.

    `position` (n,): units that count beside an order (`shared_terms.position_by`).
    """

    snapshot: Snapshot
    offer: IntArray
    position: FloatArray
    orders: OrderLimit | None


def within(limits: Limits, curves: Shared, price: float) -> Within:
    """The choice that serves most; `price`: what a unit of money has to keep from being short where there is no budget.

    Targets first, as far as the limits allow.
    """
    case = _bare(limits)
    rows, floors = np.arange(len(curves.quantity)), curves.floors()
    saving = curves.short[:, :1] - curves.short - price * curves.money
    plain = _counted(case, curves, saving)
    if (plain.choice >= floors).all():
        return _told(limits, plain, plain)
    upto = np.minimum(curves.short[:, :1] - curves.short, (curves.short[:, 0] - curves.short[rows, floors])[:, None])
    first = _counted(case, curves, upto + BEYOND * saving)
    if not (first.choice >= floors).all():
        return _told(limits, first, first)
    wanted = float(upto[rows, floors].sum())
    worth = float(saving[rows, first.choice].sum())
    best, bound = replace(first, worth=worth), plain.bound
    for weight in WEIGHTS:
        if bound - best.worth <= SMALL_GAP * bound:
            break
        tried = _counted(case, curves, saving + weight * upto)
        bound = min(bound, tried.bound - weight * wanted)
        if (tried.choice >= floors).all():
            worth = float(saving[rows, tried.choice].sum())
            best = replace(tried, worth=worth) if worth > best.worth else best
            break
    return _told(limits, best, replace(best, bound=bound))


def _bare(limits: Limits) -> Limits:
    """The limits without the wishes that coordination would grant by itself: targets are asked for here."""
    costs = limits.snapshot.costs
    none = np.zeros(len(costs.min_stock))
    bare = replace(costs, service_target=none, min_stock=none)
    return replace(limits, snapshot=replace(limits.snapshot, costs=bare))


def _told(limits: Limits, answer: _Answer, bounded: _Answer) -> Within:
    """The answer with its gap, and the number of orders among the limits."""
    bound = max(bounded.bound, answer.worth)
    gap = (bound - answer.worth) / bound if bound > 0.0 else 0.0
    binding = answer.found.binding
    if limits.orders is not None:
        used = float(limits.orders.used(answer.choice > 0).sum())
        binding = (*binding, Binding("orders", "", float(limits.orders.most), used, answer.charge))
    return Within(answer.choice, replace(answer.found, gap=gap, binding=binding))


def _counted(case: Limits, curves: Shared, saving: FloatArray) -> _Answer:
    """The choice of the greatest `saving` (n, P) within all limits, the number of orders among them."""
    free = _solved(case, curves, saving, None)
    limit = case.orders
    if limit is None or _placed(limit, free) <= limit.most:
        return free
    alone = np.bincount(limit.order_of, saving.max(axis=1), len(limit.placed)).astype(np.float64)
    if comb(len(alone), limit.most) <= MOST_WAYS:
        return _of_all_ways(case, curves, saving, free)
    share = saving.max(axis=1) / np.maximum(alone[limit.order_of], 1e-300)
    low, high, over, bound = 0.0, float(alone.max()), free, free.bound
    charge = float(np.sort(alone)[::-1][limit.most])
    candidates = [limit.used(free.choice > 0) & limit.best(alone)]
    for _ in range(CHARGES):
        tried = _solved(case, curves, np.where(curves.quantity > 0.0, saving - charge * share[:, None], saving), None)
        bound = min(bound, tried.bound + charge * limit.most)
        placed = limit.used(tried.choice > 0)
        if placed.sum() <= limit.most:
            high = charge
            candidates.append(_filled(limit, placed, limit.used(over.choice > 0), alone))
        else:
            low, over = charge, tried
        if placed.sum() == limit.most:
            break
        charge = 0.5 * (low + high)
    answers = [_solved(case, curves, saving, placed) for placed in {c.tobytes(): c for c in candidates}.values()]
    best = max(answers, key=lambda answer: answer.worth)
    return replace(best, bound=max(bound, best.worth), charge=high)


def _of_all_ways(case: Limits, curves: Shared, saving: FloatArray, free: _Answer) -> _Answer:
    """The best over all sets of as many orders as may be, in one of which every choice lies; `free`: without limit."""
    limit = case.orders
    if limit is None:
        return free
    every = np.arange(len(limit.placed))
    sets = [np.isin(every, orders) for orders in combinations(every.tolist(), limit.most)]
    answers = [_solved(case, curves, saving, placed) for placed in sets]
    at = max(range(len(sets)), key=lambda k: answers[k].worth)
    best, bound = answers[at], min(free.bound, max(answer.bound for answer in answers))
    further = [_solved(case, curves, saving, sets[at] | (every == k)).worth for k in every[~sets[at]]]
    charge = max(max(further, default=0.0) - best.worth, 0.0)
    return replace(best, bound=max(bound, best.worth), charge=charge)


def _placed(limit: OrderLimit, answer: _Answer) -> int:
    """How many orders the answer places."""
    return int(limit.used(answer.choice > 0).sum())


def _filled(limit: OrderLimit, placed: BoolArray, wanted: BoolArray, alone: FloatArray) -> BoolArray:
    """The orders `placed` and the most worthy of those `wanted`, as many as may be."""
    return replace(limit, most=limit.most - int(placed.sum()), placed=placed).best(np.where(wanted, alone, 0.0))


def _solved(case: Limits, curves: Shared, saving: FloatArray, placed: BoolArray | None) -> _Answer:
    """What `coordination` chooses by `saving` (n, P), from the orders `placed` alone where they are given."""
    units = curves.quantity
    if placed is not None and case.orders is not None:
        closed = ~placed[case.orders.order_of][:, None]
        units, saving = np.where(closed, 0.0, units), np.where(closed, 0.0, saving)
    rows = np.arange(len(units))
    best = saving.argmax(axis=1)
    wanted = Wanted(units[rows, best], case.offer, units, saving, case.position)
    found = coordinate(case.snapshot, wanted, CONTAINER_FILL)
    choice = np.argmax(units == found.quantity[:, None], axis=1)
    worth = float(saving[rows, choice].sum())
    most = float(saving.max(axis=1).sum())
    bound = min(most, worth / (1.0 - found.gap)) if found.gap < 1.0 and worth > 0.0 else most
    return _Answer(choice, worth, bound, found)
