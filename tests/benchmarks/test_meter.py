"""The meter tells the time, the memory and the failure of the command it starts, not its own."""

from __future__ import annotations

import sys

import pytest

from benchmarks.meter import measure


def test_peak_memory_is_of_the_command_not_of_who_starts_it() -> None:
    held = b"x" * (200 << 20)  # this process holds 200 MiB more than what it starts
    small = measure([sys.executable, "-S", "-c", "pass"])
    large = measure([sys.executable, "-S", "-c", "x = b'x' * (120 << 20)"])
    assert len(held) == 200 << 20
    assert small.peak_mb < 100
    assert 120 < large.peak_mb < 200


def test_time_covers_the_command() -> None:
    assert measure([sys.executable, "-S", "-c", "import time; time.sleep(0.3)"]).seconds >= 0.3


def test_a_failed_command_is_an_error_with_its_words() -> None:
    with pytest.raises(RuntimeError, match=r"status 3.*out of paper"):
        measure([sys.executable, "-c", "import sys; print('out of paper', file=sys.stderr); sys.exit(3)"])
