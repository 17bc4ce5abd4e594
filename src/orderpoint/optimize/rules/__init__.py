"""Rules that a business writes down, in a file that a planner can read (docs/algorithms/rio.md)."""

from __future__ import annotations

from importlib.resources import files

from orderpoint.optimize.rules.reading import parse_rules
from orderpoint.optimize.rules.rule_set import RuleSet

__all__ = ["RuleSet", "default_rules", "parse_rules"]

DEFAULT = "default.yaml"


def default_rules() -> RuleSet:
    """The rules for a shop that has written none: levels by class, and the usual guard rails."""
    return parse_rules(files(__package__).joinpath(DEFAULT).read_text(encoding="utf-8"), DEFAULT)
