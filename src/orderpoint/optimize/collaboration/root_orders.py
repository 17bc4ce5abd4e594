"""Today's orders of the places that order from outside, each seen as its echelon, within the limits that they share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from orderpoint.optimize.coordination import coordinate
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.set_orders import at_their_word, traced
from orderpoint.optimize.shared_curves import furthest, shares_limits
from orderpoint.optimize.shared_terms import CONTAINER_FILL
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot


def root_orders(view: Snapshot, bounded: Snapshot, demand: Demand, sampling: Sampling) -> Decisions:
    """The orders of r echelons: what brings each to its level, cut or raised by the limits where it loses least.

    `bounded` is the view with the levels of the network (`views.bound`). What fewer units save is the expected cost of
    the echelon on the paths; the level itself is taken at its word (`set_orders`). A supplier's minimum may raise an
    order beyond the level, or leave it out, whichever costs less.
    """
    alone = MinCost(sampling).decide(replace(bounded, budget=None, shared=None), demand)
    if not view.stock.known or not shares_limits(view):
        return alone
    most = furthest(view, demand, alone.quantity, alone.offer, alone.order_up_to)
    unit_cost = view.supply.unit_cost[alone.offer]
    curves = at_their_word(traced(view, demand, alone, most, sampling), unit_cost, np.zeros(len(unit_cost)))
    found = coordinate(view, curves, CONTAINER_FILL)
    cut = replace(alone, quantity=found.quantity, shadow_price=found.shadow_price, remarks=found.remarks)
    return replace(cut, gap=found.gap, binding=found.binding)
