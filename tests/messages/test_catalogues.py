"""Every sentence exists in both languages, with the same blanks."""

from __future__ import annotations

import importlib
import pkgutil
from string import Formatter

import pytest

import orderpoint.messages as room
from orderpoint.messages import LANGUAGES


def _catalogues() -> dict[str, dict[str, tuple[str, str]]]:
    found = {}
    for module in pkgutil.iter_modules(room.__path__):
        content = vars(importlib.import_module(f"orderpoint.messages.{module.name}"))
        found |= {f"{module.name}.{n}": v for n, v in content.items() if n.isupper() and isinstance(v, dict) and v}
    return {n: v for n, v in found.items() if all(isinstance(s, tuple) for s in v.values())}


SAME = {"number": "month"}
"""A month is a word in English and a number in Chinese."""


def _blanks(sentence: str) -> set[str]:
    return {SAME.get(name, name) for _, name, _, _ in Formatter().parse(sentence) if name}


def test_the_catalogues_are_found() -> None:
    assert {"faults.FAULTS", "report.REPORT", "usage.USAGE", "command_line.COMMAND_LINE"} <= set(_catalogues())


@pytest.mark.parametrize("name", sorted(_catalogues()))
def test_both_languages_say_the_same_with_the_same_blanks(name: str) -> None:
    for key, sentences in _catalogues()[name].items():
        assert len(sentences) == len(LANGUAGES), key
        english, chinese = sentences
        assert english, key
        assert chinese, key
        assert _blanks(english) == _blanks(chinese), key
