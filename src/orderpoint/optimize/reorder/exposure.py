"""The demand that an inventory position must last for, as probability tables: the only thing policies know of time.

Legend: R periods between reviews, L the lead time, D(k) the demand of k periods; an order of period t arrives at the
begin of period t + L, before the demand of that period. Net stock at the end of period t + L + k, k = 0..R - 1, is the
position after the review at t minus D(L + k + 1), and at its begin minus D(L + k).

Where orders never overtake, the time average needs the law of L alone, however successive lead times hang together:
the orders of a review at t decide the periods of age L to R + L' - 1, L' the lead time of the next review, and a sum of
phi over those ages is Phi(R + L') - Phi(L), whose mean is that of Phi(R + L) - Phi(L). Sources: R. S. Kaplan, "A
dynamic inventory model with stochastic lead times", Management Science 16 (1970); P. Zipkin, "Stochastic leadtimes in
continuous-time inventory models", Naval Research Logistics Quarterly 33 (1986).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.reorder import closed, crossing, sums
from orderpoint.optimize.reorder.convolution import row_of
from orderpoint.optimize.reorder.demand_tables import compound_poisson, masses, stacked
from orderpoint.optimize.reorder.lead_time import LeadTime
from orderpoint.optimize.reorder.tables import ExposureTables, packed
from orderpoint.tables import checks
from orderpoint.tables.distribution import Distribution
from orderpoint.tables.families.masses import Masses

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Exposure:
    """Demand of n series around their orders.

    `tables`: the five laws (`ExposureTables`). `reviews` float64 (n,): reviews for each unit of time; `idle` (n,): the
    probability that a period has no demand (0 where a moment of demand is meant). `crossing`: independent lead times,
    with which only a base stock has an exact answer.
    """

    tables: ExposureTables
    reviews: FloatArray
    idle: FloatArray
    crossing: bool = False

    def __len__(self) -> int:
        return len(self.reviews)


def periodic(demand: Distribution | Masses, lead_time: LeadTime | ArrayLike = 0, review_periods: int = 1) -> Exposure:
    """Independent, alike periods with the law `demand`, reviewed every `review_periods` of them.

    `lead_time` in whole periods. Counts and gammas are summed by their family, all else by convolution.
    Raises ValueError unless review_periods is at least 1.
    """
    if review_periods < 1:
        raise ValueError(f"exposure.periodic: expected review_periods of at least 1, got {review_periods}")
    lead = lead_time if isinstance(lead_time, LeadTime) else LeadTime.of(lead_time)
    period = masses(demand)
    n = len(period.offsets) - 1
    chances = lead.chances(n)
    crosses = lead.crossing and lead.is_random()
    if crosses:
        tables = crossing.outstanding(period, chances, review_periods)
    elif isinstance(demand, Distribution) and closed.applies(demand):
        tables = closed.spans(demand, chances, review_periods)
    else:
        tables = sums.spans(period, chances, review_periods)
    return Exposure(tables, np.full(n, 1.0 / review_periods), period.values[period.offsets[:-1]].copy(), crosses)


def spans(
    review: Distribution | Masses,
    lead: Distribution | Masses | None = None,
    protection: Distribution | Masses | None = None,
) -> Exposure:
    """Reviews every period with given sums: `review` of a period, `lead` over the lead time, `protection` over both.

    As `Demand.sum_over` and `sum_over_random` give them. Without `lead` the lead time is none; without `protection` the
    two are taken as independent.
    """
    f = masses(review)
    n = len(f.offsets) - 1
    before = stacked([np.ones(1)] * n) if lead is None else masses(lead)
    together = f if lead is None else sums.added(before, f)
    after = together if protection is None else masses(protection)
    return Exposure(packed((f, before, before, after, after)), np.ones(n), f.values[f.offsets[:-1]].copy())


def continuous(rate: ArrayLike, lead_time: LeadTime | ArrayLike, sizes: Masses | None = None) -> Exposure:
    """Continuous review of compound Poisson demand: `rate` customers per unit of time, one or (n,), of random `sizes`.

    Time averages are what customers see (PASTA). With independent lead times the units outstanding of a base stock are
    compound Poisson with mean lead time alone (Palm's theorem; Feeney and Sherbrooke, Management Science 12 (1966) for
    orders of several units, which arrive together). Raises ValueError where a customer may take nothing.
    """
    lead = lead_time if isinstance(lead_time, LeadTime) else LeadTime.of(lead_time)
    batch = sizes if sizes is not None else stacked([np.array([0.0, 1.0])])
    rates = np.atleast_1d(np.asarray(rate, np.float64))
    checks.finite("exposure.continuous.rate", rates, least=0.0)
    if (batch.values[batch.offsets[:-1]] > 0.0).any():
        raise ValueError("exposure.continuous: expected sizes of at least 1; leave out customers who take nothing")
    n = np.broadcast_shapes(rates.shape, (len(batch.offsets) - 1,), (len(lead.values),))[0]
    rates = np.array(np.broadcast_to(rates, (n,)))
    review = batch if len(batch.offsets) - 1 == n else stacked([row_of(batch, 0)] * n)
    crosses = lead.crossing and lead.is_random()
    waiting = LeadTime.of(lead.mean()) if crosses else lead
    times, chances = (np.broadcast_to(a, (n, a.shape[1])) for a in (waiting.values, waiting.probability))
    parts = [compound_poisson(rates * times[:, k], review) for k in range(times.shape[1])]
    before = sums.mixed(parts, np.ascontiguousarray(chances))
    after = sums.added(before, review)
    return Exposure(packed((review, before, before, after, before)), rates, np.zeros(n), crosses)
