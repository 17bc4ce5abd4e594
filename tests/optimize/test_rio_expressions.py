"""Expressions of rules: whole columns at once give what simpleeval gives row by row, and nothing else is let in."""

from __future__ import annotations

import ast
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simpleeval import EvalWithCompoundTypes

from orderpoint.optimize.rules.evaluate import FUNCTIONS, Columns, column_of
from orderpoint.optimize.rules.expression import read_expression
from orderpoint.optimize.rules.fields import FIELDS, Kind
from orderpoint.optimize.rules.kinds import SIGNATURES
from orderpoint.optimize.rules.scene import Scene
from orderpoint.testing.small_shop import SmallShop, two_offers, with_receipt

ROWS = 8
NUMBERS = ("on_hand", "price", "demand_per_day")
WORDS = ("甲", "B", "")
COLUMNS = {
    "on_hand": np.array([0.0, -3.0, 2.0, 5.0, 5.0, 0.0, 1.0, 7.0]),
    "price": np.array([np.nan, 2.0, 0.0, 1.0, np.nan, 3.0, 2.0, 5.0]),
    "demand_per_day": np.array([0.0, 1.0, 2.0, 0.5, 5.0, np.inf, 1.0, 0.0]),
    "category": np.array(["甲", "B", "", "甲", "B", "乙", "", "甲"]),
    "backlog": np.array([True, False, True, False, False, True, True, False]),
}


def has_value(a: object) -> bool:
    return not (isinstance(a, float) and math.isnan(a))


def divided(a: float, b: float) -> float:
    return math.nan if b == 0 else a / b


TWIN = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: divided,
    ast.USub: lambda a: -a,
    ast.Not: lambda a: not a,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b and has_value(a) and has_value(b),
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.In: lambda a, words: a in words,
    ast.NotIn: lambda a, words: a not in words and has_value(a),
}


def least(*values: float) -> float:
    return min(values) if all(map(has_value, values)) else math.nan


def most(*values: float) -> float:
    return max(values) if all(map(has_value, values)) else math.nan


TWIN_FUNCTIONS = {
    "min": least,
    "max": most,
    "abs": abs,
    "round": lambda a: a if not math.isfinite(a) else float(round(a)),
    "ceil": lambda a: a if not math.isfinite(a) else float(math.ceil(a)),
    "floor": lambda a: a if not math.isfinite(a) else float(math.floor(a)),
    "known": lambda a: a != "" if isinstance(a, str) else has_value(a),
    "contains": lambda text, part: part in text,
}


def row_by_row(text: str) -> list[object]:
    rows = []
    for k in range(ROWS):
        names = {name: column[k].item() for name, column in COLUMNS.items()}
        rows.append(EvalWithCompoundTypes(TWIN, TWIN_FUNCTIONS, names | {"True": True, "False": False}).eval(text))
    return rows


constants = st.integers(-3, 9).map(lambda k: str(k / 2) if k >= 0 else f"(-{-k / 2})")
words = st.sampled_from(WORDS).map(lambda w: f'"{w}"')
texts = st.one_of(st.just("category"), words)
leaves = st.one_of(st.sampled_from(NUMBERS), constants)


def larger(numbers: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    compared = st.tuples(numbers, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers).map(" ".join)
    chained = st.tuples(numbers, numbers, numbers).map(lambda t: f"{t[0]} <= {t[1]} < {t[2]}")
    listed = st.tuples(texts, st.sampled_from(["in", "not in"]), words, words).map(
        lambda t: f"{t[0]} {t[1]} [{t[2]}, {t[3]}]"
    )
    counted = st.tuples(numbers, st.sampled_from(["in", "not in"])).map(lambda t: f"({t[0]}) {t[1]} [0, 2, -3]")
    same = st.tuples(texts, st.sampled_from(["==", "!="]), texts).map(" ".join)
    found = st.tuples(texts, words).map(lambda t: f"contains({t[0]}, {t[1]})")
    sure = st.one_of(numbers, texts).map(lambda t: f"known({t})")
    flags = st.one_of(compared, chained, listed, counted, same, found, sure, st.just("backlog"))
    both = st.tuples(flags, st.sampled_from(["and", "or"]), flags).map(lambda t: f"({t[0]}) {t[1]} not ({t[2]})")
    asked = st.one_of(flags, both)
    return st.one_of(
        st.tuples(numbers, st.sampled_from("+-*/"), numbers).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["min", "max"]), numbers, numbers).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(st.sampled_from(["abs", "round", "ceil", "floor"]), numbers).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(numbers, asked, numbers).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        numbers.map(lambda t: f"(-{t})"),
    )


@settings(max_examples=300, deadline=None)
@given(st.recursive(leaves, larger, max_leaves=8))
def test_whole_columns_give_what_one_row_at_a_time_gives(text: str) -> None:
    expression, mistakes = read_expression(text, Kind.NUMBER)
    assert mistakes == []
    assert expression is not None
    expected = np.array([float(v) for v in row_by_row(text)])  # type: ignore[arg-type]
    assert np.array_equal(column_of(expression.tree, COLUMNS, ROWS), expected, equal_nan=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('category == "甲"', [0, 3, 7]),
        ('contains(category, "甲") and on_hand > 0', [3, 7]),
        ("price != 2", [2, 3, 5, 7]),
        ("not (price > 2)", [0, 1, 2, 3, 4, 6]),
        ("on_hand / demand_per_day > 4", [3]),
        ("on_hand / 0 < 1 or on_hand / 0 >= 1", []),
        ("0 <= on_hand <= 2", [0, 2, 5, 6]),
        ("known(price) and not known(category)", [2, 6]),
        ("(price if known(price) else 9) == 9", [0, 4]),
    ],
)
def test_a_comparison_without_a_value_is_false(text: str, expected: list[int]) -> None:
    expression, mistakes = read_expression(text, Kind.FLAG)
    assert expression is not None, mistakes
    assert np.flatnonzero(column_of(expression.tree, COLUMNS, ROWS)).tolist() == expected


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "on_hand.__class__",
        "category.upper()",
        "category[0]",
        "[x for x in category]",
        "(lambda: 1)()",
        "f'{on_hand}'",
        "{'a': 1}",
        "on_hand ** 9",
        "on_hand // 2",
        "on_hand % 2",
        "on_hand << 9",
        "(on_hand := 3)",
        "1e308 * 1j",
        "None",
        "...",
        "b'x'",
        "on_hand is on_hand",
        "min(*[1, 2])",
        "max(on_hand, other=2)",
        "open('x')",
        "9" * 400,
        "(" * 60 + "1" + ")" * 60 + " + " + "-" * 60 + "1",
        "-" * 900 + "1",
        "1 + " * 900 + "1",
        "a" * 3000,
        "on_hand; price",
        "",
    ],
)
def test_nothing_but_the_small_language_is_let_in(text: str) -> None:
    expression, mistakes = read_expression(text, Kind.NUMBER)
    assert expression is None
    assert mistakes


@pytest.mark.parametrize("text", ["on_hand.real", "category[0]", "[x for x in category]", "f'{on_hand}'", "{'a': 1}"])
def test_a_tree_that_was_not_checked_is_refused_by_the_evaluator_too(text: str) -> None:
    from simpleeval import InvalidExpression

    with pytest.raises(InvalidExpression):
        Columns(COLUMNS).eval(text)


def test_a_mistake_is_told_at_its_character() -> None:
    text = '"甲乙丙" == category and on_hnd < 3'
    _, mistakes = read_expression(text, Kind.FLAG)
    assert [(m.code, m.offset, m.value, m.details["nearest"]) for m in mistakes] == [
        ("rule_unknown_field", text.index("on_hnd"), "on_hnd", "on_hand")
    ]


def test_every_function_has_a_signature() -> None:
    assert set(FUNCTIONS) == set(SIGNATURES)


def test_every_field_is_what_it_says_and_reads_the_shop() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0, 0.4), on_hand=(20, -2, 3)).build()
    snapshot = two_offers(with_receipt(snapshot, 2, 4), unit_cost=4.0, moq=6.0)
    catalog = replace(
        snapshot.catalog,
        category=("饮料", None, "食品"),
        launch=(date(2025, 5, 3), None, None),
        end_of_life=(None, date(2025, 6, 12), None),
        shelf_life_days=(None, 14.0, None),
    )
    scene = Scene(replace(snapshot, catalog=catalog), demand)
    columns = {name: field.column(scene) for name, field in FIELDS.items()}
    kinds = {"f": Kind.NUMBER, "U": Kind.TEXT, "b": Kind.FLAG}
    for name, column in columns.items():
        assert column.shape == (3,), name
        assert kinds[column.dtype.kind] is FIELDS[name].kind, name
        if FIELDS[name].choices:
            assert set(column.tolist()) <= set(FIELDS[name].choices), name
    assert columns["category"].tolist() == ["饮料", "", "食品"]
    assert columns["launch_age_days"][0] == 30
    assert columns["days_to_end_of_life"][1] == 10
    assert columns["supplier"].tolist() == ["Brisk"] * 3
    assert columns["moq"].tolist() == [6.0] * 3
    assert columns["position"].tolist() == [24.0, 2.0, 7.0]
    assert columns["cycle_demand"].round(9).tolist() == [30.0, 9.0, 1.2]
    assert columns["lead_demand"].round(9).tolist() == [20.0, 6.0, 0.8]
    assert columns["days_of_cover"][0] == pytest.approx(24.0 / (10.0 / 7.0))
    assert columns["stockout_risk"][0] == pytest.approx(0.8428, abs=5e-4)  # P(Poisson(30) > 24)
    assert columns["weekday"][0] == "mon"
    assert columns["month"][0] == 6
