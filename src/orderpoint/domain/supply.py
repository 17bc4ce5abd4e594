"""What a supplier asks: price breaks and the days on which it takes orders."""

from __future__ import annotations

from dataclasses import dataclass

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class PriceBreaks:
    """All-units discounts: from a quantity on, every unit costs that price. Quantities ascend."""

    steps: tuple[tuple[int, float], ...] = ()

    @classmethod
    def parse(cls, text: str) -> PriceBreaks:
        """Read "100:9.50;500:9.00" (from quantity: unit price).

        Raises ValueError where the text has another form, a quantity repeats, or a number is not positive.
        """
        steps: list[tuple[int, float]] = []
        for part in filter(None, (p.strip() for p in text.split(";"))):
            quantity, _, price = part.partition(":")
            steps.append((int(quantity), float(price)))
        steps.sort()
        quantities = [q for q, _ in steps]
        if len(set(quantities)) != len(quantities) or any(q <= 0 or not 0 < p < float("inf") for q, p in steps):
            raise ValueError(text)
        return cls(tuple(steps))

    def unit_price(self, quantity: float, base: float) -> float:
        """Price of one unit when `quantity` units are bought; `base` below the first break."""
        price = base
        for start, step_price in self.steps:
            if quantity >= start:
                price = step_price
        return price


def parse_order_days(text: str) -> frozenset[int]:
    """Read "mon,thu" as weekday numbers (Monday is 0). Raises ValueError on any other word."""
    words = [w.strip().lower()[:3] for w in text.replace(";", ",").split(",") if w.strip()]
    if not words or any(w not in WEEKDAYS for w in words):
        raise ValueError(text)
    return frozenset(WEEKDAYS.index(w) for w in words)
