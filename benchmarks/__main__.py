"""Run the benchmarks: `python -m benchmarks [--quick] [NAME...]`."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import time
from pathlib import Path

from benchmarks.measurement import Measurement, Skipped
from benchmarks.needs import MissingError
from benchmarks.table import table_markdown, table_text, write_json

BENCHMARKS = {
    "scale": "wall time and memory of `orderpoint plan`; time to start",
    "vn2_referee": "the VN2 rules on eight windows beside the organiser's rule",
    "lost_sales": "exact lost sales, the policies that scale, and MINCOST beside them",
    "portfolio_peers": "the forecasting portfolio beside statsforecast",
    "m5": "WRMSSE on M5 with the origin moved back, beside seasonal naive",
    "boosting_scale": "boosted trees on 30,490 series x 1,941 days beside mlforecast + LightGBM",
    "memory": "what `--memory` bounds, and what forecasting in parts costs in accuracy",
    "honest_sums": "the distribution of lead-time sums held against what came",
    "hidden_demand": "demand that stockouts hid, recovered where the truth is known",
    "hierarchy": "coherent forecasts of 50,000 nodes beside the textbook's dense formula",
    "rossmann": "RMSPE of Rossmann's last six weeks, with and without promotions and holidays",
    "walmart": "WMAE of Walmart's last 39 weeks beside seasonal naive",
    "exact_peers": "newsvendor, (s, S), (r, Q) and EOQ beside stockpyl",
    "lot_sizing_peers": "Wagner-Whitin beside stockpyl",
    "network_peers": "guaranteed service on trees and Clark-Scarf beside stockpyl",
    "willems": "safety stock in 38 real networks, with proven gaps",
    "budget_selection": "limits over many lines beside HiGHS",
    "plan_speed": "a plan of 44,000 item-locations under a budget",
    "simulator_speed": "item-days a second beside the machine's limit",
    "stockout_inference": "hidden stockouts found, and demand recovered",
}
JSON = Path("build") / "bench.json"


def main(words: list[str] | None = None) -> None:
    """Run the named benchmarks (all of them where none is named), print the table and write build/bench.json."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=_description(), formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", choices=[[], *BENCHMARKS], help="which to run (default: all)"
    )
    parser.add_argument("--quick", action="store_true", help="smaller samples: some minutes")
    parser.add_argument(
        "--json", type=Path, default=JSON, metavar="FILE", help=f"where to write the figures (default: {JSON})"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="where to write the table for docs/benchmarks.md")
    given = parser.parse_args(words)
    rows: list[Measurement] = []
    skipped: list[Skipped] = []
    for name in given.names or BENCHMARKS:
        begun = time.perf_counter()
        print(f"{name}: {BENCHMARKS[name]} ...", flush=True)
        outcome = run_one(name, quick=given.quick)
        if isinstance(outcome, Skipped):
            skipped.append(outcome)
        else:
            rows.extend(outcome)
            write_json(given.json, rows)  # what is measured stays, also where a later one is interrupted
            print(table_text(outcome, []))
        print(f"{name}: {time.perf_counter() - begun:.1f} s", flush=True)
    write_json(given.json, rows)
    if given.markdown is not None:
        given.markdown.write_text(table_markdown(rows), encoding="utf-8")
    print()
    print(table_text(rows, skipped))


def run_one(name: str, *, quick: bool) -> list[Measurement] | Skipped:
    """The rows of one benchmark, or why it cannot run here."""
    module = f"benchmarks.{name}"
    if importlib.util.find_spec(module) is None:
        return Skipped(name, "not written yet")
    try:
        program = importlib.import_module(module)
        if not hasattr(program, "run"):
            return Skipped(name, f"prints a table of its own: python -m {module}")
        rows = program.run(quick)
    except MissingError as missing:
        return Skipped(name, str(missing))
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith(("orderpoint", "benchmarks")):
            raise
        return Skipped(name, f"{missing.name} is not installed; `make bench` installs it")
    return [Measurement.of(row) for row in rows]


def _description() -> str:
    return "Benchmarks:\n" + "\n".join(f"  {name:20}{what}" for name, what in BENCHMARKS.items())


if __name__ == "__main__":
    main()
