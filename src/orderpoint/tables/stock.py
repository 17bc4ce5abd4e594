"""What is held and what is on its way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables import checks


@dataclass(frozen=True, eq=False)
class Stock:
    """Stock of n series at the start of today, in units, and open orders.

    `on_hand` float64 (n,), net of reservations, negative where demand waits. `receipts` float64 (n, H): units of
    confirmed orders that are on sale from period k of the horizon on (overdue ones in period 0). `receipts_beyond`
    float64 (n,): due after the horizon. `expiring` float64 (n, H), or None: units on hand that cannot be sold any more
    from period k on. `known` is False where the input has no stock table: then on_hand is 0 and nothing may be ordered.
    """

    on_hand: NDArray[np.float64]
    receipts: NDArray[np.float64]
    receipts_beyond: NDArray[np.float64]
    known: bool = True
    expiring: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        n = len(self.on_hand)
        checks.finite("stock.on_hand", self.on_hand)
        checks.shape("stock.receipts", self.receipts, (n, self.receipts.shape[1]))
        checks.finite("stock.receipts", self.receipts, least=0.0)
        checks.shape("stock.receipts_beyond", self.receipts_beyond, (n,))

    def take(self, rows: NDArray[np.intp]) -> Stock:
        """The stock of some series, in the given order of rows."""
        return Stock(
            self.on_hand[rows],
            self.receipts[rows],
            self.receipts_beyond[rows],
            self.known,
            None if self.expiring is None else self.expiring[rows],
        )
