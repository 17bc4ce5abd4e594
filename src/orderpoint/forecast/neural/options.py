"""How many operations each effort may spend, and what the network looks back on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orderpoint.domain.calendar import Period

Effort = Literal["quick", "standard", "best"]
Device = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True, slots=True)
class Budget:
    """`rows` learned from at most, `passes` over them, `width` of a layer, `members` that are trained and averaged."""

    rows: int
    passes: float
    width: int
    members: int
    rate: float = 2e-3

    def __post_init__(self) -> None:
        """Check the parameters."""
        if min(self.rows, self.width, self.members) < 1 or self.passes <= 0 or self.rate <= 0:
            raise ValueError(f"budget: expected rows, width and members of at least 1, passes and rate > 0, got {self}")


BUDGETS: dict[Effort, Budget] = {
    "quick": Budget(150_000, 1.0, 64, 2),
    "standard": Budget(300_000, 1.0, 64, 4),
    "best": Budget(1_000_000, 1.0, 96, 8),
}
WINDOW = {Period.DAY: (28, 7), Period.WEEK: (16, 1), Period.MONTH: (12, 1)}
"""Last periods that are read one by one, and the length of the short season by which they are lined up."""
