"""What the shop sells: for every item its price, cost, size, rate of sale, life and how its customers react.

All items are drawn at once, in arrays, so that a hundred thousand of them cost a few megabytes. Items come in pairs of
neighbours (0 and 1, 2 and 3, ...) of one category: some pairs stand in for each other, in some the second succeeds
the first.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from orderpoint.simulate.world import fitted, suppliers
from orderpoint.simulate.world.names import CATEGORIES
from orderpoint.simulate.world.settings import WorldSettings

_STREAM = 4  # of the seed
ALWAYS, NEVER = -1_000_000, 1_000_000
"""Day numbers of an item that was there before the first day, and of one without an end."""

PLAIN, SUBSTITUTES, SUCCESSOR = 0, 1, 2
"""Kinds of a pair."""

_PAIR_SHARES: Final = (0.58, 0.34, 0.08)
_LAUNCH_SHARE, _END_SHARE = 0.12, 0.07
PLANNED_AHEAD_DAYS: Final = 90
"""Launches, ends of life and prices are known to the shop so many days ahead."""
_LOCATION_SD: Final = 0.30
_CATEGORY_ELASTICITY_SHARE: Final = 0.60  # of the spread; what the shifts of the categories leave is the item's own
_PACKS: Final = np.array([1, 2, 6, 10, 12, 20, 24, 48])


@dataclasses.dataclass(frozen=True)
class Catalog:
    """Arrays over the n items (and n x locations L where said); money in home currency.

    Attributes:
        category: number in `names.CATEGORIES`.
        pair_kind: of the item's pair: PLAIN, SUBSTITUTES or SUCCESSOR.
        price, unit_cost: list price of the first day and landed cost.
        elasticity, rival_elasticity: of demand to the own and to the competitors' price.
        log_rate: log of units a day before any factor, (n, L).
        size: negative binomial size, (n, L).
        season_strength: how strongly the item follows the yearly profile of its category.
        launch_day, end_day: first day on offer and first day no longer; ALWAYS and NEVER where there is none.
        launch_tau_days: time constant of the rise after a launch.
        hype: early extra demand of a launch, as a share.
        participation: chance that it takes part in a festival's price cuts.
        switch_share: share of lost demand that turns to the other item of the pair.
        return_share: share of sold units that come back.
        shelf_life_days: 0 where it does not expire.
        supplier, pack, moq, order_cost, volume, weight, duty_rate: as the supply and items tables say them.
        frozen: whether the shop has stopped ordering it by hand, shortly before today.
    """

    category: NDArray[np.int64]
    pair_kind: NDArray[np.int64]
    price: NDArray[np.float64]
    unit_cost: NDArray[np.float64]
    elasticity: NDArray[np.float64]
    rival_elasticity: NDArray[np.float64]
    log_rate: NDArray[np.float64]
    size: NDArray[np.float64]
    season_strength: NDArray[np.float64]
    launch_day: NDArray[np.int64]
    end_day: NDArray[np.int64]
    launch_tau_days: NDArray[np.float64]
    hype: NDArray[np.float64]
    participation: NDArray[np.float64]
    switch_share: NDArray[np.float64]
    return_share: NDArray[np.float64]
    shelf_life_days: NDArray[np.int64]
    supplier: NDArray[np.int64]
    pack: NDArray[np.int64]
    moq: NDArray[np.int64]
    order_cost: NDArray[np.float64]
    volume: NDArray[np.float64]
    weight: NDArray[np.float64]
    duty_rate: NDArray[np.float64]
    frozen: NDArray[np.bool_]


def make(settings: WorldSettings, makers: suppliers.Suppliers) -> Catalog:
    """Draw the catalogue of one world."""
    random = np.random.default_rng([settings.seed, _STREAM])
    n = settings.items
    pairs = (n + 1) // 2
    category = np.repeat(random.integers(0, len(CATEGORIES), pairs), 2)[:n]
    kind = np.repeat(random.choice(3, pairs, p=_PAIR_SHARES), 2)[:n]
    if n % 2:
        kind[-1] = PLAIN
    launch, end = _lives(random, settings, kind)
    log_rate = _log_rates(random, settings)
    price = _prices(random, category)
    supplier = np.empty(n, np.int64)
    for number in range(len(CATEGORIES)):
        mine = category == number
        supplier[mine] = random.choice(suppliers.choices(makers, number), int(mine.sum()))
    far = makers.far[supplier]
    margin = np.clip(_per_category(category, "margin") + random.normal(0.0, 0.06, n), 0.12, 0.75)
    litres = _per_category(category, "litres") * np.exp(0.5 * random.normal(size=n))
    pack, moq = _lots(random, settings, log_rate, far)
    shift = _per_category(category, "elasticity_shift")
    own_sd = fitted.ELASTICITY_SD * _CATEGORY_ELASTICITY_SHARE
    log_size = (
        fitted.LOG_SIZE_AT_RATE_ONE
        + fitted.LOG_SIZE_SLOPE * log_rate
        + fitted.LOG_SIZE_SD * random.normal(size=log_rate.shape)
    )
    return Catalog(
        category=category,
        pair_kind=kind,
        price=price,
        unit_cost=np.maximum(0.05, np.round(price * (1.0 - margin), 2)),
        elasticity=np.clip(fitted.ELASTICITY_MEAN + shift + own_sd * random.normal(size=n), -5.0, -0.5),
        rival_elasticity=fitted.COMPETITOR_ELASTICITY * np.exp(0.3 * random.normal(size=n) - 0.045),
        log_rate=log_rate,
        size=np.exp(np.clip(log_size, math.log(0.25), math.log(60.0))),
        season_strength=np.clip(random.normal(1.0, 0.5, n), 0.0, 2.5),
        launch_day=launch,
        end_day=end,
        launch_tau_days=random.uniform(15.0, 60.0, n),
        hype=random.exponential(0.5, n),
        participation=random.beta(2.0, 2.0, n),
        switch_share=np.where(kind == SUBSTITUTES, random.uniform(0.2, 0.6, n), 0.0),
        return_share=np.clip(fitted.RETURN_SHARE * np.exp(0.5 * random.normal(size=n) - 0.125), 0.0, 0.2),
        shelf_life_days=_shelf_lives(random, category, far),
        supplier=supplier,
        pack=pack,
        moq=moq,
        order_cost=np.where(far, 12.0, random.choice([2.0, 4.0, 6.0], n)),
        volume=np.round(np.maximum(litres, 0.05) / 1000.0, 6),
        weight=np.round(np.maximum(litres * _per_category(category, "density"), 0.02), 3).astype(np.float64),
        duty_rate=np.where(far, random.choice([0.0, 0.027, 0.045, 0.12], n), 0.0),
        frozen=(random.random(n) < 0.01) & (launch < 0) & (end == NEVER),
    )


def _per_category(category: NDArray[np.int64], field: str) -> NDArray[np.float64]:
    values: NDArray[np.float64] = np.array([float(getattr(c, field)) for c in CATEGORIES], dtype=np.float64)
    return values[category]


def _prices(random: np.random.Generator, category: NDArray[np.int64]) -> NDArray[np.float64]:
    """Log prices have the fitted spread; a third of its variance is between the categories already."""
    own = fitted.LOG_PRICE_SD * math.sqrt(2.0 / 3.0)
    price = _per_category(category, "price") * np.exp(own * random.normal(size=len(category)))
    return np.round(np.clip(price, 0.8, 900.0), 2).astype(np.float64)


def _log_rates(random: np.random.Generator, settings: WorldSettings) -> NDArray[np.float64]:
    """Lognormal rates: an item's own, a place's own, and one of the item at the place; shape (n, L)."""
    within = fitted.LOG_RATE_WITHIN_ITEM_SD
    between = math.sqrt(fitted.LOG_RATE_SD**2 - within**2)
    item = between * random.normal(size=(settings.items, 1))
    place = np.linspace(_LOCATION_SD, -_LOCATION_SD, settings.locations) if settings.locations > 1 else np.zeros(1)
    both = math.sqrt(within**2 - _LOCATION_SD**2) * random.normal(size=(settings.items, settings.locations))
    return fitted.LOG_RATE_MEAN + math.log(settings.rate_scale) + item + place[None, :] + both


def _lives(
    random: np.random.Generator, settings: WorldSettings, kind: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last days of the items; a successor starts a month before its forerunner ends."""
    n, days = settings.items, settings.days
    latest = days + min(PLANNED_AHEAD_DAYS, settings.ahead_days) - 1
    launch = np.where(random.random(n) < _LAUNCH_SHARE, random.integers(21, latest, n), ALWAYS)
    end = np.where(random.random(n) < _END_SHARE, random.integers(days // 4, latest, n), NEVER)
    end = np.where((end != NEVER) & (end < launch + 240), NEVER, end)  # a launch is not stopped within months
    change = random.integers(days // 5, latest, n)
    first = np.flatnonzero(kind == SUCCESSOR)[::2]
    launch[first], end[first] = ALWAYS, change[first]
    launch[first + 1], end[first + 1] = change[first] - 30, NEVER
    return launch, end


def _lots(
    random: np.random.Generator, settings: WorldSettings, log_rate: NDArray[np.float64], far: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Packs of at most three weeks' sale of a middling place; minimums of up to three weeks near by, six far away."""
    weekly = 7.0 * np.exp(np.median(log_rate, axis=1))
    wanted = random.choice(len(_PACKS), settings.items)
    fits = np.searchsorted(_PACKS, np.maximum(3.0 * weekly, 1.0), side="right") - 1
    pack = _PACKS[np.minimum(wanted, fits)]
    weeks = np.where(far, random.uniform(2.0, 6.0, settings.items), random.choice([0.0, 0.0, 1.0, 3.0], settings.items))
    return pack, np.maximum(pack, np.ceil(weeks * weekly / pack).astype(np.int64) * pack)


def _shelf_lives(random: np.random.Generator, category: NDArray[np.int64], far: NDArray[np.bool_]) -> NDArray[np.int64]:
    low = np.array([c.shelf_life_days[0] if c.shelf_life_days else 0 for c in CATEGORIES])[category]
    high = np.array([c.shelf_life_days[1] if c.shelf_life_days else 0 for c in CATEGORIES])[category]
    some = (random.random(len(category)) < 0.7) & (high > 0) & ~(far & (high < 365))
    return np.where(some, np.rint(low + random.random(len(category)) * (high - low)).astype(np.int64), 0)
