"""How the names of files and columns are compared: without case, width, spaces and punctuation."""

from __future__ import annotations

import re
import unicodedata

_PUNCTUATION = re.compile(r"[\s_\-./\\()\[\]{}:;,'\"*#?!%&+|<>=@·、，。：；（）【】《》“”‘’/]+")
_BRACKETED_UNIT = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]\s*$")
_REPEATED = re.compile(r"_duplicated_\d+$")
"""Polars' mark on the second of two columns of one name."""


def normalise(name: str) -> str:
    """The form in which names are compared: "Lead_Time (Days)" and "lead time days" are both "leadtimedays".

    Full-width letters become plain ones; a byte-order mark and zero-width characters go.
    """
    plain = unicodedata.normalize("NFKC", _REPEATED.sub("", name))
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return _PUNCTUATION.sub("", plain).casefold()


def without_unit(name: str) -> str:
    """The normalised name without a unit in brackets at its end: "单价（元）" is "单价"."""
    return normalise(_BRACKETED_UNIT.sub("", unicodedata.normalize("NFKC", name)))
