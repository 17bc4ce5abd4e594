"""Orderpoint: what an online shop should order next, and why."""

__version__ = "0.1.0"
