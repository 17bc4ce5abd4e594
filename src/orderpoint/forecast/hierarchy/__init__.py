"""Coherent forecasts: what a shop, its categories and its locations sell is the sum of what its items sell."""
