"""Who forecasts and who decides: the words of a request as objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from orderpoint.app.request import PlanRequest
from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.optimize.base import Policy
from orderpoint.optimize.maxserv import MaxServ
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Effort, Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.tables.snapshot import Snapshot

REPLAY_PATHS = 128

POLICIES: Mapping[str, Callable[[Sampling], Policy]] = {
    "mincost": MinCost,
    "maxserv": MaxServ,
    "scollab": Scollab,
}
"""The named algorithms by their names, each made from its sampling."""


def forecaster_for(request: PlanRequest, snapshot: Snapshot) -> Forecaster:
    """The default portfolio, scored on the sum of periods that most series must cover: lead time plus review."""
    first_offers = snapshot.supply.offsets[:-1]
    span = int(np.median(snapshot.supply.next_arrival_period[first_offers])) if len(first_offers) else 1
    return Portfolio(span=max(1, span), effort=request.effort)


def policy_for(request: PlanRequest) -> Policy:
    """The algorithm that the request names."""
    return POLICIES[request.method](Sampling(Effort(request.effort), request.seed))


def replay_policy_for(request: PlanRequest) -> Policy:
    """The same algorithm on few paths: the replay of the past decides many times, and its errors average out."""
    return POLICIES[request.method](Sampling(seed=request.seed, paths=REPLAY_PATHS))
