"""Base stocks of a network by genetic search in its simulation, where no exact method applies.

Lost sales, minimum orders, capacities or several sources at once: the cost of a set of base stocks is what the rollout
says on common paths of demand (the same for all sets, so that a difference is one of the sets). pymoo's genetic
algorithm (J. Blank and K. Deb, "pymoo: multi-objective optimization in Python", IEEE Access 8 (2020), 89497-89509)
looks at many sets; its best is then improved stage by stage in steps that halve, until no step of one lot at one or two
stages helps. What comes out is the best found: no bound is claimed.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.rollout import SHORT, Play, costs_of
from orderpoint.optimize.collaboration.stages import BaseStockNetwork
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PAIRS_UP_TO = 12
"""Stages up to which steps at two stages at once are tried."""


@dataclass(frozen=True)
class Search:
    """How far to look: `population` sets in each of `generations`; `seed` of the search's own luck."""

    population: int = 32
    generations: int = 24
    seed: int = 1

    def __post_init__(self) -> None:
        if self.population < 4 or self.generations < 1:
            raise ValueError(
                f"search: expected a population of at least 4 and a generation, got {self.population}, "
                f"{self.generations}; raise them"
            )


@dataclass(frozen=True, eq=False)
class Found:
    """`levels` (s,) base stocks in units (0 outside) and their mean `cost` of a period; `looked_at` sets in all."""

    levels: FloatArray
    cost: float
    looked_at: int


class _Costs:
    """Mean cost of a period of sets of levels given in lots, remembered."""

    def __init__(self, network: BaseStockNetwork, play: Play, free: IntArray) -> None:
        self.network, self.play, self.free = network, play, free
        self.known: dict[bytes, float] = {}

    def levels(self, lots: IntArray) -> FloatArray:
        """(c, s): units, of (c, free) lots."""
        out = np.zeros((len(lots), len(self.network.outside)))
        out[:, self.free] = lots * self.network.pack[self.free]
        return out

    def of(self, lots: IntArray) -> FloatArray:
        """(c,): costs of (c, free) lots."""
        keys = [row.tobytes() for row in lots]
        new = {key: k for k, key in enumerate(keys) if key not in self.known}
        if new:
            table = costs_of(self.network, self.levels(lots[list(new.values())]), self.play)
            costs = table.sum(axis=1) - table[:, SHORT]
            self.known.update(zip(new, costs.tolist(), strict=True))
        return np.array([self.known[key] for key in keys])


def search(
    network: BaseStockNetwork, play: Play, start: FloatArray, most: FloatArray, how: Search | None = None
) -> Found:
    """The base stocks of least simulated cost that were found.

    `start` (s,) a first guess, `most` (s,) the highest levels looked at, both in units.
    """
    costs, guess, upper = _prepared(network, play, start, most)
    return _found(costs, _polished(costs, _evolved(costs, guess, upper, how or Search()), upper))


def improve(network: BaseStockNetwork, play: Play, start: FloatArray, most: FloatArray) -> Found:
    """The same without the genetic part: steps from `start` until none helps, for a guess that is nearly right."""
    costs, guess, upper = _prepared(network, play, start, most)
    return _found(costs, _polished(costs, guess, upper))


def _prepared(
    network: BaseStockNetwork, play: Play, start: FloatArray, most: FloatArray
) -> tuple[_Costs, IntArray, IntArray]:
    """(costs, the first guess in lots, the most lots) of the stages that have a level."""
    for name, values in (("start", start), ("most", most)):
        checks.shape(name, values, network.outside.shape)
        checks.finite(name, values, least=0.0)
    free = np.flatnonzero(~network.outside)
    pack = network.pack[free]
    upper = np.floor(most[free] / pack).astype(np.int64)
    return _Costs(network, play, free), np.minimum(np.ceil(start[free] / pack).astype(np.int64), upper), upper


def _found(costs: _Costs, best: IntArray) -> Found:
    return Found(costs.levels(best[None])[0], float(costs.of(best[None])[0]), len(costs.known))


def _evolved(costs: _Costs, guess: IntArray, upper: IntArray, how: Search) -> IntArray:
    """The best set of the genetic search, which starts from random sets around the guess."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pymoo warns of its own dependencies
        from pymoo.algorithms.soo.nonconvex.ga import GA  # noqa: PLC0415 - heavy, and only here
        from pymoo.core.problem import Problem  # noqa: PLC0415
        from pymoo.operators.crossover.sbx import SBX  # noqa: PLC0415
        from pymoo.operators.mutation.pm import PM  # noqa: PLC0415
        from pymoo.operators.repair.rounding import RoundingRepair  # noqa: PLC0415
        from pymoo.optimize import minimize  # noqa: PLC0415

        class Levels(Problem):  # type: ignore[misc] # pymoo has no types
            """Whole lots of every stage that has a level."""

            def __init__(self) -> None:
                super().__init__(n_var=len(guess), n_obj=1, xl=np.zeros(len(guess), np.int64), xu=upper, vtype=int)

            def _evaluate(self, x: Any, out: dict[str, Any], *_: Any, **__: Any) -> None:  # noqa: ANN401 - pymoo's
                out["F"] = costs.of(np.asarray(x, np.int64))[:, None]

        algorithm = GA(
            pop_size=how.population,
            sampling=_first_sets(guess, upper, how),
            crossover=SBX(prob=0.9, eta=5, vtype=float, repair=RoundingRepair()),
            mutation=PM(eta=10, vtype=float, repair=RoundingRepair()),
            eliminate_duplicates=True,
        )
        result = minimize(Levels(), algorithm, ("n_gen", how.generations), seed=how.seed, verbose=False)
    return np.asarray(result.X, np.int64)


def _first_sets(guess: IntArray, upper: IntArray, how: Search) -> IntArray:
    """(population, stages): the guess, and sets that differ from it by random factors up to 2."""
    rng = np.random.default_rng(how.seed)
    factor = 2.0 ** rng.uniform(-1.0, 1.0, (how.population, len(guess)))
    sets = np.round((guess + 0.5) * factor).astype(np.int64)
    sets[0] = guess
    return np.clip(sets, 0, upper)


def _polished(costs: _Costs, best: IntArray, upper: IntArray) -> IntArray:
    """The set that no step up or down at one stage, or at two, improves; the steps halve down to one lot."""
    stride = max(int(best.max(initial=1)) // 4, 1)
    moves = _moves(len(best))
    while True:
        around = np.unique(np.clip(best + stride * moves, 0, upper), axis=0)
        values = costs.of(around)
        k = int(values.argmin())
        if values[k] < costs.of(best[None])[0] - 1e-12:
            best = around[k]
        elif stride == 1:
            return best
        else:
            stride //= 2


def _moves(stages: int) -> IntArray:
    """(m, stages): steps of -1, 0 or 1, at one stage, and at two where there are few stages."""
    rows = [sign * np.eye(stages, dtype=np.int64)[s] for s in range(stages) for sign in (-1, 1)]
    if stages <= PAIRS_UP_TO:
        singles = np.array(rows).reshape(-1, 2, stages)
        rows += [
            singles[s, a] + singles[t, b] for s, t in combinations(range(stages), 2) for a in (0, 1) for b in (0, 1)
        ]
    return np.array(rows, np.int64).reshape(-1, stages)
