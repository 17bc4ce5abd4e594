"""Checking a user's data: what was recognised, what is missing or doubtful, what was repaired or set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from orderpoint.app.output import Writer, write_all
from orderpoint.app.request import Progress
from orderpoint.app.tables_out import csv, json_text, text
from orderpoint.app.wording import mapped_lines, note_lines, read_lines, set_aside_table
from orderpoint.domain.calendar import Period
from orderpoint.ingest.bucketing import bucket
from orderpoint.ingest.grid import BucketOptions
from orderpoint.ingest.intake import read
from orderpoint.ingest.quality import QualityReport, examine
from orderpoint.ingest.reading import Reading, ReadOptions
from orderpoint.messages import Language, say
from orderpoint.messages.command_line import COMMAND_LINE
from orderpoint.messages.faults import reason_of
from orderpoint.messages.quality import SEVERITIES
from orderpoint.report.quality_page import quality_page

DEFAULT_OUT = Path("orderpoint-check")


@dataclass(frozen=True)
class CheckRequest:
    """The words of `orderpoint check`. quality.json and set_aside.csv are always written, quality.html on request."""

    inputs: tuple[Path, ...]
    out: Path | None = None
    today: date | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    period: Period | None = None
    label: Literal["start", "end"] = "start"
    html: bool = False
    language: Language = Language.EN


@dataclass(frozen=True, eq=False)
class CheckOutcome:
    """The findings, in lines and as JSON, and the files that were written."""

    report: QualityReport
    lines: tuple[str, ...]
    report_json: str
    written: tuple[Path, ...]


def check_folder(request: CheckRequest, tell: Progress) -> CheckOutcome:
    """Read and examine; nothing is planned. Raises InputFaults with every fault where the data cannot be used at all.

    Everything is read, whatever `today` is, so that dates in the future can be found; the history ends the day before
    it.
    """
    tell("reading")
    reading = read(request.inputs, ReadOptions(mapping=request.mapping))
    tell("bucketing")
    bucketed = bucket(reading, BucketOptions(request.today, request.period, request.label))
    report = examine(reading, bucketed.sales, today=bucketed.today, notes=bucketed.notes)
    lines = _lines(reading, report, request.language)
    content = json_text(report.to_dict(request.language))
    writers: dict[str, Writer] = {
        "quality.json": text(content),
        "set_aside.csv": csv(set_aside_table(reading, request.language)),
    }
    if request.html:
        writers["quality.html"] = text(quality_page(report, read_lines(reading, request.language), request.language))
    written = write_all(request.out or DEFAULT_OUT, writers)
    return CheckOutcome(report, lines, content, tuple(written))


def _lines(reading: Reading, report: QualityReport, language: Language) -> tuple[str, ...]:
    """The report as a terminal shows it: files, columns, findings by gravity, repairs, and rows set aside by reason."""
    findings = [f"[{say(SEVERITIES, f.severity.value, language)}] {f.sentence(language)}" for f in report.findings]
    firsts = {s.code: s for s in reversed(report.set_aside)}
    aside = [
        say(
            COMMAND_LINE,
            "aside_for",
            language,
            rows=f"{rows:,}",
            reason=reason_of(code, firsts[code].details, language),
        )
        for code, rows in report.set_aside_by_reason().items()
    ]
    return (
        *read_lines(reading, language),
        *mapped_lines(reading, language),
        *findings,
        *note_lines(report.repairs, language),
        *aside,
    )
