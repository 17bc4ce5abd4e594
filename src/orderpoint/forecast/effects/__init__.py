"""What prices, promotions and events do to demand: one regression over all series (docs/algorithms/effects.md)."""

from orderpoint.forecast.effects.design import Design, design_of
from orderpoint.forecast.effects.learned import Effects, learn

__all__ = ["Design", "Effects", "design_of", "learn"]
