"""The form of a message catalogue and how one sentence is said."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from orderpoint.messages.punctuation import full_width


class Language(StrEnum):
    """A language that Orderpoint speaks."""

    EN = "en"
    ZH = "zh"


LANGUAGES = tuple(Language)

Catalogue = Mapping[str, tuple[str, str]]
"""Key -> (English, Chinese); blanks are `{name}` as in `str.format`."""


def say(catalogue: Catalogue, key: str, language: Language = Language.EN, **blanks: object) -> str:
    """The sentence of `key` in `language` with its blanks filled; Chinese gets its own punctuation. Raises KeyError for an unknown key or blank."""
    sentence = catalogue[key][LANGUAGES.index(language)]
    if language is Language.ZH:
        sentence = full_width(sentence)
    return sentence.format(**blanks) if blanks else sentence
