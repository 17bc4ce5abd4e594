"""Levels of young series: by their like, by the same item elsewhere, by the planner's estimates, by own sales."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.newitems import likes
from orderpoint.forecast.newitems.ages import Ages
from orderpoint.forecast.newitems.beliefs import Belief, with_cut_periods
from orderpoint.forecast.newitems.curves import Curves, Young
from orderpoint.forecast.newitems.likeness import Attributes
from orderpoint.forecast.newitems.likes import Likes, Teachers
from orderpoint.forecast.newitems.market import Market
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PLACE_CV2 = np.geomspace(0.02, 4.0, 16)
LEAST_TEACHERS = 3
"""With fewer long-lived items nothing is said of new ones."""


@dataclass(frozen=True, eq=False)
class Background:
    """What long-lived series teach: `teachers` are all of them, `likes` may use fewer.

    `place` (L,) mean level of a location, `place_cv2` an item's own way there.
    """

    likes: Likes
    teachers: Teachers
    place: Floats
    place_cv2: float


def teach(sales: Sales, ages: Ages, market: Market, attributes: Attributes, ratio: Floats) -> Background | None:
    """Learn from the long-lived series; None where there are fewer than LEAST_TEACHERS items of them.

    `ratio` (n,): variance over mean of a period's demand. Levels are taken relative to the location's mean level.
    """
    seen = np.flatnonzero(ages.mature & np.isfinite(market.level))
    if len(np.unique(sales.index.item_of[seen])) < LEAST_TEACHERS or not market.level[seen].sum() > 0:
        return None
    at = sales.index.location_of[seen]
    places = len(sales.index.locations)
    whole = float(market.level[seen].mean())
    place = (np.bincount(at, market.level[seen], places) + whole) / (np.bincount(at, minlength=places) + 1.0)
    had = np.minimum(sales.observed()[seen].sum(axis=1), 364.0 / sales.timeline.period.mean_days)
    exposure = had * place[at] / ratio[seen]
    units = market.level[seen] * had / ratio[seen]
    item = sales.index.item_of[seen].astype(np.int64)
    own, of = np.unique(item, return_inverse=True)
    teachers = Teachers(own, _sum(of, units), _sum(of, exposure))
    place_cv2 = _place_cv2(units, exposure, of) if places > 1 else 0.0
    return Background(likes.learn(attributes, teachers), teachers, place, place_cv2)


def before_sales(
    background: Background, sales: Sales, young: Young, ratio: Floats, learned: tuple[Curves, Ints]
) -> Belief:
    """Belief (m,) in the level of each young series before its own sales: its like, then the item at other places.

    `learned`: the curves, and the category (n,) of each series. What other places say is drawn to the like as far as
    places differ (`place_cv2`).
    """
    rows, index = young.rows, sales.index
    curves, group = learned[0], learned[1][young.rows]
    items = index.item_of[rows].astype(np.int64)
    known = background.likes
    distinct, of = np.unique(items, return_inverse=True)
    level = known.level(distinct)[of]
    belief = Belief(level, np.full(len(rows), known.cv2))
    if len(index.locations) == 1:
        return Belief(level * background.place[index.location_of[rows]], belief.cv2)
    since = np.broadcast_to(np.arange(young.units.shape[1]), young.units.shape).astype(np.int64)
    reached = curves.at(group, since, sales.timeline.period)
    units, exposure = _elsewhere(background, sales, young, (young.exposure * reached, ratio[rows]), of)
    belief = belief.seeing(units, exposure, curves.cv2)
    units, exposure = _long_elsewhere(background, distinct)
    belief = belief.seeing(units[of], exposure[of], background.place_cv2)
    scale = background.place[index.location_of[rows]]
    return Belief(belief.mean * scale, belief.cv2 + background.place_cv2 * (1.0 + belief.cv2))


def after_sales(belief: Belief, young: Young, curve: Floats, ratio: Floats, own_way_cv2: float) -> Belief:
    """Belief (m,) after own sales; `curve` (m, K): share of the level reached; `ratio` (m,): variance over mean."""
    expected, bound = young.exposure * curve, young.bound * curve
    after = belief
    for _ in range(3 if (bound > 0).any() else 1):
        units, exposure = with_cut_periods(young.units, expected, bound, after.mean)
        after = belief.seeing(units / ratio, exposure / ratio, own_way_cv2)
    return after


def _elsewhere(
    background: Background, sales: Sales, young: Young, seen: tuple[Floats, Floats], of: Ints
) -> tuple[Floats, Floats]:
    """Units and exposure (m,) of each series' item at the other places, each place's word cut at 1 / place_cv2."""
    scale = background.place[sales.index.location_of[young.rows]]
    exposed, ratio = seen
    units = np.where(exposed > 0, young.units, 0.0).sum(axis=1) / ratio
    exposure = exposed.sum(axis=1) * scale / ratio
    trust = 1.0 / (1.0 + background.place_cv2 * units)
    units, exposure = units * trust, exposure * trust
    return np.maximum(_sum(of, units)[of] - units, 0.0), np.maximum(_sum(of, exposure)[of] - exposure, 0.0)


def _long_elsewhere(background: Background, items: Ints) -> tuple[Floats, Floats]:
    """Units and exposure of each of `items` at the places where it is long-lived, 0 where there are none."""
    known = background.teachers
    at = np.minimum(np.searchsorted(known.item, items), len(known.item) - 1)
    same = known.item[at] == items
    return np.where(same, known.units[at], 0.0), np.where(same, known.exposure[at], 0.0)


def _sum(of: Ints, values: Floats) -> Floats:
    """Sum of the values of each group."""
    return np.asarray(np.bincount(of, values), np.float64)


def _place_cv2(units: Floats, exposure: Floats, of: Ints) -> float:
    """How far an item goes its own way at a place: likeliest given the item's level over all of its places."""
    many = np.bincount(of)[of] > 1
    if not many.any():
        return 0.3
    level = (_sum(of, units) / _sum(of, exposure))[of]
    few = likes.Teachers(of[many], units[many], exposure[many])
    best = max((likes.likelihood(few, level[many] + 1e-9, float(c)), float(c)) for c in PLACE_CV2)
    return best[1]
