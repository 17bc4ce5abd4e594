"""What is said of the rules of a business: which did what, and what they found."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

RULES: Catalogue = {}
"""Code of a `tables.decisions.Remark` -> what is said of it."""
