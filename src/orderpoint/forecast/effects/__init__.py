"""What prices, promotions and drivers do to demand: one regression over all series (docs/algorithms/effects.md)."""

from orderpoint.forecast.effects.design import Design, ahead_of, design_of
from orderpoint.forecast.effects.learned import Effects, learn

__all__ = ["Design", "Effects", "ahead_of", "design_of", "learn"]
