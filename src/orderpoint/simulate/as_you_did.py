"""The figures of the shop's own past, as far as its files tell them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import DAYS_PER_YEAR
from orderpoint.simulate.backtest import Stretch
from orderpoint.simulate.kpis import Kpis
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
    sold = np.where(scored, sales.quantity[:, stretch.first :], 0.0)
    demand = np.where(scored, hidden_demand, 0.0)
    short = np.maximum(demand - sold, 0.0)
    held = np.maximum(snapshot.stock.on_hand, 0.0)
    series_days = (scored * days).sum(axis=1)
    length = (
        float(days.sum()) if not scored.any() else float((scored * days).sum() / max(1, int(scored.any(axis=1).sum())))
    )
    value = float((held * snapshot.costs.unit_cost).sum())
    goods = float((sold.sum(axis=1) * snapshot.costs.unit_cost).sum())
    waiting = np.where(snapshot.costs.backlog, (short * days).sum(axis=1), short.sum(axis=1))
    total = float(demand.sum())
    return Kpis(
        name=name,
        days=length,
        demand=total,
        short=float(short.sum()),
        fill_rate=1.0 - float(short.sum()) / total if total > 0 else 1.0,
        stockout_share=float((sales.censored()[:, stretch.first :] & scored).sum()) / max(1, int(scored.sum())),
        average_stock=float(held.sum()),
        average_stock_value=value,
        turnover=goods / length * DAYS_PER_YEAR / value if value > 0 and length > 0 else None,
        orders=None,
        holding_cost=float((held * snapshot.costs.holding_cost_per_unit_day * series_days).sum()),
        ordering_cost=None,
        stockout_cost=float((waiting * snapshot.costs.stockout_cost_per_unit).sum()),
    )
