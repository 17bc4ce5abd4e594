"""Expressions over whole columns: simpleeval's walk over the tree, with operators that take arrays.

What simpleeval would allow beside these nodes (attributes, indices, comprehensions, assignments) is taken out, so a
tree that `expression` did not check fails here too.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from simpleeval import SimpleEval

from orderpoint.optimize.rules.fields import Column

Value = Any
"""A column, or the constant that stands for one."""


def _divided(a: Value, b: Value) -> Value:
    """The quotient a / b, without a value (NaN) where b is 0."""
    top, bottom = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(b, np.float64))
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0.0)


def _differs(a: Value, b: Value) -> Value:
    """Whether a != b; False where a number has no value, as with every other comparison."""
    return np.not_equal(a, b) & _has_value(a) & _has_value(b)


def _within(a: Value, words: Value) -> Value:
    """Whether a is one of a list of constants."""
    return np.isin(a, words)


def _outside(a: Value, words: Value) -> Value:
    """Whether a is none of a list of constants, False where a number has no value."""
    return ~np.isin(a, words) & _has_value(a)


def _has_value(a: Value) -> Value:
    """Whether a is not a number without a value."""
    values = np.asarray(a)
    return ~np.isnan(values) if values.dtype.kind == "f" else np.ones(values.shape, np.bool_)


def _known(a: Value) -> Value:
    """Whether a number has a value, or a text is not empty."""
    values = np.asarray(a)
    return values != "" if values.dtype.kind == "U" else _has_value(values)


def _folded(fold: Callable[[Value, Value], Value]) -> Callable[..., Value]:
    def of(first: Value, *others: Value) -> Value:
        for other in others:
            first = fold(first, other)
        return first

    return of


OPERATORS: Mapping[type[ast.AST], Callable[..., Value]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: _divided,
    ast.USub: np.negative,
    ast.UAdd: np.positive,
    ast.Not: np.logical_not,
    ast.Eq: np.equal,
    ast.NotEq: _differs,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.In: _within,
    ast.NotIn: _outside,
}
"""What each sign of an expression does."""

FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "min": _folded(np.minimum),
    "max": _folded(np.maximum),
    "abs": np.abs,
    "round": np.rint,
    "ceil": np.ceil,
    "floor": np.floor,
    "known": _known,
    "contains": lambda text, part: np.char.find(text, part) >= 0,
}
"""What each function of an expression does."""

KEPT = (ast.Name, ast.UnaryOp, ast.BinOp, ast.Call)


class Columns(SimpleEval):  # type: ignore[misc] # simpleeval ships no types
    """Evaluates a checked tree over `columns`, each of shape (n,)."""

    nodes: dict[type[ast.AST], Callable[..., Value]]

    def __init__(self, columns: Mapping[str, Column]) -> None:
        super().__init__(dict(OPERATORS), dict(FUNCTIONS), dict(columns))
        self.nodes = {node: self.nodes[node] for node in KEPT} | {
            ast.Constant: self._constant,
            ast.List: self._constants,
            ast.Tuple: self._constants,
            ast.BoolOp: self._all_or_any,
            ast.Compare: self._chain,
            ast.IfExp: self._either,
        }

    @staticmethod
    def _constant(node: ast.Constant) -> Value:
        is_number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
        return float(node.value) if is_number else node.value  # type: ignore[arg-type] # mypy forgets the condition

    def _constants(self, node: ast.List | ast.Tuple) -> list[Value]:
        return [self._eval(entry) for entry in node.elts]

    def _all_or_any(self, node: ast.BoolOp) -> Value:
        fold = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
        return _folded(fold)(*(self._eval(value) for value in node.values))

    def _chain(self, node: ast.Compare) -> Value:
        sides = [self._eval(side) for side in (node.left, *node.comparators)]
        pairs = zip(node.ops, sides, sides[1:], strict=False)
        return _folded(np.logical_and)(*(self.operators[type(sign)](a, b) for sign, a, b in pairs))

    def _either(self, node: ast.IfExp) -> Value:
        return np.where(*(self._eval(part) for part in (node.test, node.body, node.orelse)))


def column_of(tree: ast.expr, columns: Mapping[str, Column], n: int) -> Column:
    """The value of a checked tree for each of n series; NaN where a number has none."""
    with np.errstate(all="ignore"):
        value = Columns(columns).eval("", tree)
    return np.array(np.broadcast_to(value, (n,)))
