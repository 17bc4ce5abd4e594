"""A forecast taken apart: one self-contained page, and the same as a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orderpoint.messages import Language, say
from orderpoint.messages.explain import EXPLAIN
from orderpoint.messages.report import REPORT
from orderpoint.plan.forecast_parts import PARTS, ForecastParts
from orderpoint.report.document import document, markup
from orderpoint.report.line_chart import Chart, line_chart_svg

CONSTANT = ("recent", "hidden", "level")
MOST_SAID = 3
LEAST_SHARE = 0.01
"""A part below this share of the forecast is not worth a word."""


@dataclass(frozen=True, eq=False)
class Explained:
    """What is explained, by which model, and the 5 % and 95 % quantile of its whole horizon."""

    what: str
    model: str
    found: ForecastParts
    low: float
    high: float
    notes: tuple[str, ...] = ()


def explain_page(done: Explained, language: Language) -> str:
    """One HTML document with its style and pictures inside; nothing is loaded from elsewhere."""
    found = done.found
    level = np.sum([found.parts[name] for name in CONSTANT], axis=0)
    names = [(say(EXPLAIN, "without", language), level), (say(EXPLAIN, "forecast", language), found.mean)]
    period = say(REPORT, f"period_{found.demand.timeline.period}", language)
    ahead = np.arange(1, len(found.mean) + 1, dtype=np.float64)
    dates = [day.isoformat() for day in found.demand.timeline.starts()]
    blanks = {
        "what": done.what,
        "model": done.model,
        "horizon": str(len(found.mean)),
        "period": period,
        "today": found.demand.timeline.first.isoformat(),
        "units": f"{found.mean.sum():,.0f}",
        "low": f"{done.low:,.0f}",
        "high": f"{done.high:,.0f}",
    }
    headings = ("title", "subtitle", "parts_title", "parts_text", "picture_title", "picture_text")
    return document(
        "explain.html.j2",
        language,
        {key: say(EXPLAIN, key, language, **blanks) for key in headings},
        sentence=sentence(done, language),
        parts=[
            {"name": say(EXPLAIN, name, language), "units": _signed(found.parts[name].sum())}
            for name in PARTS
            if name != "season" and abs(found.parts[name]).max() > 1e-9  # seasons cancel over the horizon
        ],
        total={"name": say(EXPLAIN, "forecast", language), "units": f"{found.mean.sum():,.1f}"},
        picture=markup(line_chart_svg(Chart(ahead, names, period, say(EXPLAIN, "axis", language), dates=dates))),
        notes=done.notes,
    )


def _signed(units: float) -> str:
    """With its sign, but nothing for a zero."""
    said = f"{units:+,.1f}"
    return said[1:] if said in ("+0.0", "-0.0") else said


def sentence(done: Explained, language: Language) -> str:
    """What is expected and why, the greatest parts first."""
    found = done.found
    total = float(found.mean.sum())
    sums = {name: float(found.parts[name].sum()) for name in PARTS[1:] if name != "season"}
    told = sorted((n for n in sums if abs(sums[n]) >= max(LEAST_SHARE * total, 0.5)), key=lambda n: -abs(sums[n]))
    said = [
        say(EXPLAIN, "part_said", language, change=f"{sums[n]:+,.0f}", part=say(EXPLAIN, n, language))
        for n in told[:MOST_SAID]
    ]
    period = found.demand.timeline.period
    return say(
        EXPLAIN,
        "sentence",
        language,
        what=done.what,
        recent=f"{found.parts['recent'][0]:,.3g}",
        period_one=say(EXPLAIN, f"period_one_{period}", language),
        units=f"{total:,.0f}",
        horizon=str(len(found.mean)),
        period=say(REPORT, f"period_{period}", language),
        pace=f"{found.parts['recent'].sum():,.0f}",
        parts=say(EXPLAIN, "between", language).join(said) or say(EXPLAIN, "nothing_said", language),
    )
