"""How far a global model speaks beside the portfolio, and what that does to the spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.boosting.proof import Proof
from orderpoint.forecast.choice import Choice, Money
from orderpoint.forecast.distributions import Learning
from orderpoint.tables.series import SeriesIndex

Floats = NDArray[np.float64]


class Blending(Protocol):
    """A global model that is blended with the portfolio."""

    @property
    def name(self) -> str:
        """The field's name of the method."""

    @property
    def blended(self) -> bool:
        """Whether the portfolio speaks, too."""

    @property
    def learning(self) -> Learning:
        """How spread is learned."""

    @property
    def money(self) -> Money | None:
        """What stock costs."""


@dataclass(frozen=True, eq=False)
class Scales:
    """`weight` of the model, and by what the portfolio's `ratio` and `level_cv2` are multiplied; each (n,).

    `choice`: how the weight was chosen by what stock would have cost, None where it was not.
    """

    weight: Floats
    ratio: Floats
    level_cv2: Floats
    choice: Choice | None = None

    @classmethod
    def nothing_known(cls, n: int, blended: bool) -> Scales:  # noqa: FBT001 - a field of `Boosted`
        """Where no origin could be held out: the portfolio alone (the trees alone where they are not blended)."""
        return cls(np.full(n, 0.0 if blended else 1.0), np.ones(n), np.ones(n))

    def proved(self, model: Blending, proof: Proof, rate: Floats, index: SeriesIndex) -> Scales:
        """What the held-out origins say; series of about the same `rate` (n,) are weighed alike."""
        weight, choice = self.weight, None
        if model.blended:
            weight = proof.weight(rate)
            if model.money is not None:
                weight, choice = proof.chosen(model.name, weight, model.learning, model.money.of(index))
        return Scales(weight, *proof.narrower(weight, model.learning), choice)
