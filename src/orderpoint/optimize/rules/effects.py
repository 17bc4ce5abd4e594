"""What rules did, in columns: which rule, which action, which series, from what to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.decisions import Remark

Blank = str | NDArray[np.float64] | Sequence[str]
"""One word for all series of an effect, or a number or a word for each."""


@dataclass(frozen=True, eq=False)
class Effect:
    """One action of one rule over the series it touched.

    `code` is a key of `messages.rules.RULES` and `blanks` fill its sentence; `series` int64 (m,).
    """

    rule: str
    action: str
    code: str
    series: NDArray[np.int64]
    blanks: Mapping[str, Blank] = field(default_factory=dict)

    def remarks(self) -> Iterator[Remark]:
        """One remark for each series."""
        columns = {name: _words(blank, len(self.series)) for name, blank in self.blanks.items()}
        for k, series in enumerate(self.series.tolist()):
            details = {"rule": self.rule, "action": self.action}
            yield Remark(series, self.code, details | {name: column[k] for name, column in columns.items()})


def remarks_of(effects: Sequence[Effect], priorities: Mapping[str, float]) -> tuple[Remark, ...]:
    """The remarks of all effects: those of the rule of highest priority first, by series, then in their order.

    `priorities`: rule -> its priority; what no rule says itself comes last.
    """
    told = [(-priorities.get(effect.rule, -np.inf), remark) for effect in effects for remark in effect.remarks()]
    return tuple(remark for _, remark in sorted(told, key=lambda pair: (pair[0], pair[1].series)))


def shown(number: float) -> str:
    """A number as a planner writes it: at most two decimals."""
    text = f"{number:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(shares: NDArray[np.float64]) -> list[str]:
    """Shares as percentages."""
    return [f"{shown(100.0 * share)}%" for share in shares.tolist()]


def _words(blank: Blank, n: int) -> Sequence[str]:
    if isinstance(blank, str):
        return [blank] * n
    return [shown(value) for value in blank.tolist()] if isinstance(blank, np.ndarray) else blank
