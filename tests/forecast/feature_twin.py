"""The features of one row, written plainly: one look back at a time, no running sums."""

from __future__ import annotations

from typing import Any

import numpy as np

from orderpoint.forecast.features.kernel import LIKE_PERIODS, UPLIFT_PERIODS
from orderpoint.forecast.features.layout import POOLS


class Twin:
    """Reads the same inputs as the kernel, and looks at nothing of the past from the origin on."""

    def __init__(self, inputs: Any, layout: Any) -> None:
        self.past, self.planned, self.around = inputs
        self.layout, self.w = layout, layout.windows

    def row(self, i: int, t: int, s: int) -> dict[str, float]:
        known = {"step": float(min(s - t + 1, self.around.horizon))}
        known |= self.own(i, t) | self.season(i, t, s) | self.pooled(i, t, s)
        known |= dict(zip(("location_code", "department_code", "category_code"), self.past.codes[i], strict=True))
        if self.layout.priced:
            known |= self.priced(i, t, s)
        if self.layout.promoted:
            known |= self.promoted(i, t, s)
        known |= dict(zip(self.layout.when, self.around.table[self.around.region[i], s], strict=True))
        for d, name in enumerate(self.layout.drivers):
            known[f"driver_{name}"] = self.around.drivers[d, self.around.driver_row[d, i], s]
        return known

    def seen(self, i: int, periods: Any) -> Any:
        """Demand of those of the periods that were seen."""
        return np.array([float(self.past.demand[i, j]) for j in periods if self.past.seen[i, j]])

    def back(self, t: int, s: int, step: int, reach: int = 0) -> int:
        j = s
        while j + reach >= t:
            j -= step
        return j

    def own(self, i: int, t: int) -> dict[str, float]:
        level = float(self.past.level[i, t])
        out = {}
        for window in self.w.recent:
            y = self.seen(i, range(max(t - window, 0), t))
            out[f"mean_{window}"] = y.mean() / level if len(y) else np.nan
        y = self.seen(i, range(max(t - self.w.long, 0), t))
        sold = [j for j in range(t) if self.past.seen[i, j] and self.past.demand[i, j] > 0]
        return out | {
            "spread": y.std() / level if len(y) else np.nan,
            "zero_share": (y == 0).mean() if len(y) else np.nan,
            "since_last_sale": len(self.seen(i, range(sold[-1] + 1, t))) if sold else np.nan,
            "age": len(self.seen(i, range(t))),
            "in_stock_share": len(y) / (t - max(t - self.w.long, 0)),
            "last": y[-1] / level if len(y) else np.nan,
            "log_level": np.log(level),
            "largest": y.max() / level if len(y) else np.nan,
        }

    def season(self, i: int, t: int, s: int) -> dict[str, float]:
        level = float(self.past.level[i, t])
        first = self.back(t, s, self.w.phase)
        few, many = (
            self.seen(i, [first - k * self.w.phase for k in range(r) if first - k * self.w.phase >= 0])
            for r in self.w.repeats
        )
        out = {
            "same_phase_few": few.mean() / level if len(few) else np.nan,
            "same_phase_many": many.mean() / level if len(many) else np.nan,
            "same_phase_last": many[0] / level if len(many) else np.nan,
            "last_year": np.nan,
            "last_year_over_level": np.nan,
        }
        j, around = self.back(t, s, self.w.year, self.w.around), self.w.around
        if j >= around:
            y = self.seen(i, range(j - around, j + around + 1))
            if len(y):
                out["last_year"] = y.mean() / level
                out["last_year_over_level"] = y.mean() / float(self.past.level[i, j - around])
        return out

    def ratio(self, members: Any, periods: Any, drawn: float) -> float:
        """Units of all members over their levels, seen periods only, drawn to 1."""
        units = level = drawn
        for m in members:
            for j in periods:
                if self.past.seen[m, j]:
                    units += float(self.past.demand[m, j])
                    level += float(self.past.level[m, j])
        return units / level

    def pooled(self, i: int, t: int, s: int) -> dict[str, float]:
        out = {}
        own = float(self.past.level[i, t])
        for p, pool in enumerate(POOLS):
            values = dict.fromkeys(("short", "long", "same_phase", "last_year", "mean_over_own"), np.nan)
            if self.past.pool[i, p] >= 0:
                members = np.flatnonzero(self.past.pool[:, p] == self.past.pool[i, p])
                drawn = LIKE_PERIODS * own
                short, long = (range(max(t - n, 0), t) for n in (min(self.w.recent[1], self.w.long), self.w.long))
                values["short"], values["long"] = (self.ratio(members, part, drawn) for part in (short, long))
                first = self.back(t, s, self.w.phase)
                phases = [first - k * self.w.phase for k in range(self.w.repeats[1])]
                values["same_phase"] = self.ratio(members, [j for j in phases if j >= 0], drawn)
                j, around = self.back(t, s, self.w.year, self.w.around), self.w.around
                if j >= around:
                    values["last_year"] = self.ratio(members, range(j - around, j + around + 1), drawn)
                levels = [float(self.past.level[m, j]) for m in members for j in long if self.past.seen[m, j]]
                if levels:
                    values["mean_over_own"] = np.log(np.mean(levels) / own)
            out |= {f"{pool}_{what}": value for what, value in values.items()}
        return out

    def priced(self, i: int, t: int, s: int) -> dict[str, float]:
        names = ("own_mean", "now", "like", "highest")
        out = dict.fromkeys((*(f"price_over_{name}" for name in names), "price_change_recent"), np.nan)
        price = self.planned.price[i].astype(float)
        then, now, before = (
            price[s] if self.planned.ahead else price[t - 1],
            price[t - 1],
            price[max(t - self.w.long, 0)],
        )
        if not then > 0:
            return out
        known = [p for p in price[max(t - self.w.year, 0) : t] if p > 0]
        if known:
            out["price_over_own_mean"] = np.log(then / np.mean(known))
        out["price_over_highest"] = np.log(then / max([*known, then]))
        out["price_over_like"] = np.log(then) - self.around.like[self.past.codes[i, 2]]
        if now > 0:
            out["price_over_now"] = np.log(then / now)
            if before > 0:
                out["price_change_recent"] = np.log(now / before)
        return out

    def promoted(self, i: int, t: int, s: int) -> dict[str, float]:
        on, ahead = self.planned.promotion[i] > 0, self.planned.ahead
        year = range(max(t - self.w.year, 0), t)
        out = {
            "promotion": float(self.planned.promotion[i, s]) if ahead else np.nan,
            "promotion_share": np.mean([on[j] for j in year]),
            "promotion_uplift": self.ratio(
                [i], [j for j in year if on[j]], UPLIFT_PERIODS * float(self.past.level[i, t])
            ),
            "same_phase_same_promotion": np.nan,
            "promotion_in_span": np.nan,
        }
        if ahead:
            j, like = self.back(t, s, self.w.phase), []
            while j >= 0 and len(like) < self.w.repeats[0]:
                if self.past.seen[i, j] and on[j] == on[s]:
                    like.append(float(self.past.demand[i, j]))
                j -= self.w.phase
            if like:
                out["same_phase_same_promotion"] = np.mean(like) / float(self.past.level[i, t])
            near = min(self.w.recent[1], self.w.long) // 2
            out["promotion_in_span"] = float(on[max(s - near, 0) : s + near + 1].sum())
        return out
