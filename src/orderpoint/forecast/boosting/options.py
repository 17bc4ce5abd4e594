"""How many operations each effort may spend, and what kind of trees it grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orderpoint.domain.calendar import Period

Effort = Literal["quick", "standard", "best"]
Objective = Literal["tweedie", "poisson", "gamma", "squared", "quantile"]
Kind = Literal["boosting", "forest", "tree"]
Strategy = Literal["direct", "recursive"]

HORIZON = {Period.DAY: 28, Period.WEEK: 13, Period.MONTH: 6}
"""Steps ahead that are told apart where nobody says; what lies beyond is forecast like the last of them."""
WARM = {Period.DAY: 14, Period.WEEK: 8, Period.MONTH: 6}
"""Periods of history before the first row that is learned from; a third of the history where that is shorter."""


@dataclass(frozen=True, slots=True)
class Budget:
    """`rows` that are learned from at most, `rounds` of boosting, `leaves` of a tree; operations are their product."""

    rows: int
    rounds: int
    leaves: int
    rate: float


BUDGETS: dict[Effort, Budget] = {
    "quick": Budget(250_000, 60, 31, 0.12),
    "standard": Budget(1_500_000, 150, 63, 0.06),
    "best": Budget(4_000_000, 400, 127, 0.03),
}
ROWS_PER_PERIOD = 3000
"""Rows of one period share what happened in it: beyond so many, trees learn that period and not the series."""


@dataclass(frozen=True, slots=True)
class Grown:
    """What trees are grown, and by which loss; `level`: the quantile of the quantile loss.

    Tweedie and Poisson suit counts with zeros; gamma is for amounts whose error is a share of them, such as turnover,
    and weighs small and large series alike. A single tree and a forest take the mean of each leaf (or its quantile).
    """

    kind: Kind = "boosting"
    objective: Objective = "poisson"
    level: float = 0.5
    seed: int = 1
