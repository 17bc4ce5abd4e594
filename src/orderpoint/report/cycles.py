"""The section on CIMS's cycles: all stock in one picture, the items of most money, and what is built up why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period
from orderpoint.messages import say
from orderpoint.messages.cycles import CYCLES
from orderpoint.plan.cycle_names import Stretch, stretches
from orderpoint.plan.result import Plan
from orderpoint.report.cycle_chart import Band, Track, cycle_svg
from orderpoint.report.words import Words
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

MOST_PICTURES = 6
MOST_REASONS = 12
WIDE = 1000.0

FIGURES = ("order", "incoming", "expected_demand")


def cycle_section(plan: Plan, names: Mapping[str, str | None], words: Words) -> dict[str, Any] | None:
    """What the page shows of the season that the method plans; None where it plans none."""
    if plan.cycles is None or plan.cycles.is_empty():
        return None
    table = _priced(plan.cycles, plan.case.snapshot)
    events = stretches(plan.case.known.calendar)
    said = {key: say(CYCLES, key, words.language) for key in CYCLES}
    end = plan.demand.timeline.end.isoformat()
    reaching, last = _reaching(table, (plan.demand.timeline.end - plan.case.snapshot.timeline.first).days)
    shown, everything = (f"{t.select('item', 'location').n_unique():,}" for t in (reaching, table))
    title = say(CYCLES, "cycles_sum", words.language, shown=shown, all=everything)
    unit = "month" if plan.case.snapshot.timeline.period is Period.MONTH else "week"
    return {
        "t": said | {"cycles_text": say(CYCLES, "cycles_text", words.language, end=end), "cycles_sum": title},
        "legend_arriving": said[f"cycles_order_{unit}"],
        "legend_coming": said[f"cycles_incoming_{unit}"],
        "legend_wanted": said[f"cycles_demand_{unit}"],
        "has_incoming": bool((table["incoming"] > 0).any()),
        "has_events": any(band.last > 0 for band in _bands(events, None, plan)),
        "sum": cycle_svg(_sum(reaching, plan, last, title), WIDE),
        "pictures": [_picture(rows, plan, names) for rows in _dearest(table)],
        "rows": _built_up(table, names, words),
    }


def _priced(cycles: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
    """The table of cycles with the days of each from today, its length, and what a unit costs."""
    cost = pl.DataFrame(
        {
            "item": snapshot.index.item_names(),
            "location": snapshot.index.location_names(),
            "unit_cost": snapshot.costs.unit_cost,
        }
    )
    begin = (pl.col("start") - snapshot.timeline.first).dt.total_days()
    after = (pl.col("end") - snapshot.timeline.first).dt.total_days() + 1
    return cycles.join(cost, on=("item", "location"), how="left", maintain_order="left").with_columns(
        begin.alias("begin"), after.alias("after"), (after - begin).alias("days")
    )


def _dearest(table: pl.DataFrame) -> list[pl.DataFrame]:
    """The cycles of the series whose stock ties up the most money, dearest first."""
    value = (pl.col("opening_stock") + pl.col("closing_stock")) * pl.col("days") * pl.col("unit_cost")
    ranked = table.group_by("item", "location").agg(value.sum().alias("value"))
    chosen = ranked.sort(["value", "item", "location"], descending=[True, False, False]).head(MOST_PICTURES)
    return [
        table.filter((pl.col("item") == item) & (pl.col("location") == place))
        for item, place in chosen.select("item", "location").iter_rows()
    ]


def _unit_days(plan: Plan) -> float:
    """Days that bars are counted on: a week, or a month."""
    period = plan.case.snapshot.timeline.period
    return period.mean_days if period is Period.MONTH else 7.0


def _picture(rows: pl.DataFrame, plan: Plan, names: Mapping[str, str | None]) -> dict[str, Any]:
    item, place = rows["item"][0], rows["location"][0]
    many = len(plan.case.snapshot.index.locations) > 1
    rate = _unit_days(plan) / rows["days"].to_numpy()
    order, incoming, demand = (rows[name].to_numpy() * rate for name in FIGURES)
    track = Track(
        title=f"{item} {place}",
        today=plan.case.snapshot.timeline.first,
        edges=np.append(rows["begin"].to_numpy(), rows["after"][-1]).astype(np.float64),
        stock=np.append(rows["opening_stock"][0], rows["closing_stock"].to_numpy()).astype(np.float64),
        order=order,
        incoming=incoming,
        demand=demand,
        bands=_bands(stretches(plan.case.known.calendar), place, plan),
    )
    label = " · ".join(part for part in (names.get(item) or "", place if many else "") if part)
    return {"item": item, "label": label, "svg": cycle_svg(track)}


def _reaching(table: pl.DataFrame, end: int) -> tuple[pl.DataFrame, int]:
    """(the cycles of the series whose plan reaches day `end`, that day), or of all up to where the first one stops.

    The latter where the former hold less than half of the money.
    """
    last = pl.col("after").max().over("item", "location")
    value = (pl.col("closing_stock") * pl.col("days") * pl.col("unit_cost")).sum()
    reaching = table.filter(last >= end)
    if 2.0 * reaching.select(value).item() >= table.select(value).item():
        return reaching, end
    return table, int(table.select(last.min()).item())


def _sum(table: pl.DataFrame, plan: Plan, end: int, title: str) -> Track:
    """All series of `table` in money at cost, on weeks or months from today to day `end`.

    What arrives and what sells is spread evenly over the days of its cycle.
    """
    step = _unit_days(plan)
    edges = np.arange(max(int(end // step), 1) + 1, dtype=np.float64) * step
    begin, after, cost = (table[name].to_numpy().astype(np.float64) for name in ("begin", "after", "unit_cost"))
    opening, closing = table["opening_stock"].to_numpy() * cost, table["closing_stock"].to_numpy() * cost
    slope = (closing - opening) / (after - begin)
    stock = [float(opening[begin == 0].sum())]
    worth = np.stack([table[name].to_numpy() * cost / (after - begin) for name in FIGURES])
    sums = np.zeros((len(FIGURES), len(edges) - 1))
    for k, (left, right) in enumerate(pairwise(edges.tolist())):
        sums[:, k] = worth @ np.clip(np.minimum(after, right) - np.maximum(begin, left), 0.0, None)
        now = (begin < right) & (right <= after)
        stock.append(float((opening + slope * (right - begin))[now].sum()))
    order, incoming, demand = sums
    bands = _bands(stretches(plan.case.known.calendar), None, plan)
    today = plan.case.snapshot.timeline.first
    return Track(title, today, edges, np.array(stock), order=order, incoming=incoming, demand=demand, bands=bands)


def _bands(events: list[Stretch], place: str | None, plan: Plan) -> list[Band]:
    """Events at a place (None: at any), each once where several places have it."""
    today: date = plan.case.snapshot.timeline.first
    found = {
        (s.event, (s.first - today).days, (s.last - today).days + 1)
        for s in events
        if place is None or s.place in (None, place)
    }
    return [Band(name, first, last) for name, first, last in sorted(found, key=lambda band: band[1:])]


def _built_up(table: pl.DataFrame, names: Mapping[str, str | None], words: Words) -> list[dict[str, str]]:
    """The cycles whose stock grows by the most money."""
    growth = (pl.col("closing_stock") - pl.col("opening_stock")) * pl.col("unit_cost")
    chosen = (
        table.filter(pl.col("kind") == "build_up")
        .with_columns(growth.alias("growth"))
        .sort(["growth", "item", "location", "start"], descending=[True, False, False, False])
        .head(MOST_REASONS)
    )
    return [
        {
            "item": row["item"],
            "name": names.get(row["item"]) or "",
            "location": row["location"],
            "cycle": row["cycle"],
            "start": str(row["start"]),
            "end": str(row["end"]),
            "reason": row["reason"],
            **{name: words.units(round(row[name])) for name in ("opening_stock", "order", "expected_demand")},
            "closing_stock": words.units(round(row["closing_stock"])),
        }
        for row in chosen.iter_rows(named=True)
    ]
