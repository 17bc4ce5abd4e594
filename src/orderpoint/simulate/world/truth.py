"""What no shop knows: true demand, elasticities and lead times, each day's stock, and how it goes on after today."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.simulate.world import demand, labels, prices
from orderpoint.simulate.world.blueprint import Blueprint, slices
from orderpoint.simulate.world.history import History
from orderpoint.simulate.world.names import CATEGORIES


@dataclasses.dataclass(frozen=True)
class Truth:
    """The whole history; rows are N = items x locations, items first; T days.

    Attributes:
        dates: of the days.
        series: item and location of each row.
        expected: mean demand, (N, T); 0 while the item is not on offer.
        demand: first-choice demand that came, what stockouts hid included, (N, T).
        price: asked each day, (items, T).
        history: what happened on the shelf: sold, lost, switched_in, received, returned, restocked, scrapped, closing
            and so on, each (N, T). Its stock equation stands in `world.history`.
        items: by item: elasticity, rival_elasticity, return_share, switch_share, launch curve.
        levels: by item and location: base rate a day and negative binomial size.
        suppliers: by supplier: gamma mean, sd, shape and scale of the lead time in days, before rounding and closures.
        orders: every order with its promised and its real arrival.
    """

    dates: pl.Series
    series: pl.DataFrame
    expected: NDArray[np.float32]
    demand: NDArray[np.int32]
    price: NDArray[np.float64]
    history: History
    items: pl.DataFrame
    levels: pl.DataFrame
    suppliers: pl.DataFrame
    orders: pl.DataFrame

    def days(self) -> pl.DataFrame:
        """One row for each item, location and day on offer or with anything happening: the arrays in long form."""
        places = len(self.series) // len(self.price)
        fields = (
            "sold",
            "lost",
            "switched_in",
            "received",
            "returned",
            "restocked",
            "scrapped",
            "closing",
            "out_of_stock",
        )
        parts = {"expected": self.expected, "demand": self.demand} | {f: getattr(self.history, f) for f in fields}
        row, day = np.nonzero(
            (self.expected > 0) | (self.history.closing > 0) | (self.history.returned > 0) | (self.history.sold > 0)
        )
        keys = self.series[row.astype(np.uint32)].with_columns(date=self.dates.gather(day))
        return keys.select(
            "item",
            "location",
            "date",
            *[pl.Series(name, values[row, day]) for name, values in parts.items()],
            pl.Series("price", self.price[row // places, day]),
        )


@dataclasses.dataclass(frozen=True)
class Future:
    """How a world goes on from today, before anybody decides; H days, the first of them today.

    Attributes:
        dates: of the days.
        expected, demand: mean and count of first-choice demand, (N, H).
        price: as planned by the shop, (items, H).
        on_hand: units at the start of today, (N,).
        receipts: units that orders placed before today will bring, by their real day, (N, H).
        lead_days: days to the arrival of an order placed on the day with the item's supplier, (N, H).
        may_order: whether the item's supplier takes orders on the day, (N, H).
    """

    dates: pl.Series
    expected: NDArray[np.float32]
    demand: NDArray[np.int32]
    price: NDArray[np.float64]
    on_hand: NDArray[np.int64]
    receipts: NDArray[np.int64]
    lead_days: NDArray[np.int32]
    may_order: NDArray[np.bool_]


def go_on(plan: Blueprint, truth: Truth, days: int, path: int) -> Future:
    """Continue the truth by `days` days; see `World.future`."""
    settings = plan.settings
    if not 1 <= days <= settings.ahead_days:
        raise ValueError(f"days is {days}; give 1 to {settings.ahead_days}, or invent the world with more ahead_days")
    if path < 0:
        raise ValueError(f"path is {path}; give 0 for the course of this world, or 1, 2, ... for others")
    start, stop = settings.days, settings.days + days
    expected, units, price = [], [], []
    for first, last in slices(settings):
        asked = prices.make(settings, plan.catalog, plan.seasons, first, last)
        span = demand.Span(first, last, start, stop, settings.days, path)
        part = demand.make(settings, plan.catalog, plan.seasons, asked, span)
        expected.append(part.expected)
        units.append(part.units)
        price.append(asked.price[:, start:stop])
    row, day = np.nonzero(truth.history.arrives >= start)
    arrival = truth.history.arrives[row, day] - start
    receipts = np.zeros((len(truth.demand), days), np.int64)
    soon = arrival < days
    np.add.at(receipts, (row[soon], arrival[soon]), truth.history.ordered[row, day][soon])
    supplier = plan.catalog.supplier
    lead = plan.suppliers.lead_days[supplier, :, start:stop]
    return Future(
        dates=labels.dates(settings, np.arange(start, stop)),
        expected=np.concatenate(expected),
        demand=np.concatenate(units),
        price=np.concatenate(price),
        on_hand=truth.history.closing[:, -1].astype(np.int64),
        receipts=receipts,
        lead_days=lead.reshape(-1, days),
        may_order=plan.suppliers.may_order[supplier, start:stop].repeat(settings.locations, axis=0),
    )


def items_frame(plan: Blueprint) -> pl.DataFrame:
    """Hidden facts of each item."""
    catalog = plan.catalog
    pair = np.arange(len(catalog.price)) ^ 1
    other = np.where((catalog.switch_share > 0) & (pair < len(pair)), pair, -1)
    codes = labels.items(plan.settings)
    return pl.DataFrame(
        {
            "item": codes,
            "category": [CATEGORIES[c].name[0] for c in catalog.category.tolist()],
            "elasticity": catalog.elasticity,
            "rival_elasticity": catalog.rival_elasticity,
            "season_strength": catalog.season_strength,
            "return_share": catalog.return_share,
            "substitute": pl.select(
                pl.when(pl.Series(other >= 0)).then(codes.gather(np.maximum(other, 0)))
            ).to_series(),
            "switch_share": catalog.switch_share,
            "launch_tau_days": catalog.launch_tau_days,
            "hype": catalog.hype,
        }
    )


def levels_frame(plan: Blueprint) -> pl.DataFrame:
    """Base rate and negative binomial size of each item at each place."""
    return series_frame(plan).with_columns(
        rate_per_day=pl.Series(np.exp(plan.catalog.log_rate).ravel()),
        negative_binomial_size=pl.Series(plan.catalog.size.ravel()),
    )


def suppliers_frame(plan: Blueprint) -> pl.DataFrame:
    """The gamma law of each supplier's lead time."""
    makers = plan.suppliers
    return pl.DataFrame(
        {
            "supplier": pl.Series(makers.names, dtype=pl.String),
            "lead_time_mean_days": makers.mean_days,
            "lead_time_sd_days": makers.mean_days * makers.cv,
            "gamma_shape": 1.0 / makers.cv**2,
            "gamma_scale_days": makers.mean_days * makers.cv**2,
            "quoted_days": makers.quoted_days,
        }
    )


def series_frame(plan: Blueprint) -> pl.DataFrame:
    """Item and location of each row of the arrays."""
    settings = plan.settings
    row = np.arange(settings.items * settings.locations)
    item, place = np.divmod(row, settings.locations)
    return pl.DataFrame(
        {"item": labels.items(settings).gather(item), "location": labels.locations(settings).gather(place)}
    )
