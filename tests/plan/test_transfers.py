"""The lines of transfers.csv: each says what it does by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.baselines import SeasonalNaive
from orderpoint.optimize.base import judged_by
from orderpoint.optimize.collaboration.alone import alone
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.optimize.spoken import chance
from orderpoint.plan.case import PlanCase
from orderpoint.plan.purchase_orders import orders_table
from orderpoint.plan.transfers import transfers_table
from orderpoint.tables.decisions import Decisions, Transfers
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import TODAY
from tests.optimize.network_places import SHOPS, STAR, Places

POLICY = Scollab(Sampling(paths=512))
NOWHERE = {"east": 2.0, "west": 8.0}
"""Two shops of no network: each orders for itself, and goods may move between them."""


def case_of(snapshot: Snapshot) -> PlanCase:
    shape = (len(snapshot.index), 4)
    past = Timeline(TODAY - timedelta(days=28), Period.WEEK, 4)
    sales = Sales(snapshot.index, past, np.ones(shape, np.float32), np.full(shape, State.OBSERVED, np.uint8))
    return PlanCase(sales, Known(snapshot.catalog), snapshot, SeasonalNaive(), POLICY)


def without(decisions: Decisions, k: int) -> Decisions:
    moves = decisions.transfers
    assert moves is not None
    kept = np.arange(len(moves.source)) != k
    fields = ("source", "target", "quantity", "arrival_period", "arrival_day", "gain")
    return replace(decisions, transfers=Transfers(*(getattr(moves, name)[kept] for name in fields)))


@pytest.mark.parametrize("places", [Places(SHOPS, STAR, (30.0, 4.0, 1.0, 0.0)), Places(NOWHERE, (), (60.0, 3.0))])
def test_risks_are_those_of_the_plan_with_the_transfer_and_without_it_alone(places: Places) -> None:
    snapshot, demand = places.build()
    decisions = POLICY.decide(snapshot, demand)
    moves, found = decisions.transfers, POLICY.alone(snapshot, demand, decisions)
    assert moves is not None
    assert found is not None
    whole = POLICY.evaluate(snapshot, demand, decisions)
    for k, target in enumerate(moves.target.tolist()):
        less = POLICY.evaluate(snapshot, demand, without(decisions, k))
        assert found.risk[k].tolist() == [less.stockout_risk[target], whole.stockout_risk[target]]
        assert found.short[k] == pytest.approx([less.short[target], whole.short[target]])


def test_the_gain_is_what_the_exchange_counted_where_the_orders_stay_as_they_were() -> None:
    snapshot, demand = Places(SHOPS, STAR, (30.0, 4.0, 1.0, 0.0)).build()
    decisions = POLICY.decide(snapshot, demand)
    moves, found = decisions.transfers, POLICY.alone(snapshot, demand, decisions)
    assert moves is not None
    assert found is not None
    assert found.gain == pytest.approx(moves.gain, rel=1e-6)


def test_a_transfer_is_not_credited_with_what_an_order_does() -> None:
    snapshot, demand = Places(NOWHERE, (), (60.0, 3.0)).build()
    decisions = POLICY.decide(snapshot, demand)
    west = 1
    assert decisions.quantity[west] > 0, "west orders as well"
    nothing = POLICY.evaluate(snapshot, demand, decisions.without_orders())
    table = transfers_table(case_of(snapshot), demand, decisions)
    assert table is not None
    found = alone(judged_by(POLICY, snapshot), demand, decisions, POLICY.sampling)
    assert found is not None
    assert table["expected_gain"].to_list() == found.gain.round(4).tolist()
    assert found.risk[0, 0] < nothing.stockout_risk[west], "without the transfer the order is still there"
    assert chance(found.risk[0, 0]) in table["reason"][0]


def test_an_order_is_not_credited_with_what_a_transfer_does() -> None:
    snapshot, demand = Places(NOWHERE, (), (60.0, 3.0)).build()
    decisions = POLICY.decide(snapshot, demand)
    moves = decisions.transfers
    assert moves is not None
    idle = POLICY.evaluate(snapshot, demand, replace(decisions.without_orders(), transfers=moves))
    after = POLICY.evaluate(snapshot, demand, decisions)
    (row,) = orders_table(case_of(snapshot), demand, decisions, idle, after).to_dicts()
    assert row["location"] == "west"
    assert row["stockout_risk_before"] == round(float(idle.stockout_risk[1]), 4)
    assert row["reason"].startswith(f"You have 3 and {moves.quantity.sum():.0f} coming")
    assert row["reason"].endswith("Today's transfers are counted.")
