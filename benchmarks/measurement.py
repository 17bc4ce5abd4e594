"""One row of the benchmark table, and whether its goal is met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Goal(StrEnum):
    """What `limit` bounds."""

    NONE = "none"
    OURS_AT_MOST = "ours<="
    OURS_AT_LEAST = "ours>="
    RATIO_AT_MOST = "ratio<="
    RATIO_AT_LEAST = "ratio>="


@dataclass(frozen=True)
class Measurement:
    """One figure of ours beside a peer's in the same run.

    `ours`, `peer` in `unit`; `ratio` as its benchmark defines it (costs: ours / peer; times: peer / ours); `limit`
    bounds what `goal` says. None where there is no such figure.
    """

    name: str
    ours: float | None
    unit: str
    peer: float | None = None
    limit: float | None = None
    ratio: float | None = None
    goal: Goal = Goal.NONE

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        value = self.ours if self.goal in {Goal.OURS_AT_MOST, Goal.OURS_AT_LEAST} else self.ratio
        if self.goal is Goal.NONE or value is None or self.limit is None:
            return None
        at_most = self.goal in {Goal.OURS_AT_MOST, Goal.RATIO_AT_MOST}
        return value <= self.limit if at_most else value >= self.limit

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Measurement:
        """A row as benchmarks hand it in; without the key `goal` it is guessed from which figures are there.

        No peer: `ours` at most `limit`. A peer and a limit below 1: `ratio` at most `limit` (a share of the peer's
        cost). A peer and a limit of 1 or more: `ratio` at least `limit` (so many times faster).
        """
        numbers = {key: _number(row.get(key)) for key in ("ours", "peer", "limit", "ratio")}
        goal = Goal(str(row["goal"])) if row.get("goal") else _guess(numbers)
        return cls(name=str(row["name"]), unit=str(row.get("unit") or ""), goal=goal, **numbers)

    def record(self) -> dict[str, str | float | None]:
        """The row of build/bench.json."""
        return {key: getattr(self, key) for key in ("name", "ours", "peer", "limit", "ratio", "unit")}


@dataclass(frozen=True)
class Skipped:
    """A benchmark that could not run, and why."""

    name: str
    reason: str


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _guess(numbers: Mapping[str, float | None]) -> Goal:
    limit = numbers["limit"]
    if limit is None:
        return Goal.NONE
    if numbers["peer"] is None or numbers["ratio"] is None:
        return Goal.OURS_AT_MOST
    return Goal.RATIO_AT_MOST if limit < 1.0 else Goal.RATIO_AT_LEAST
