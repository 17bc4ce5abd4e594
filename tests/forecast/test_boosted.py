"""Boosted trees keep the contract, and are judged on what they have not seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numba
import numpy as np
import polars as pl
import pytest

from orderpoint.domain.errors import InputFaults
from orderpoint.forecast import accuracy
from orderpoint.forecast.boosted import Boosted
from orderpoint.forecast.boosting.options import Budget, Grown
from orderpoint.forecast.boosting.proof import Proof, held_out, weighed
from orderpoint.forecast.panel import Outcome
from orderpoint.messages.faults import fault_line
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import CalendarEvent, Known, Override
from orderpoint.testing.forecaster_contract import ForecasterContract, same
from tests.forecast.builders import FIRST, known_of, sales_of

SMALL = Budget(rows=4000, rounds=30, leaves=7, rate=0.2)
KINDS = {
    "blended": Boosted(span=7, horizon=9, budget=SMALL),
    "recursive": Boosted(span=5, budget=SMALL, strategy="recursive", blended=False),
    "forest": Boosted(span=7, horizon=9, budget=SMALL, grown=Grown("forest", "squared")),
}


@pytest.mark.parametrize("kind", KINDS)
class TestContract(ForecasterContract):
    @pytest.fixture(autouse=True)
    def _given(self, kind: str) -> None:
        self.given = KINDS[kind]

    def forecaster(self) -> Any:
        return self.given


@pytest.fixture(scope="module")
def promoted() -> tuple[Any, Known]:
    """Forty items whose sales treble on promoted days, and a plan of promotions that goes on after the history."""
    rng = np.random.default_rng(3)
    days, items = 250, 40
    plan = rng.random((items, days + 20)) < 0.15
    rate = rng.uniform(2, 12, (items, 1)) * np.where(plan, 3.0, 1.0)
    sales = sales_of(rng.poisson(rate[:, : days + 20]).astype(np.float32))
    rows = [
        {"date": FIRST + timedelta(days=t), "item": f"i{k:03d}", "location": None, "price": 5.0, "promotion": float(on)}
        for k in range(items)
        for t, on in enumerate(plan[k])
    ]
    schema = {"date": pl.Date, "item": pl.String, "location": pl.String, "price": pl.Float64, "promotion": pl.Float64}
    return sales, Known(Catalog.bare(sales.index.items), prices=pl.DataFrame(rows, schema=schema))


def test_planned_promotions_are_foreseen(promoted: Any) -> None:
    sales, known = promoted
    early, came = sales_before(sales, 250), sales.quantity[:, 250:].astype(np.float64)
    seen = np.ones(came.shape, bool)
    blind = Known(known.catalog)
    knows = Boosted(span=20, horizon=20, budget=SMALL).fit(early, known).demand(20, known)
    does_not = Boosted(span=20, horizon=20, budget=SMALL).fit(early, blind).demand(20, blind)
    assert accuracy.wape(came, knows.mean, seen) < 0.7 * accuracy.wape(came, does_not.mean, seen)
    assert knows.ratio.mean() < 0.7 * does_not.ratio.mean()  # and the errors that are left are narrower


def test_one_tree_and_each_loss_learn_the_week_too() -> None:
    """A decision tree, and every objective: closer to the true weekly pattern than the level alone."""
    rng = np.random.default_rng(4)
    rate = rng.uniform(3, 9, (30, 1)) * np.where(np.arange(127) % 7 > 4, 2.0, 0.6)
    sales = sales_of(rng.poisson(rate).astype(np.float32))
    known = known_of(sales)
    early, true, seen = sales_before(sales, 120), rate[:, 120:], np.ones((30, 7), bool)
    flat = np.repeat(rate.mean(axis=1, keepdims=True), 7, axis=1)
    for grown in (Grown("tree", "poisson"), Grown(objective="gamma"), Grown(objective="quantile"), Grown("forest")):
        mean = Boosted(span=7, budget=SMALL, blended=False, grown=grown).fit(early, known).demand(7, known).mean
        assert accuracy.wape(true, mean, seen) < 0.5 * accuracy.wape(true, flat, seen), grown


def test_threads_do_not_change_a_bit(promoted: Any) -> None:
    sales, known = promoted
    early = sales_before(sales, 120)
    before = numba.get_num_threads()
    said = []
    try:
        for threads in (1, before):
            numba.set_num_threads(threads)
            said.append(Boosted(span=7, budget=SMALL).fit(early, known).demand(7, known))
    finally:
        numba.set_num_threads(before)
    assert same(*said)


def test_a_known_uplift_multiplies_what_the_trees_say() -> None:
    sales = sales_of(np.random.default_rng(1).poisson(8.0, (12, 150)))
    known = known_of(sales)
    day = sales.timeline.after(5).start(2)
    lifted = Known(known.catalog, calendar=(CalendarEvent(day, "fair", uplift_factor=2.0),))
    fitted = Boosted(span=5, budget=SMALL, blended=False).fit(sales, known)
    plain, more = fitted.demand(5, known).mean, fitted.demand(5, lifted).mean
    assert more[:, 2] == pytest.approx(2 * plain[:, 2], rel=1e-6)
    assert more[:, 3] == pytest.approx(plain[:, 3])


def test_drivers_that_say_nothing_of_the_days_ahead_are_all_named() -> None:
    sales = sales_of(np.random.default_rng(1).poisson(8.0, (12, 90)))
    known = Known(Catalog.bare(sales.index.items), drivers=_drivers(95))
    Boosted(span=5, budget=SMALL).fit(sales, known).demand(6, known)
    late = replace(known, drivers=_drivers(88))
    with pytest.raises(InputFaults) as caught:
        Boosted(span=5, budget=SMALL).fit(sales, late).demand(5, late)
    told = [fault_line(fault) for fault in caught.value.faults]
    assert [line.split("'")[1] for line in told] == ["rain", "visits"]
    assert "i000 at main from 2023-03-31 on, but the forecast begins on 2023-04-02" in told[0]
    assert "Add the planned or expected values" in told[0]


def _drivers(days: int) -> pl.DataFrame:
    rows = [
        {"date": FIRST + timedelta(days=t), "item": None, "location": None, "name": name, "value": float(t % 5)}
        for t in range(days)
        for name in ("rain", "visits")
    ]
    schema = {"date": pl.Date, "item": pl.String, "location": pl.String, "name": pl.String, "value": pl.Float64}
    return pl.DataFrame(rows, schema=schema)


def test_the_better_of_two_gets_the_weight() -> None:
    """Trees that were right get 1, as wrong as the portfolio on the other side a half, and worse on the same side 0.

    Three origins say so, beside a prior weight of .7 that counts for two. Half of the cells were not seen.
    """
    came, beside = np.full((30, 3), 20.0), np.full((30, 3), 10.0)
    came[::2] = np.nan
    nothing = np.zeros((30, 3), np.float32)
    outcome = Outcome(nothing, nothing > 0, nothing, nothing)
    for said, weight in ((20.0, 1.0), (30.0, 0.5), (5.0, 0.0)):
        products = weighed(came, np.full((30, 3), said), beside)
        proof = Proof(nothing, nothing, nothing, nothing, outcome, products, 7)
        assert proof.weight(np.full(30, 2.0)) == pytest.approx((3 * weight + 2 * 0.7) / 5, abs=1e-6)


def test_what_a_planner_wrote_of_the_past_changes_neither_weight_nor_spread() -> None:
    sales = sales_of(np.random.default_rng(8).poisson(20.0, (20, 120)))
    bare = known_of(sales)
    days = (FIRST + timedelta(days=113), FIRST + timedelta(days=119))
    word = Override("i000", None, *days, "set", 500.0, None, None, "Ann", "hope")
    forecaster = Boosted(span=7, horizon=7, budget=SMALL)
    told, plain = (forecaster.fit(sales, known).scales for known in (replace(bare, overrides=(word,)), bare))
    for name in ("weight", "ratio", "level_cv2"):
        np.testing.assert_array_equal(getattr(told, name), getattr(plain, name))


def test_held_out_origins_leave_half_of_the_history_to_learn_from() -> None:
    assert held_out(152, 28, 14) == (96, 124)
    assert held_out(400, 21, 14) == (316, 337, 358, 379)
    assert held_out(30, 28, 14) == ()


def test_wrong_options_are_all_named() -> None:
    with pytest.raises(ValueError, match=r"span.*horizon.*effort.*strategy"):
        Boosted(span=0, horizon=-1, effort="slow", strategy="both")  # type: ignore[arg-type]
