"""A base's forecast, mended where a series is young, succeeds another one, falls, or has come to its end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast import judgement
from orderpoint.forecast.newitems import levels
from orderpoint.forecast.newitems.beliefs import Belief
from orderpoint.forecast.newitems.learned import Learned
from orderpoint.forecast.newitems.succession import INHERITED_CV2
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Override

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_CV2 = 9.0


def mended(said: Demand, learned: Learned, words: tuple[Override, ...]) -> tuple[Demand, NDArray[np.bool_]]:
    """The demand, and True for the series (n,) whose three-point estimates in `words` have been heard here."""
    mean, cv2 = said.mean.copy(), said.level_cv2.copy()
    busy = learned.market.ahead(said.mean)
    ahead = np.flatnonzero(learned.ages.launch >= learned.sales.timeline.count)
    mean[ahead] *= _on_sale(learned, ahead, mean.shape[1])
    heard = np.zeros(len(mean), np.bool_)
    if learned.falls is not None:
        _fall(mean, cv2, learned, busy)
    if learned.belief is not None:
        heard = _launch(mean, cv2, learned, busy, words)
    _succeed((mean, cv2), said.mean, learned, busy)
    return replace(said, mean=mean, level_cv2=np.minimum(cv2, np.maximum(MOST_CV2, said.level_cv2))), heard


def _fall(mean: Floats, cv2: Floats, learned: Learned, busy: Floats) -> None:
    """Falling series go on falling."""
    falls = learned.falls
    if falls is None:
        return
    h = np.arange(mean.shape[1])
    group = learned.market.group[falls.rows]
    mean[falls.rows] = falls.level[:, None] * np.exp(falls.rate[:, None] * h) * busy[group]
    cv2[falls.rows] = np.maximum(cv2[falls.rows], falls.cv2)


def _launch(
    mean: Floats, cv2: Floats, learned: Learned, busy: Floats, words: tuple[Override, ...]
) -> NDArray[np.bool_]:
    """Young series: belief, own sales, launch curve; the base speaks as far as it has seen enough."""
    young, belief = learned.young, learned.belief
    heard = np.zeros(len(mean), np.bool_)
    if belief is None or not len(young.rows):
        return heard
    rows, period = young.rows, learned.sales.timeline.period
    group, ratio = learned.market.group[rows], learned.ratio[rows]
    told, has = _estimates(learned, words)
    belief = belief.hearing(told, has)
    since = np.broadcast_to(np.arange(young.units.shape[1]), young.units.shape).astype(np.int64)
    after = levels.after_sales(belief, young, learned.curves.at(group, since, period), ratio, learned.curves.cv2)
    periods = mean.shape[1]
    curve = learned.curves.at(group, _ages_ahead(learned, rows, periods), period)
    wise = after.mean[:, None] * curve * busy[group] * _on_sale(learned, rows, periods)
    base = _trust(learned, rows)
    wide = after.cv2 + learned.curves.cv2 + _wander(cv2, learned)
    mean[rows] = (1.0 - base[:, None]) * wise + base[:, None] * mean[rows]
    cv2[rows] = (1.0 - base) * wide + base * cv2[rows]
    heard[rows[has]] = True
    return heard


def _ages_ahead(learned: Learned, rows: Ints, periods: int) -> Ints:
    """Age (m, H) of the series `rows` in each of the periods ahead, 0 in that of the launch, below before it."""
    return np.asarray(learned.sales.timeline.count - learned.ages.launch[rows][:, None] + np.arange(periods))


def _on_sale(learned: Learned, rows: Ints, periods: int) -> Floats:
    """Part of each of the periods ahead (m, H) that lies after the launch of the series `rows`."""
    age = _ages_ahead(learned, rows, periods)
    return np.where(age == 0, learned.ages.share[rows][:, None], age > 0)


def _trust(learned: Learned, rows: Ints) -> Floats:
    """Share of the base in what is said of young rows, by the days that they were seen."""
    options = learned.options
    days = learned.sales.observed()[rows].sum(axis=1) * learned.sales.timeline.period.mean_days
    return np.asarray(np.clip((days - options.own_days) / (options.full_days - options.own_days), 0.0, 1.0))


def _wander(cv2: Floats, learned: Learned) -> float:
    """What levels do anyway: the median that the base says of long-lived series."""
    teachers = learned.market.teachers
    return float(np.median(cv2[teachers])) if len(teachers) else 0.0


def _estimates(learned: Learned, words: tuple[Override, ...]) -> tuple[Belief, NDArray[np.bool_]]:
    """Beliefs (m,) in the levels of young series from three-point estimates, and where there is one.

    An estimate speaks of the days from its start to its end, so it is divided by the curve's mean over them.
    """
    rows, line = learned.young.rows, learned.sales.timeline
    level, wide = np.ones(len(rows)), np.ones(len(rows))
    has = np.zeros(len(rows), np.bool_)
    index = learned.sales.index
    for word in words:
        if word.kind != "estimate":
            continue
        mine = judgement.spoken_of(word, index)[rows]
        mean, cv2 = judgement.three_points(word)
        mine &= mean > 0
        for k in np.flatnonzero(mine):
            launch = learned.ages.launch[rows[k]]
            ages = np.arange(line.index_of(word.start), line.index_of(word.end) + 1) - launch
            reached = learned.curves.at(learned.market.group[rows[k : k + 1]], ages[None], line.period).mean()
            one = Belief(np.array([mean / reached]), np.array([max(cv2, judgement.LEAST_CV2)]))
            before = Belief(level[k : k + 1], wide[k : k + 1])
            both = before.hearing(one, np.array([True])) if has[k] else one
            level[k], wide[k], has[k] = both.mean[0], both.cv2[0], True
    return Belief(level, wide), has


def _not_seen_yet(learned: Learned, old: int) -> float:
    """Share of an old item's demand that its successor's own sales do not show yet: none, long after its last sale."""
    seen = np.flatnonzero(learned.sales.observed()[old])
    line = learned.sales.timeline
    days = (line.count - 1 - seen[-1]) * line.period.mean_days if len(seen) else np.inf
    return float(np.clip(1.0 - days / learned.options.own_days, 0.0, 1.0))


def _succeed(out: tuple[Floats, Floats], base: Floats, learned: Learned, busy: Floats) -> None:
    """Successors inherit, and their old items hand over: to each of several heirs an equal part of what is theirs."""
    mean, cv2 = out
    before = mean.copy()  # falls and launches mended, nothing handed over
    pairs, now = learned.pairs, learned.sales.timeline.count
    h = now + np.arange(mean.shape[1])
    ratio = learned.ratio[pairs.old]
    level = Belief(np.maximum(pairs.level, 1e-9), np.full(len(pairs.new), INHERITED_CV2))
    level = level.seeing(pairs.units / ratio, pairs.exposure / ratio, 0.0)
    trust, wander = _trust(learned, pairs.new), _wander(cv2, learned)
    begun = _on_sale(learned, pairs.new, mean.shape[1])
    left: list[tuple[Floats, Floats]] = []  # what the old one keeps beside this heir: a share of its own, and units
    none = np.zeros(mean.shape[1])
    for k in range(len(pairs.new)):
        new, old, f, part = pairs.new[k], pairs.old[k], trust[k], pairs.part[k]
        own, alone = part * before[old], h >= pairs.end[k]
        if pairs.level[k] <= 0:
            left.append((none + part, none))
            continue
        if not learned.ages.young[new]:
            alone &= pairs.end[k] > now  # one that ended before has handed over already
            mean[new] += np.where(alone, own, 0.0)
            left.append((np.where(alone, 0.0, part), none))
            continue
        handed = _not_seen_yet(learned, old) * np.where(alone, own, 0.0)
        on = begun[k]
        both = level.mean[k] * busy[learned.market.group[old]]
        mean[new] = (1.0 - f) * np.where(alone, 1.0, pairs.share[k]) * on * both + f * (base[new] + handed)
        beside = (1.0 - f) * (1.0 - pairs.share[k]) * both + f * own
        left.append((none, np.where(on > 0, np.where(alone, (1.0 - on) * own, beside), own)))
        cv2[new] = (1.0 - f) * (level.cv2[k] + wander) + f * cv2[new]
    heirs: dict[int, list[int]] = {}
    for k, old in enumerate(pairs.old.tolist()):
        heirs.setdefault(old, []).append(k)
    for old, ks in heirs.items():
        mean[old] = np.sum([left[k][0] * mean[old] + left[k][1] for k in ks], axis=0)
