"""A form: one model with one or more parameter sets, rolled over a panel in one pass, and usable as a forecaster by itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.panel import FloatArray, Panel


@dataclass(frozen=True, eq=False)
class Rolled:
    """What C parameter sets of a form said at O origins of n series, and what they say at the end.

    `one` float32 (C, n, O): mean of the first period after each origin. `total` float32 (C, n, O): mean of the sum over
    the periods of the span that were seen later (so that it stands beside `Outcome.total`). `ahead(factor)` takes the seasonal
    factors (G, H) of the H periods after the history and gives the means float32 (C, n, H), finite and not negative.
    """

    labels: tuple[str, ...]
    one: FloatArray
    total: FloatArray
    ahead: Callable[[FloatArray], FloatArray]


class Form(ABC):
    """A model of the mean. Its spread comes from its own rolling-origin errors (`distributions`)."""

    @abstractmethod
    def roll(self, panel: Panel) -> Rolled:
        """Run all parameter sets over the panel, oldest period first, skipping what was not seen."""


def level_ahead(levels: NDArray[np.float32], group: NDArray[np.int32]) -> Callable[[FloatArray], FloatArray]:
    """`Rolled.ahead` of a form whose state is a level (C, n): the level times the season."""

    def ahead(factor: FloatArray) -> FloatArray:
        return np.asarray(levels[:, :, None] * factor[group][None], dtype=np.float32)

    return ahead
