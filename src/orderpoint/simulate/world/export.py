"""What the shop would see of one slice of its items: sales, stock, open orders, prices, as the contract has them."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.simulate.world import catalog as catalog_room
from orderpoint.simulate.world import labels
from orderpoint.simulate.world.blueprint import Blueprint, Slice

_EPOCH = dt.date(1970, 1, 1)


@dataclasses.dataclass(frozen=True)
class SalesRows:
    """Rows of the sales table as numbers: `item` and `location` count from 0, `day` from the first day."""

    item: NDArray[np.int32]
    location: NDArray[np.int32]
    day: NDArray[np.int32]
    quantity: NDArray[np.int64]
    price: NDArray[np.float64]
    promotion: NDArray[np.float64]
    in_stock: NDArray[np.int8]


def sales_rows(plan: Blueprint, part: Slice) -> SalesRows:
    """A row for each day with sales (or as the settings ask), and one for each return, at the price of its sale."""
    settings, history, places = plan.settings, part.history, plan.settings.locations
    shown = history.sold > 0
    if settings.in_stock:
        shown |= history.out_of_stock > 0
    if settings.zero_days:
        shown |= np.isfinite(part.prices.log_factor[:, : settings.days]).repeat(places, axis=0)
    row, day = np.nonzero(shown)
    back_row, back_day = np.nonzero(history.returned)
    rows, days = np.concatenate([row, back_row]), np.concatenate([day, back_day])
    paid = np.concatenate([day, history.returned_from[back_row, back_day]])
    quantity = np.concatenate([history.sold[row, day], -history.returned[back_row, back_day]]).astype(np.int64)
    item = rows // places
    return SalesRows(
        item=(item + part.first).astype(np.int32),
        location=(rows % places).astype(np.int32),
        day=days.astype(np.int32),
        quantity=quantity,
        price=part.prices.price[item, paid],
        promotion=part.prices.depth[item, paid],
        in_stock=(1 - history.out_of_stock[rows, days]).astype(np.int8),
    )


def sales_frame(plan: Blueprint, rows: SalesRows) -> pl.DataFrame:
    """The rows as the sales table of the contract."""
    frame = pl.DataFrame(
        {
            "date": labels.dates(plan.settings, rows.day),
            "item": labels.items(plan.settings).gather(rows.item),
            "location": labels.locations(plan.settings).gather(rows.location),
            "quantity": rows.quantity,
            "price": rows.price,
            "promotion": rows.promotion,
        }
    )
    return frame.with_columns(in_stock=pl.Series(rows.in_stock)) if plan.settings.in_stock else frame


def stock_frame(plan: Blueprint, part: Slice) -> pl.DataFrame:
    """Stock at the start of today: a row for each item and place, or for each lot of what expires."""
    settings, places = plan.settings, plan.settings.locations
    item = part.first + np.arange(len(part.history.closing)) // places
    shelf_life = plan.catalog.shelf_life_days[item]
    begun = plan.catalog.launch_day[item] < settings.days
    on_hand = part.history.closing[:, -1].astype(np.int64)
    whole = np.flatnonzero(begun & ((shelf_life == 0) | (on_hand == 0)))
    row, day = np.nonzero(np.where((shelf_life > 0)[:, None], part.history.left, 0))
    rows = np.concatenate([whole, row])
    none = np.full(len(whole), None)
    received = labels.dates(settings, day)
    expires = labels.dates(settings, day + shelf_life[row])
    return pl.DataFrame(
        {
            "item": labels.items(settings).gather(item[rows]),
            "location": labels.locations(settings).gather(rows % places),
            "on_hand": np.concatenate([on_hand[whole], part.history.left[row, day].astype(np.int64)]),
            "lot": pl.concat([pl.Series(none, dtype=pl.String), "L" + received.dt.strftime("%Y%m%d")]),
            "expires": pl.concat([pl.Series(none, dtype=pl.Date), expires]),
        }
    ).sort("item", "location", "expires")


def orders_frame(plan: Blueprint, part: Slice) -> pl.DataFrame:
    """Every order the shop placed, with the day it was due (as promised) and the day it arrives (as it will be)."""
    settings, places = plan.settings, plan.settings.locations
    row, day = np.nonzero(part.history.ordered)
    item = part.first + row // places
    supplier = plan.catalog.supplier[item]
    return pl.DataFrame(
        {
            "item": labels.items(settings).gather(item),
            "location": labels.locations(settings).gather(row % places),
            "supplier": pl.Series(plan.suppliers.names, dtype=pl.String).gather(supplier),
            "ordered": labels.dates(settings, day),
            "due": labels.dates(settings, day + plan.suppliers.quote_days[supplier, day]),
            "arrives": labels.dates(settings, part.history.arrives[row, day]),
            "quantity": part.history.ordered[row, day].astype(np.int64),
        }
    )


def incoming_frame(plan: Blueprint, orders: pl.DataFrame) -> pl.DataFrame:
    """The orders that have not arrived before today, with the day the supplier promised (some are overdue)."""
    still = orders.filter(pl.col("arrives") >= plan.settings.today)
    return still.select("item", "location", "quantity", "due", "supplier").sort("item", "location", "due", "supplier")


def prices_frame(plan: Blueprint, part: Slice) -> pl.DataFrame:
    """A row for each change of price, promotion or competitors' price; ahead of today what the shop has planned."""
    settings, prices = plan.settings, part.prices
    known = settings.days + min(catalog_room.PLANNED_AHEAD_DAYS, settings.ahead_days)
    on_offer = np.isfinite(prices.log_factor[:, :known])
    price, depth, rival = (a[:, :known].copy() for a in (prices.price, prices.depth, prices.rival))
    rival[:, settings.days :] = rival[:, settings.days - 1 : settings.days]
    changed = np.ones_like(on_offer)
    changed[:, 1:] = ~on_offer[:, :-1]
    for values in (price, depth, rival):
        changed[:, 1:] |= values[:, 1:] != values[:, :-1]
    item, day = np.nonzero(changed & on_offer)
    return pl.DataFrame(
        {
            "date": labels.dates(settings, day),
            "item": labels.items(settings).gather(item + part.first),
            "price": price[item, day],
            "promotion": depth[item, day],
            "competitor_price": pl.Series(np.where(day < settings.days, rival[item, day], np.nan)).fill_nan(None),
        }
    )


def list_prices(plan: Blueprint, part: Slice) -> NDArray[np.float64]:
    """List price of each item of the slice on the last day, promotions taken off, shape (items,)."""
    last = plan.settings.days - 1
    listed: NDArray[np.float64] = np.round(part.prices.price[:, last] / (1.0 - part.prices.depth[:, last]), 2)
    return listed
