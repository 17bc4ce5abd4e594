"""How good forecasts were: sums kept by series, so that the measures of any part of a shop follow from them."""

from orderpoint.forecast.scoring.measures import Measures, measures_of
from orderpoint.forecast.scoring.scored import PROBABILITIES, Held, Scored, score
from orderpoint.forecast.scoring.weighted import wrmsse

__all__ = ["PROBABILITIES", "Held", "Measures", "Scored", "measures_of", "score", "wrmsse"]
