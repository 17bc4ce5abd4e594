"""The state of the shop on the morning of today, from the tables that were read."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from orderpoint.config import CostDefaults, Limits
from orderpoint.domain.calendar import Timeline
from orderpoint.domain.catalog import Status
from orderpoint.domain.errors import InputFaults
from orderpoint.ingest.facts import catalog_of, known_of
from orderpoint.ingest.held import stock_of
from orderpoint.ingest.links import dead_ends, network_of, strange_arcs
from orderpoint.ingest.money import costs_of, prices_of, unit_costs
from orderpoint.ingest.offers import offers_of
from orderpoint.ingest.plans_missing import plans_missing
from orderpoint.ingest.quality.rows import lonely_dates
from orderpoint.ingest.reading import Note, Reading
from orderpoint.ingest.shared import shared_limits_of
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales
from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.supply import Supply

LATE_SD = 3.0
"""Standard deviations by which a random lead time may exceed its mean within the horizon."""


@dataclass(frozen=True)
class SnapshotOptions:
    """Limits that a user sets for a run.

    `horizon` in periods (at least; never less than the orders need), `budget` in money, stock levels in units; None:
    not set.
    """

    horizon: int | None = None
    budget: float | None = None
    min_stock: float | None = None
    max_stock: float | None = None
    defaults: CostDefaults = field(default_factory=CostDefaults)


@dataclass(frozen=True, eq=False)
class State:
    """The shop today, what may be known ahead, how many series each default was used for, and remarks."""

    snapshot: Snapshot
    known: Known
    defaults: dict[str, int]
    notes: tuple[Note, ...]


def state_of(reading: Reading, sales: Sales, options: SnapshotOptions) -> State:
    """Build the state that follows `sales`, whose timeline ends the day before today.

    Raises InfeasibleError where the limits of the user contradict each other, InputFaults where arcs of the network
    lead to no place that sells or holds anything.
    """
    tables, index = reading.tables, sales.index
    lost = dead_ends(_file_of(reading, "network"), tables.get("network"), index)
    if lost:
        raise InputFaults(tuple(lost))
    today, period = sales.timeline.end, sales.timeline.period
    catalog = catalog_of(tables.get("items"), index.items)
    prices = prices_of(tables, sales, today)
    item_cost, assumed = unit_costs(tables, index, prices, options.defaults)
    supply, used_supply = offers_of(tables, index, item_cost, (today, period), options.defaults)
    landed = supply.unit_cost[supply.offsets[:-1]]
    costs, used_costs = costs_of(tables, index, prices, landed, options.defaults)
    timeline = Timeline(today, period, max(options.horizon or 0, default_horizon(supply, sales.timeline)))
    stock, notes = stock_of(tables, index, timeline)
    snapshot = Snapshot(
        index=index,
        timeline=timeline,
        catalog=catalog,
        stock=stock,
        supply=supply,
        costs=costs.bounded(options.min_stock, options.max_stock),
        orderable=_orderable(catalog, index.item_of, timeline),
        budget=options.budget,
        shared=shared_limits_of(tables, index),
        network=network_of(tables, index),
        currency=reading.home_currency,
    )
    assumed &= _no_offer_cost(reading, index.items)[index.item_of]
    used = {"unit_cost": int(assumed.sum()), **used_costs, **used_supply}
    known = known_of(tables, catalog, (sales.timeline.first, timeline.end))
    remarks = (
        *notes,
        *_not_used(reading, supply, index),
        *plans_missing(tables, sales, timeline),
        *_strays(reading, sales),
    )
    return State(snapshot, known, used, remarks)


def _file_of(reading: Reading, table: str) -> str:
    """The file that a table was read from."""
    return next((f.file for f in reading.files if f.table == table), table)


def _not_used(reading: Reading, supply: Supply, index: SeriesIndex) -> tuple[Note, ...]:
    """What was read and has no effect on the plan yet, and closures of nobody that is known."""
    strange_network = strange_arcs(reading.tables.get("network"), index)
    notes = [Note("network", "arcs_of_unknown_items", {"count": str(strange_network)})] if strange_network else []
    calendar = reading.tables.get("calendar")
    if calendar is not None and {"kind", "region"} <= set(calendar.columns):
        regions = calendar.filter(calendar["kind"] == "closure")["region"].drop_nulls().unique().to_list()
        strange = sorted(set(regions) - set(supply.supplier))
        if strange:
            notes.append(Note("calendar", "closures_of_no_supplier", {"regions": ", ".join(strange)}))
    return tuple(notes)


def _strays(reading: Reading, sales: Sales) -> tuple[Note, ...]:
    """Dates far from all others: one with a wrong year moves today, and years without a sale follow."""
    found = lonely_dates(reading.tables["sales"])
    if found is None:
        return ()
    details = {"count": str(found.count), "examples": ", ".join(found.examples), "today": str(sales.timeline.end)}
    return (Note(_file_of(reading, "sales"), "dates_far_apart", details),)


def default_horizon(supply: Supply, history: Timeline) -> int:
    """Periods of the horizon: longest lead time (with what it may be late), review and one period, at least 28 days."""
    late = np.ceil(LATE_SD * supply.lead_time_sd_days / history.period.mean_days)
    longest = int((supply.next_arrival_period + late).max(initial=0)) + 1
    least = int(np.ceil(Limits().shortest_horizon_days / history.period.mean_days))
    return max(longest, least)


def _orderable(catalog: Catalog, item_of: NDArray[np.int32], timeline: Timeline) -> NDArray[np.bool_]:
    """Which series may be ordered: active items whose end of life lies ahead."""
    live = [
        status is Status.ACTIVE and (end is None or end > timeline.first)
        for status, end in zip(catalog.status, catalog.end_of_life, strict=True)
    ]
    return np.array(live, dtype=np.bool_)[item_of] if live else np.zeros(0, np.bool_)


def _no_offer_cost(reading: Reading, items: tuple[str, ...]) -> NDArray[np.bool_]:
    """Items for which no supply row names a unit cost."""
    supply = reading.tables.get("supply")
    if supply is None or "unit_cost" not in supply.columns:
        return np.ones(len(items), dtype=np.bool_)
    named = set(supply.filter(supply["unit_cost"].is_not_null())["item"].to_list())
    return np.array([item not in named for item in items], dtype=np.bool_)
