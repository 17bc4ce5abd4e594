"""Effects in the default forecast: plans move it, the past is cleaned of them, and only what helps acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.domain.errors import InputFaults
from orderpoint.forecast.blend import Blend
from orderpoint.forecast.effects.promotions import believed, told_by_price
from orderpoint.forecast.effects.proof import deviances
from orderpoint.forecast.panel import Cells
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.simulate.world.invent import World, invent
from orderpoint.simulate.world.settings import WorldSettings
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.known import CalendarEvent, Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex
from tests.forecast.builders import FIRST, known_of, sales_of

AHEAD = 28
N, PERIODS = 40, 200


def _fit(sales: Sales, known: Known) -> Blend:
    return Portfolio(span=AHEAD).fit(sales, known)


@pytest.fixture(scope="module")
def shop() -> World:
    """An invented shop whose elasticities are known."""
    return invent(WorldSettings(items=60, locations=1, days=730, seed=11, rate_scale=4.0))


@pytest.fixture(scope="module")
def learned(shop: World) -> tuple[Blend, Known]:
    """The portfolio on its true demand, so that stockouts do not blur the picture."""
    first, place = shop.settings.first_day, str(shop.truth.series["location"][0])
    index = SeriesIndex.of((item, place) for item in shop.truth.items["item"])
    on_offer = shop.truth.expected > 0
    state = np.where(on_offer, State.OBSERVED, State.OFF).astype(np.uint8)
    quantity = np.where(on_offer, shop.truth.demand, 0).astype(np.float32)
    sales = Sales(index, Timeline(first, Period.DAY, shop.settings.days), quantity, state)
    events = tuple(CalendarEvent(row["date"], row["event"], row["kind"]) for row in shop.calendar.to_dicts())
    known = Known(Catalog.bare(index.items), shop.prices, events)
    return _fit(sales, known), known


def test_the_elasticity_of_an_invented_shop_is_recovered(shop: World, learned: tuple[Blend, Known]) -> None:
    acting = learned[0].acting
    assert acting is not None
    names = acting.effects.design.names
    assert names[:2] == ("price", "competitor price")
    assert "promotion" not in names  # which is nothing but its cut of the price
    truth = shop.truth.items["elasticity"].to_numpy()
    found = acting.effects.coefficients[:, 0]
    acts = found < 0
    assert acts.mean() > 0.8
    assert found[acts].mean() == pytest.approx(truth[acts].mean(), rel=0.15)
    assert np.corrcoef(found[acts], truth[acts])[0, 1] > 0.4


def test_a_planned_promotion_raises_the_forecast_by_about_its_true_uplift(
    shop: World, learned: tuple[Blend, Known]
) -> None:
    fitted, known = learned
    assert fitted.acting is not None
    today, items = shop.settings.today, fitted.index.items
    usual = fitted.acting.effects.design.reference.astype(float)
    days = (today + timedelta(days=7), today + timedelta(days=12))
    rows = [
        (day, item, usual[k] * share, depth)
        for k, item in enumerate(items)
        for day, share, depth in ((today, 1.0, 0.0), (days[0], 0.8, 0.2), (days[1], 1.0, 0.0))
    ]
    schema = {"date": pl.Date, "item": pl.String, "price": pl.Float64, "promotion": pl.Float64}
    past = shop.prices.filter(pl.col("date") < today)
    plain = replace(known, prices=pl.concat([past, pl.DataFrame(rows[::3], schema, orient="row")], how="diagonal"))
    planned = replace(known, prices=pl.concat([past, pl.DataFrame(rows, schema, orient="row")], how="diagonal"))
    before, after = fitted.demand(AHEAD, plain).mean, fitted.demand(AHEAD, planned).mean
    assert after[:, :7] == pytest.approx(before[:, :7])
    assert after[:, 12:] == pytest.approx(before[:, 12:])
    acts = fitted.acting.effects.coefficients[:, 0] < 0
    truth = 0.8 ** shop.truth.items["elasticity"].to_numpy()[:, None]
    planned_days = before[:, 7:12]
    lifted = after[acts, 7:12].sum() / planned_days[acts].sum()
    right = (truth * planned_days)[acts].sum() / planned_days[acts].sum()
    assert right > 1.6
    assert lifted == pytest.approx(right, rel=0.12)


def _promoted(seed: int, uplift: float) -> tuple[Sales, np.ndarray, np.ndarray]:
    """Demand around levels, with promotions of a week in each fortnight's stead now and then, and the levels."""
    rng = np.random.default_rng(seed)
    flags = np.zeros((N, PERIODS), np.float32)
    for i in range(N):
        for begin in range(int(rng.integers(0, 60)), PERIODS, 60):
            flags[i, begin : begin + 10] = 1.0
    flags[:10, -10:] = 1.0
    level = rng.uniform(15.0, 30.0, (N, 1))
    sales = sales_of(rng.poisson(level * np.where(flags > 0, uplift, 1.0)))
    return replace(sales, promotion=flags), level[:, 0], flags


def test_a_promotion_of_the_past_does_not_lift_what_follows() -> None:
    sales, level, _ = _promoted(1, uplift=2.5)
    known = known_of(sales)
    cleaned = _fit(sales, known).demand(14, known).mean.mean(axis=1) / level
    lifted = _fit(replace(sales, promotion=None), known).demand(14, known).mean.mean(axis=1) / level
    assert cleaned[:10].mean() == pytest.approx(1.0, abs=0.1)
    assert cleaned[10:].mean() == pytest.approx(1.0, abs=0.1)
    assert lifted[:10].mean() > 1.2


def test_an_effect_that_no_longer_holds_does_not_act() -> None:
    """Promotions doubled demand in the first two thirds of the history, and did the contrary since."""
    sales, _, flags = _promoted(2, uplift=2.5)
    rng = np.random.default_rng(3)
    late = np.where(flags > 0, 0.4, 1.0)[:, 130:] * 20.0
    quantity = sales.quantity.copy()
    quantity[:, 130:] = rng.poisson(late)
    turned, known = replace(sales, quantity=quantity, promotion=None), known_of(sales)
    days = [FIRST + timedelta(days=t) for t in range(PERIODS)]
    frames = [
        pl.DataFrame({"date": days, "item": [item] * PERIODS, "price": 1.0, "promotion": flags[i].astype(float)})
        for i, item in enumerate(sales.index.items)
    ]
    told = replace(known, prices=pl.concat(frames))
    fitted = _fit(turned, told)
    assert fitted.acting is None
    assert (fitted.demand(14, told).mean == _fit(turned, known).demand(14, known).mean).all()


def test_drivers_move_the_forecast_and_must_be_known_ahead() -> None:
    rng = np.random.default_rng(4)
    visits = rng.normal(100.0, 20.0, PERIODS + 14)
    sales = sales_of(rng.poisson(20.0 * np.exp(0.3 * (visits[:PERIODS] - 100.0) / 20.0), (N, PERIODS)))

    def told(count: int) -> Known:
        days = [FIRST + timedelta(days=t) for t in range(count)]
        rows = pl.DataFrame({"date": days, "name": ["visits"] * count, "value": visits[:count]})
        return replace(known_of(sales), drivers=rows)

    known = told(PERIODS + 14)
    fitted = _fit(sales, known)
    mean = fitted.demand(14, known).mean.mean(axis=0)
    truth = 20.0 * np.exp(0.3 * (visits[PERIODS:] - 100.0) / 20.0)
    assert mean == pytest.approx(truth, rel=0.1)
    assert mean.max() > 1.3 * mean.min()
    half = fitted.demand(14, told(PERIODS + 7)).mean.mean(axis=0)
    assert half[:7] == pytest.approx(mean[:7])
    assert half[7:] == pytest.approx(20.0, rel=0.1)  # beyond what is given, the usual
    own = pl.DataFrame(
        {"date": [FIRST + timedelta(days=PERIODS + 2)], "item": ["i000"], "name": "visits", "value": 500.0}
    )
    later = replace(known, drivers=pl.concat([known.drivers, own], how="diagonal"))
    np.testing.assert_array_equal(fitted.demand(14, later).mean, fitted.demand(14, known).mean)  # it taught nothing
    with pytest.raises(InputFaults) as caught:
        fitted.demand(14, told(PERIODS))
    fault = caught.value.faults[0]
    assert (fault.value, fault.details["item"], fault.details["location"]) == ("visits", "i000", "main")
    assert fault.details["first"] == (FIRST + timedelta(days=PERIODS)).isoformat()


def test_a_flag_that_only_sales_bear_is_not_believed_of_slow_series() -> None:
    """In a slow series a flag that is written at the sale would explain the sale."""
    quantity = np.zeros((3, 100), np.float32)
    quantity[0, ::7] = 1.0
    quantity[1] = 5.0
    quantity[2, ::7] = 1.0
    flags = np.zeros_like(quantity)
    flags[0, 14:50:7] = 1.0
    flags[1, 10:20] = 1.0
    flags[2, 10:40] = 1.0  # also where nothing was sold
    found = believed(replace(sales_of(quantity), promotion=flags))
    assert not found[0].any()
    assert (found[1:] == flags[1:]).all()


def test_a_promotion_that_is_only_its_price_is_left_to_the_price() -> None:
    depth = np.zeros((1, 30), np.float32)
    depth[0, 10:15], depth[0, 20:25] = 0.2, 0.4
    cut = np.log1p(-depth) + 0.1
    assert told_by_price(cut, depth)
    assert not told_by_price(np.zeros_like(cut), depth)  # the price stays: the promotion is something else
    assert not told_by_price(cut, (depth > 0).astype(np.float32))  # flags say no depth
    assert not told_by_price(cut, np.zeros_like(depth))


def test_a_plain_loop_gives_the_same_deviances() -> None:
    rng = np.random.default_rng(5)
    demand = rng.poisson(3.0, (4, 60)).astype(np.float32)
    seen = rng.random((4, 60)) < 0.8
    factor = rng.uniform(0.5, 1.5, (2, 60)).astype(np.float32)
    group = np.array([0, 1, 1, 0], np.int32)
    effect = rng.uniform(0.5, 2.0, (4, 60)).astype(np.float32)
    cut, span, keep = 40, 7, 0.9
    found, scored = deviances(Cells(demand, seen, factor, group), effect, (cut, span), keep)
    for i in range(4):
        f, losses = factor[group[i]].astype(float), []
        for origin in range(cut, 60, 3):
            past = np.flatnonzero(seen[i, :origin])
            weight = keep ** (origin - past)
            level = (weight @ demand[i, past]) / (weight @ (f * effect[i])[past])
            for t in range(origin, min(origin + span, 60)):
                if seen[i, t]:
                    mean, y = level * f[t] * effect[i, t], float(demand[i, t])
                    losses.append(2.0 * (mean - y + (y * np.log(y / mean) if y > 0 else 0.0)))
        assert found[i] == pytest.approx(np.mean(losses), rel=1e-5)
        assert scored[i] == len(losses)
