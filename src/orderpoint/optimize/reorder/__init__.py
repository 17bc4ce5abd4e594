"""Exact policies for one item with backlog: (s, S), (R, s, S), (r, Q), and base stock, with lead times fixed or random.

`periodic`, `spans` and `continuous` say what demand meets an order; `levels`, `lots` and `base_stock` find the best
policy for it, or give the figures of any. `optimal` and `evaluate` are those of (s, S).
"""

from __future__ import annotations

from orderpoint.optimize.reorder import base_stock, levels, lots
from orderpoint.optimize.reorder.costs import ReorderCosts
from orderpoint.optimize.reorder.demand_tables import compound_poisson, geometric, masses_of, observed
from orderpoint.optimize.reorder.exposure import Exposure, continuous, periodic, spans
from orderpoint.optimize.reorder.figures import StockFigures
from orderpoint.optimize.reorder.lead_time import LeadTime
from orderpoint.optimize.reorder.levels import ReorderLevels, evaluate, optimal
from orderpoint.optimize.reorder.lots import ReorderLots

__all__ = [
    "Exposure",
    "LeadTime",
    "ReorderCosts",
    "ReorderLevels",
    "ReorderLots",
    "StockFigures",
    "base_stock",
    "compound_poisson",
    "continuous",
    "evaluate",
    "geometric",
    "levels",
    "lots",
    "masses_of",
    "observed",
    "optimal",
    "periodic",
    "spans",
]
