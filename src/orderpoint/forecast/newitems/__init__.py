"""New items, successors and ends of life, for any forecaster (docs/algorithms/launches.md)."""

from orderpoint.forecast.newitems.forecaster import WithLaunches
from orderpoint.forecast.newitems.learned import Launches
from orderpoint.forecast.newitems.phase_out import PhaseOut, phase_outs
from orderpoint.forecast.newitems.suggestions import substitutes

__all__ = ["Launches", "PhaseOut", "WithLaunches", "phase_outs", "substitutes"]
