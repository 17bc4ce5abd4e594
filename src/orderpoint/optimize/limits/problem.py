"""The choice of one quantity for each of many lines under limits that they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Terms:
    """Limits that lines share: L places, S suppliers; inf or 0 where there is none.

    `budget` money. `room` (L,): volume that may still come to each place. `minimum` (S,): least money of an order of
    each supplier, or nothing is ordered there. `container` (S,): volume of one container; an order fills whole
    containers, the last one to the share `fill` at least, or nothing is ordered there. `order_cost` (S,): money that an
    order costs, once for all its lines, which lowers what is saved but takes nothing of the budget; None: nothing.
    """

    budget: float
    room: FloatArray
    minimum: FloatArray
    container: FloatArray
    fill: float = 0.8
    order_cost: FloatArray | None = None

    def __post_init__(self) -> None:
        if self.order_cost is not None:
            checks.shape("terms.order_cost", self.order_cost, self.minimum.shape)
            checks.finite("terms.order_cost", self.order_cost, least=0.0)
        checks.shape("terms.container", self.container, self.minimum.shape)
        if self.budget < 0.0 or (self.room < 0.0).any() or (self.minimum < 0.0).any() or (self.container <= 0.0).any():
            raise ValueError("terms: expected limits of at least 0 and containers above 0; say inf where there is none")
        if not 0.0 < self.fill <= 1.0:
            raise ValueError(f"terms.fill: expected a share above 0 and at most 1, got {self.fill}; 0.8 is 80 %")

    @property
    def of_suppliers(self) -> NDArray[np.bool_]:
        """(S,): whether a supplier asks something of an order: a least value, or full containers."""
        asks: NDArray[np.bool_] = (self.minimum > 0.0) | np.isfinite(self.container)
        return asks

    @property
    def charge(self) -> FloatArray:
        """(S,): money that an order costs, whatever its lines."""
        return np.zeros(len(self.minimum)) if self.order_cost is None else self.order_cost

    @property
    def all_or_nothing(self) -> NDArray[np.bool_]:
        """(S,): whether it has to be settled if a supplier gets an order at all."""
        return self.of_suppliers | (self.charge > 0.0)


class Lines(NamedTuple):
    """n lines with P choices each, by ascending quantity; column 0 is no order.

    `quantity` units, `money` and `saving` money, all (n, P). `unit_volume` (n,): volume of a unit. `place` (n,) row of
    `Terms.room`; `supplier` (n,) row of `Terms.minimum`, -1 where none.
    """

    quantity: FloatArray
    money: FloatArray
    saving: FloatArray
    unit_volume: FloatArray
    place: IntArray
    supplier: IntArray


class Loads(NamedTuple):
    """How far limits are used: `money` (1,), `room` (L,), `order_money` and `order_volume` of each supplier (S,)."""

    money: FloatArray
    room: FloatArray
    order_money: FloatArray
    order_volume: FloatArray


def loads_of(lines: Lines, terms: Terms, choice: IntArray) -> Loads:
    """What the columns `choice` (n,) take of each limit."""
    rows = np.arange(len(choice))
    money = lines.money[rows, choice]
    volume = lines.quantity[rows, choice] * lines.unit_volume
    known = lines.supplier >= 0
    suppliers, count = lines.supplier[known], len(terms.minimum)
    return Loads(
        money=np.array([money.sum()]),
        room=np.bincount(lines.place, volume, len(terms.room)).astype(np.float64),
        order_money=np.bincount(suppliers, money[known], count).astype(np.float64),
        order_volume=np.bincount(suppliers, volume[known], count).astype(np.float64),
    )


def saved(lines: Lines, choice: IntArray) -> float:
    """What the columns `choice` (n,) save in all, money, what orders cost left aside."""
    return float(lines.saving[np.arange(len(choice)), choice].sum())


def net_saving(lines: Lines, terms: Terms, choice: IntArray) -> float:
    """What the columns `choice` (n,) save in all, less what the orders cost, money."""
    if terms.order_cost is None:
        return saved(lines, choice)
    return saved(lines, choice) - float(terms.order_cost[ordered_from(lines, terms, choice)].sum())


def ordered_from(lines: Lines, terms: Terms, choice: IntArray) -> NDArray[np.bool_]:
    """(S,): whether the columns `choice` (n,) buy anything of a supplier."""
    ordered = np.zeros(len(terms.minimum), np.bool_)
    bought = (lines.quantity[np.arange(len(choice)), choice] > 0.0) & (lines.supplier >= 0)
    ordered[lines.supplier[bought]] = True
    return ordered


class Bounds(NamedTuple):
    """The terms once it is settled who is ordered from, and in how many containers: plain bounds on sums.

    `budget` (1,), `room` (L,); per supplier (S,): `least_money`, `least_volume`, `most_volume` of its order, and
    `closed`, where nothing is ordered.
    """

    budget: FloatArray
    room: FloatArray
    least_money: FloatArray
    least_volume: FloatArray
    most_volume: FloatArray
    closed: NDArray[np.bool_]


def bounds_of(terms: Terms, containers: IntArray) -> Bounds:
    """The bounds for `containers` (S,) to each supplier: 0 nothing, -1 an order whose volume is not bounded."""
    bounded = containers >= 0
    volume = np.where(np.isfinite(terms.container), terms.container, 0.0)
    return Bounds(
        budget=np.array([terms.budget]),
        room=terms.room.astype(np.float64),
        least_money=np.where(containers == 0, 0.0, terms.minimum),
        least_volume=np.where(containers > 0, (containers - 1 + terms.fill) * volume, 0.0),
        most_volume=np.where(bounded, containers * volume, np.inf),
        closed=containers == 0,
    )


@njit(cache=True)
def slack(limit: float) -> float:
    """By how much rounding may pass a limit."""
    return float(1e-9 * (1.0 + abs(limit))) if np.isfinite(limit) else 0.0
