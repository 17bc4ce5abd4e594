"""The data-quality report as one self-contained page."""

from __future__ import annotations

from collections.abc import Sequence

from orderpoint.ingest.quality import QualityReport
from orderpoint.messages import Language, say
from orderpoint.messages.faults import reason_of
from orderpoint.messages.notes import note_line
from orderpoint.messages.quality import SEVERITIES
from orderpoint.messages.report import REPORT
from orderpoint.report.document import document


def quality_page(report: QualityReport, read: Sequence[str], language: Language) -> str:
    """One HTML document; nothing is loaded from elsewhere. `read`: a line for each file that was read."""
    words = {key: say(REPORT, key, language) for key in REPORT if key != "made_by"}
    words |= {"title": words["quality_title"], "subtitle": ""}
    return document("quality.html.j2", language, words, **_content(report, read, language))


def _content(report: QualityReport, read: Sequence[str], language: Language) -> dict[str, object]:
    firsts = {s.code: s for s in reversed(report.set_aside)}
    return {
        "read": read,
        "mapped": [f"{m.file} [{m.table}]: {m.column} = {m.field}" for m in report.mapped if m.column != m.field],
        "findings": [
            {
                "severity": f.severity.value,
                "label": say(SEVERITIES, f.severity.value, language),
                "text": f.sentence(language),
            }
            for f in report.findings
        ],
        "repairs": [note_line(n.file, n.code, n.details, language) for n in report.repairs],
        "aside": [
            {"rows": f"{rows:,}", "reason": reason_of(code, firsts[code].details, language)}
            for code, rows in report.set_aside_by_reason().items()
        ],
    }
