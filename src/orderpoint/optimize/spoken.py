"""Figures as a person writes them: units, chances, money, days, and what became of a risk."""

from __future__ import annotations

from datetime import date

from orderpoint.messages import Language, say
from orderpoint.messages.reasons import MONTHS, REASONS
from orderpoint.tables.snapshot import Snapshot

LEAST_UNITS = 0.05
"""Units short from which a difference is worth a word."""


def units(value: float) -> str:
    """A quantity as a person writes it: whole, or with one decimal where it is small and not whole."""
    value = float(value)
    return f"{value:,.1f}" if abs(value) < 10 and abs(value - round(value)) > 0.05 else f"{value:,.0f}"


def chance(probability: float) -> str:
    """A probability as a percentage that never claims certainty."""
    if probability < 0.01:
        return "0 %" if probability <= 0 else "<1 %"
    return ">99 %" if 0.99 < probability < 1 else f"{probability * 100:.0f} %"


def money(value: float) -> str:
    """An amount of money: whole from 100 on, else to the cent, and with two figures below a cent."""
    if 0.0 < abs(value) < 0.01:
        return f"{value:.2g}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"


def risk_change(risk: tuple[float, float], short: tuple[float, float], language: Language) -> str:
    """What decisions do to the risk of running out of a series, as the end of a clause about them.

    `risk`, `short`: chance and units, without and with them. Where both risks read the same, fewer units short are what
    is left to say.
    """
    before, after = risk
    less = short[0] - short[1]
    key = "risk_falls" if after < before else "risk_rises"
    if chance(before) == chance(after):
        key = "risk_stays_short" if less >= LEAST_UNITS else "risk_stays"
    return say(REASONS, key, language, before=chance(before), after=chance(after), less=units(less))


def one_more(snapshot: Snapshot, language: Language) -> str:
    """One more unit of the home currency, or of money where the input names none."""
    if snapshot.currency is None:
        return say(REASONS, "one_more", language)
    return say(REASONS, "one_more_of", language, currency=snapshot.currency)


def said_day(day: date, today: date, language: Language) -> str:
    """A day as a person writes it, with its year where that is not this one."""
    key = "day" if day.year == today.year else "day_of_year"
    return say(REASONS, key, language, day=day.day, month=MONTHS[day.month - 1], number=day.month, year=day.year)
