"""Has a category drifted? Weekly errors of what was published, in units of what such a week usually misses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import DAYS_PER_WEEK, Period
from orderpoint.forecast.drift.cusum import alarms, limit
from orderpoint.tables.sales import Sales, State

Floats = NDArray[np.float64]
MONDAY = date(1970, 1, 5)
SMOOTHING = 0.3
"""Of the plain smoothing whose errors over the history say what a week usually misses."""
LEAST_STEPS = 8
"""Weeks (months) of history before the record from which a usual miss can be learned."""
MOST_STEPS = 104
MAD_TO_SD = 1.4826
LEAST_SD = 0.02
EVERYTHING = ""
"""The chart over all categories."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A category (EVERYTHING: the shop) whose demand left what was published.

    `began`: first day of the week (month) from which it did; `found`: of the one whose error raised the alarm;
    `ratio`: demand over forecast between the two, both included.
    """

    category: str
    began: date
    found: date
    ratio: float


def watch(record: pl.DataFrame, sales: Sales, category: NDArray[np.str_]) -> list[Drift]:
    """Every alarm that the record (`live.RECORD`) holds, by day, then category.

    Days are added up to whole weeks from Monday on; weeks and months stand for themselves. z = ln(demand / forecast) of
    a category over its usual miss: the median-based standard deviation of the errors of plain smoothing on the logs of
    its weekly totals in `sales` before the record begins. A category with too little history is not watched.
    `category` (n,): of each series of `sales`.
    """
    steps = _by_step(record, sales.timeline.period)
    if steps.is_empty():
        return []
    first: date = steps.select(pl.col("step").min()).item()
    names = [name for name in sorted(set(category.tolist())) if name in set(steps["category"])]
    charts = [EVERYTHING, *names] if len(names) > 1 else [EVERYTHING]
    h = limit(len(charts))
    found: list[Drift] = []
    for name in charts:
        mine = steps if name == EVERYTHING else steps.filter(pl.col("category") == name)
        mine = mine.group_by("step").agg(pl.col("demand", "forecast").sum()).sort("step")
        rows = np.ones(len(category), np.bool_) if name == EVERYTHING else category == name
        sd = _usual_miss(sales, rows, first)
        if sd is None:
            continue
        demand, forecast, days = (mine[c].to_list() for c in ("demand", "forecast", "step"))
        z = np.array(
            [error / _with_chance(sd, f) for error, f in zip(_errors(demand, forecast), forecast, strict=True)]
        )
        for alarm in alarms(z, h):
            part = slice(alarm.began, alarm.at + 1)
            ratio = sum(demand[part]) / max(sum(forecast[part]), 1e-9)
            found.append(Drift(name, days[alarm.began], days[alarm.at], ratio))
    return sorted(found, key=lambda d: (d.found, d.category))


def _errors(demand: list[float], forecast: list[float]) -> Floats:
    return np.log((np.array(demand) + 0.5) / (np.array(forecast) + 0.5))


def _with_chance(sd: float, forecast: float) -> float:
    """No less than what counts of that size miss by chance alone."""
    return float(np.sqrt(max(sd**2, 1.0 / (forecast + 0.5))))


def _by_step(record: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Sums by step and category: whole weeks of daily records, else the periods themselves."""
    step = pl.col("date")
    if period is Period.DAY:
        step = pl.col("date").dt.truncate("1w")
    summed = record.group_by(step.alias("step"), "category").agg(
        pl.col("demand", "forecast").sum(), pl.col("date").n_unique().alias("days")
    )
    whole = DAYS_PER_WEEK if period is Period.DAY else 1
    full = summed.group_by("step").agg(pl.col("days").max()).filter(pl.col("days") == whole)["step"]
    return summed.filter(pl.col("step").is_in(full.implode())).sort("step", "category")


def _usual_miss(sales: Sales, rows: NDArray[np.bool_], first: date) -> float | None:
    """Standard deviation of the log errors of plain smoothing on the totals of `rows` before the day `first`."""
    end = min(sales.timeline.count, max(0, sales.timeline.index_of(first)))
    total = np.where(sales.state[rows, :end] == State.OFF, 0.0, sales.quantity[rows, :end]).sum(axis=0)
    if sales.timeline.period is Period.DAY:
        start = sales.timeline.first
        skipped = (-(start - MONDAY).days) % DAYS_PER_WEEK
        whole = max(0, (end - skipped) // DAYS_PER_WEEK)
        total = total[skipped : skipped + whole * DAYS_PER_WEEK].reshape(whole, DAYS_PER_WEEK).sum(axis=1)
    total = total[-MOST_STEPS:]
    total = total[int(np.argmax(total > 0)) :] if (total > 0).any() else total[:0]
    if len(total) <= LEAST_STEPS:
        return None
    logs = np.log(total + 0.5)
    level, errors = float(np.median(logs[:LEAST_STEPS])), []
    for value in logs:
        errors.append(value - level)
        level += SMOOTHING * (value - level)
    return max(LEAST_SD, MAD_TO_SD * float(np.median(np.abs(errors))))


def recent(drifts: list[Drift], today: date, weeks: int) -> list[Drift]:
    """The last drift of each category that was found within so many weeks before `today`."""
    last = {d.category: d for d in drifts if d.found >= today - timedelta(weeks=weeks)}
    return [last[name] for name in sorted(last)]
