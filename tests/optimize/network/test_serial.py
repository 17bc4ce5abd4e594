"""Clark-Scarf: the book's example, plain recursions, bounds, and every level of small systems."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from scipy import stats

from orderpoint.optimize.network.serial import SerialSystems


def systems(seed: int, n: int = 1, stages: int = 3) -> SerialSystems:
    rng = np.random.default_rng(seed)
    return SerialSystems(
        rng.uniform(0.2, 3.0, (n, stages)),
        rng.integers(1, 4, (n, stages)).astype(float),
        rng.uniform(5.0, 40.0, n),
        rng.uniform(0.5, 4.0, n),
    )


def example_6_1() -> SerialSystems:
    return SerialSystems(np.array([[3.0, 2.0, 2.0]]), np.array([[1.0, 1.0, 2.0]]), np.array([37.12]), np.array([5.0]))


def test_snyder_and_shen_example_6_1_costs_what_the_book_says() -> None:
    best = example_6_1().optimal_normal(np.array([1.0]))
    assert 47.660 <= best.cost[0] <= 47.661
    assert np.round(best.echelon_level[0], 2).tolist() == [6.49, 12.02, 22.71]
    same = example_6_1().evaluate_normal(np.array([1.0]), [6.49, 12.02, 22.71])
    assert same.cost[0] == pytest.approx(best.cost[0], abs=1e-3)


def test_snyder_and_shen_example_6_1_has_the_heuristic_of_the_book() -> None:
    low, high = example_6_1().bounds_normal(np.array([1.0]))
    assert (0.5 * (low + high))[0] == pytest.approx([6.490880975286938, 12.027434723327854, 22.634032391786285])


def plain_normal(one: SerialSystems, sd: float, levels: np.ndarray) -> float:
    """The recursion on a grid of 4,000 points with the trapezoid rule."""
    h, lead, p = one.echelon_holding_cost[0], one.lead_time[0], float(one.stockout_cost[0])
    mean = float(one.mean[0])
    far = 9.0 * sd * lead.sum() ** 0.5
    x = np.linspace(-mean * lead.sum() - 2.0 * far, mean * lead.sum() + 2.0 * far, 4001)
    below = (p + h.sum()) * np.maximum(-x, 0.0)
    slope = -(p + h.sum())
    for j in range(len(h)):
        t = np.linspace(-8.0, 8.0, 801)
        weight = stats.norm.pdf(t)
        weight /= weight.sum()
        y = x[:, None] - mean * lead[j] - sd * lead[j] ** 0.5 * t
        inside = np.interp(y, x, below) + slope * np.minimum(y - x[0], 0.0)
        here = h[j] * (x - mean * lead[j]) + inside @ weight
        slope += h[j]
        top = float(np.interp(levels[j], x, here))
        below = np.where(x < levels[j], here, top)
    return top


@pytest.mark.parametrize("seed", range(5))
def test_the_cost_of_any_levels_is_that_of_a_plain_grid(seed: int) -> None:
    one, sd = systems(seed), np.array([1.3])
    best = one.optimal_normal(sd)
    for shift in (-2.0, 0.0, 1.5):
        levels = best.echelon_level + shift
        cost = one.evaluate_normal(sd, levels).cost[0]
        assert cost == pytest.approx(plain_normal(one, 1.3, levels[0]), rel=2e-4)
        assert cost >= best.cost[0] - 1e-9


def test_levels_next_to_the_best_cost_no_less() -> None:
    n = 50
    many = systems(0, n, 4)
    sd = np.linspace(0.3, 3.0, n)
    best = many.optimal_normal(sd)
    for move in itertools.product((-0.05, 0.0, 0.05), repeat=4):
        assert (many.evaluate_normal(sd, best.echelon_level + np.array(move)).cost >= best.cost * (1.0 - 1e-9)).all()


@pytest.mark.parametrize("poisson", [False, True])
def test_the_best_levels_lie_between_the_newsvendor_bounds_of_shang_and_song(poisson: bool) -> None:
    many = systems(1, 200, 4)
    sd = np.linspace(0.3, 3.0, 200)
    low, high = many.bounds_poisson() if poisson else many.bounds_normal(sd)
    best = (many.optimal_poisson() if poisson else many.optimal_normal(sd)).echelon_level
    assert (best >= low - 1e-6).all()
    assert (best <= high + 1e-6).all()


def plain_poisson(one: SerialSystems, levels: tuple[int, ...]) -> float:
    """The recursion as it is written, number by number."""
    h, lead, p = one.echelon_holding_cost[0], one.lead_time[0], float(one.stockout_cost[0])
    mean = float(one.mean[0])

    @cache
    def cost(j: int, y: int) -> float:
        if j < 0:
            return (p + float(h.sum())) * max(-y, 0)
        demand = stats.poisson(mean * lead[j])
        below = (lambda x: cost(j - 1, min(x, levels[j - 1]))) if j else (lambda x: cost(-1, x))
        return sum(float(f) * (h[j] * (y - d) + below(y - d)) for d, f in enumerate(demand.pmf(np.arange(45))))

    return cost(len(h) - 1, levels[-1])


@pytest.mark.parametrize("seed", range(4))
def test_poisson_levels_cost_what_the_plain_recursion_says(seed: int) -> None:
    one = systems(seed, stages=2)
    best = one.optimal_poisson()
    levels = tuple(int(s) for s in best.echelon_level[0])
    assert best.cost[0] == pytest.approx(plain_poisson(one, levels), rel=1e-9)
    lower = (levels[0] - 2, levels[1] - 1)
    assert one.evaluate_poisson([lower]).cost[0] == pytest.approx(plain_poisson(one, lower), rel=1e-9)


@pytest.mark.parametrize("seed", range(200))
def test_no_whole_levels_of_a_small_system_cost_less(seed: int) -> None:
    one = systems(seed, stages=2)
    best = one.optimal_poisson()
    grid = np.array(list(itertools.product(range(-1, 25), range(-1, 35))), float)
    many = SerialSystems(
        *(
            np.repeat(a, len(grid), axis=0)
            for a in (one.echelon_holding_cost, one.lead_time, one.stockout_cost, one.mean)
        )
    )
    assert best.cost[0] == pytest.approx(many.evaluate_poisson(grid).cost.min(), rel=1e-12)


def test_one_stage_is_a_newsvendor() -> None:
    one = SerialSystems(np.array([[2.0]]), np.array([[4.0]]), np.array([18.0]), np.array([10.0]))
    best = one.optimal_normal(np.array([3.0]))
    z = stats.norm.ppf(0.9)
    assert best.echelon_level[0, 0] == pytest.approx(40.0 + 6.0 * z)
    assert best.cost[0] == pytest.approx(20.0 * 6.0 * stats.norm.pdf(z))


def test_a_stage_without_a_lead_time_adds_only_the_holding_cost_of_what_is_on_its_way() -> None:
    split = SerialSystems(np.array([[2.0, 1.0]]), np.array([[4.0, 0.0]]), np.array([18.0]), np.array([10.0]))
    whole = SerialSystems(np.array([[3.0]]), np.array([[4.0]]), np.array([18.0]), np.array([10.0]))
    on_its_way = 1.0 * 10.0 * 4.0
    sd = np.array([3.0])
    assert split.optimal_normal(sd).cost[0] == pytest.approx(whole.optimal_normal(sd).cost[0] + on_its_way)
    assert split.optimal_poisson().cost[0] == pytest.approx(whole.optimal_poisson().cost[0] + on_its_way)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [(0, 0.0, "echelon_holding_cost"), (1, -1.0, "lead_time"), (2, 0.0, "stockout_cost"), (3, np.nan, "mean")],
)
def test_numbers_that_make_no_sense_are_refused(column: int, value: float, words: str) -> None:
    arrays = [np.array([[1.0]]), np.array([[1.0]]), np.array([9.0]), np.array([5.0])]
    arrays[column] = np.full_like(arrays[column], value)
    with pytest.raises(ValueError, match=words):
        SerialSystems(*arrays)


def test_half_a_unit_is_no_level_for_poisson_demand() -> None:
    with pytest.raises(ValueError, match="whole units"):
        example_6_1().evaluate_poisson([6.5, 12.0, 22.0])
