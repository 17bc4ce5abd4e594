"""Invent a whole shop in memory: what it would see, and the truth."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl

from orderpoint.simulate.world import blueprint, export, labels, masters
from orderpoint.simulate.world import truth as truth_room
from orderpoint.simulate.world.history import History
from orderpoint.simulate.world.settings import WorldSettings


@dataclasses.dataclass(frozen=True)
class World:
    """An invented shop on the morning of `settings.today`.

    The frames have the columns of the file contract; each is what a shop would export. `truth` is what no shop knows.
    """

    settings: WorldSettings
    sales: pl.DataFrame
    stock: pl.DataFrame
    incoming: pl.DataFrame
    items: pl.DataFrame
    supply: pl.DataFrame
    suppliers: pl.DataFrame
    locations: pl.DataFrame
    prices: pl.DataFrame
    calendar: pl.DataFrame
    drivers: pl.DataFrame
    rates: pl.DataFrame
    truth: truth_room.Truth
    blueprint: blueprint.Blueprint

    def tables(self) -> dict[str, pl.DataFrame]:
        """The frames a shop would see, by the name of their table."""
        return {name: getattr(self, name) for name in TABLES}

    def future(self, days: int, path: int = 0) -> truth_room.Future:
        """The truth of the `days` days from today on, as it comes if prices go as planned, whatever is ordered.

        Args:
            days: how many, 1 to `settings.ahead_days`.
            path: 0 is the course of this world; 1, 2, ... are other courses from the same morning (other counts,
                other drift).

        Raises:
            ValueError: `days` or `path` outside what is allowed.
        """
        return truth_room.go_on(self.blueprint, self.truth, days, path)


TABLES = (
    "sales", "stock", "incoming", "items", "supply", "suppliers", "locations", "prices", "calendar", "drivers", "rates",
)  # fmt: skip
"""Tables of the file contract that an invented shop has."""


def invent(settings: WorldSettings | None = None) -> World:
    """Invent a shop. The same settings give the same world, on any number of cores.

    It is kept whole in memory (about 70 bytes for each item, location and day); beyond some ten million of them use
    `write.stream`, which makes the same shop slice by slice.
    """
    settings = settings or WorldSettings()
    plan = blueprint.draw(settings)
    cuts = list(blueprint.slices(settings))
    with ThreadPoolExecutor(max_workers=2) as pool:  # the kernels let go of the interpreter
        parts = list(pool.map(lambda cut: blueprint.live(plan, *cut), cuts))
    orders = pl.concat([export.orders_frame(plan, part) for part in parts])
    sales = pl.concat([export.sales_frame(plan, export.sales_rows(plan, part)) for part in parts])
    list_price = np.concatenate([export.list_prices(plan, part) for part in parts])
    return World(
        settings=settings,
        sales=sales.sort("date", "item", "location", "quantity", descending=[False, False, False, True]),
        stock=pl.concat([export.stock_frame(plan, part) for part in parts]),
        incoming=export.incoming_frame(plan, orders),
        items=masters.items(plan, list_price),
        supply=masters.supply(plan),
        suppliers=masters.suppliers(plan),
        locations=masters.locations(plan),
        prices=pl.concat([export.prices_frame(plan, part) for part in parts]),
        calendar=masters.calendar(plan),
        drivers=masters.drivers(plan),
        rates=masters.rates(plan),
        truth=_truth(plan, parts, orders),
        blueprint=plan,
    )


def _truth(plan: blueprint.Blueprint, parts: list[blueprint.Slice], orders: pl.DataFrame) -> truth_room.Truth:
    days = plan.settings.days
    fields = zip(*[part.history for part in parts], strict=True)
    return truth_room.Truth(
        dates=labels.dates(plan.settings, np.arange(days)),
        series=truth_room.series_frame(plan),
        expected=np.concatenate([part.demand.expected for part in parts]),
        demand=np.concatenate([part.demand.units for part in parts]),
        price=np.concatenate([part.prices.price[:, :days] for part in parts]),
        history=History(*[np.concatenate(values) for values in fields]),
        items=truth_room.items_frame(plan),
        levels=truth_room.levels_frame(plan),
        suppliers=truth_room.suppliers_frame(plan),
        orders=orders,
    )
