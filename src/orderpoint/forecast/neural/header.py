"""What a network must know of itself beside its weights: sizes, names of columns, vocabularies, version."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from orderpoint.domain.calendar import Period

FORMAT = 1
"""Version of the file; a reader refuses what it does not know."""
STATIC = ("location_code", "department_code", "category_code")
MOST_EMBEDDED = 16
SIZES = ("horizon", "window", "phase", "width", "blocks", "members")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A column whose numbers are names: the names told apart. Index 0 of its embedding is a name never seen."""

    column: str
    labels: tuple[str, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the embedding."""
        return len(self.labels) + 1, min(MOST_EMBEDDED, len(self.labels) // 2 + 2)


@dataclass(frozen=True, slots=True)
class Header:
    """`numbers`: names of the columns that are numbers, in order. `horizon`: steps told apart.

    `window` and `phase` as in `options.WINDOW`; `blocks` residual blocks of `width`; `members` networks are averaged.
    """

    period: Period
    horizon: int
    window: int
    phase: int
    width: int
    blocks: int
    members: int
    numbers: tuple[str, ...]
    vocabularies: tuple[Vocabulary, ...]

    @property
    def inputs(self) -> int:
        """Width of the first layer's input: numbers and whether they are there, the window likewise, embeddings."""
        return 2 * len(self.numbers) + 2 * self.window + sum(v.size[1] for v in self.vocabularies)

    def text(self) -> str:
        """As JSON, with the version of the format."""
        return json.dumps({"format": FORMAT, **asdict(self), "period": str(self.period)}, sort_keys=True)

    @classmethod
    def parse(cls, text: str) -> Header:
        """Back from JSON. Raises ValueError on another format, KeyError or TypeError on missing or strange fields."""
        fields = json.loads(text)
        if fields["format"] != FORMAT:
            raise ValueError(f"format {fields['format']}: this version of orderpoint reads format {FORMAT}")
        size = {name: int(fields[name]) for name in SIZES}
        if min(size.values()) < 1:
            raise ValueError(f"sizes: expected at least 1, got {size}")
        words = tuple(Vocabulary(str(v["column"]), tuple(map(str, v["labels"]))) for v in fields["vocabularies"])
        return cls(Period(fields["period"]), **size, numbers=tuple(map(str, fields["numbers"])), vocabularies=words)
