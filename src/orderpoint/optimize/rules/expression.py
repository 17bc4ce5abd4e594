"""Reads an expression of a rule and finds all that is wrong with it, before it meets any number.

The language is a small part of Python's: fields, numbers, texts in quotation marks, yes/no (True, False); + - * /;
comparisons, also in chains; `in` and `not in` a list of constants; `and`, `or`, `not`; A if CONDITION else B; and the
functions of `kinds.SIGNATURES`. Everything else is a mistake.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from orderpoint.optimize.rules.fields import FIELDS, Kind
from orderpoint.optimize.rules.kinds import Checker, Mistake

LONGEST = 2000
"""Characters of one expression."""

DEEPEST = 40
"""Brackets and signs within each other."""


@dataclass(frozen=True)
class Expression:
    """A checked expression: its text, its tree, and the fields it reads."""

    text: str
    tree: ast.expr = field(compare=False, repr=False)
    fields: frozenset[str]

    @property
    def is_proposed(self) -> bool:
        """Whether it reads a field that is known only once orders are proposed."""
        return any(FIELDS[name].proposed for name in self.fields)

    @property
    def form(self) -> str:
        """The same for expressions that differ in spaces and brackets only."""
        return ast.dump(self.tree)


def read_expression(text: str, wanted: Kind) -> tuple[Expression | None, list[Mistake]]:
    """The expression of `text`, whose value has to be of the `wanted` kind; or None and all that is wrong."""
    flat = "".join(" " if c.isspace() else c for c in text)
    skipped = len(flat) - len(flat.lstrip())
    tree = _parsed(flat.strip(), skipped)
    if isinstance(tree, Mistake):
        return None, [tree]
    checker = Checker(flat.strip(), skipped)
    kind = checker.kind_of(tree)
    if kind is not None and kind is not wanted:
        checker.report(tree, f"rule_not_a_{wanted}")
    if checker.mistakes:
        return None, list({(m.code, m.offset): m for m in checker.mistakes}.values())
    return Expression(" ".join(flat.split()), tree, frozenset(checker.fields)), []


def _parsed(text: str, skipped: int) -> ast.expr | Mistake:
    """The tree of a text in one line."""
    if len(text) > LONGEST:
        return Mistake("rule_too_long", skipped, details={"most": str(LONGEST)})
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        offset = min(max((error.offset or 1) - 1, 0), max(len(text) - 1, 0))
        return Mistake("rule_syntax", skipped + offset, text[offset : offset + 12])
    except (RecursionError, MemoryError, ValueError):
        return Mistake("rule_too_deep", skipped, details={"most": str(DEEPEST)})
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return Mistake("rule_too_deep", skipped, details={"most": str(DEEPEST)}) if level else tree
