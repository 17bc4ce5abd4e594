"""The figures of the shop's own past, as far as its files tell them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.simulate.backtest import Stretch
from orderpoint.simulate.kpis import Kpis, Observed, kpis_of
from orderpoint.tables.sales import Sales
from orderpoint.tables.snapshot import Snapshot


def as_you_did(
    name: str, sales: Sales, hidden_demand: NDArray[np.float64], snapshot: Snapshot, stretch: Stretch
) -> Kpis | None:
    """Figures of the stretch as the shop ran it; None where no stock was given.

    Past stock levels are in no file, so the stock held today stands for the average; orders of the past are not known.
    Periods are scored as for the contestants: from the first that an order at the start of the stretch could have
    reached.
    """
    if not snapshot.stock.known:
        return None
    arrival = snapshot.supply.arrival_period[snapshot.supply.offsets[:-1]].astype(np.int64)
    scored = (np.arange(stretch.periods)[None, :] >= arrival[:, None]) & (sales.state[:, stretch.first :] > 0)
    days = np.array([sales.timeline.days(stretch.first + k) for k in range(stretch.periods)], dtype=np.float64)
    sold = sales.quantity[:, stretch.first :].astype(np.float64)
    short = np.where(scored, np.maximum(hidden_demand - sold, 0.0), 0.0)
    seen = Observed(
        scored=scored,
        days=days,
        demand=hidden_demand,
        short=short,
        out=sales.censored()[:, stretch.first :],
        stock_days=np.maximum(snapshot.stock.on_hand, 0.0) * (scored @ days),
        waiting_days=short @ days,
        orders=None,
    )
    return kpis_of(name, seen, snapshot.costs)
