"""A fitted portfolio carried on by further periods stands where a fit of the whole history would, weights kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.domain.calendar import Period
from orderpoint.forecast.base import Updatable
from orderpoint.forecast.baselines import SeasonalNaive
from orderpoint.forecast.blend import Blend
from orderpoint.forecast.distributions import Learning
from orderpoint.forecast.panel import Panel
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.forecast.selection import Selection
from orderpoint.forecast.statistical.ahead import Chosen
from orderpoint.forecast.statistical.lanes import LANES
from orderpoint.forecast.statistical.movement import Movement
from orderpoint.forecast.statistical.one_pass import state_length
from orderpoint.forecast.statistical.portfolio import Mixture, Place, mixture
from orderpoint.forecast.statistical.roll import roll
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.sales import Sales, State
from tests.forecast.builders import known_of, panel_of, sales_of

DAYS, NEW = 90, 9


def _panel(count: int) -> Panel:
    rng = np.random.default_rng(3)
    demand, seen = rng.poisson(4.0, (8, DAYS + NEW)), rng.random((8, DAYS + NEW)) < 0.9
    factor = (1.0 + 0.3 * np.sin(np.arange(DAYS + NEW)))[:count]
    panel = panel_of(demand[:, :count], seen[:, :count], factor, np.arange(40, DAYS - 7, 5), 7)
    return replace(panel, keys=(("half", np.arange(8) // 4),))


def _later(panel: Panel, begin: int) -> Panel:
    cells = panel.cells
    parts = {name: np.ascontiguousarray(getattr(cells, name)[:, begin:]) for name in ("demand", "seen", "factor")}
    return replace(panel, cells=cells._replace(**parts))


def test_it_equals_a_roll_of_the_whole_history_to_the_bit() -> None:
    """Every chosen set run over all periods at once, groups too: no digit differs after nine periods more."""
    short, whole = _panel(DAYS), _panel(DAYS + NEW)
    fitted = mixture(short, Period.DAY, Selection(temperature=0.05), Learning())[0]
    carried = fitted.carried(_later(whole, DAYS).cells)
    ahead = np.ones((1, 14), np.float32)
    before = fitted.ahead(ahead)
    np.testing.assert_array_equal(carried.ahead(ahead), _twin(fitted, whole).ahead(ahead))
    assert np.abs(carried.ahead(ahead) - before).max() > 0.01
    np.testing.assert_array_equal(fitted.ahead(ahead), before)  # it stayed as it was


def _twin(fitted: Mixture, whole: Panel) -> Mixture:
    """The same sets and weights, each run over the whole history."""
    none = replace(whole, origins=np.zeros(0, np.int64))
    ids, states = fitted.chosen.ids, []
    for i, row in enumerate(ids):
        for which in row[row >= 0]:
            state = roll(fitted.bank, none, np.array([i]), np.array([which], np.int64))[2][0, 0]
            states.append(state[: state_length(fitted.bank, fitted.bank.run_of[which // LANES])])
    was = fitted.movement
    assert was is not None
    movement = Movement.before(was.keep, was.fast, was.key, (whole.prior, whole.prior_weight))
    movement.advance(whole.cells, 0, DAYS + NEW)
    chosen = Chosen(ids, fitted.chosen.weight, fitted.chosen.begins, np.concatenate(states))
    return replace(fitted, chosen=chosen, movement=movement, place=Place(DAYS + NEW), known=DAYS + NEW)


def _shop(later: float = 3.0) -> Sales:
    rng = np.random.default_rng(5)
    week = np.array([1.0, 0.8, 0.8, 1.0, 1.2, 1.6, 0.6])[np.arange(120) % 7]
    quantity = rng.poisson(6.0 * week * np.where(np.arange(120) < 90, 1.0, later), (12, 120))
    return sales_of(quantity)


def _fit(sales: Sales) -> Blend:
    return Portfolio(span=7).fit(sales, known_of(sales))


def _from(sales: Sales, begin: int) -> Sales:
    return replace(
        sales,
        timeline=replace(sales.timeline, first=sales.timeline.start(begin), count=sales.timeline.count - begin),
        quantity=sales.quantity[:, begin:],
        state=sales.state[:, begin:],
    )


def test_day_by_day_is_all_at_once_and_near_a_new_fit() -> None:
    """Thirty days on, demand as before: within a twentieth of a new fit, which also chooses and weighs anew."""
    sales = _shop(1.0)
    known, old = known_of(sales), _fit(sales_before(sales, 90))
    at_once = old.updated(_from(sales, 90), known).demand(7, known)
    daily = old
    for day in range(90, 120):
        daily = daily.updated(_from(sales_before(sales, day + 1), day), known)
    np.testing.assert_array_equal(daily.demand(7, known).mean, at_once.mean)
    anew = _fit(sales).demand(7, known)
    assert at_once.timeline == anew.timeline
    assert at_once.mean.sum() == pytest.approx(anew.mean.sum(), rel=0.05)


def test_a_fit_that_hands_its_memory_over_gives_the_same_and_can_be_asked_no_more() -> None:
    sales = _shop()
    known, old = known_of(sales), _fit(sales_before(sales, 90))
    copied = old.updated(_from(sales, 90), known).demand(7, known)
    later = old.updated(_from(sales_before(sales, 100), 90), known, hand_over=True)
    for ask in (lambda: old.demand(7, known), lambda: old.updated(_from(sales, 90), known)):
        with pytest.raises(RuntimeError, match="handed over"):
            ask()
    last = later.updated(_from(sales, 100), known, hand_over=True)
    np.testing.assert_array_equal(last.demand(7, known).mean, copied.mean)


def test_nothing_is_handed_over_where_one_of_the_models_cannot_be_carried_on() -> None:
    sales = _shop()
    known, old = known_of(sales), _fit(sales_before(sales, 90))
    (weight, rolled), *_ = old.models
    both = replace(old, models=((weight, rolled), (weight, replace(rolled, carried=None))))
    with pytest.raises(TypeError, match="cannot be carried on"):
        both.updated(_from(sales, 90), known, hand_over=True)
    assert old.demand(7, known).mean.sum() > 0.0


def test_a_new_level_is_followed_as_fast_as_the_weights_allow() -> None:
    """Demand that trebles: what was learned on a still history follows slowly, but it follows."""
    sales = _shop()
    known, old = known_of(sales), _fit(sales_before(sales, 90))
    later = old.updated(_from(sales, 90), known).demand(7, known)
    assert later.mean.sum() > 1.5 * old.demand(7, known).mean.sum()


def test_what_is_hidden_is_passed_over() -> None:
    """Whatever stands in a cell without stock, the answer is the same."""
    sales = _from(_shop(), 90)
    known, old = known_of(sales), _fit(sales_before(_shop(), 90))
    state = np.where(np.arange(30) % 3 == 0, State.STOCKOUT, State.OBSERVED).astype(np.uint8) * np.ones(
        (12, 1), np.uint8
    )
    poisoned = np.where(state == State.STOCKOUT, np.float32(999.0), sales.quantity)
    said = [old.updated(replace(sales, quantity=q, state=state), known) for q in (sales.quantity, poisoned)]
    np.testing.assert_array_equal(said[0].demand(7, known).mean, said[1].demand(7, known).mean)


def test_a_gap_another_shop_and_a_model_that_cannot_are_refused() -> None:
    """Periods must follow the history, series must be the same, and only the portfolio is carried on."""
    sales = _shop()
    known, old = known_of(sales), _fit(sales_before(sales, 90))
    assert isinstance(old, Updatable)
    with pytest.raises(ValueError, match="from 2023-04-02 on"):
        old.updated(_from(sales, 91), known)
    with pytest.raises(ValueError, match="series of the history"):
        old.updated(_from(sales.take(np.arange(5)), 90), known)
    with pytest.raises(TypeError, match="cannot be carried on"):
        SeasonalNaive(7).fit(sales_before(sales, 90), known).updated(_from(sales, 90), known)
