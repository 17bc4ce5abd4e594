"""The benchmark table as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measurement import Goal, Measurement, Skipped

HEADINGS = ("benchmark", "ours", "peer", "unit", "ratio", "limit", "goal")


def table_text(rows: Sequence[Measurement], skipped: Sequence[Skipped]) -> str:
    """One aligned table, then what was skipped."""
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[k]) for line in cells) for k in range(len(HEADINGS))]
    lines = [
        "  ".join(_placed(cell, width, k) for k, (cell, width) in enumerate(zip(line, widths, strict=True))).rstrip()
        for line in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*lines, *(f"skipped {one.name}: {one.reason}" for one in skipped)])


def table_markdown(rows: Sequence[Measurement]) -> str:
    """The same table for a page of the documentation."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "|" + " --- |" * len(HEADINGS)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in _cells(row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def write_json(path: Path, rows: Sequence[Measurement]) -> None:
    """Write the rows as a list of name, ours, peer, limit, ratio, unit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([row.record() for row in rows], indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def figure(value: float | None) -> str:
    """A number with about four digits that count."""
    if value is None:
        return "-"
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return f"{value:.2e}"


def _cells(row: Measurement) -> tuple[str, ...]:
    limit = "-" if row.limit is None else f"{_what(row.goal)}{figure(row.limit)}"
    goal = {True: "met", False: "MISSED", None: ""}[row.met]
    return row.name, figure(row.ours), figure(row.peer), row.unit, figure(row.ratio), limit, goal


def _what(goal: Goal) -> str:
    return "" if goal is Goal.NONE else goal.value + " "


def _placed(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column in {1, 2, 4} else cell.ljust(width)
