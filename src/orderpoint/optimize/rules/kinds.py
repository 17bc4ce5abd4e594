"""Finds the kind of every part of an expression, and what is wrong with it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial

from orderpoint.optimize.rules.fields import FIELDS, Field, Kind

SIGNATURES: Mapping[str, tuple[tuple[Kind | None, ...], bool, Kind]] = {
    "min": ((Kind.NUMBER, Kind.NUMBER), True, Kind.NUMBER),
    "max": ((Kind.NUMBER, Kind.NUMBER), True, Kind.NUMBER),
    "abs": ((Kind.NUMBER,), False, Kind.NUMBER),
    "round": ((Kind.NUMBER,), False, Kind.NUMBER),
    "ceil": ((Kind.NUMBER,), False, Kind.NUMBER),
    "floor": ((Kind.NUMBER,), False, Kind.NUMBER),
    "known": ((None,), False, Kind.FLAG),
    "contains": ((Kind.TEXT, Kind.TEXT), False, Kind.FLAG),
}
"""Function -> (kinds of its arguments, None for any; whether more may follow; kind of its value)."""

ORDERINGS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
EQUALITIES = (ast.Eq, ast.NotEq)
MEMBERSHIPS = (ast.In, ast.NotIn)


@dataclass(frozen=True)
class Mistake:
    """Something wrong at character `offset` of a text; `code` and `details` as in `domain.errors.Fault`."""

    code: str
    offset: int
    value: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word that is most like `word`; the three that are, where none is very much."""
    close = get_close_matches(word.lower(), known, n=1, cutoff=0.7)
    return ", ".join(close or get_close_matches(word.lower(), known, n=3, cutoff=0.0))


class Checker:
    """Walks a tree once: finds the kind of every part, the fields it reads, and its mistakes."""

    def __init__(self, text: str, skipped: int) -> None:
        self.text, self.skipped = text, skipped
        self.mistakes: list[Mistake] = []
        self.fields: set[str] = set()

    def report(self, node: ast.AST, code: str, **details: str) -> None:
        """Note a mistake at a node; Python counts its columns in bytes of UTF-8."""
        encoded = self.text.encode()
        start = len(encoded[: getattr(node, "col_offset", 0)].decode())
        end = len(encoded[: getattr(node, "end_col_offset", 0)].decode())
        self.mistakes.append(Mistake(code, self.skipped + start, self.text[start:end], details))

    def kind_of(self, node: ast.expr) -> Kind | None:
        """The kind of a part, None where a mistake was found in it."""
        read = self._reader_of(node)
        if read is None:
            self.report(node, "rule_not_allowed")
            return None
        return read()

    def _reader_of(self, node: ast.expr) -> Callable[[], Kind | None] | None:
        """What reads a part, None for a part that no rule may have."""
        match node:
            case ast.Constant():
                read = partial(self._constant, node)
            case ast.Name():
                read = partial(self._name, node)
            case ast.UnaryOp(op=ast.Not()):
                read = partial(self._all, Kind.FLAG, [node.operand])
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                read = partial(self._all, Kind.NUMBER, [node.operand])
            case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div()):
                read = partial(self._all, Kind.NUMBER, [node.left, node.right])
            case ast.BoolOp():
                read = partial(self._all, Kind.FLAG, node.values)
            case ast.Compare():
                read = partial(self._compare, node)
            case ast.IfExp():
                read = partial(self._either, node)
            case ast.Call(func=ast.Name()):
                read = partial(self._call, node)
            case _:
                return None
        return read

    def _constant(self, node: ast.Constant) -> Kind | None:
        value = node.value
        if isinstance(value, bool):
            return Kind.FLAG
        if isinstance(value, str):
            return Kind.TEXT
        if isinstance(value, float) or (isinstance(value, int) and abs(value) < 1e300):
            return Kind.NUMBER
        self.report(node, "rule_not_allowed")
        return None

    def _name(self, node: ast.Name) -> Kind | None:
        if node.id not in FIELDS:
            self.report(node, "rule_unknown_field", nearest=nearest(node.id, list(FIELDS)))
            return None
        self.fields.add(node.id)
        return FIELDS[node.id].kind

    def _all(self, wanted: Kind, parts: Sequence[ast.expr]) -> Kind | None:
        """`wanted` where every part is of that kind."""
        kinds = [self.kind_of(part) for part in parts]
        for part, kind in zip(parts, kinds, strict=True):
            if kind not in {wanted, None}:
                self.report(part, f"rule_not_a_{wanted}")
        return wanted if all(kind is wanted for kind in kinds) else None

    def _either(self, node: ast.IfExp) -> Kind | None:
        test = self._all(Kind.FLAG, [node.test])
        kind = self.kind_of(node.body)
        other = self.kind_of(node.orelse) if kind is None else self._all(kind, [node.orelse])
        return kind if test is not None and other is not None else None

    def _call(self, node: ast.Call) -> Kind | None:
        name = getattr(node.func, "id", "")
        if name not in SIGNATURES:
            self.report(node.func, "rule_unknown_function", nearest=nearest(name, list(SIGNATURES)))
            return None
        wanted, more, kind = SIGNATURES[name]
        fits = len(node.args) >= len(wanted) if more else len(node.args) == len(wanted)
        if not fits or node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            self.report(node, "rule_arguments", function=name, count=f"{len(wanted)}{'+' if more else ''}")
            return None
        kinds = [*wanted, *[wanted[-1]] * (len(node.args) - len(wanted))]
        found = [
            self.kind_of(part) if asked is None else self._all(asked, [part])
            for part, asked in zip(node.args, kinds, strict=True)
        ]
        return None if None in found else kind

    def _compare(self, node: ast.Compare) -> Kind | None:
        good = True
        for sign, left, right in zip(node.ops, [node.left, *node.comparators], node.comparators, strict=False):
            if isinstance(sign, MEMBERSHIPS):
                good &= self._member(left, right)
            elif isinstance(sign, ORDERINGS):
                good &= self._all(Kind.NUMBER, [left, right]) is not None
            elif isinstance(sign, EQUALITIES):
                good &= self._equal(left, right)
            else:
                self.report(node, "rule_not_allowed")
                good = False
        return Kind.FLAG if good else None

    def _equal(self, left: ast.expr, right: ast.expr) -> bool:
        kind = self.kind_of(left)
        if kind is None or self._all(kind, [right]) is None:
            return False
        return self._chosen(left, [right]) and self._chosen(right, [left])

    def _member(self, left: ast.expr, right: ast.expr) -> bool:
        kind = self.kind_of(left)
        if not isinstance(right, ast.List | ast.Tuple) or not right.elts:
            self.report(right, "rule_not_a_list")
            return False
        if kind is None or self._all(kind, right.elts) is None:
            return False
        strange = [entry for entry in right.elts if not _is_constant(entry)]
        for entry in strange:
            self.report(entry, "rule_not_a_list")
        return not strange and self._chosen(left, right.elts)

    def _chosen(self, side: ast.expr, others: Sequence[ast.expr]) -> bool:
        """Whether the words that a field is compared with are words that it can be."""
        form: Field | None = FIELDS.get(side.id) if isinstance(side, ast.Name) else None
        if form is None or not form.choices:
            return True
        strange = [o for o in others if isinstance(o, ast.Constant) and o.value not in form.choices]
        for other in strange:
            self.report(other, "rule_not_a_choice", choices=", ".join(form.choices))
        return not strange


def _is_constant(node: ast.expr) -> bool:
    """Whether a part is a number, perhaps with a sign, or a text."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant))
