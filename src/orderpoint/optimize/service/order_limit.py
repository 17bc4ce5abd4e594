"""A limit on the number of orders placed today: what counts as one, and how many there may be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables import checks
from orderpoint.tables.snapshot import Snapshot

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class CountedBy(StrEnum):
    """What counts as one order: a line, or all lines bought from one supplier."""

    LINES = "lines"
    SUPPLIERS = "suppliers"


@dataclass(frozen=True, eq=False)
class OrderLimit:
    """At most `most` orders beside those placed already.

    `order_of` int64 (n,): the order that each line would be part of, a row of `placed`. `placed` bool (orders,): orders
    that are placed in any case, so that another line on them is free.
    """

    most: int
    order_of: IntArray
    placed: BoolArray

    def __post_init__(self) -> None:
        if self.most < 0:
            raise ValueError(f"order limit: expected at least 0 orders, got {self.most}")
        checks.shape("order limit.order_of", self.order_of, (len(self.order_of),))
        if len(self.order_of) and not 0 <= self.order_of.min() <= self.order_of.max() < len(self.placed):
            raise ValueError(f"order limit.order_of: expected rows of the {len(self.placed)} orders; count them from 0")

    @classmethod
    def of(cls, snapshot: Snapshot, offer: IntArray, most: int, counted: CountedBy) -> OrderLimit:
        """At most `most` orders over the lines bought from `offer` (n,)."""
        if counted is CountedBy.LINES:
            order_of = np.arange(len(offer))
        else:
            supplier = np.array(snapshot.supply.supplier, dtype=object)[offer].astype(str)
            order_of = np.unique(supplier, return_inverse=True)[1].reshape(len(offer))
        orders = int(order_of.max(initial=-1)) + 1
        return cls(most, order_of.astype(np.int64), np.zeros(orders, np.bool_))

    def used(self, ordered: BoolArray) -> BoolArray:
        """(orders,): which orders the lines `ordered` (n,) make up."""
        used = np.zeros(len(self.placed), np.bool_)
        used[self.order_of[ordered]] = True
        return used

    def after(self, ordered: BoolArray) -> OrderLimit:
        """What is left of the limit once the lines `ordered` (n,) are."""
        new = self.used(ordered) & ~self.placed
        return replace(self, most=max(self.most - int(new.sum()), 0), placed=self.placed | new)

    def best(self, worth: NDArray[np.float64]) -> BoolArray:
        """(orders,): those placed, and the `most` others of the greatest `worth` (orders,), where that is above 0."""
        rank = np.argsort(np.where(self.placed, np.inf, -worth), kind="stable")[: self.most]
        chosen = self.placed.copy()
        chosen[rank[(worth[rank] > 0.0) & ~self.placed[rank]]] = True
        return chosen
