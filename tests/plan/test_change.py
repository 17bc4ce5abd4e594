"""One change of plans in the table of prices: day by day the old plan, but for the change."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderpoint.app.request import PlanRequest
from orderpoint.app.shop_case import shop_case
from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.features.planned import held
from orderpoint.plan.case import PlanCase
from orderpoint.plan.change import Change, with_change
from tests.cli.shops import TODAY, network_shop, priced_shop

USUAL = 10.0
DAYS = 12
Row = tuple[int, str, str | None, float | None, float | None]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> PlanCase:
    folder = network_shop(tmp_path_factory.mktemp("shop"))
    return shop_case(PlanRequest((folder,), today=TODAY), lambda *_: None).case


def table(rows: list[Row]) -> pl.DataFrame:
    names = ("date", "item", "location", "price", "promotion")
    types = (pl.Date, pl.String, pl.String, pl.Float64, pl.Float64)
    dated = [(TODAY + dt.timedelta(days=day), *rest) for day, *rest in sorted(rows, key=lambda row: row[0])]
    return pl.DataFrame(dated, schema=dict(zip(names, types, strict=True)), orient="row")


def in_force(case: PlanCase, prices: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    days = Timeline(TODAY, Period.DAY, DAYS)
    price = held(prices, "price", case.snapshot.index, days)
    depth = np.nan_to_num(held(prices, "promotion", case.snapshot.index, days))
    return np.where(np.isfinite(price), price, USUAL), depth


row = st.tuples(
    st.integers(-2, DAYS - 1),
    st.sampled_from("AB"),
    st.sampled_from([None, "east", "west"]),
    st.sampled_from([None, 7.0, 8.0, 9.0]),
    st.sampled_from([None, 0.25, 0.5]),
)


@given(
    rows=st.lists(row, min_size=1, max_size=8, unique_by=lambda r: r[:3]),
    first=st.integers(0, DAYS - 3),
    length=st.integers(1, DAYS),
    items=st.sampled_from([(), ("A",)]),
    place=st.sampled_from([None, "east"]),
    price=st.sampled_from([None, 5.0]),
    promotion=st.sampled_from([None, 0.125]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_day_by_day_the_plan_is_the_old_one_but_for_the_change(
    case: PlanCase,
    rows: list[Row],
    first: int,
    length: int,
    items: tuple[str, ...],
    place: str | None,
    price: float | None,
    promotion: float | None,
) -> None:
    last = min(first + length - 1, DAYS - 2)
    known = replace(case.known, prices=table(rows))
    change = Change(
        TODAY + dt.timedelta(days=first),
        TODAY + dt.timedelta(days=last),
        items,
        place,
        price=price,
        promotion=promotion,
    )
    wanted = in_force(case, known.prices)
    speaks = np.array([(not items or i in items) and place in (None, p) for i, p in case.snapshot.index.pairs()])
    for value, new in zip(wanted, (price, promotion), strict=True):
        if new is not None:
            value[speaks, first : last + 1] = new
    changed = with_change(replace(case, known=known), change)
    for found, value in zip(in_force(case, changed.prices), wanted, strict=True):
        assert found == pytest.approx(value)


def test_an_event_has_the_kind_that_its_name_has(case: PlanCase) -> None:
    change = Change(TODAY, TODAY + dt.timedelta(days=1), location="east", event="fair", uplift=2.0)
    events = with_change(case, change).calendar
    assert [(e.day, e.kind, e.region, e.uplift_factor) for e in events] == [
        (TODAY, "promotion", "east", 2.0),
        (TODAY + dt.timedelta(days=1), "promotion", "east", 2.0),
    ]
    again = with_change(
        replace(case, known=replace(case.known, calendar=(replace(events[0], kind="festival"),))), change
    )
    assert {e.kind for e in again.calendar} == {"festival"}


def test_promotions_that_were_cuts_cut_the_price(tmp_path: Path) -> None:
    case = shop_case(PlanRequest((priced_shop(tmp_path / "in"),), today=TODAY), lambda *_: None).case
    change = Change(TODAY, TODAY + dt.timedelta(days=DAYS - 2), ("A",), promotion=0.5)
    price, depth = in_force(case, with_change(case, change).prices)
    assert price[0].tolist() == [5.0] * (DAYS - 1) + [10.0]  # also where a cut to 8 is planned, of 10
    assert depth[0].tolist() == [0.5] * (DAYS - 1) + [0.0]
    assert price[1].tolist() == [10.0] * DAYS
