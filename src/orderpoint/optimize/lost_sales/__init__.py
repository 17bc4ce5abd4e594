"""One item whose unmet demand is lost and whose orders take a lead time: exact optima, and rules for any lead time.

`optimum` and `evaluate` are exact, for systems whose states can be counted; `search.best` finds a good rule for any.
"""

from __future__ import annotations

from orderpoint.optimize.lost_sales import search
from orderpoint.optimize.lost_sales.exact_cost import evaluate
from orderpoint.optimize.lost_sales.iteration import Chain
from orderpoint.optimize.lost_sales.optimal import optimum
from orderpoint.optimize.lost_sales.rules import Rule, capped, patience, projected, window
from orderpoint.optimize.lost_sales.simulation import Run, period_costs, simulated, standard_error
from orderpoint.optimize.lost_sales.system import LostSales

__all__ = [
    "Chain",
    "LostSales",
    "Rule",
    "Run",
    "capped",
    "evaluate",
    "optimum",
    "patience",
    "period_costs",
    "projected",
    "search",
    "simulated",
    "standard_error",
    "window",
]
