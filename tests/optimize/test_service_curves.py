"""What is short with each order, beside the evaluation and a plain walk over the same paths of demand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.optimize.maxserv import MaxServ
from orderpoint.optimize.protection import arrivals
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.service.curves import LEVEL, ORDER
from orderpoint.optimize.service.measures import Measure
from orderpoint.optimize.service.share import Shared
from orderpoint.stockflow.equation import step
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import SmallShop, with_receipt

SAMPLING = Sampling(paths=64)
SHOPS = (
    SmallShop(mean=(10.0, 3.0, 0.4), on_hand=4, level_cv2=0.1),
    SmallShop(mean=(10.0, 3.0, 0.4), on_hand=(30, 5, 1), arrival=1, next_arrival=4, lead_time_sd_days=5.0),
    SmallShop(mean=(10.0, 3.0, 0.4), on_hand=(-3, 0, 0), backlog=True, arrival=0, next_arrival=2, pack=3),
)


def curves_of(policy: MaxServ, snapshot: Snapshot, demand: Demand, kind: int = ORDER) -> Shared:
    offer = snapshot.supply.offsets[:-1]
    return policy._curves(snapshot, demand, (offer, kind), np.zeros(len(offer)))


def ordered(snapshot: Snapshot, quantity: np.ndarray) -> Decisions:
    none = np.zeros(len(quantity))
    return Decisions(quantity, snapshot.supply.offsets[:-1].copy(), none, none, none)


@pytest.mark.parametrize("shop", SHOPS)
def test_short_units_and_risk_are_those_of_the_evaluation(shop: SmallShop) -> None:
    snapshot, demand = shop.build()
    snapshot = with_receipt(snapshot, 1, 2)
    fill = curves_of(MaxServ(SAMPLING), snapshot, demand)
    risk = curves_of(MaxServ(SAMPLING, Measure.CYCLE_SERVICE), snapshot, demand)
    for k in range(0, fill.quantity.shape[1], 7):
        result = SAMPLING.evaluate(snapshot, demand, ordered(snapshot, fill.quantity[:, k]))
        assert 1.0 - fill.short[:, k] / fill.asked == pytest.approx(result.fill_rate, abs=1e-6)
        result = SAMPLING.evaluate(snapshot, demand, ordered(snapshot, risk.quantity[:, k]))
        assert risk.short[:, k] == pytest.approx(result.stockout_risk, abs=1e-9)


def waited(snapshot: Snapshot, demand: Demand, quantity: np.ndarray) -> np.ndarray:
    """Unit-days of waiting within the window, walked period by period with demand that waits."""
    total = np.zeros(len(quantity))
    for paths, _, setting in SAMPLING.sampled(snapshot, demand):
        lines, days = setting.lines, setting.clock.days
        for i in range(len(paths)):
            for j in range(paths.shape[1]):
                first, then = arrivals(setting, i, j)
                stock = lines.on_hand[i]
                for t in range(then):
                    receipt = lines.receipts[i, t] + (quantity[i] if t == first else 0.0)
                    stock, _ = step(stock, receipt, float(paths[i, j, t]), True)
                    total[i] += days[t] * max(-stock, 0.0) / paths.shape[1] if t >= first else 0.0
    return total


@pytest.mark.parametrize("shop", SHOPS)
def test_waiting_is_that_of_a_plain_walk(shop: SmallShop) -> None:
    snapshot, demand = shop.build()
    curves = curves_of(MaxServ(SAMPLING, Measure.RESPONSE_TIME), snapshot, demand)
    for k in range(0, curves.quantity.shape[1], 11):
        assert curves.short[:, k] == pytest.approx(waited(snapshot, demand, curves.quantity[:, k]), abs=1e-6)


def test_quantities_ascend_keep_lots_and_end_where_nothing_is_short() -> None:
    snapshot, demand = SmallShop(mean=(400.0, 50.0, 0.4), moq=20, pack=6, max_quantity=(np.inf, 60, np.inf)).build()
    curves = curves_of(MaxServ(SAMPLING), snapshot, demand)
    assert (np.diff(curves.quantity, axis=1) >= 0.0).all()
    bought = curves.quantity[curves.quantity > 0]
    assert (bought % 6 == 0).all()
    assert bought.min() == 24
    assert curves.quantity[1].max() == 60
    assert curves.short[[0, 2], -1].tolist() == [0.0, 0.0]
    assert (np.diff(curves.short, axis=1) <= 0.0).all()


def test_the_level_serves_as_the_order_does_from_nothing() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0), arrival=0, next_arrival=2).build()
    level = curves_of(MaxServ(SAMPLING), snapshot, demand, LEVEL)
    order = curves_of(MaxServ(SAMPLING), snapshot, demand, ORDER)
    assert np.array_equal(level.quantity, order.quantity)
    assert level.short == pytest.approx(order.short)


def test_what_may_not_be_ordered_shows_no_quantity() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0)).build()
    frozen = replace(snapshot, orderable=np.array([True, False]))
    curves = curves_of(MaxServ(SAMPLING), frozen, demand)
    assert curves.quantity[0].max() > 0
    assert curves.quantity[1].max() == 0
