"""The picture of one series: its dates do not run into each other, whatever part of it lies ahead."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from orderpoint.report.fan_chart import DATE_WIDTH, LEFT, RIGHT, WIDTH, Fan, fan_svg

TODAY = date(2025, 6, 2)
MARK = re.compile(r'<text class="tick" x="([\d.]+)" y="[\d.]+" text-anchor="(\w+)">(\d{4}-\d\d-\d\d)</text>')


def fan(past: int, future: int) -> Fan:
    return Fan(
        "A",
        [TODAY - timedelta(days=past - k) for k in range(past)],
        np.arange(past, dtype=np.float64),
        np.zeros(past, np.bool_),
        [TODAY + timedelta(days=k) for k in range(future)],
        np.ones(future),
        np.outer(np.arange(4.0), np.ones(future)),
        None,
    )


@pytest.mark.parametrize(("past", "future"), [(60, 28), (60, 5), (60, 1), (400, 1), (1, 30), (0, 30), (30, 30), (9, 2)])
def test_dates_stand_apart_inside_the_picture_and_today_is_among_them(past: int, future: int) -> None:
    spans = []
    for x, anchor, _ in MARK.findall(fan_svg(fan(past, future))):
        left = float(x) - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * DATE_WIDTH
        spans.append((left, left + DATE_WIDTH))
    spans.sort()
    assert spans[0][0] >= LEFT - 0.1
    assert spans[-1][1] <= WIDTH - RIGHT + 0.1
    assert all(a[1] <= b[0] + 0.1 for a, b in pairwise(spans))
    assert TODAY.isoformat() in fan_svg(fan(past, future))
