"""The form of the data-quality report: findings with their counts and examples, in a form that any page can show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from orderpoint.ingest.reading import FileRead, Mapped, Note, SetAside
from orderpoint.messages import Language, say
from orderpoint.messages.faults import reason_of
from orderpoint.messages.notes import note_line
from orderpoint.messages.quality import FINDINGS, SEVERITIES, WEEKDAYS

EXAMPLES_MAX = 5
CLOSED_WEEKDAY = "closed_weekday"
"""The finding whose examples are words: numbers of weekdays, Monday is 0."""


class Severity(StrEnum):
    """What a finding asks of its reader."""

    INFO = "info"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `code` is a key of `messages.quality.FINDINGS`.

    `count` things, the `share` of all such things in [0, 1] (None where there is no whole), a few `examples` in words
    that need no translation, and `details` for the other blanks of the sentence.
    """

    code: str
    severity: Severity
    count: int
    share: float | None = None
    examples: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)

    def sentence(self, language: Language = Language.EN) -> str:
        """The finding in words."""
        words = (say(WEEKDAYS, e, language) for e in self.examples) if self.code == CLOSED_WEEKDAY else self.examples
        shown = (", " if language is Language.EN else "、").join(tuple(words)[: 2 * EXAMPLES_MAX]) or "-"
        blanks = {"count": f"{self.count:,}", "share": percent(self.share), "examples": shown, **self.details}
        return say(FINDINGS, self.code, language, **blanks)

    def to_dict(self, language: Language = Language.EN) -> dict[str, object]:
        """The finding as JSON holds it."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "severity_text": say(SEVERITIES, self.severity, language),
            "count": self.count,
            "share": None if self.share is None else round(self.share, 6),
            "examples": list(self.examples),
            "details": dict(self.details),
            "text": self.sentence(language),
        }


@dataclass(frozen=True, eq=False)
class QualityReport:
    """Everything `orderpoint check` says, the gravest findings first.

    `mapped`: which column was read as what. `repairs`: notes on what was changed. `set_aside`: rows that are not used.
    """

    findings: tuple[Finding, ...]
    files: tuple[FileRead, ...]
    mapped: tuple[Mapped, ...]
    repairs: tuple[Note, ...]
    set_aside: tuple[SetAside, ...]

    def finding(self, code: str) -> Finding | None:
        """The finding of that code, None where there is none."""
        return next((f for f in self.findings if f.code == code), None)

    def set_aside_by_reason(self) -> dict[str, int]:
        """Rows set aside for each reason code, most first."""
        return dict(Counter(s.code for s in self.set_aside).most_common())

    def to_dict(self, language: Language = Language.EN) -> dict[str, object]:
        """The report as JSON holds it; the rows set aside are counted here and listed in set_aside.csv."""
        firsts = {s.code: s for s in reversed(self.set_aside)}
        return {
            "findings": [f.to_dict(language) for f in self.findings],
            "files": [asdict(f) for f in self.files],
            "mapped": [asdict(m) for m in self.mapped],
            "repairs": [
                {**asdict(n), "details": dict(n.details), "text": note_line(n.file, n.code, n.details, language)}
                for n in self.repairs
            ],
            "set_aside": [
                {"code": code, "rows": rows, "text": reason_of(code, firsts[code].details, language)}
                for code, rows in self.set_aside_by_reason().items()
            ],
        }


def percent(share: float | None) -> str:
    """A share in words: "12 %", "0.4 %", "" where there is none."""
    if share is None:
        return ""
    return f"{share:.0%}".replace("%", " %") if share >= 0.1 else f"{100 * share:.2g} %"


def gravest_first(findings: Iterable[Finding | None]) -> tuple[Finding, ...]:
    """Without the empty ones; problems, then warnings, then information, in the given order otherwise."""
    rank = {Severity.PROBLEM: 0, Severity.WARNING: 1, Severity.INFO: 2}
    return tuple(sorted((f for f in findings if f is not None), key=lambda f: rank[f.severity]))
