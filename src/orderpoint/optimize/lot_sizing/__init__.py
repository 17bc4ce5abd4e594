"""Lot sizing: when to order how much where demand changes over time (docs/algorithms/lot-sizing.md)."""
