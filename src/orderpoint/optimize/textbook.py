"""The rule most shops start from: order up to mean demand plus z standard deviations. Kept to be compared with.

Source: Silver, Pyke & Thomas, Inventory and Production Management in Supply Chains, 4th ed., section 7.9: an (R, S)
policy with a cycle service level, S = mean + z x sd over the lead time plus review.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot


@dataclass(frozen=True)
class TextbookLevel:
    """Order up to the normal quantile of the protection interval's demand, whatever it costs.

    `service_level` is the cycle service level in (0, 1), the same for every item.
    """

    service_level: float = 0.95
    name: str = "textbook"

    def __post_init__(self) -> None:
        if not 0 < self.service_level < 1:
            raise ValueError(
                f"service_level: expected a share between 0 and 1, got {self.service_level}; 0.95 is usual"
            )

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders up to the level from the first offer of each series; MOQ and pack are rounded up to."""
        offer = snapshot.supply.offsets[:-1]
        last = snapshot.supply.next_arrival_period[offer].astype(np.int64) - 1
        span = demand.sum_over(0, np.minimum(last, demand.timeline.count - 1))
        level = np.ceil(span.means() + ndtri(self.service_level) * np.sqrt(span.variances()))
        position = snapshot.stock.on_hand + _receipts_until(snapshot, last)
        wanted = np.maximum(level - position, 0.0)
        pack = snapshot.supply.pack[offer]
        lots = np.ceil(np.maximum(wanted, snapshot.supply.moq[offer]) / pack) * pack
        allowed = snapshot.orderable & (wanted > 0) & snapshot.stock.known
        quantity = np.where(allowed, np.minimum(lots, snapshot.supply.max_quantity[offer]), 0.0)
        none = np.zeros_like(quantity)
        return Decisions(quantity, offer.copy(), level - 1.0, level, none)


def _receipts_until(
    snapshot: Snapshot, last: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Units of open orders on sale by period `last` of each series, shape (n,)."""
    cumulative = np.cumsum(snapshot.stock.receipts, axis=1)
    rows = np.arange(len(last))
    result: np.ndarray[tuple[int], np.dtype[np.float64]] = cumulative[rows, np.minimum(last, cumulative.shape[1] - 1)]
    return result
