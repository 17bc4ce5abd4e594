"""Who can supply each series, how fast, at what price and in what lots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.supply import PriceBreaks
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]

PER_OFFER = (
    "lead_time_days",
    "lead_time_sd_days",
    "review_days",
    "unit_cost",
    "order_cost",
    "moq",
    "pack",
    "max_quantity",
    "arrival_period",
    "next_arrival_period",
    "arrival_day",
    "takes_orders_today",
)
"""The columns of `Supply` that are arrays of one value for each offer."""


@dataclass(frozen=True, eq=False)
class Supply:
    """All offers, sorted by series then supplier; the offers of series i are rows `offsets[i]` to `offsets[i + 1]`.

    Each series has at least one offer (a default one where the input has none, with supplier ""). k offers:
    `supplier` names; `lead_time_days`, `lead_time_sd_days`, `review_days` in days (float64, (k,)); `unit_cost`
    landed money per unit, duty and currency included; `order_cost` money per order line; `moq`, `pack`
    units (at least 1); `max_quantity` units per order (inf where none); `price_breaks` landed, length k.
    `arrival_period` int32 (k,): the period of the horizon from which an order of today is on sale;
    `next_arrival_period` int32 (k,): the same for the order placed `review_days` later (at least arrival_period + 1);
    `arrival_day` int32 (k,): days from today to arrival. Closures of suppliers are already in them.
    `takes_orders_today` bool (k,): False where the supplier's order days leave today out; nothing may be ordered from
    it then.
    """

    offsets: NDArray[np.int64]
    supplier: tuple[str, ...]
    lead_time_days: FloatArray
    lead_time_sd_days: FloatArray
    review_days: FloatArray
    unit_cost: FloatArray
    order_cost: FloatArray
    moq: FloatArray
    pack: FloatArray
    max_quantity: FloatArray
    price_breaks: tuple[PriceBreaks, ...]
    arrival_period: NDArray[np.int32]
    next_arrival_period: NDArray[np.int32]
    arrival_day: NDArray[np.int32]
    takes_orders_today: NDArray[np.bool_]

    def __post_init__(self) -> None:
        k = len(self.supplier)
        for name in PER_OFFER:
            checks.shape(f"supply.{name}", getattr(self, name), (k,))
        if (np.diff(self.offsets) < 1).any():
            raise ValueError("supply.offsets: expected at least one offer for each series; add a default offer")
        if (self.next_arrival_period <= self.arrival_period).any():
            raise ValueError("supply.next_arrival_period: expected later than arrival_period; add at least one period")

    def take(self, rows: NDArray[np.intp]) -> Supply:
        """The offers of some series, in the given order of rows."""
        chosen = np.concatenate(
            [np.arange(self.offsets[r], self.offsets[r + 1]) for r in rows] or [np.zeros(0, np.int64)]
        )
        counts = np.diff(self.offsets)[rows]
        columns = {name: getattr(self, name)[chosen] for name in PER_OFFER}
        return Supply(
            offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            supplier=tuple(self.supplier[k] for k in chosen),
            price_breaks=tuple(self.price_breaks[k] for k in chosen),
            **columns,
        )
