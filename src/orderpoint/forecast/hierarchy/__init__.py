"""Coherent forecasts: what a shop, its categories and its locations sell is the sum of what its items sell."""

from orderpoint.forecast.hierarchy.mint import MinT, Variances
from orderpoint.forecast.hierarchy.reconciled import Reconciled
from orderpoint.forecast.hierarchy.tree import Tree, tree_of

__all__ = ["MinT", "Reconciled", "Tree", "Variances", "tree_of"]
