"""A forecast in parts: one part is the base itself, families stay together, and finished parts are not made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.base import Fitted, Forecaster, Weighted
from orderpoint.forecast.in_parts import InParts, dealt
from orderpoint.forecast.newitems import WithLaunches
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.known import Known, Override
from orderpoint.tables.sales import Sales
from orderpoint.tables.series import SeriesIndex
from orderpoint.testing.forecaster_contract import FIRST, ForecasterContract, Period, history, invented, same


class TestContract(ForecasterContract):
    """In parts of two series, the default model is still a forecaster."""

    def forecaster(self) -> Forecaster:
        """Two series at a time."""
        return InParts(WithLaunches(Portfolio()), 2)


@dataclass
class Box:
    """Keeps parts in memory."""

    held: dict[str, Mapping[str, NDArray[Any]]] = field(default_factory=dict)

    def load(self, key: str) -> Mapping[str, NDArray[Any]] | None:
        return self.held.get(key)

    def save(self, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.held[key] = arrays


@dataclass(frozen=True)
class Counted:
    """A forecaster that counts its fits, and is interrupted after some of them."""

    base: Forecaster
    fits: list[int] = field(default_factory=list, repr=False)
    last: int = 1000

    @property
    def name(self) -> str:
        return self.base.name

    def fit(self, sales: Sales, known: Known) -> Fitted:
        if len(self.fits) == self.last:
            raise KeyboardInterrupt
        self.fits.append(len(sales.index))
        return self.base.fit(sales, known)


def shop() -> tuple[Sales, Known]:
    """Twelve items at two places; item 3 replaces item 0, and item 7 item 3."""
    quantity, state = invented(24, 150)
    index = SeriesIndex.of((f"item {k:02d}", place) for k in range(12) for place in ("east", "west"))
    catalog = Catalog.bare(index.items)
    replaces = [None] * 12
    replaces[3], replaces[7] = "item 00", "item 03"  # type: ignore[call-overload]
    return (
        Sales(index, Timeline(FIRST, Period.DAY, 150), quantity, state),
        Known(replace(catalog, replaces=tuple(replaces))),
    )


def test_one_part_is_the_base_to_the_bit() -> None:
    sales, known = history(*invented(8))
    base = Portfolio()
    alone = base.fit(sales, known).demand(9, known)
    assert same(InParts(base, 8).fit(sales, known).demand(9, known), alone)


def test_each_part_is_the_base_on_its_series_in_their_order() -> None:
    sales, known = shop()
    base = WithLaunches(Portfolio())
    fitted = InParts(base, 9).fit(sales, known)
    demand = fitted.demand(9, known)
    assert isinstance(fitted, Weighted)
    assert sum(fitted.weights().values()) == pytest.approx(np.ones(24))
    for rows in dealt(sales.index, known.catalog, 9):
        own = base.fit(sales.take(rows), known).demand(9, known)
        assert np.array_equal(demand.mean[rows], own.mean)
        assert np.array_equal(demand.ratio[rows], own.ratio)
        assert np.array_equal(demand.quantile(0.9)[rows], own.quantile(0.9))


@given(st.integers(1, 30), st.integers(1, 4), st.integers(1, 40), st.data())
def test_parts_are_no_larger_than_allowed_and_hold_every_series_once_and_families_whole(
    items: int, places: int, most: int, data: st.DataObject
) -> None:
    sold = sorted(data.draw(st.sets(st.integers(0, items - 1), min_size=1)))
    index = SeriesIndex.of((f"{k:02d}", f"{p}") for k in sold for p in range(places))
    old = [data.draw(st.one_of(st.none(), st.integers(0, items - 1))) for _ in range(items)]
    names = tuple(None if k is None else f"{k:02d}" for k in old)
    catalog = replace(Catalog.bare(tuple(f"{k:02d}" for k in range(items))), replaces=names)
    parts = dealt(index, catalog, most)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(index)))
    family = _families_by_hand(old)
    of = np.array([family[int(name)] for name in index.item_names()])
    at_place = np.stack([of, index.location_of])
    largest = int(np.unique(at_place, axis=1, return_counts=True)[1].max())
    assert max(map(len, parts)) <= max(most, largest)
    for rows in parts:
        for own in np.unique(of[rows]):
            whole = np.flatnonzero(of == own)
            if len(whole) > most:  # what is at one place stays together
                whole = whole[np.isin(index.location_of[whole], index.location_of[rows[of[rows] == own]])]
            assert np.isin(whole, rows).all()


def _families_by_hand(old: list[int | None]) -> list[int]:
    family = list(range(len(old)))
    for _ in old:
        for k, before in enumerate(old):
            if before is not None:
                family[k] = family[before] = min(family[k], family[before])
    return family


def test_parts_of_single_items_are_about_equally_large() -> None:
    index = SeriesIndex.of((f"{k:03d}", "main") for k in range(100))
    sizes = [len(rows) for rows in dealt(index, Catalog.bare(index.items), 15)]
    assert len(sizes) == 7
    assert max(sizes) - min(sizes) <= 1


def test_an_interrupted_forecast_goes_on_with_the_parts_that_are_there() -> None:
    sales, known = shop()
    box = Box()
    whole = InParts(WithLaunches(Portfolio()), 7).fit(sales, known).demand(9, known)
    stopped = Counted(WithLaunches(Portfolio()), last=2)
    with pytest.raises(KeyboardInterrupt):
        InParts(stopped, 7, box).fit(sales, known).demand(9, known)
    assert len(box.held) == 2
    going_on = Counted(WithLaunches(Portfolio()), last=2)
    fitted = InParts(replace(going_on, last=2), 7, box).fit(sales, known)
    assert same(fitted.demand(9, known), whole)
    assert len(going_on.fits) == 2
    assert len(box.held) == 4
    assert isinstance(fitted, Weighted)
    assert sum(fitted.weights().values()) == pytest.approx(np.ones(24))


def test_other_sales_or_another_model_make_their_own_parts() -> None:
    sales, known = shop()
    box = Box()
    InParts(Portfolio(), 12, box).fit(sales, known).demand(9, known)
    made = set(box.held)
    more = replace(sales, quantity=sales.quantity + np.float32(1) * (sales.state == 1))
    InParts(Portfolio(), 12, box).fit(more, known).demand(9, known)
    InParts(Portfolio(span=5), 12, box).fit(sales, known).demand(9, known)
    InParts(Portfolio(), 12, box).fit(sales, known).demand(10, known)
    word = Override("item 05", None, date(2023, 6, 1), date(2023, 6, 9), "set", 9.0, None, None, "me", "fair")
    InParts(Portfolio(), 12, box).fit(sales, known).demand(9, replace(known, overrides=(word,)))
    assert len(box.held) == 5 * len(made)
    InParts(Portfolio(), 12, box).fit(sales, known).demand(9, known)
    assert len(box.held) == 5 * len(made)
