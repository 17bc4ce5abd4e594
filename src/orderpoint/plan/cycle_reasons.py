"""Why stock is built up or run down in a cycle, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from orderpoint.messages import Language, say
from orderpoint.messages.cycles import CYCLES
from orderpoint.optimize.spoken import units
from orderpoint.plan.cycle_windows import KINDS, Cycles

IntArray = NDArray[np.int64]

PEAK = 1.2
"""A cycle that sells this much more a day than another is a peak beside it."""

PEAK_NEEDS = 0.5
"""Share of what stock grows by that a peak sells at least, where stock is said to grow for it."""

SERVED = 0.05
"""Share of a cycle's demand that may be short without a word on it."""


def cycle_reasons(cycles: Cycles, labels: Sequence[str], days: IntArray, language: Language) -> list[str]:
    """A sentence for each cycle; `labels` its names by row (the last one for -1), `days` of each period from today."""
    kind = cycles.kind()
    length = np.maximum(days[cycles.end] - days[cycles.begin], 1)
    rate = (cycles.demand / length).tolist()
    arriving = (cycles.order + cycles.incoming).tolist()
    series, opening, closing = cycles.series.tolist(), cycles.opening.tolist(), cycles.closing.tolist()
    sentences = []
    for k, what in enumerate(kind.tolist()):
        key, peak = KINDS[what], -1
        if key == "build_up":
            peak = _peak_after(k, series, rate, (opening, closing))
            if peak >= 0 and _demand_of_all(peak, cycles) < PEAK_NEEDS * (closing[k] - opening[k]):
                peak = -1
            key = "build_up" if peak < 0 else "build_up_for_peak"
        elif key == "run_down" and arriving[k] < 0.5 and cycles.short[k] <= SERVED * cycles.demand[k]:
            key = "run_down_without_order"
        elif key == "run_down" and k and series[k - 1] == series[k] and cycles.name[k - 1] >= 0:
            peak = k - 1 if rate[k - 1] > PEAK * rate[k] else -1
            key = "run_down" if peak < 0 else "run_down_after_peak"
        blanks = {
            "arriving": units(arriving[k]),
            "demand": units(cycles.demand[k]),
            "opening": units(opening[k]),
            "closing": units(closing[k]),
            "peak": labels[cycles.name[peak]],
            "peak_demand": units(_demand_of_all(peak, cycles) if peak >= 0 else 0.0),
        }
        lacking = cycles.short[k] > max(SERVED * cycles.demand[k], 0.5)
        short = say(CYCLES, "short", language, short=units(cycles.short[k])) if lacking else ""
        sentences.append(say(CYCLES, key, language, **blanks) + short)
    return sentences


def _peak_after(k: int, series: list[int], rate: list[float], stock: tuple[list[float], list[float]]) -> int:
    """The cycle of the greatest demand a day that the stock built up in cycle `k` is held for; -1 where there is none.

    The stock is held until it falls below what it was before.
    """
    opening, closing = stock
    best = -1
    for j in range(k + 1, len(series)):
        if series[j] != series[k]:
            break
        if rate[j] > PEAK * rate[k] and (best < 0 or rate[j] > rate[best]):
            best = j
        if closing[j] <= opening[k]:
            break
    return best


def _demand_of_all(k: int, cycles: Cycles) -> float:
    """Units expected to sell in cycle `k` and in those beside it that have its name."""
    first = last = k
    while first and (cycles.series[first - 1], cycles.name[first - 1]) == (cycles.series[k], cycles.name[k]):
        first -= 1
    while last + 1 < len(cycles.name) and (cycles.series[last + 1], cycles.name[last + 1]) == (
        cycles.series[k],
        cycles.name[k],
    ):
        last += 1
    return float(cycles.demand[first : last + 1].sum())
