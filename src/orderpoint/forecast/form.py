"""A form: one model of the mean with one or more parameter sets, rolled in one pass, and a forecaster by itself."""

from __future__ import annotations

from abc import ABC, abstractmethod

from orderpoint.forecast import blend
from orderpoint.forecast.panel import Panel, Rolled
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales


class Form(ABC):
    """A model of the mean. Its spread comes from its own rolling-origin errors (`distributions`)."""

    __slots__ = ()

    @property
    @abstractmethod
    def name(self) -> str:
        """The field's name of the method."""

    @abstractmethod
    def roll(self, panel: Panel) -> Rolled:
        """Run all parameter sets over the panel, oldest period first, skipping what was not seen."""

    def fit(self, sales: Sales, known: Known) -> blend.Blend:
        """Learn this form alone, without pooled seasons and effects; its parameter sets are blended by their scores."""
        return blend.fit([self.roll], sales, known, blend.Options(seasons=False, effects=False))
