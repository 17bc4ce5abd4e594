"""What to ask of an invented shop: its size, its span of days, its seed and what its export shows."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

LAST_DAY = dt.date(2025, 9, 28)
"""A Sunday: today is then Monday 2025-09-29, six weeks before 11.11 and nine before Black Friday, so that an order from
far away placed today is the last one that helps the peak."""

_MOST_ITEMS = 1_000_000
_MOST_LOCATIONS = 60
_FEWEST_DAYS = 56


@dataclasses.dataclass(frozen=True)
class WorldSettings:
    """Size and looks of an invented shop; the same settings give the same bytes.

    Attributes:
        items: number of items (20 to 100,000 is what is tested; 1 to 1,000,000 is accepted).
        locations: number of places that hold stock and sell (1 to 60).
        days: number of days of history, the last of them `last_day`; at least 56.
        seed: any whole number of 0 and above.
        last_day: last day with sales; `today` is the day after it.
        ahead_days: days after the last one that the truth can be continued by (`World.future`).
        language: of names: "en" or "zh".
        rate_scale: factor on every item's demand.
        care: factor on the safety stock of the shop's own rule; 1 leaves 5 to 8 % of item-days out of stock.
        in_stock: give sales the column `in_stock`, and a row to each item-day out of stock even where nothing sold.
        zero_days: give sales a row for each item-day on offer, sold or not.
    """

    items: int = 500
    locations: int = 3
    days: int = 913
    seed: int = 1
    last_day: dt.date = LAST_DAY
    ahead_days: int = 365
    language: Literal["en", "zh"] = "en"
    rate_scale: float = 1.0
    care: float = 1.0
    in_stock: bool = False
    zero_days: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be made; the message names the field, what was given and what is allowed."""
        self._within("items", self.items, 1, _MOST_ITEMS)
        self._within("locations", self.locations, 1, _MOST_LOCATIONS)
        self._within("days", self.days, _FEWEST_DAYS, 10_000)
        self._within("ahead_days", self.ahead_days, 0, 3_650)
        self._within("seed", self.seed, 0, 2**63 - 1)
        if self.language not in ("en", "zh"):
            msg = f"language is {self.language!r}; give 'en' or 'zh'"
            raise ValueError(msg)
        if not (self.rate_scale > 0 and self.care >= 0):
            msg = f"rate_scale is {self.rate_scale} and care {self.care}; give a positive and a non-negative number"
            raise ValueError(msg)

    @staticmethod
    def _within(field: str, value: int, low: int, high: int) -> None:
        if not low <= value <= high:
            msg = f"{field} is {value}; give a whole number from {low} to {high}"
            raise ValueError(msg)

    @property
    def first_day(self) -> dt.date:
        """First day of the history."""
        return self.last_day - dt.timedelta(days=self.days - 1)

    @property
    def today(self) -> dt.date:
        """First day not yet decided: the day after the last one."""
        return self.last_day + dt.timedelta(days=1)

    @property
    def span_days(self) -> int:
        """Days of history and of what can be continued."""
        return self.days + self.ahead_days
