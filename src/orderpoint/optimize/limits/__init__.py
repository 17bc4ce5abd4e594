"""Limits over many lines at once: budget, space, suppliers' minimums and containers (docs/algorithms/limits.md)."""
