"""Numbers and sentences as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from orderpoint.messages import Language, say
from orderpoint.messages.report import REPORT

SMALL = 100.0
"""Below this, money is shown with its cents."""


@dataclass(frozen=True)
class Words:
    """How one page speaks: its language and its forms of numbers."""

    language: Language

    def __call__(self, key: str, **blanks: object) -> str:
        """A sentence of `messages.report`."""
        return say(REPORT, key, self.language, **blanks)

    def money(self, value: float | None) -> str:
        """Money in home currency, thousands parted; a dash where it is not known."""
        if value is None or value != value:  # noqa: PLR0124 -- NaN is the only number that differs from itself
            return self("unknown")
        return f"{value:,.2f}" if abs(value) < SMALL else f"{value:,.0f}"

    def price(self, value: float) -> str:
        """A shadow price: money per unit of a limit, with three figures; a dash where it does not bind."""
        if value <= 0:
            return self("unknown")
        return f"{value:.3g}" if value < SMALL else f"{value:,.0f}"

    def units(self, value: float) -> str:
        """A quantity: whole where it is whole."""
        return f"{value:,.0f}" if abs(value - round(value)) < 1e-9 or abs(value) >= SMALL else f"{value:,.1f}"

    def share(self, value: float | None) -> str:
        """A share as per cent; never 0 % or 100 % unless it is."""
        if value is None or value != value:  # noqa: PLR0124
            return self("unknown")
        if 0 < value < 0.01:
            return "<1%"
        if 0.99 < value < 1:
            return f"{int(value * 1000) / 10:.1f}%"
        return f"{value:.0%}"
