"""What `--memory` bounds: the peak of `orderpoint forecast` in parts, and what parts cost in accuracy.

usage: python -m benchmarks.memory [--quick] [--learning MODEL SERIES PERIODS [EFFORT]]

An invented shop of 20,000 series x 730 days is forecast as a whole and within two limits, each time by the command line
in a process of its own. M5 is forecast as a whole and in parts of 2,000 series, 28 days before its end. `--learning`
prints how many bytes one model takes to learn from invented sales, beside the sales themselves.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks import m5
from benchmarks.measurement import Measurement
from benchmarks.meter import measure, orderpoint, own_peak_mb
from benchmarks.needs import MissingError, data_folder
from benchmarks.table import table_text

ITEMS, LOCATIONS, DAYS = 2000, 10, 730
LIMITS = (2.0, 1.4)
"""GiB."""
INVENT = """
import sys
from pathlib import Path
from orderpoint.simulate.world.settings import WorldSettings
from orderpoint.simulate.world.write import stream
items, locations, days = map(int, sys.argv[2:])
stream(WorldSettings(items=items, locations=locations, days=days), Path(sys.argv[1]))
"""


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows of the benchmark table; a quick run keeps to one limit and leaves M5 out."""
    rows = peaks(LIMITS[-1:] if quick else LIMITS)
    return rows if quick else [*rows, *accuracy()]


def peaks(limits: tuple[float, ...]) -> list[dict[str, object]]:
    """Peak memory and seconds of the command, without a limit and within each."""
    with tempfile.TemporaryDirectory() as place:
        shop = Path(place) / "shop"
        measure([sys.executable, "-c", INVENT, str(shop), *map(str, (ITEMS, LOCATIONS, DAYS))])
        words = orderpoint("forecast", str(shop), "--out", str(Path(place) / "out"))
        measure(words)  # kernels are compiled, or read from the cache
        whole = measure(words)
        name = f"forecast of {ITEMS * LOCATIONS:,} series x {DAYS} days"
        rows: list[dict[str, object]] = [
            {"name": f"{name}: peak memory", "ours": whole.peak_mb / 1024, "unit": "GiB"},
            {"name": f"{name}: time", "ours": whole.seconds, "unit": "s"},
        ]
        for limit in limits:
            part = measure([*words, "--memory", str(limit)])
            within = {"ours": part.peak_mb / 1024, "limit": limit, "unit": "GiB"}
            rows += [
                {"name": f"{name}, --memory {limit:g}: peak memory", **within},
                {"name": f"{name}, --memory {limit:g}: time", "ours": part.seconds, "unit": "s"},
            ]
    return rows


def accuracy() -> list[dict[str, object]]:
    """WRMSSE of M5 in parts beside that of the whole."""
    try:
        data_folder("m5")
        whole, parts = m5.apart("quick", 28), m5.apart("parts", 28)
    except MissingError as missing:
        print(f"  left out: {missing}")
        return []
    figures = {"ours": parts["wrmsse"], "peer": whole["wrmsse"], "ratio": parts["wrmsse"] / whole["wrmsse"]}
    return [{"name": "M5, quick, in parts of 2,000 series beside the whole", "unit": "WRMSSE", **figures}]


def learning(model: str, series: int, periods: int, effort: str) -> None:
    """Bytes for each cell that learning takes at its peak beside the sales."""
    from orderpoint.app.forecasters import FORECASTERS, Wanted
    from orderpoint.domain.calendar import Period, Timeline
    from orderpoint.tables.catalog import Catalog
    from orderpoint.tables.known import Known
    from orderpoint.tables.sales import Sales, State
    from orderpoint.tables.series import SeriesIndex

    rng = np.random.default_rng(1)
    index = SeriesIndex.of((f"{k:06d}", f"{p}") for k in range(series // 4) for p in range(4))
    units = np.empty((len(index), periods), np.float32)
    for row, mean in zip(units, np.exp(rng.uniform(-3.0, 2.0, len(index))), strict=True):
        row[:] = rng.poisson(mean, periods)
    state = np.full(units.shape, State.OBSERVED, np.uint8)
    sales, known = (
        Sales(index, Timeline(date(2020, 1, 1), Period.DAY, periods), units, state),
        Known(Catalog.bare(index.items)),
    )
    forecaster = FORECASTERS[model](Wanted(14, Period.DAY, effort))  # type: ignore[arg-type]
    forecaster.fit(sales.take(np.arange(400)), known).demand(28, known)  # kernels and their memory
    before = own_peak_mb() * 2**20
    forecaster.fit(sales, known).demand(28, known)
    taken = own_peak_mb() * 2**20 - before
    print(f"{model}, {effort}: {taken / len(index):,.0f} bytes a series, {taken / units.size:.1f} a cell")


if __name__ == "__main__":
    if "--learning" in sys.argv[1:]:
        model, series, periods, *effort = sys.argv[sys.argv.index("--learning") + 1 :]
        learning(model, int(series), int(periods), effort[0] if effort else "quick")
    else:
        print(table_text([Measurement.of(row) for row in run("--quick" in sys.argv[1:])], []))
