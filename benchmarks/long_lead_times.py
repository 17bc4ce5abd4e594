"""Lost sales with long lead times: the patient window and the best rule of a search beside the best capped base stock.

usage: python -m benchmarks.long_lead_times [--quick]

Lead times of 5 to 35 periods, a unit lost at 1 to 100 times the holding of a period, Poisson, negative binomial and
geometric demand; no demand and no lead time is one that the patience was fitted on. The best capped base stock and the
best rule are chosen on one run of demand. Both, and the patient window, which is not searched for, are judged on
another run, the same for all. A rule counts as dearer where it costs more by two standard errors of the difference
and by a tenth of a percent.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

from benchmarks.measurement import Measurement
from benchmarks.table import table_text
from orderpoint.optimize.lost_sales import LostSales, Run, period_costs, search, standard_error, window
from orderpoint.optimize.lost_sales.rules import Rule
from orderpoint.tables.distribution import Distribution, Family

LEAD_TIMES = (5, 8, 11, 16, 25, 35)
LOST_UNIT = (1.0, 3.0, 6.0, 14.0, 35.0, 100.0)
DEMAND = ((1.5, 1.5), (1.5, 3.75), (4.0, 4.0), (4.0, 12.0), (7.0, 7.0), (5.0, 30.0), (7.0, 21.0), (12.0, 30.0))
"""(mean, variance): Poisson where they are equal, geometric where the variance is mean + mean^2."""
CHOOSE, JUDGE = Run(20_000, seed=5), Run(20_000, seed=6)
LEAST_PERCENT = 0.1
NAMES = ("patient window", "best rule of the search")


class Case(NamedTuple):
    """One system: mean and variance of a period's demand, lead time in periods, cost of a unit lost over holding."""

    mean: float
    variance: float
    lead_time: int
    lost: float

    @property
    def system(self) -> LostSales:
        """The system, with holding of 1."""
        demand = Distribution.single(Family.COUNT, self.mean, self.variance).masses().values
        return LostSales(demand, self.lead_time, 1.0, self.lost)


class Gap(NamedTuple):
    """What a rule costs more than the best capped base stock, in percent, and the standard error of that."""

    percent: float
    error: float

    @property
    def is_dearer(self) -> bool:
        """Whether it costs more beyond chance and by an amount that counts."""
        return self.percent > max(2.0 * self.error, LEAST_PERCENT)


def cases() -> list[Case]:
    """Each demand with each cost at two lead times; every pair of a cost and a lead time occurs."""
    count = len(LEAD_TIMES)
    return [
        Case(*moments, LEAD_TIMES[(i + j + shift) % count], lost)
        for shift in (0, count // 2)
        for i, moments in enumerate(DEMAND)
        for j, lost in enumerate(LOST_UNIT)
    ]


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows of the benchmark table: mean and worst gap to the best capped base stock, and how many are dearer."""
    chosen = cases()[:: 13 if quick else 1]
    gaps = [_measured(case) for case in chosen]
    rows: list[dict[str, object]] = []
    for k, who in enumerate(NAMES):
        name = f"long lead times, {len(chosen)} systems: {who} over the best capped base stock"
        percents = [pair[k].percent for pair in gaps]
        dearer = sum(pair[k].is_dearer for pair in gaps)
        rows += [
            {"name": f"{name}, mean", "ours": sum(percents) / len(percents), "unit": "%"},
            {"name": f"{name}, worst", "ours": max(percents), "unit": "%"},
            {"name": f"{name}, systems where it is dearer", "ours": dearer, "limit": 0, "unit": "systems"},
        ]
    return rows


def _measured(case: Case) -> tuple[Gap, Gap]:
    """The gaps of NAMES, printed as they come."""
    system = case.system
    on_choosing = search.on_run(system, CHOOSE)
    capped = search.best_capped(system, on_choosing)
    best = search.best(system, on_choosing)
    gaps = _gap(window(system), capped.rule), _gap(best.rule, capped.rule)
    words = ", ".join(
        f"{who} {gap.percent:+.2f} % (error {gap.error:.2f})" for who, gap in zip(NAMES, gaps, strict=True)
    )
    print(
        f"  mean {case.mean:g}, variance {case.variance:g}, lead time {case.lead_time}, lost unit {case.lost:g}: "
        f"{capped.rule}; {words}",
        flush=True,
    )
    return gaps


def _gap(rule: Rule, capped: Rule) -> Gap:
    """The gap on the judging run."""
    demand = JUDGE.demand(rule.system)
    costs = period_costs(capped, demand)
    more = period_costs(rule, demand) - costs
    scale = 100.0 / float(costs.mean())
    return Gap(scale * float(more.mean()), scale * standard_error(more))


def main() -> None:
    rows = run("--quick" in sys.argv[1:])
    print(table_text([Measurement.of(row) for row in rows], []))


if __name__ == "__main__":
    main()
