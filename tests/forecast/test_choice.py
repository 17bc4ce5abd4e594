"""The forecast whose stock would have cost least is used: by hand, and against what every level would have cost."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from orderpoint.forecast.boosted import Boosted
from orderpoint.forecast.boosting.options import Budget
from orderpoint.forecast.boosting.proof import Proof
from orderpoint.forecast.choice import Candidate, choice_of, choose
from orderpoint.forecast.distributions import Errors, Learning, Spread
from orderpoint.forecast.newitems import WithLaunches
from orderpoint.forecast.panel import Outcome
from orderpoint.plan.stock_money import StockMoney
from tests.forecast.builders import known_of, sales_of

LEFT, SHORT = 1.0, 9.0


def candidate(said: NDArray[np.float64], came: NDArray[np.float64], cv2: float = 0.0) -> Candidate:
    """Sums (n, O) of whole spans that were all seen."""
    seen, share = np.ones(said.shape, np.bool_), np.ones(said.shape, np.float32)
    outcome = Outcome(came.astype(np.float32), seen, came.astype(np.float32), share)
    n = len(said)
    errors = Errors(said.astype(np.float32), said.astype(np.float32), outcome, 7)
    return Candidate(errors, Spread(np.ones(n), np.full(n, cv2)))


def test_the_cost_is_that_of_the_level_by_hand() -> None:
    """Poisson with mean 4 and a ratio of 0.9: the level is 7. Of 5 and of 10 came, two are left and three are short."""
    one = candidate(np.full((2, 1), 4.0), np.array([[5.0], [10.0]]))
    found = choose({"one": one}, (np.full(2, LEFT), np.full(2, SHORT)))
    assert found is not None
    assert found.cost["one"] == pytest.approx(2 * LEFT + 3 * SHORT)
    assert found.wape["one"] == pytest.approx((1 + 6) / 15)


def test_money_decides_and_not_accuracy() -> None:
    """The one forecast misses by less, but says nothing of its spread: where a unit short is dear that costs more."""
    rng = np.random.default_rng(1)
    came = rng.poisson(20.0 * rng.gamma(2.0, 0.5, (200, 6))).astype(np.float64)
    sure, unsure = candidate(np.full(came.shape, 20.0), came), candidate(np.full(came.shape, 23.0), came, 0.5)
    found = choose({"sure": sure, "unsure": unsure}, (np.full(200, LEFT), np.full(200, SHORT)))
    assert found is not None
    assert found.wape["sure"] < found.wape["unsure"]
    assert found.used == "unsure"
    cheap = choose({"sure": sure, "unsure": unsure}, (np.full(200, LEFT), np.full(200, LEFT)))
    assert cheap is not None
    assert cheap.used == "sure"


@pytest.mark.parametrize(("share", "origins", "used"), [(0.99, 4, "a"), (0.97, 4, "b"), (0.5, 2, "a")])
def test_a_later_candidate_has_to_be_clearly_cheaper_at_three_origins(share: float, origins: int, used: str) -> None:
    """Costs in proportion to `share`, the same at every origin; two origins prove nothing, however large the gain."""
    money = np.ones(4), np.ones(4)
    a = candidate(np.full((4, origins), 400.0), np.full((4, origins), 1000.0))
    b = candidate(np.full((4, origins), 1000.0 - share * 600.0), np.full((4, origins), 1000.0))
    found = choose({"a": a, "b": b}, money)
    assert found is not None
    assert found.cost["b"] / found.cost["a"] == pytest.approx(share, abs=0.005)
    assert found.used == used


def test_a_gain_of_one_lucky_origin_is_chance() -> None:
    came = np.full((4, 6), 1000.0)
    said = np.full(came.shape, 900.0)
    lucky = said.copy()
    lucky[:, 0], lucky[:, 1:] = 1000.0, 896.0
    found = choose({"a": candidate(said, came), "b": candidate(lucky, came)}, (np.ones(4), np.ones(4)))
    assert found is not None
    assert found.cost["b"] < 0.98 * found.cost["a"]
    assert found.used == "a"


def test_sums_hardly_seen_say_nothing() -> None:
    came, money = np.full((4, 2), 10.0), (np.ones(4), np.ones(4))
    absurd = candidate(np.array([[9.0, 500.0]] * 4), came)
    absurd.errors.outcome.share[:, 1] = 0.2
    plain = candidate(np.full((4, 1), 9.0), np.full((4, 1), 10.0))
    found, alone = choose({"a": absurd}, money), choose({"a": plain}, money)
    assert found is not None
    assert alone is not None
    assert found.cost == alone.cost
    absurd.errors.outcome.share[:] = 0.2
    assert choose({"a": absurd}, money) is None
    with pytest.raises(ValueError, match="at least one"):
        choose({}, money)


@pytest.mark.parametrize(("trees", "portfolio", "used"), [(300.0, 100.0, "portfolio"), (100.0, 300.0, "trees")])
def test_the_weight_is_that_of_what_was_chosen(trees: float, portfolio: float, used: str) -> None:
    """Half of each was learned; the one that told what came speaks alone, as it is far cheaper at four origins."""
    came = candidate(np.full((5, 4), 100.0), np.full((5, 4), 100.0)).errors.outcome
    said = [np.full((5, 4), units, np.float32) for units in (trees, portfolio)]
    proof = Proof(said[0], said[0], said[1], said[1], came, np.ones((5, 2)), 7)
    weight, choice = proof.chosen("trees", np.full(5, 0.5), Learning(), (np.full(5, LEFT), np.full(5, SHORT)))
    assert choice is not None
    assert choice.used == used
    assert (weight == (1.0 if used == "trees" else 0.0)).all()


def test_stock_money_follows_its_series() -> None:
    sales = sales_of(np.ones((4, 10)), places=("east", "west"))
    money = StockMoney(sales.index, np.arange(4.0), 10.0 + np.arange(4.0))
    part = sales.take(np.array([3, 1])).index
    left, short = money.of(part)
    assert left.tolist() == [3.0, 1.0]
    assert short.tolist() == [13.0, 11.0]
    other = sales_of(np.ones((6, 10)), places=("east", "west")).index
    assert money.of(other)[0].tolist() == [0.0, 1.0, 2.0, 3.0, 1.5, 1.5]
    assert repr(money) == repr(StockMoney(sales.index, np.arange(4.0), 10.0 + np.arange(4.0)))
    assert repr(money) != repr(StockMoney(sales.index, np.arange(4.0), 11.0 + np.arange(4.0)))


def test_the_blend_with_trees_is_chosen_by_money_and_says_so() -> None:
    rng = np.random.default_rng(2)
    week = np.array([1.0, 1.0, 1.0, 1.0, 1.5, 2.0, 0.5])[np.arange(200) % 7]
    sales = sales_of(rng.poisson(6.0 * week, (20, 200)))
    known, budget = known_of(sales), Budget(20_000, 20, 15, 0.2)
    money = StockMoney(sales.index, np.ones(20), np.full(20, 9.0))
    fitted = WithLaunches(Boosted(span=14, budget=budget, money=money)).fit(sales, known)
    choice = choice_of(fitted)
    assert choice is not None
    assert list(choice.cost) == ["boosted trees and portfolio", "portfolio", "boosted trees"]
    weights = fitted.weights()
    assert sum(weights.values()) == pytest.approx(np.ones(20))
    assert choice_of(Boosted(span=14, budget=budget).fit(sales, known)) is None
