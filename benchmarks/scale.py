"""How long `orderpoint plan` takes and how much memory it holds, on a real shop and on 30,490 invented series.

usage: python -m benchmarks.scale [--quick]
"""

from __future__ import annotations

import os
import statistics
import sys
import sysconfig
import tempfile
from pathlib import Path

from benchmarks.measurement import Measurement
from benchmarks.meter import Usage, measure, orderpoint
from benchmarks.needs import MissingError, data_folder
from benchmarks.table import table_text

BUILT = Path("build") / "bench-data"
STARTS = 7
ITEMS, LOCATIONS, DAYS = 3049, 10, 1941
"""30,490 series, as many and as long as those of M5."""


IMPORT = """
import sys, time
begun = time.perf_counter()
import orderpoint
print(time.perf_counter() - begun, file=sys.stderr)
"""
HELP = """
import sys
sys.argv = ["orderpoint", "--help"]
from orderpoint.cli import main
main()
"""
INVENT = """
import sys
from pathlib import Path
from orderpoint.simulate.world.settings import WorldSettings
from orderpoint.simulate.world.write import stream
items, locations, days, zeros = map(int, sys.argv[2:])
stream(WorldSettings(items=items, locations=locations, days=days, zero_days=bool(zeros)), Path(sys.argv[1]))
"""


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows of the benchmark table. `quick` leaves out the largest shop, and compiling everything anew."""
    rows = [*start_up(), *real_shop(anew=not quick)]
    return rows if quick else [*rows, *large_shop(zero_days=False), *large_shop(zero_days=True)]


def start_up() -> list[dict[str, object]]:
    """Seconds to import the package and to print the help, medians of several starts.

    Started without `site`: a package that a peer brings (sphinx-jinja2-compat, by way of stockpyl) loads Sphinx at
    every start of this environment's Python, a second that no user's environment has.
    """
    import orderpoint

    source = Path(orderpoint.__file__).parent.parent
    packages = {"PYTHONPATH": os.pathsep.join([sysconfig.get_path("purelib"), str(source)])}
    imports = [float(measure([sys.executable, "-S", "-c", IMPORT], packages).stderr) for _ in range(STARTS)]
    helps = [measure([sys.executable, "-S", "-c", HELP], packages).seconds for _ in range(STARTS)]
    return [
        {"name": "import orderpoint", "ours": statistics.median(imports), "limit": 0.3, "unit": "s"},
        {"name": "orderpoint --help", "ours": statistics.median(helps), "limit": 0.5, "unit": "s"},
    ]


def real_shop(*, anew: bool) -> list[dict[str, object]]:
    """All of Online Retail II with compiled kernels on disk; `anew`: first with none, in a folder of their own."""
    try:
        folder = data_folder("online_retail_ii")
    except MissingError as missing:
        print(f"  left out: {missing}")
        return []
    with tempfile.TemporaryDirectory() as place:
        first = plan(folder, Path(place), cold=anew)
        warm = plan(folder, Path(place), cold=anew)
    name = "plan online_retail_ii"
    rows: list[dict[str, object]] = [
        {"name": f"{name}: time", "ours": warm.seconds, "limit": 20.0, "unit": "s"},
        {"name": f"{name}: peak memory", "ours": warm.peak_mb / 1024, "limit": 2.0, "unit": "GiB"},
    ]
    compiled = {"name": f"{name}: time, kernels not compiled yet", "ours": first.seconds, "unit": "s"}
    return [*rows, compiled] if anew else rows


def large_shop(*, zero_days: bool) -> list[dict[str, object]]:
    """30,490 invented series over 1,941 days; `zero_days`: with a row for each day, sold or not."""
    folder = invented(zero_days=zero_days)
    with tempfile.TemporaryDirectory() as place:
        if not zero_days:
            plan(folder, Path(place), cold=False)  # compiles what a smaller shop did not need
        used = plan(folder, Path(place), cold=False)
    name = f"plan {ITEMS * LOCATIONS:,} series x {DAYS:,} days" + (", rows for zeros" if zero_days else "")
    return [
        {"name": f"{name}: time", "ours": used.seconds, "limit": 60.0, "unit": "s"},
        {"name": f"{name}: peak memory", "ours": used.peak_mb / 1024, "limit": 4.0, "unit": "GiB"},
    ]


def plan(folder: Path, place: Path, *, cold: bool = True) -> Usage:
    """One run of `orderpoint plan`; `cold`: its compiled kernels are kept below `place`, where none are at first."""
    words = orderpoint("plan", str(folder), "--out", str(place / "out"))
    used = measure(words, {"NUMBA_CACHE_DIR": str(place / "kernels")} if cold else None)
    print(f"  {folder.name}: {used.seconds:.1f} s, {used.cpu_seconds:.1f} CPU-s, {used.peak_mb:,.0f} MiB", flush=True)
    return used


def invented(*, zero_days: bool) -> Path:
    """The folder of the large shop, made the first time it is asked for (some minutes; not timed)."""
    folder = (BUILT / f"shop-{ITEMS}-{LOCATIONS}-{DAYS}{'-zeros' if zero_days else ''}").absolute()
    if not (folder / "rates.parquet").exists():  # the last file that is written
        print(f"  inventing {folder.name} ...", flush=True)
        sizes = map(str, (ITEMS, LOCATIONS, DAYS, int(zero_days)))
        measure([sys.executable, "-c", INVENT, str(folder), *sizes])
    return folder


def main() -> None:
    rows = run("--quick" in sys.argv[1:])
    print(table_text([Measurement.of(row) for row in rows], []))


if __name__ == "__main__":
    main()
