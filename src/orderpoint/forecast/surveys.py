"""Market research as data: what people say they would buy, as a three-point estimate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from orderpoint.tables.known import Override

KEPT, KEPT_CV2 = 0.5, 0.25
"""Of those who say they would buy, how many do, and how unsure that is: a belief; give your own figures."""
LEAST_SD, MOST_SD = 0.2, 1.0


@dataclass(frozen=True, slots=True)
class Survey:
    """`would_buy` of `asked` people say they would buy; `customers` per period come; each takes `units`.

    `kept`, `kept_cv2`: share of the words that become purchases, and its squared coefficient of variation. Raises
    ValueError for numbers that cannot be.
    """

    asked: int
    would_buy: int
    customers: float
    units: float = 1.0
    kept: float = KEPT
    kept_cv2: float = KEPT_CV2

    def __post_init__(self) -> None:
        """Check the numbers, and name every fault."""
        faults = [
            text
            for bad, text in (
                (self.asked < 1, f"asked: expected at least 1, got {self.asked}"),
                (not 0 <= self.would_buy <= self.asked, f"would_buy: expected 0 to asked, got {self.would_buy}"),
                (not self.customers > 0, f"customers: expected more than 0, got {self.customers}"),
                (not self.units > 0, f"units: expected more than 0, got {self.units}"),
                (not 0 < self.kept <= 1, f"kept: expected a share above 0, at most 1, got {self.kept}"),
                (not self.kept_cv2 >= 0, f"kept_cv2: expected at least 0, got {self.kept_cv2}"),
            )
            if bad
        ]
        if faults:
            raise ValueError("survey: " + "; ".join(faults))

    def level(self) -> tuple[float, float]:
        """Units per period and their squared coefficient of variation.

        The share of buyers is beta distributed with Jeffreys' half an answer each way; the two factors multiply.
        """
        yes, no = self.would_buy + 0.5, self.asked - self.would_buy + 0.5
        share_cv2 = no / (yes * (yes + no + 1.0))
        mean = yes / (yes + no) * self.kept * self.customers * self.units
        return mean, share_cv2 + self.kept_cv2 + share_cv2 * self.kept_cv2

    def estimate(self, item: str, window: tuple[date, date], author: str, location: str | None = None) -> Override:
        """The override of kind `estimate` with this mean and spread (kept within 0.2 to 1 of the mean)."""
        mean, cv2 = self.level()
        sd = mean * float(np.clip(np.sqrt(cv2), LEAST_SD, MOST_SD))
        low = max(0.0, mean - 3.0 * sd)
        high = low + 6.0 * sd
        value = (6.0 * mean - low - high) / 4.0
        reason = f"{self.would_buy}/{self.asked}"
        return Override(item, location, *window, "estimate", value, low, high, author, reason)
