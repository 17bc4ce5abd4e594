"""Start one command and say how long it took and how much memory it held at its peak, as one line of JSON.

usage: python -m benchmarks.meter COMMAND WORD...

A small process of its own, because Linux hands the peak memory of a starter on to what it starts.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Usage:
    """Wall time, CPU time of all threads, peak resident memory and exit status of one command."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    status: int
    stderr: str = ""


def measure(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Usage:
    """Run a command, its output thrown away. Raises RuntimeError with its words on stderr where it fails."""
    meter = [sys.executable, "-m", "benchmarks.meter", *command]
    done = subprocess.run(
        meter, cwd=ROOT, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=True
    )
    usage = Usage(**json.loads(done.stdout))
    if usage.status != 0:
        raise RuntimeError(f"{' '.join(command)} ended with status {usage.status}: {usage.stderr[-2000:]}")
    return usage


def own_peak_mb() -> float:
    """Peak resident memory of this process since it was started, in MB (Linux).

    Not `ru_maxrss`, which begins with what the starter held.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def orderpoint(*words: str) -> list[str]:
    """The command line that a user types, from the environment this Python is in."""
    return [str(Path(sys.executable).parent / "orderpoint"), *words]


def main() -> None:
    begun = time.perf_counter()
    done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    seconds = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_seconds = used.ru_utime + used.ru_stime
    record = {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "peak_mb": used.ru_maxrss / 1024,
        "status": done.returncode,
    }
    print(json.dumps({**record, "stderr": done.stderr}))


if __name__ == "__main__":
    main()
