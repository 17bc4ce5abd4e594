"""The referee of VN2: `orderpoint plan` and the organiser's rule play the same weeks of the real history.

usage: python -m benchmarks.vn2_referee [--windows 85,93] [--subprocess] [--rule-only] [-- WORDS FOR orderpoint plan]

As a benchmark it plays the default method with the forecasts of both efforts on all windows, and the other methods that
fit on one (`-- --method cims` plays them all). SCOLLAB does not fit, for there is no network in these data.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

import numpy as np

from benchmarks import vn2_rule
from benchmarks.needs import MissingError, data_folder
from benchmarks.vn2_world import WINDOWS, Past, Player, Score, play, read

GOALS = {"quick": 0.88, "standard": 0.83}
"""Mean ratio, by effort of the forecast."""
ONE_WINDOW = (133,)
OTHERS = ("maxserv", "cims", "rio")
"""Methods beside the default."""


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows of the benchmark table: the mean cost ratio, fill rate and average stock; a quick run plays one window."""
    history = read(data_folder("vn2_inventory"))
    if quick:
        return _rows(history, ONE_WINDOW, "quick", ())
    efforts = [row for effort in GOALS for row in _rows(history, WINDOWS, effort, ("--effort", effort))]
    methods = [_rows(history, ONE_WINDOW, method, ("--method", method))[0] for method in OTHERS]
    return [*efforts, *methods]


def _rows(history: Past, windows: Sequence[int], name: str, words: tuple[str, ...]) -> list[dict[str, object]]:
    """Cost, fill rate and stock of a plan that is asked for with `words`, beside the organiser's rule."""
    from benchmarks.vn2_folder import Plan, in_this_process

    print(f"  {name}")
    ours, rule = compare(history, windows, Plan(in_this_process, words))
    label = f"VN2, {len(windows)} window{'s' * (len(windows) > 1)}, {name}"
    cost: dict[str, object] = {**_means(ours, rule, "cost"), "ratio": _mean_ratio(ours, rule)}
    if name in GOALS:
        cost |= {"limit": GOALS[name], "goal": "ratio<="}
    return [
        {"name": f"{label}: cost", "unit": "money a window (mean of ratios)", **cost},
        {"name": f"{label}: fill rate", "unit": "share", **_means(ours, rule, "fill_rate")},
        {"name": f"{label}: average stock", "unit": "units", **_means(ours, rule, "average_stock")},
    ]


def _means(ours: Sequence[Score], rule: Sequence[Score], what: str) -> dict[str, float]:
    """One figure of both, meaned over the windows, and their ratio."""
    ours_mean, rule_mean = (float(np.mean([getattr(score, what) for score in scores])) for scores in (ours, rule))
    return {"ours": ours_mean, "peer": rule_mean, "ratio": ours_mean / rule_mean}


def compare(history: Past, windows: Sequence[int], player: Player) -> tuple[list[Score], list[Score]]:
    """Play the windows with both; prints a line for each as it ends."""
    print(
        f"{'window':>8} {'ours':>9} {'rule':>9} {'ratio':>7}   {'fill rate':>15} {'average stock':>17} {'seconds':>8}"
    )
    ours, rule = [], []
    for first in windows:
        begun = time.perf_counter()
        a, b = play(history, first, player), play(history, first, vn2_rule.order)
        seconds = time.perf_counter() - begun
        ours.append(a)
        rule.append(b)
        fills = f"{a.fill_rate:.1%} {b.fill_rate:.1%}"
        stocks = f"{a.average_stock:,.0f} {b.average_stock:,.0f}"
        costs = f"{a.cost:>9,.1f} {b.cost:>9,.1f} {a.cost / b.cost:>7.4f}"
        print(f"{first:>8} {costs}   {fills:>15} {stocks:>17} {seconds:>8.1f}", flush=True)
    print(f"mean ratio {_mean_ratio(ours, rule):.4f}")
    return ours, rule


def _mean_ratio(ours: Sequence[Score], rule: Sequence[Score]) -> float:
    return float(np.mean([a.cost / b.cost for a, b in zip(ours, rule, strict=True)]))


def main() -> None:
    from benchmarks.vn2_folder import Plan, in_a_process, in_this_process

    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.vn2_referee", description="Play the VN2 rules on windows of the history."
    )
    parser.add_argument(
        "--windows", type=_windows, default=WINDOWS, metavar="X,...", help="weeks of the first decisions"
    )
    parser.add_argument("--subprocess", action="store_true", help="start a process for each decision")
    parser.add_argument("--rule-only", action="store_true", help="the organiser's rule against itself")
    parser.add_argument("words", nargs="*", metavar="WORD", help="further words for `orderpoint plan`, after --")
    given = parser.parse_args()
    try:
        history = read(data_folder("vn2_inventory"))
    except MissingError as missing:
        sys.exit(str(missing))
    plan = Plan(in_a_process if given.subprocess else in_this_process, tuple(given.words))
    compare(history, given.windows, vn2_rule.order if given.rule_only else plan)


def _windows(words: str) -> tuple[int, ...]:
    return tuple(int(word) for word in words.split(","))


if __name__ == "__main__":
    main()
