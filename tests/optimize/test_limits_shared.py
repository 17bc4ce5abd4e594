"""Several limits at once: budget, space, suppliers' minimums and containers, against every combination of choices."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from orderpoint.optimize.limits import consult as consulting
from orderpoint.optimize.limits import exact
from orderpoint.optimize.limits.feasibility import breaches
from orderpoint.optimize.limits.problem import Lines, Terms, bounds_of, loads_of, saved
from orderpoint.optimize.limits.relaxation import Market, priced
from orderpoint.optimize.limits.response import Prices, respond
from orderpoint.optimize.limits.select import select
from orderpoint.optimize.limits.wishes import granted


def small_case(seed: int) -> tuple[Lines, Terms]:
    """Four or five lines of two suppliers and two places, any curves, MOQ and packs, limits drawn around the best."""
    rng = np.random.default_rng(seed)
    n, columns, suppliers, places = int(rng.integers(3, 6)), 5, 2, 2
    pack = rng.choice([1, 2, 6], n)
    least = np.ceil(rng.integers(1, 9, n) / pack) * pack
    units = np.concatenate([np.zeros((n, 1)), least[:, None] + np.arange(columns - 1) * pack[:, None]], axis=1)
    price = rng.uniform(1, 20, n).round(2)
    money = units * price[:, None]
    if seed % 4 == 0:
        money[:, 3:] *= 0.8  # a price break
    worth = price * rng.uniform(0.3, 1.2, n)
    saving = (
        worth[:, None] * 15 * (1 - np.exp(-units / 15)) - 0.15 * money - (units > 0) * rng.uniform(0, 9, n)[:, None]
    )
    lines = Lines(
        units, money, saving, rng.uniform(0.01, 0.1, n), rng.integers(0, places, n), rng.integers(-1, suppliers, n)
    )
    free = Terms(np.inf, np.full(places, np.inf), np.zeros(suppliers), np.full(suppliers, np.inf))
    loads = loads_of(lines, free, saving.argmax(axis=1))
    return lines, Terms(
        budget=float(loads.money[0] * rng.uniform(0.2, 1.1)),
        room=np.where(rng.random(places) < 0.5, loads.room * rng.uniform(0.3, 1.2, places), np.inf),
        minimum=np.where(rng.random(suppliers) < 0.6, loads.order_money * rng.uniform(0.3, 1.5, suppliers), 0.0),
        container=np.where(rng.random(suppliers) < 0.5, 0.05 + loads.order_volume * rng.uniform(0.3, 1.2), np.inf),
        fill=float(rng.choice([0.5, 0.8])),
    )


def best_of_all(lines: Lines, terms: Terms) -> float:
    """The most that can be saved within all limits, by trying every combination, each limit written out plainly."""
    n, columns = lines.quantity.shape
    best = 0.0
    for combination in product(range(columns), repeat=n):
        if keeps_plainly(lines, terms, combination):
            best = max(best, sum(float(lines.saving[i, k]) for i, k in enumerate(combination)))
    return best


def keeps_plainly(lines: Lines, terms: Terms, combination: tuple[int, ...]) -> bool:
    """Whether a combination keeps every limit, line by line."""
    if sum(lines.money[i, k] for i, k in enumerate(combination)) > terms.budget + 1e-9:
        return False
    volume = [lines.quantity[i, k] * lines.unit_volume[i] for i, k in enumerate(combination)]
    for place, room in enumerate(terms.room):
        if sum(v for i, v in enumerate(volume) if lines.place[i] == place) > room + 1e-9:
            return False
    for s in range(len(terms.minimum)):
        mine = [i for i, k in enumerate(combination) if lines.supplier[i] == s and k > 0]
        if not mine:
            continue
        if sum(lines.money[i, combination[i]] for i in mine) < terms.minimum[s] - 1e-9:
            return False
        boxes = sum(volume[i] for i in mine) / terms.container[s]
        if np.isfinite(terms.container[s]) and boxes < max(np.ceil(boxes - 1e-9), 1) - 1 + terms.fill - 1e-9:
            return False
    return True


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_two_hundred_and_forty_small_shops_are_solved_as_by_trying_everything(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    gaps = []
    for seed in range(first, first + 40):
        lines, terms = small_case(seed)
        best = best_of_all(lines, terms)
        monkeypatch.setattr(consulting, "MOST_LINES", 0)  # prices, repair and exchange alone
        alone = select(lines, terms)
        assert not breaches(lines, terms, alone.choice)
        assert alone.saving <= best + 1e-6
        assert alone.bound >= best - 1e-6, "the gap is certified"
        gaps.append((best - alone.saving) / max(best, 1e-9))
        if seed % 8 == 0:
            monkeypatch.setattr(consulting, "MOST_LINES", 4000)
            assert select(lines, terms).saving == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert np.mean(gaps) < 0.1, gaps


def test_a_solver_that_returns_nonsense_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    lines, terms = small_case(13)
    everything = np.full(len(lines.quantity), lines.quantity.shape[1] - 1)
    best = best_of_all(lines, terms)
    for nonsense in (everything, everything + 7, -everything, everything.astype(float)):
        assert breaches(lines, terms, nonsense)
        monkeypatch.setattr(exact, "solve", lambda *_, answer=nonsense, **__: exact.Answer(answer, 1e9))
        found = select(lines, terms)
        assert not breaches(lines, terms, found.choice)
        assert found.saving <= best + 1e-6 <= found.bound + 2e-6


def test_every_broken_limit_is_named_with_its_figures() -> None:
    lines, _ = small_case(3)
    terms = Terms(0.5, np.array([0.0, np.inf]), np.array([1e6, 0.0]), np.array([np.inf, 1e6]), 0.8)
    kinds = {breach.kind for breach in breaches(lines, terms, np.ones(len(lines.quantity), np.int64))}
    assert kinds <= {"budget", "space", "supplier_minimum", "container"}
    assert "budget" in kinds
    assert breaches(lines, terms, np.zeros(len(lines.quantity), np.int64)) == ()


def test_a_line_answers_prices_as_by_looking_at_every_choice() -> None:
    for seed in range(60):
        lines, terms = small_case(seed)
        market, bounds = Market.of(lines, terms), bounds_of(terms, np.full(2, -1))
        rng = np.random.default_rng(seed)
        prices = Prices(rng.uniform(0, 1, 1), rng.uniform(0, 20, 2), rng.uniform(0, 0.5, 2), rng.uniform(-9, 9, 2))
        choice = np.zeros(len(lines.quantity), np.int64)
        respond(lines, market.hulls, bounds.closed, prices, choice)
        for i, k in enumerate(choice):
            s = lines.supplier[i]
            money = prices.money[0] - (prices.minimum[s] if s >= 0 else 0.0)
            volume = prices.room[lines.place[i]] + (prices.volume[s] if s >= 0 else 0.0)
            net = lines.saving[i] - money * lines.money[i] - volume * lines.quantity[i] * lines.unit_volume[i]
            assert net[k] == pytest.approx(net.max())


def test_prices_bound_what_any_choice_saves_and_hold_the_budget_dear_where_it_is_short() -> None:
    for seed in range(1, 40, 2):
        lines, terms = small_case(seed)
        budget = Terms(terms.budget, np.full(2, np.inf), np.zeros(2), np.full(2, np.inf))
        prices, bound = priced(Market.of(lines, budget), bounds_of(budget, np.full(2, -1)))
        assert bound >= best_of_all(lines, budget) - 1e-6
        wanted = loads_of(lines, budget, lines.saving.argmax(axis=1)).money[0]
        assert (prices.money[0] > 0) == (wanted > budget.budget)


def test_an_order_below_its_minimum_is_raised_where_that_pays_and_left_where_it_does_not() -> None:
    units = np.array([[0.0, 10.0, 20.0]] * 2)
    lines = Lines(units, units * 2, np.array([[0, 50.0, 48.0], [0, 5.0, -60.0]]), np.zeros(2), *np.zeros((2, 2), int))

    def chosen(minimum: float) -> list[int]:
        return select(lines, Terms(np.inf, np.full(1, np.inf), np.array([minimum]), np.full(1, np.inf))).choice.tolist()

    assert chosen(0.0) == chosen(40.0) == [1, 1]
    assert chosen(60.0) == [2, 1], "two lines, one raised, still save 53"
    assert chosen(80.0) == [0, 0], "both raised would lose"


def test_wishes_are_granted_only_within_the_limits() -> None:
    lines, terms = small_case(21)
    found = select(lines, terms)
    wish = lines.quantity[:, -1]
    raised = granted(lines, terms, found.choice, wish)
    assert not breaches(lines, terms, raised)
    assert (raised >= found.choice).all()
    assert saved(lines, raised) <= found.bound + 1e-9
