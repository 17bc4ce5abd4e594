"""What a network orders later: only its roots buy, enough for all that they feed."""

from __future__ import annotations

import numpy as np
import pytest

from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.plan.foreseen_network import network_orders
from tests.optimize.network_places import SHOPS, STAR, Places


@pytest.mark.parametrize("sd", [0.0, 4.0])
def test_only_the_hub_buys_and_enough_for_its_shops(sd: float) -> None:
    shop = {"horizon": 16, "lead_time_sd_days": sd}
    snapshot, demand = Places(SHOPS, STAR, (30.0, 20.0, 10.0, 5.0), shop=shop).build()
    policy = Scollab(Sampling(seed=3, paths=256))
    decisions = policy.decide(snapshot, demand)
    kept = policy.upkeep(snapshot, demand, decisions, 16)
    assert kept.feeds is not None
    later = network_orders(snapshot, demand, decisions, kept, kept.feeds)
    assert set(later.series.tolist()) == {0}
    assert (later.order_period > 0).all()
    # a week's demand is 9 in all; each later review orders what was sold since the one before
    steady = later.quantity[later.order_period > 4]
    assert steady.mean() == pytest.approx(9.0, abs=0.6)
    assert later.demand == pytest.approx(np.full(len(later.demand), 27.0)), "three weeks until the order after arrives"
    levels = kept.order_up_to[:, later.order_period].sum(axis=0)
    # what is here, on its way and ordered is the level of the hub less what the shops are owed
    assert (later.stock + later.coming + later.quantity <= levels + 1e-6).all()
