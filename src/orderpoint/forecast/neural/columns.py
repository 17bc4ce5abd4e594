"""From the matrix of features of one shop to the columns that a network knows, which may come from another shop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period
from orderpoint.forecast.features.inputs import Recipe
from orderpoint.forecast.features.past import Past
from orderpoint.forecast.neural.header import STATIC, Header, Vocabulary
from orderpoint.forecast.neural.options import WINDOW, Budget
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.known import Known
from orderpoint.tables.series import SeriesIndex

Labels = dict[str, dict[int, str]]
"""By column: what each of its numbers is called."""
CALENDAR = {"weekday": range(7), "month": range(1, 13)}
BLOCKS = 2


def labels_of(recipe: Recipe, past: Past, index: SeriesIndex, known: Known) -> Labels:
    """The names behind the numbers of a shop's matrix. Where there is but one, there is nothing to tell apart."""
    at = {item: k for k, item in enumerate(known.catalog.items)}
    rows = [at.get(item) for item in index.items]
    words = {
        "department_code": [None if k is None else known.catalog.department[k] for k in rows],
        "category_code": [None if k is None else known.catalog.category[k] for k in rows],
    }
    out: Labels = {"location_code": dict(enumerate(index.locations))}
    for column, name in enumerate(STATIC[1:], start=1):
        codes = past.codes[:, column]
        firsts = np.unique(codes, return_index=True)
        out[name] = {
            int(code): str(words[name][index.item_of[row]]) for code, row in zip(*firsts, strict=True) if code > 0
        }
    out |= {name: {k: str(k) for k in numbers} for name, numbers in CALENDAR.items() if name in recipe.layout.when}
    if recipe.events.codes:
        out["event_code"] = {code: name for name, code in recipe.events.codes}
    return {name: labels for name, labels in out.items() if len(labels) > 1 or name == "event_code"}


def header_of(recipe: Recipe, labels: Labels, period: Period, budget: Budget) -> Header:
    """The header of a network that is to be trained on this shop."""
    window, phase = WINDOW[period]
    names = recipe.layout.names
    return Header(
        period=period,
        horizon=recipe.horizon,
        window=window,
        phase=phase,
        width=budget.width,
        blocks=BLOCKS,
        members=budget.members,
        numbers=tuple(name for name in names if name not in (*CALENDAR, *STATIC, "event_code")),
        vocabularies=tuple(Vocabulary(name, tuple(sorted(labels[name].values()))) for name in names if name in labels),
    )


@dataclass(frozen=True, eq=False)
class Columns:
    """How a shop's matrix (R, K) is read: `numbers` int (N,), the column of each number, -1 where the shop has none.

    `codes`: for each vocabulary the shop's column (-1 for none) and the index in the embedding of each of its numbers.
    """

    numbers: NDArray[np.int64]
    codes: tuple[tuple[int, NDArray[np.int64]], ...]

    @classmethod
    def of(cls, header: Header, recipe: Recipe, labels: Labels) -> Columns:
        """Columns of the same name are the same; names that the network never saw have index 0."""
        at = {name: k for k, name in enumerate(recipe.layout.names)}
        codes = []
        for v in header.vocabularies:
            mine = labels.get(v.column, {})
            lookup = np.zeros(max(mine, default=0) + 1, np.int64)
            place = {label: k + 1 for k, label in enumerate(v.labels)}
            for code, label in mine.items():
                lookup[code] = place.get(label, 0)
            codes.append((at.get(v.column, -1), lookup))
        return cls(np.array([at.get(name, -1) for name in header.numbers], np.int64), tuple(codes))

    def read(self, matrix: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
        """Numbers float32 (R, N), NaN where there are none, and codes int64 (R, C)."""
        numbers = np.where(self.numbers >= 0, matrix[:, self.numbers], np.float32(np.nan))
        codes = np.zeros((len(matrix), len(self.codes)), np.int64)
        for k, (column, lookup) in enumerate(self.codes):
            if column >= 0:
                number = np.nan_to_num(matrix[:, column]).astype(np.int64)
                codes[:, k] = np.where(number < len(lookup), lookup[np.minimum(number, len(lookup) - 1)], 0)
        return numbers, codes
