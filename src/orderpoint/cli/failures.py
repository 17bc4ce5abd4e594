"""How a failed command tells the user: every fault with its remedy, and the exit status that scripts rely on."""

from __future__ import annotations

import errno
import sys

from orderpoint.domain.errors import Fault, InfeasibleError, InputFaults, MachineError, OrderpointError, UsageError
from orderpoint.messages import Language, say
from orderpoint.messages.faults import fault_line
from orderpoint.messages.limits import LIMITS
from orderpoint.messages.usage import USAGE

INTERRUPTED = 130


def report(error: BaseException, language: Language) -> int:
    """Say on stderr what went wrong, in `language`, and return the exit status. Unknown errors are raised again."""
    if isinstance(error, KeyboardInterrupt):
        print(say(USAGE, "interrupted", language), file=sys.stderr)
        return INTERRUPTED
    if isinstance(error, OSError):
        error = machine_error(error)
    if not isinstance(error, OrderpointError):
        raise error
    for line in lines(error, language):
        print(line, file=sys.stderr)
    return error.exit_status


def lines(error: OrderpointError, language: Language) -> list[str]:
    """The sentences that tell of `error`."""
    if isinstance(error, InputFaults):
        return [
            say(USAGE, "faults_found", language, count=len(error.faults)),
            *(fault_line(fault, language) for fault in sorted(error.faults, key=_place)),
        ]
    if isinstance(error, InfeasibleError):
        return [
            say(USAGE, "no_feasible_plan", language, limits=", ".join(error.limits)),
            *("  " + say(LIMITS, limit.code, language, **limit.details) for limit in error.told),
        ]
    if isinstance(error, UsageError | MachineError):
        return [say(USAGE, error.code, language, **error.details)]
    return [str(error)]


def _place(fault: Fault) -> tuple[str, int, str]:
    return fault.file, fault.row or 0, fault.column or ""


def machine_error(error: OSError) -> MachineError:
    """The machine's own failure in the words of a user."""
    path = str(error.filename or "")
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return MachineError("disk_full", path=path)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return MachineError("no_permission", path=path)
    return MachineError("machine_failed", path=path, cause=error.strerror or str(error))
