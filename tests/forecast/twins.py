"""Slow, plain twins of the compiled kernels.

Each is a function of one series' past alone (lists of demand, seen, factor, cut at the origin) and gives the state; the
harness forecasts from scratch at every origin, so that a kernel that read the future would differ from its twin.
"""

from __future__ import annotations

from typing import Any

PRIOR, PRIOR_WEIGHT = 3.0, 0.5  # as `builders.panel_of`


def pairs(y: Any, seen: Any, f: Any) -> Any:
    return [(a, c) for a, b, c in zip(y, seen, f, strict=True) if b]


def level_means(level: Any, f_ahead: Any) -> Any:
    return [level * f for f in f_ahead]


def discounted_ratio(alpha: Any) -> Any:
    def means(y: Any, seen: Any, f: Any, f_ahead: Any) -> Any:
        units, weight = PRIOR * PRIOR_WEIGHT, PRIOR_WEIGHT
        for a, c in pairs(y, seen, f):
            units, weight = (1 - alpha) * units + a, (1 - alpha) * weight + c
        return level_means(units / weight if weight > 0 else 0.0, f_ahead)

    return means


def moving_average(window: Any) -> Any:
    def means(y: Any, seen: Any, f: Any, f_ahead: Any) -> Any:
        last = pairs(y, seen, f)[-window:]
        level = sum(a for a, _ in last) / sum(c for _, c in last) if last else PRIOR
        return level_means(level, f_ahead)

    return means


def seasonal_naive(season: Any) -> Any:
    def means(y: Any, seen: Any, _f: Any, f_ahead: Any) -> Any:
        last = {t % season: y[t] for t in range(len(y)) if seen[t]}
        other = sum(last.values()) / len(last) if last else PRIOR
        return [last.get((len(y) + h) % season, other) for h in range(len(f_ahead))]

    return means


def holt(alpha: Any, beta: Any, phi: Any) -> Any:
    def means(y: Any, seen: Any, f: Any, f_ahead: Any) -> Any:
        level, trend, begun = 0.0, 0.0, False
        for a, c in pairs(y, seen, f):
            if not begun:
                level, begun = a / c, True
                continue
            new = alpha * a / c + (1 - alpha) * (level + phi * trend)
            level, trend = new, beta * (new - level) + (1 - beta) * phi * trend
        out, step = [], 0.0
        for h, c in enumerate(f_ahead, start=1):
            step += phi**h
            out.append(max(level + step * trend, 0.0) * c)
        return out

    return means


def holt_winters(gains: Any, season: Any, multiplicative: Any) -> Any:
    alpha, beta, gamma, phi = gains

    def means(y: Any, seen: Any, f: Any, f_ahead: Any) -> Any:
        flat = [a / c for a, c in zip(y, f, strict=True)]
        known = [flat[t] for t in range(len(y)) if seen[t]]
        level, trend = (sum(known) / len(known) if known else 0.0), 0.0
        index = [1.0 if multiplicative else 0.0] * season
        if len(y) >= 2 * season:
            mean = []
            for k in (0, 1):
                year = [flat[t] for t in range(k * season, (k + 1) * season) if seen[t]]
                mean.append(sum(year) / len(year) if year else 0.0)
            level, trend = mean[0], (mean[1] - mean[0]) / season if beta > 0 else 0.0
            for phase in range(season):
                both = []
                for k in (0, 1):
                    t = k * season + phase
                    value = flat[t] if seen[t] else mean[k]
                    if multiplicative:
                        both.append(value / mean[k] if mean[k] > 0 else 1.0)
                    else:
                        both.append(value - mean[k])
                index[phase] = sum(both) / 2
            for t in range(len(y)):
                if not seen[t]:
                    continue
                s, line, value = index[t % season], level + phi * trend, flat[t]
                if multiplicative:
                    new = alpha * (value / s if s > 1e-9 else value) + (1 - alpha) * line
                    index[t % season] = gamma * (value / line if line > 1e-9 else 1.0) + (1 - gamma) * s
                else:
                    new = alpha * (value - s) + (1 - alpha) * line
                    index[t % season] = gamma * (value - line) + (1 - gamma) * s
                level, trend = new, beta * (new - level) + (1 - beta) * phi * trend
        out, step = [], 0.0
        for h, c in enumerate(f_ahead):
            step += phi ** (h + 1)
            s = index[(len(y) + h) % season]
            line = level + step * trend
            out.append(max(line * s if multiplicative else line + s, 0.0) * c)
        return out

    return means


def tsb(alpha: Any, beta: Any) -> Any:
    def means(y: Any, seen: Any, f: Any, f_ahead: Any) -> Any:
        p = z = 0.0
        sold = 0
        for had, (a, c) in enumerate(pairs(y, seen, f), start=1):
            p += max(beta, 1 / had) * ((a > 0) - p)
            if a > 0:
                sold += 1
                z += max(alpha, 1 / sold) * (a / c - z)
        return level_means(p * z, f_ahead)

    return means


def sba(alpha: Any) -> Any:
    def means(y: Any, seen: Any, f: Any, f_ahead: Any) -> Any:
        size, interval, now, since, sold = 0.0, 1.0, 0.0, 0, 0
        for a, c in pairs(y, seen, f):
            since += 1
            if a > 0:
                sold += 1
                gain = max(alpha, 1 / sold)
                size += gain * (a / c - size)
                interval += gain * (since - interval)
                now, since = (1 - alpha / 2) * size / interval, 0
        return level_means(now, f_ahead)

    return means


def bucket_level(y: Any, seen: Any, f: Any, length: Any, alpha: Any) -> Any:
    """Smoothed demand per unit of season over full buckets of `length` seen periods; the open one before the first."""
    rows = pairs(y, seen, f)
    full = [rows[k : k + length] for k in range(0, len(rows) - length + 1, length)]
    if not full:
        return sum(a for a, _ in rows) / sum(c for _, c in rows) if rows else 0.0
    level = 0.0
    for k, bucket in enumerate(full, start=1):
        value = sum(a for a, _ in bucket) / sum(c for _, c in bucket)
        level += max(alpha, 1 / k) * (value - level)
    return level


def mean_interval(y: Any, seen: Any) -> Any:
    had, sold = sum(seen), sum(1 for a, b in zip(y, seen, strict=True) if b and a > 0)
    return min(max(int(had / sold + 0.5), 1), 24) if sold else 1


def adida(alpha: Any, longest: Any) -> Any:
    return lambda y, seen, f, f_ahead: level_means(bucket_level(y, seen, f, longest, alpha), f_ahead)


def imapa(alpha: Any, longest: Any) -> Any:
    def means(y: Any, seen: Any, f: Any, f_ahead: Any) -> Any:
        levels = [bucket_level(y, seen, f, k, alpha) for k in range(1, longest + 1)]
        return level_means(sum(levels) / longest, f_ahead)

    return means


def rolled(means: Any, y: Any, seen: Any, f: Any, origins: Any, span: Any, f_ahead: Any) -> Any:
    """What a twin says at each origin of the next period and of the span's seen periods, and of the periods ahead."""
    one, total = [], []
    for t in origins:
        said = means(y[:t], seen[:t], f[:t], f[t : t + span])
        one.append(said[0])
        total.append(sum(m for m, s in zip(said, seen[t : t + span], strict=True) if s))
    return one, total, means(y, seen, f, f_ahead)
