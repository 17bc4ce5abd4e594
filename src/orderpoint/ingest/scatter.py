"""Compiled passes over the rows of sales: which series and days there are, and the sums in each cell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

NEVER = np.int32(2**31 - 1)
HOURS = 24


class Codes(NamedTuple):
    """Rows of sales in numbers: codes of item and location, and days since 1970-01-01."""

    item: NDArray[np.uint32]
    location: NDArray[np.uint32]
    day: NDArray[np.int32]


class Values(NamedTuple):
    """What the rows say; arrays of length 0 where the column is absent. `in_stock`: 1, 0, or 2 where blank.

    `hour`: of the day, HOURS where blank.
    """

    quantity: NDArray[np.float32]
    price: NDArray[np.float32]
    promotion: NDArray[np.float32]
    in_stock: NDArray[np.uint8]
    hour: NDArray[np.uint8]


class Lookup(NamedTuple):
    """From codes to rows and periods.

    `item_at`, `location_at`: position of each code among the sorted names. Series of item k are the rows `starts[k]` to
    `starts[k + 1]`, whose locations `location_of` ascend. `period_at[day - first_day]`: period of a day, -1 outside.
    """

    item_at: NDArray[np.int32]
    location_at: NDArray[np.int32]
    starts: NDArray[np.int64]
    location_of: NDArray[np.int32]
    period_at: NDArray[np.int32]
    first_day: int


class Cells(NamedTuple):
    """Sums of each series and period, (n, T) or (0, 0) where absent, and the first periods of each series (n,).

    `weight` is what `price` is the mean by. `out` is 1 where a row says that there was no stock.
    """

    quantity: NDArray[np.float32]
    price: NDArray[np.float32]
    weight: NDArray[np.float32]
    promotion: NDArray[np.float32]
    out: NDArray[np.uint8]
    first_row: NDArray[np.int32]
    first_sale: NDArray[np.int32]
    first_in_stock: NDArray[np.int32]


@njit(cache=True)
def mark(codes: Codes, lookup: Lookup, pairs: NDArray[np.bool_], days: NDArray[np.bool_]) -> None:
    """Marks the pairs (item position, location position) and the days (from `lookup.first_day`) that rows have."""
    for r in range(len(codes.day)):
        pairs[lookup.item_at[codes.item[r]], lookup.location_at[codes.location[r]]] = True
        days[codes.day[r] - lookup.first_day] = True


@njit(cache=True)
def _row_of(item: int, location: int, lookup: Lookup) -> int:
    low, high = lookup.starts[item], lookup.starts[item + 1]
    while low < high:
        middle = (low + high) // 2
        if lookup.location_of[middle] < location:
            low = middle + 1
        else:
            high = middle
    return int(low)


@njit(cache=True)
def scatter(codes: Codes, values: Values, lookup: Lookup, cells: Cells) -> None:
    """Adds the rows to the cells. Price is the mean by quantity; rows that sold nothing count where no row sold."""
    for r in range(len(codes.day)):
        t = lookup.period_at[codes.day[r] - lookup.first_day]
        if t < 0:
            continue
        i = _row_of(lookup.item_at[codes.item[r]], lookup.location_at[codes.location[r]], lookup)
        quantity = values.quantity[r]
        cells.quantity[i, t] += quantity
        cells.first_row[i] = min(cells.first_row[i], t)
        if quantity > 0.0:
            cells.first_sale[i] = min(cells.first_sale[i], t)
        if len(values.in_stock):
            if values.in_stock[r] == 0:
                cells.out[i, t] = 1
            elif values.in_stock[r] == 1:
                cells.first_in_stock[i] = min(cells.first_in_stock[i], t)
        if len(values.promotion):
            cells.promotion[i, t] = max(cells.promotion[i, t], values.promotion[r])
        if len(values.price) and not np.isnan(values.price[r]):
            weight = max(quantity, np.float32(0.0))
            total = cells.weight[i, t] + weight
            if total > 0.0:
                known = cells.price[i, t] if cells.weight[i, t] > 0.0 else values.price[r]
                cells.price[i, t] = known + (values.price[r] - known) * (weight / total)
            elif np.isnan(cells.price[i, t]):
                cells.price[i, t] = values.price[r]
            cells.weight[i, t] = total


@njit(cache=True)
def scatter_hours(
    codes: Codes, values: Values, lookup: Lookup, cells: Cells, sold: NDArray[np.float64], out: NDArray[np.uint32]
) -> None:
    """Adds what was `sold` (24,) by hour in cells without a row out of stock, and sets the bits of hours `out` (n, T).

    Bit HOURS of `out` is set where a row out of stock names no hour.
    """
    for r in range(len(codes.day)):
        t = lookup.period_at[codes.day[r] - lookup.first_day]
        if t < 0:
            continue
        i = _row_of(lookup.item_at[codes.item[r]], lookup.location_at[codes.location[r]], lookup)
        hour = values.hour[r]
        if values.in_stock[r] == 0:
            out[i, t] |= np.uint32(1) << np.uint32(hour)
        elif cells.out[i, t] == 0 and hour < HOURS:
            sold[hour] += max(values.quantity[r], np.float32(0.0))
