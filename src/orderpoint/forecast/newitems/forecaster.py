"""Any forecaster, with launches, successors and ends of life on top."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast import judgement
from orderpoint.forecast.base import Fitted, Forecaster, Weighted
from orderpoint.forecast.choice import Choice, choice_of
from orderpoint.forecast.newitems.learned import Launches, Learned, learn
from orderpoint.forecast.newitems.mending import mended
from orderpoint.tables.ahead import ended
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales


@dataclass(frozen=True, slots=True)
class WithLaunches:
    """`base`, but young series are forecast by their like, and successors inherit (falls go on where asked).

    A long-lived series that neither falls nor hands over is forecast by `base` to the bit. Overrides are applied here,
    so that sales since then correct a planner's estimate (`forecast.judgement`).
    """

    base: Forecaster
    launches: Launches = field(default_factory=Launches)

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return f"{self.base.name} with launches"

    def fit(self, sales: Sales, known: Known) -> Fit:
        """Fit the base, and learn what long-lived series and past launches teach."""
        return Fit(self.base.fit(sales, known), learn(sales, known, self.launches))


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted base, and what was learned beside it."""

    base: Fitted
    learned: Learned

    def demand(self, periods: int, known: Known) -> Demand:
        """Demand of the `periods` periods that follow, with the overrides and uplifts that `known` has.

        Raises ValueError as the base does.
        """
        said = self.base.demand(periods, replace(known, overrides=()))
        words, sales = known.overrides, self.learned.sales
        said, heard = mended(said, self.learned, words)
        said = ended(said, known.catalog)
        seen = judgement.Seen(sales.timeline, sales.quantity, sales.observed(), self.learned.ratio, heard)
        mean, cv2 = judgement.override(said.mean, said.level_cv2, said.index, said.timeline, words, seen)
        return replace(said, mean=mean, level_cv2=cv2)

    def weights(self) -> dict[str, NDArray[np.float64]]:
        """Weight (n,) of each model of the base by its label; empty where the base is one model."""
        return self.base.weights() if isinstance(self.base, Weighted) else {}

    @property
    def choice(self) -> Choice | None:
        """The base's choice among candidates."""
        return choice_of(self.base)
