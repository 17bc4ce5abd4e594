"""What can go wrong, as values that carry their place and their cause; `messages` puts them into words.

Every error names its exit status of the command line (design, section 5, "Faults").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one place of the input.

    `code` is a key of `messages.faults`, which holds the sentence and the remedy in every language; `details` fills its
    blanks. `row` counts from 1 for the first line of the file, so a table's first data row is 2.
    """

    file: str
    code: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)


class OrderpointError(Exception):
    """Base of all errors that a user is told about in one message, without a traceback."""

    exit_status: ClassVar[int] = 1


class InputFaults(OrderpointError):
    """The input cannot be used; `faults` lists every reason at once, and nothing was written."""

    exit_status = 1

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{f.file}:{f.row or ''}:{f.column or ''} {f.code} {f.value or ''}" for f in faults))
        self.faults = faults


class UsageError(OrderpointError):
    """The command or call was worded wrongly; `code` is a key of `messages.usage`."""

    exit_status = 2

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(f"{code} {details}" if details else code)
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that conflicts with others: its `name` as the user wrote it, with its number.

    `code` is a key of `messages.limits`, which holds its figures and the remedy in words; `details` fills the blanks.
    """

    name: str
    code: str
    details: Mapping[str, str] = field(default_factory=dict)


class InfeasibleError(OrderpointError):
    """No plan keeps all limits; `limits` is the smallest set found that conflicts, `told` what is known of each."""

    exit_status = 3

    def __init__(self, limits: tuple[str, ...], told: tuple[Limit, ...] = ()) -> None:
        super().__init__(", ".join(limits))
        self.limits = limits
        self.told = told


class MachineError(OrderpointError):
    """The machine failed (disk full, no permission); `code` is a key of `messages.usage`."""

    exit_status = 4

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(f"{code} {details}" if details else code)
        self.code = code
        self.details = details
