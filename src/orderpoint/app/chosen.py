"""Which forecast was chosen, as a remark."""

from __future__ import annotations

from orderpoint.forecast.choice import Choice
from orderpoint.ingest.reading import Note


def choice_notes(choice: Choice | None) -> tuple[Note, ...]:
    """What was used, and the money that every candidate would have cost; nothing where there was no choice."""
    if choice is None:
        return ()
    tried = ", ".join(f"{name} {cost:,.0f}" for name, cost in choice.cost.items())
    return (Note("", "forecast_chosen", {"used": choice.used, "tried": tried}),)
