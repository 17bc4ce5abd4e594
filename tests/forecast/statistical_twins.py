"""Slow, plain twins of the portfolio's runs: each says the means ahead from one series' past alone, from scratch.

As in `twins`, a kernel that read the future or carried a wrong state over a gap would differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.forecast import twins
from tests.forecast.twins import PRIOR, pairs

Means = Callable[[Sequence[float], Sequence[bool], Sequence[float], Sequence[float]], list[float]]


def level(of: Callable[[list[tuple[float, float]]], float]) -> Means:
    """A form whose forecast is a level of the seen (demand, factor) times the season."""
    return lambda y, seen, f, f_ahead: [max(of(pairs(y, seen, f)), 0.0) * c for c in f_ahead]


def line(of: Callable[[list[float]], tuple[float, float]], phi: float) -> Means:
    """A form whose forecast is a damped line through (base, slope) of the seen demand over its factors."""

    def means(y: Sequence[float], seen: Sequence[bool], f: Sequence[float], f_ahead: Sequence[float]) -> list[float]:
        base, slope = of([a / c for a, c in pairs(y, seen, f)])
        steps = [sum(phi**k for k in range(1, h + 2)) for h in range(len(f_ahead))]
        return [max(base + slope * step, 0.0) * c for step, c in zip(steps, f_ahead, strict=True)]

    return means


def tsb(alpha: float, beta: float) -> Means:
    def of(rows: list[tuple[float, float]]) -> float:
        p, z, sold = 1.0, PRIOR, 0
        for had, (a, c) in enumerate(rows, start=1):
            p += max(beta, 1 / had) * ((a > 0) - p)
            if a > 0:
                sold += 1
                z += max(alpha, 1 / sold) * (a / c - z)
        return p * z

    return level(of)


def croston(alpha: float, beta: float, *, corrected: bool) -> Means:
    def of(rows: list[tuple[float, float]]) -> float:
        size, interval, since, sold = PRIOR, 1.0, 0, 0
        for a, c in rows:
            since += 1
            if a > 0:
                sold += 1
                size += max(alpha, 1 / sold) * (a / c - size)
                interval += max(beta, 1 / sold) * (since - interval)
                since = 0
        waited = 1.0 if sold else 1.0 / (1.0 + since)
        return waited * (1 - beta / 2 if corrected else 1.0) * size / interval

    return level(of)


def buckets(alpha: float, length: int, *, mean: bool) -> Means:
    def means(y: Sequence[float], seen: Sequence[bool], f: Sequence[float], f_ahead: Sequence[float]) -> list[float]:
        longest = length or twins.mean_interval(y, seen)
        lengths = range(1, longest + 1) if mean else [longest]
        levels = [twins.bucket_level(y, seen, f, k, alpha) if any(seen) else PRIOR for k in lengths]
        return [sum(levels) / len(levels) * c for c in f_ahead]

    return means


def holt(alpha: float, beta: float, phi: float) -> Means:
    def of(x: list[float]) -> tuple[float, float]:
        now, trend = (x[0] if x else PRIOR), 0.0
        for value in x[1:]:
            new = alpha * value + (1 - alpha) * (now + phi * trend)
            now, trend = new, beta * (new - now) + (1 - beta) * phi * trend
        return now, trend

    return line(of, phi)


def theta(alpha: float, weight: float) -> Means:
    """Simple smoothing with drift (Hyndman and Billah 2003): `weight` times the slope of the regression on time."""

    def of(x: list[float]) -> tuple[float, float]:
        k = len(x)
        if not x:
            return PRIOR, 0.0
        now = x[0]
        for value in x[1:]:
            now += alpha * (value - now)
        middle, mean = (k - 1) / 2, sum(x) / k
        square = sum((j - middle) ** 2 for j in range(k))
        slope = weight * sum((j - middle) * (a - mean) for j, a in enumerate(x)) / square if k > 1 else 0.0
        return now + slope * (1 / alpha - 1) * (1 - (1 - alpha) ** (k - 1)), slope

    return line(of, 1.0)


def naive(share: float, phi: float) -> Means:
    def of(x: list[float]) -> tuple[float, float]:
        drift = (x[-1] - x[0]) / (len(x) - 1) if len(x) > 1 else 0.0
        return (x[-1] if x else PRIOR), share * drift

    return line(of, phi)


def winters(gains: tuple[float, float, float, float], season: int, *, times: bool) -> Means:
    """`twins.holt_winters`, begun at the first seen period, once one is seen two seasons on."""
    plain = twins.holt_winters(gains, season, times)

    def means(y: Sequence[float], seen: Sequence[bool], f: Sequence[float], f_ahead: Sequence[float]) -> list[float]:
        if not any(seen):
            return [PRIOR * c for c in f_ahead]
        first = list(seen).index(True)
        begun = any(seen[first + 2 * season - 1 :])
        last = len(y) if begun else min(len(y), first + 2 * season - 1)
        if not begun:  # the mean so far
            known = [y[t] / f[t] for t in range(first, last) if seen[t]]
            return [sum(known) / len(known) * c for c in f_ahead]
        return list(plain(y[first:], seen[first:], f[first:], f_ahead))

    return means


def seasonal(alpha: float, share: float, season: int) -> Means:
    def means(y: Sequence[float], seen: Sequence[bool], _f: Sequence[float], f_ahead: Sequence[float]) -> list[float]:
        value: dict[int, float] = {}
        for t in range(len(y)):
            if seen[t]:
                before = value.get(t % season, y[t])
                value[t % season] = before + alpha * (y[t] - before)
        mean = sum(value.values()) / len(value) if value else PRIOR
        there = [value.get((len(y) + h) % season) for h in range(len(f_ahead))]
        return [mean if v is None else share * v + (1 - share) * mean for v in there]

    return means


def last_year(share: float, keep: float, year: tuple[int, int], *, wide: bool) -> Means:
    lag, step = year

    def means(y: Sequence[float], seen: Sequence[bool], f: Sequence[float], f_ahead: Sequence[float]) -> list[float]:
        rest, out = twins.discounted_ratio(1 - keep)(y, seen, f, f_ahead), []
        for h in range(len(f_ahead)):
            middle = len(y) + h
            while middle >= len(y):
                middle -= lag
            ago = [(middle - step, 0.25), (middle, 0.5), (middle + step, 0.25)] if wide else [(middle, 1.0)]
            there = [(y[k], w) for k, w in ago if 0 <= k < len(y) and seen[k]]
            units = sum(a * w for a, w in there) / sum(w for _, w in there) if there else 0.0
            out.append(share * units + (1 - share) * rest[h] if there else rest[h])
        return out

    return means


def lags(coefficients: Sequence[float], windows: Sequence[int], season: int) -> Means:
    """Means of the last seen ones by window, and the season's last value."""

    def means(y: Sequence[float], seen: Sequence[bool], f: Sequence[float], f_ahead: Sequence[float]) -> list[float]:
        ones = [1.0] * len(f_ahead)
        base = sum(
            b * twins.moving_average(w)(y, seen, f, [1.0])[0] for b, w in zip(coefficients[:-1], windows, strict=True)
        )
        value = twins.seasonal_naive(season)(y, seen, f, ones)
        return [max(base * c + coefficients[-1] * v, 0.0) for c, v in zip(f_ahead, value, strict=True)]

    return means
