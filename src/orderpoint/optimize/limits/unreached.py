"""What was wanted and not bought because of limits that lines share: which limit, and from what size on it would do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.held_floors import figure
from orderpoint.optimize.limits.problem import Lines, Terms
from orderpoint.tables.decisions import Remark

FloatArray = NDArray[np.float64]

ROUNDING = 1e-9
"""Share of a limit by which sums may pass it."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """n lines under shared limits: `wanted` alone, `bought` within the limits, both (n,) units.

    `places`, `suppliers`: the names of the rows of `terms`.
    """

    lines: Lines
    terms: Terms
    wanted: FloatArray
    bought: FloatArray
    places: tuple[str, ...]
    suppliers: tuple[str, ...]


def unreached(outcome: Outcome) -> tuple[Remark, ...]:
    """A remark for each line of which nothing is bought though something was wanted, where a limit alone says why.

    A supplier from whom nothing is bought because of its least order or container is explained at all its lines.
    Where a budget buys nothing at all, the cheapest line alone is named.
    """
    missing = (outcome.wanted > 0.0) & (outcome.bought <= 0.0)
    if not missing.any():
        return ()
    found: dict[int, Remark] = {}
    supplier, terms = outcome.lines.supplier, outcome.terms
    if len(terms.minimum):
        ordered = np.zeros(len(terms.minimum), np.bool_)
        ordered[supplier[(outcome.bought > 0.0) & (supplier >= 0)]] = True
        closed = missing & (supplier >= 0) & (terms.of_suppliers & ~ordered)[supplier]
        for s in np.unique(supplier[closed]).tolist():
            code, details = _of_supplier(outcome, s)
            found |= {i: Remark(i, code, details) for i in np.flatnonzero(closed & (supplier == s)).tolist()}
    return tuple(remark for _, remark in sorted((found | _of_lots(outcome, missing, found)).items()))


def _of_lots(outcome: Outcome, missing: NDArray[np.bool_], told: dict[int, Remark]) -> dict[int, Remark]:
    """Lines whose smallest order is more than the whole budget, or than the room of their place."""
    lines, terms = outcome.lines, outcome.terms
    shown = (lines.quantity > 0.0) & np.isfinite(lines.saving)
    first = np.where(shown.any(axis=1), shown.argmax(axis=1), 0)
    every = np.arange(len(first))
    units, money = lines.quantity[every, first], lines.money[every, first]
    volume, room = units * lines.unit_volume, terms.room[lines.place]
    open_ = missing & (units > 0.0)
    open_[list(told)] = False
    poor, full = open_ & (money > terms.budget), open_ & (volume > room)
    found = {}
    for i in np.flatnonzero(full).tolist():
        place = outcome.places[int(lines.place[i])]
        blanks = {"units": figure(units[i]), "of": place, "need": figure(volume[i]), "limit": figure(room[i])}
        found[i] = Remark(i, "lot_above_space", blanks)
    if poor.any() and not (outcome.bought > 0.0).any():
        poor &= np.arange(len(poor)) == np.where(poor, money, np.inf).argmin()
    for i in np.flatnonzero(poor).tolist():
        code = "lot_above_budget" if (outcome.bought > 0.0).any() else "budget_buys_nothing"
        blanks = {"units": figure(units[i]), "need": figure(money[i]), "limit": figure(terms.budget)}
        found[i] = Remark(i, code, blanks)
    return found


def _of_supplier(outcome: Outcome, s: int) -> tuple[str, dict[str, str]]:
    """Why nothing is bought from supplier `s`: the first limit that alone keeps its terms from being met."""
    lines, terms = outcome.lines, outcome.terms
    mine = np.flatnonzero(lines.supplier == s)
    units, money = lines.quantity[mine].max(axis=1), lines.money[mine].max(axis=1)
    volume, place = units * lines.unit_volume[mine], lines.place[mine]
    rooms = [(money[place == p], volume[place == p], float(terms.room[p])) for p in np.unique(place)]
    blanks = {"of": outcome.suppliers[s], "budget": figure(terms.budget)}
    found = _minimum_unmet(rooms, float(terms.minimum[s]), terms.budget, blanks)
    if found is None and np.isfinite(terms.container[s]):
        boxed = blanks | {"limit": figure(float(terms.container[s])), "fill": f"{terms.fill:.0%}"}
        found = _container_unfilled(rooms, terms.fill * float(terms.container[s]), terms.budget, boxed)
    return found or ("minimum_does_not_pay", blanks | {"limit": figure(float(terms.minimum[s]))})


Rooms = list[tuple[FloatArray, FloatArray, float]]
"""For each place: money and volume of all that its lines may order, and its room."""


def _minimum_unmet(
    rooms: Rooms, minimum: float, budget: float, blanks: dict[str, str]
) -> tuple[str, dict[str, str]] | None:
    """The limit that alone keeps an order from reaching its minimum."""
    money, volume = (np.concatenate([room[k] for room in rooms]) for k in (0, 1))
    blanks = blanks | {"limit": figure(minimum)}
    if minimum > money.sum():
        return "minimum_out_of_reach", blanks | {"most": figure(money.sum())}
    if minimum > budget:
        return "minimum_above_budget", blanks
    fits = sum(_most_money(*room) for room in rooms)
    if minimum > fits * (1.0 + ROUNDING):
        return "minimum_above_space", blanks | {"most": figure(fits), "need": figure(_least(money, volume, minimum))}
    return None


def _container_unfilled(
    rooms: Rooms, least: float, budget: float, blanks: dict[str, str]
) -> tuple[str, dict[str, str]]:
    """The limit that alone keeps a container from being filled to `least`."""
    money, volume = (np.concatenate([room[k] for room in rooms]) for k in (0, 1))
    free = sum(min(float(room[1].sum()), room[2]) for room in rooms)
    if least > volume.sum():
        return "container_out_of_reach", blanks | {"most": figure(volume.sum())}
    if least > free * (1.0 + ROUNDING):
        return "container_above_space", blanks | {"most": figure(free), "need": figure(least)}
    cheapest = _least(volume, money, least)
    if cheapest > budget:
        return "container_above_budget", blanks | {"need": figure(cheapest)}
    return "container_does_not_pay", blanks


def _most_money(money: FloatArray, volume: FloatArray, room: float) -> float:
    """The most money that goes into `room`, densest lines first, the last in part."""
    free = volume <= 0.0
    total, left = float(money[free].sum()), room
    if not np.isfinite(room):
        return float(money.sum())
    for i in np.flatnonzero(~free)[np.argsort(-(money[~free] / volume[~free]), kind="stable")]:
        part = min(left / volume[i], 1.0)
        total, left = total + part * float(money[i]), left - part * float(volume[i])
    return total


def _least(worth: FloatArray, taken: FloatArray, least: float) -> float:
    """The least of `taken` that brings `worth` to `least`, cheapest lines first, the last in part."""
    useful = worth > 0.0
    worth, taken = worth[useful], taken[useful]
    total, left = 0.0, least
    for i in np.argsort(taken / worth, kind="stable"):
        part = min(left / float(worth[i]), 1.0)
        total, left = total + part * float(taken[i]), left - part * float(worth[i])
        if left <= 0.0:
            break
    return total
