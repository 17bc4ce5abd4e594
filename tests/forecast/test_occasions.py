"""What the calendar's days do: the fast way beside a plain one that multiplies all events out anew for each."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast import occasions
from orderpoint.forecast.occasions import Places, covers
from orderpoint.forecast.pooling import Groups
from orderpoint.forecast.shrinkage import GROUP_PRIOR_CELLS, LEAST_FACTOR, Sums, Trust, shrunken
from orderpoint.tables.known import CalendarEvent

GROUPS = Groups(np.arange(12, dtype=np.int32), np.arange(12) % 3, np.arange(12) // 6, np.arange(12) // 3)
LINE = Timeline(date(2024, 1, 1), Period.DAY, 400)
PLACES = Places(("a", "b", "c"), GROUPS.location)


def _calendar(seed: int, events: int = 9) -> tuple[CalendarEvent, ...]:
    rng = np.random.default_rng(seed)
    return tuple(
        CalendarEvent(LINE.first + timedelta(days=int(day)), f"e{e}", "festival", (None, "a", "b")[e % 3])
        for e in range(events)
        for day in rng.integers(0, LINE.count, 2 + 20 * (e == 0))
    )


def _sums(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    expected = rng.gamma(2.0, 10.0, (GROUPS.count, LINE.count))
    return rng.poisson(expected).astype(np.float64), expected


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_effects_are_those_of_a_plain_loop(seed: int) -> None:
    """Events that share days, of one place or all, recur once or often: the kernel and the plain loop agree."""
    calendar = _calendar(seed)
    found = occasions.learn(_sums(seed), GROUPS, LINE, calendar, PLACES)
    np.testing.assert_allclose(found.effect, _twin(_sums(seed), calendar), rtol=1e-9)
    assert found.effect.std() > 0.01


def test_a_day_that_sells_three_times_as_much_is_heard() -> None:
    """All groups sell three times as much on an event's days; what is learned comes near, and no other event moves."""
    units, expected = _sums(4)
    days = np.arange(20, 400, 25)
    units[:, days] = expected[:, days] * 3.0
    calendar = tuple(CalendarEvent(LINE.start(int(day)), "feast", "festival") for day in days)
    found = occasions.learn((units, expected), GROUPS, LINE, calendar, PLACES)
    assert found.effect.min() > 2.5
    assert found.effect.max() < 3.3


@pytest.mark.parametrize("centred", [True, False])
def test_shrinking_is_that_of_whole_arrays(*, centred: bool) -> None:
    """Random tables, some cells empty: the kernel agrees with the formulas written over whole arrays."""
    rng = np.random.default_rng(5)
    for _ in range(30):
        shape = tuple(rng.integers((1, 1, 2), (6, 9, 6)))
        level = rng.gamma(1.0, 5.0, shape) * (rng.random(shape) > 0.2)
        sums, trust = Sums(rng.poisson(level).astype(np.float64), level), Trust(5.0, 0.5, 0.1)
        np.testing.assert_allclose(shrunken(sums, trust, centred=centred), _shrunken(sums, trust, centred), rtol=1e-5)


def _twin(sums: tuple[np.ndarray, np.ndarray], calendar: tuple[CalendarEvent, ...]) -> np.ndarray:
    names = tuple(sorted({event.event for event in calendar}))
    cover = covers(names, LINE, calendar, PLACES)
    effect = np.ones((GROUPS.count, len(names)))
    for _ in range(occasions.PASSES):
        for e in range(len(names)):
            others = np.ones((GROUPS.count, LINE.count))
            for k in range(len(names)):
                if k != e:
                    others *= 1.0 + cover[k] * (effect[:, k : k + 1] - 1.0)
            effect[:, e] = _effect(sums[0], sums[1] * others, cover[e])
    return effect


def _effect(units: np.ndarray, expected: np.ndarray, cover: np.ndarray) -> np.ndarray:
    when = np.flatnonzero(cover.any(axis=0))
    repeat = np.arange(len(when)) * min(len(when), occasions.MOST_REPEATS) // len(when)
    plain = cover == 0.0
    usual = np.array([u[p].sum() / x[p].sum() for u, x, p in zip(units, expected, plain, strict=True)])[:, None]
    base = usual * expected[:, when]
    more = np.where(cover[:, when] > 0.0, units[:, when] - base * (1.0 - cover[:, when]), 0.0)
    base = base * cover[:, when]
    effect = np.ones(GROUPS.count)
    for depth, key in enumerate((np.zeros(GROUPS.count, np.int64), *GROUPS.levels)):
        shape = (int(key.max()) + 1, 1, int(repeat.max()) + 1)
        table = Sums(np.zeros(shape), np.zeros(shape))
        for g in range(GROUPS.count):
            np.add.at(table.units[key[g], 0], repeat, more[g])
            np.add.at(table.level[key[g], 0], repeat, base[g] * effect[g])
        reliability = occasions.ALL_RELIABILITY if depth == 0 else occasions.GROUP_RELIABILITY
        effect = effect * _shrunken(table, Trust(occasions.UNITS, reliability), centred=False)[key, 0]
    return np.clip(effect, occasions.LEAST_EFFECT, occasions.MOST_EFFECT)


def _shrunken(sums: Sums, trust: Trust, centred: bool) -> np.ndarray:
    whole = sums.units.sum(axis=(1, 2)) / np.maximum(sums.level.sum(axis=(1, 2)), 1e-12)
    level = sums.level * np.where(whole > 0, whole, 1.0)[:, None, None] if centred else sums.level
    weight = level / (level + trust.units)
    d = np.where(level > 1e-9, np.clip(sums.units / np.maximum(level, 1e-9) - 1.0, -1.0, 4.0), 0.0)
    sum_w, sum_d, sum_d2 = weight.sum(axis=2), (weight * d).sum(axis=2), (weight * d * d).sum(axis=2)
    cross = (sum_d**2 - ((weight * d) ** 2).sum(axis=2)).sum(axis=1)
    square = (sum_d2 * sum_w - (weight**2 * d * d).sum(axis=2)).sum(axis=1)
    cells = (sum_w > 1.2).sum(axis=1).mean()
    together = np.clip(cross.sum() / square.sum(), 0.0, 0.95) if square.sum() > 0 else 0.0
    together = (together * cells + trust.reliability * GROUP_PRIOR_CELLS) / (cells + GROUP_PRIOR_CELLS)
    typical = max(float(square.mean()), 1e-12)
    rho = np.clip((cross + typical * together) / (square + typical), max(trust.floor, 0.02), 0.95)
    return np.maximum(1.0 + sum_d / (sum_w + ((1.0 - rho) / rho)[:, None]), LEAST_FACTOR)
