"""Stockouts that nobody wrote down: runs of periods without a sale that the item's own recent rate makes implausible.

A run of zeros is taken for a stockout where, seen from the sales before it *and* from those after it, it is less
probable than a threshold. Two models, each with the uncertainty of what the window shows:

- geometric: each open period has a sale with a probability p ~ Beta(1/2 + k, 1/2 + w - k), from k periods with sales in
  a window of w, so that P(no sale in x periods) = B(1/2 + k, 1/2 + w - k + x) / B(1/2 + k, 1/2 + w - k)
  (beta-binomial). Where zeros come in clumps, a two-state Markov chain's probability p0 p00^(x - 1) counts
  if it is larger.
- negative binomial: S units in the window, variance D times the mean, the level gamma distributed, so that
  P(no unit in x periods) = (w / (w + x))^(S ln D / (D - 1)); it alone can tell that one empty week is odd for an item
  that sells hundreds, and its threshold is stricter.

Periods in which the whole place sold next to nothing (closed days) do not count, and those in which fewer items
than usual sold count in part (`exposure`). Zeros stay what they are where the item did not sell in the same weeks of
another year either (Christmas goods in spring); where no other year is known and the run is longer than a quarter;
where it is longer than half a year; where a side shows too few periods with sales; and at the end of the
history, where a longer run may be the end of the item. Measured on real flags by
benchmarks/stockout_inference.py; the figures stand in docs/ingest.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period
from orderpoint.tables.sales import Sales, State

WINDOW_PERIODS = {Period.DAY: 56, Period.WEEK: 26, Period.MONTH: 12}
RUN_PERIODS_MAX = {Period.DAY: 182, Period.WEEK: 26, Period.MONTH: 6}
UNSEEN_SEASON_PERIODS_MAX = {Period.DAY: 91, Period.WEEK: 13, Period.MONTH: 3}
YEAR_PERIODS = {Period.DAY: 364, Period.WEEK: 52, Period.MONTH: 12}
TAIL_PERIODS_MAX = {Period.DAY: 28, Period.WEEK: 4, Period.MONTH: 1}
SELLING_PERIODS_MIN = 5
CLOSED_SHARE = 0.02
PLACE_SERIES_MIN = 5
PASSES = 3
MARKOV_WEIGHT = 4.0
RATIO_OF_POISSON = 1.0001


@dataclass(frozen=True, slots=True)
class Suspicion:
    """How sure one has to be. Probabilities of the run under the geometric and the negative binomial model."""

    geometric: float = 1e-3
    negative_binomial: float = 1e-5


def infer(sales: Sales, *, flagged: NDArray[np.bool_] | None = None, suspicion: Suspicion | None = None) -> Sales:
    """`sales` with implausible runs of zeros labelled STOCKOUT_INFERRED; quantities are not touched.

    `flagged` bool (n,): series whose stock state the input gives (column in_stock); nothing is inferred for them, nor
    for those that have a STOCKOUT in them. The answer depends on the history given: cut it first (tables.cutoff).
    """
    suspicion = suspicion or Suspicion()
    given = (sales.state == State.STOCKOUT).any(axis=1)
    if flagged is not None:
        given |= flagged
    state = np.ascontiguousarray(sales.state.copy())
    period = sales.timeline.period
    _infer(
        np.ascontiguousarray(sales.quantity),
        state,
        given,
        exposure(sales),
        sales.index.location_of,
        _limits(period, suspicion),
    )
    return replace(sales, state=state)


def _limits(period: Period, suspicion: Suspicion) -> NDArray[np.float64]:
    """Sizes in periods, the first threshold and the logarithm of the second, as the kernel wants them."""
    second = suspicion.negative_binomial
    logarithm = math.log(second) if second > 0.0 else -math.inf
    tables = (WINDOW_PERIODS, RUN_PERIODS_MAX, TAIL_PERIODS_MAX, UNSEEN_SEASON_PERIODS_MAX, YEAR_PERIODS)
    return np.array([*(table[period] for table in tables), suspicion.geometric, logarithm], np.float64)


def exposure(sales: Sales) -> NDArray[np.float64]:
    """(places, T) in [0, 1]: the share of the usual number of selling items that sold in a period at each place.

    1 where as many as in the median period or more sold, 0 where next to none did (closed). Places with few series say
    nothing about closing: 1 everywhere.
    """
    places = len(sales.index.locations)
    result = np.ones((places, sales.timeline.count))
    for place in range(places):
        rows = np.flatnonzero(sales.index.location_of == place)
        if len(rows) < PLACE_SERIES_MIN:
            continue
        selling = (sales.quantity[rows] > 0).sum(axis=0)
        usual = np.median(selling[selling > 0]) if (selling > 0).any() else 1.0
        share = np.minimum(1.0, selling / usual)
        result[place] = np.where(share < CLOSED_SHARE, 0.0, share)
    return result


@njit(cache=True, parallel=True)
def _infer(
    quantity: NDArray[np.float32],
    state: NDArray[np.uint8],
    given: NDArray[np.bool_],
    exposures: NDArray[np.float64],
    place: NDArray[np.int32],
    limits: NDArray[np.float64],
) -> None:
    """Labels the runs of each series in `state`, in place; `limits` as `_limits` gives them."""
    for i in prange(len(given)):
        if not given[i]:
            for _ in range(PASSES):
                if not _pass(quantity[i], state[i], exposures[place[i]], limits):
                    break


@njit(cache=True)
def _pass(
    quantity: NDArray[np.float32],
    state: NDArray[np.uint8],
    open_share: NDArray[np.float64],
    limits: NDArray[np.float64],
) -> bool:
    """One pass over one series; True where a run was added, so that the windows of others change."""
    count = len(quantity)
    sums, seen = _sums(quantity, state, open_share)
    zeros, runs = _inner_zeros(quantity, state, open_share)
    window = int(limits[0])
    added = False
    found_sale = False
    t = 0
    while t < count:
        if state[t] != 1 or quantity[t] > 0.0:
            found_sale = found_sale or (state[t] == 1 and quantity[t] > 0.0)
            t += 1
            continue
        start = t
        while t < count and state[t] == 1 and quantity[t] == 0.0:
            t += 1
        tail = t == count
        if not found_sale or t - start > (limits[2] if tail else limits[1]):
            continue
        length = sums[seen[t], 0] - sums[seen[start], 0]
        if length <= 0.0 or _out_of_season(quantity, state, start, t, limits):
            continue
        others = (zeros - (0.0 if tail else length), runs - (0.0 if tail else 1.0))
        verdict = _verdict(sums, max(seen[start] - window, 0), seen[start], length, others, limits)
        if verdict and not tail:
            verdict &= _verdict(sums, seen[t], min(seen[t] + window, seen[count]), length, others, limits)
        if verdict:
            state[start:t] = 3
            added = True
    return added


@njit(cache=True)
def _out_of_season(
    quantity: NDArray[np.float32], state: NDArray[np.uint8], start: int, end: int, limits: NDArray[np.float64]
) -> bool:
    """Whether the run `start` to `end` may be a season without demand: no sale a year before or after, or unknown."""
    known = False
    for shift in (-int(limits[4]), int(limits[4])):
        if start + shift < 0 or end + shift > len(quantity):
            continue
        observed = 0
        for t in range(start + shift, end + shift):
            if state[t] == 1:
                observed += 1
                if quantity[t] > 0.0:
                    return False
        known = known or 2 * observed >= end - start
    return known or end - start > limits[3]


@njit(cache=True)
def _sums(
    quantity: NDArray[np.float32], state: NDArray[np.uint8], open_share: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Running sums over observed periods (exposure, with sales, units, units^2, open), and how many precede each t."""
    count = len(quantity)
    sums = np.zeros((count + 1, 5))
    seen = np.zeros(count + 1, np.int64)
    at = 0
    for t in range(count):
        seen[t] = at
        if state[t] == 1:
            units = float(quantity[t])
            sums[at + 1, 0] = sums[at, 0] + open_share[t]
            sums[at + 1, 1] = sums[at, 1] + (1.0 if units > 0.0 else 0.0)
            sums[at + 1, 2] = sums[at, 2] + units
            sums[at + 1, 3] = sums[at, 3] + units * units
            sums[at + 1, 4] = sums[at, 4] + (1.0 if open_share[t] > 0.0 else 0.0)
            at += 1
    seen[count] = at
    return sums, seen


@njit(cache=True)
def _inner_zeros(
    quantity: NDArray[np.float32], state: NDArray[np.uint8], open_share: NDArray[np.float64]
) -> tuple[float, float]:
    """Exposure without sales in the runs between two sales, and the number of these runs."""
    zeros, runs = 0.0, 0.0
    length, found_sale = 0.0, False
    for t in range(len(quantity)):
        if state[t] != 1:
            length, found_sale = 0.0, False
        elif quantity[t] > 0.0:
            if found_sale and length > 0.0:
                zeros += length
                runs += 1.0
            length, found_sale = 0.0, True
        else:
            length += open_share[t]
    return zeros, runs


@njit(cache=True)
def _verdict(
    sums: NDArray[np.float64],
    first: int,
    end: int,
    length: float,
    others: tuple[float, float],
    limits: NDArray[np.float64],
) -> int:
    """What the window `first` to `end` says of a run: 1 implausible to the geometric, 2 to the other, 3 to both."""
    w = sums[end, 0] - sums[first, 0]
    units = sums[end, 2] - sums[first, 2]
    k = sums[end, 1] - sums[first, 1]
    if w <= 0.0 or k < SELLING_PERIODS_MIN:
        return 0
    verdict = 0
    sold, empty = 0.5 + k, 0.5 + max(w - k, 0.0)
    if _clumped(empty / (sold + empty), length, others) < limits[5]:
        whole = math.lgamma(sold + empty) - math.lgamma(sold + empty + length)
        if math.exp(math.lgamma(empty + length) - math.lgamma(empty) + whole) < limits[5]:
            verdict = 1
    n = sums[end, 4] - sums[first, 4]
    mean = units / n
    ratio = (sums[end, 3] - sums[first, 3] - n * mean * mean) / max(n - 1.0, 1.0) / mean
    shape = units if ratio <= RATIO_OF_POISSON else units * math.log(ratio) / (ratio - 1.0)
    if shape * math.log(w / (w + length)) < limits[6]:
        verdict += 2
    return verdict


@njit(cache=True)
def _clumped(p0: float, length: float, others: tuple[float, float]) -> float:
    """Probability of a run in a two-state chain that stays without sales as often as in the series' other runs."""
    zeros, runs = others
    stay = p0
    if zeros > 0.0:
        stay = max(p0, (max(zeros - runs, 0.0) + MARKOV_WEIGHT * p0) / (zeros + MARKOV_WEIGHT))
    return float(p0 * stay ** max(length - 1.0, 0.0))
