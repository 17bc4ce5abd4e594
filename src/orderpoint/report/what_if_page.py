"""A change of plans held against the plan: one self-contained page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orderpoint.messages import Language, say
from orderpoint.messages.report import REPORT
from orderpoint.messages.what_if import WHAT_IF
from orderpoint.plan.what_if import Change, WhatIf
from orderpoint.report.document import document, markup
from orderpoint.report.line_chart import Chart, line_chart_svg
from orderpoint.report.words import Words

UNITS = ("demand", "orders")


@dataclass(frozen=True, eq=False)
class Shown:
    """What was asked, what came of it, its figures, and whether it moved any demand."""

    change: Change
    done: WhatIf
    figures: dict[str, dict[str, float]]
    notes: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether any demand changed."""
        return bool((self.done.before.demand.mean != self.done.after.demand.mean).any())

    def remarks(self, language: Language) -> tuple[str, ...]:
        """How demand answers a price, or that it does not answer at all; and what cannot be told of."""
        said, used = [], self.done.elasticity
        if not self.moved:
            said.append(say(WHAT_IF, "no_effect", language))
        elif used is not None:
            share = f"{100 * (0.99**used - 1):.1f}"
            said.append(say(WHAT_IF, "elasticity", language, value=f"{used:.2f}", share=share))
        if self.done.unseen is not None:
            least, most = (f"{price:,.2f}" for price in self.done.unseen)
            said.append(say(WHAT_IF, "unseen_price", language, least=least, most=most))
        if "revenue" not in self.figures["before"]:
            said.append(say(WHAT_IF, "no_price", language))
        if "orders" not in self.figures["before"]:
            said.append(say(WHAT_IF, "no_stock", language))
        return tuple(said)


def what_if_page(shown: Shown, language: Language) -> str:
    """One HTML document with its style and pictures inside; nothing is loaded from elsewhere."""
    done, words = shown.done, Words(language)
    timeline = done.before.demand.timeline
    period = say(REPORT, f"period_{timeline.period}", language)
    lines = [
        (say(WHAT_IF, name, language), outcome.demand.mean[done.rows].sum(axis=0))
        for name, outcome in (("before", done.before), ("after", done.after))
    ]
    dates = [day.isoformat() for day in timeline.starts()]
    ahead = np.arange(1, timeline.count + 1, dtype=np.float64)
    blanks = {
        "change": change_said(shown.change, language),
        "series": f"{done.rows.sum():,}",
        "horizon": f"{timeline.count:,}",
        "period": period,
        "today": timeline.first.isoformat(),
    }
    keys = ("title", "subtitle", "figures_title", "figures_text", "picture_title", "before", "after", "difference")
    return document(
        "what_if.html.j2",
        language,
        {key: say(WHAT_IF, key, language, **blanks) for key in keys},
        warning=" ".join(shown.remarks(language)),
        rows=[
            {"name": say(WHAT_IF, name, language)}
            | {column: _said(name, shown.figures[column][name], words) for column in ("before", "after")}
            | {"difference": _signed(name, shown.figures["difference"][name], words)}
            for name in shown.figures["before"]
        ],
        picture=markup(line_chart_svg(Chart(ahead, lines, period, say(WHAT_IF, "demand", language), dates=dates))),
        notes=shown.notes,
    )


def change_said(change: Change, language: Language) -> str:
    """The change in words."""
    what = [
        say(WHAT_IF, f"{name}_change", language, value=value)
        for name, value in (
            ("price", None if change.price is None else f"{change.price:,.2f}"),
            ("promotion", None if change.promotion is None else f"{change.promotion:.0%}"),
            ("event", change.event),
        )
        if value is not None
    ]
    items = ", ".join(change.items[:3])
    told = " ".join(word for word in (items, change.location, ", ".join(what)) if word)
    return say(WHAT_IF, "change", language, what=told, first=change.first.isoformat(), last=change.last.isoformat())


def _said(name: str, value: float, words: Words) -> str:
    if name == "fill_rate":
        return f"{value:.1%}"
    return f"{value:,.0f}" if name in UNITS else words.money(value)


def _signed(name: str, value: float, words: Words) -> str:
    if name == "fill_rate":
        return f"{value * 100:+.1f}"
    return ("+" if value >= 0 else "−") + _said(name, abs(value), words)
