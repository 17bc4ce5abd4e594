"""A change of plans held against the plan: one self-contained page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orderpoint.messages import Language, say
from orderpoint.messages.report import REPORT
from orderpoint.messages.what_if import WHAT_IF
from orderpoint.plan.change import Change
from orderpoint.plan.what_if import WhatIf
from orderpoint.report.document import document, markup
from orderpoint.report.line_chart import Chart, line_chart_svg
from orderpoint.report.words import Words
from orderpoint.tables.catalog import Catalog

UNITS = ("demand", "orders")
MOST_ITEMS = 3
"""Items named in the words of a change."""


@dataclass(frozen=True, eq=False)
class Shown:
    """What was asked, in words, what came of it, and its figures."""

    change: str
    done: WhatIf
    figures: dict[str, dict[str, float]]
    notes: tuple[str, ...] = ()

    def remarks(self, language: Language) -> tuple[str, ...]:
        """How demand answers a price, or that it does not answer at all; and what cannot be told of."""
        said, done = [], self.done
        used, series, priced = done.elasticity, f"{done.rows.sum():,}", done.priced.sum()
        if not done.moved:
            said.append(say(WHAT_IF, "no_effect", language))
        elif used is not None:
            share = f"{100 * (0.99**used - 1):.1f}"
            said.append(say(WHAT_IF, "elasticity", language, value=f"{used:.2f}", share=share))
        if done.seen is not None:
            least, most = (f"{price:,.2f}" for price in done.seen)
            count = f"{done.far.sum():,}"
            said.append(say(WHAT_IF, "unseen_price", language, count=count, series=series, least=least, most=most))
        if not priced:
            said.append(say(WHAT_IF, "no_price", language))
        elif priced < done.rows.sum():
            said.append(say(WHAT_IF, "some_prices", language, count=f"{priced:,}", series=series))
        if "orders" not in self.figures["before"]:
            said.append(say(WHAT_IF, "no_stock", language))
        return tuple(said)


def what_if_page(shown: Shown, language: Language) -> str:
    """One HTML document with its style and pictures inside; nothing is loaded from elsewhere."""
    done, words = shown.done, Words(language)
    timeline = done.before.demand.timeline
    period = say(REPORT, f"period_{timeline.period}", language)
    lines = [
        (say(WHAT_IF, name, language), outcome.demand.mean[done.rows, : done.periods].sum(axis=0))
        for name, outcome in (("before", done.before), ("after", done.after))
    ]
    dates = [day.isoformat() for day in timeline.starts()[: done.periods]]
    ahead = np.arange(1, done.periods + 1, dtype=np.float64)
    blanks = {
        "change": shown.change,
        "series": f"{done.rows.sum():,}",
        "horizon": f"{done.periods:,}",
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


def change_said(change: Change, catalog: Catalog, language: Language) -> str:
    """The change in words."""
    what = [
        say(WHAT_IF, f"{name}_change", language, value=value)
        for name, value in (
            ("price", None if change.price is None else f"{change.price:,.2f}"),
            ("promotion", None if change.promotion is None else f"{change.promotion:.0%}"),
            ("event", change.event),
            ("launch", change.launch or None),
        )
        if value is not None
    ]
    items = ", ".join(catalog.called(item) for item in change.items[:MOST_ITEMS])
    if len(change.items) > MOST_ITEMS:
        items = say(WHAT_IF, "more_items", language, items=items, count=str(len(change.items) - MOST_ITEMS))
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
