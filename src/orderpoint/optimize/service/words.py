"""Measure, targets and number of orders as a planner types them, checked: all that is wrong is said at once.

--measure fill|cycle|response   --target 0.95   --target category:shoes=0.97   --target class:AX=98%
--orders 40                     --orders 5:suppliers
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from orderpoint.domain.errors import Fault, InputFaults
from orderpoint.optimize.service.measures import Measure
from orderpoint.optimize.service.order_limit import CountedBy
from orderpoint.optimize.service.targets import ALL, CATEGORY, CLASS

MEASURES = {
    "fill": Measure.FILL_RATE,
    "cycle": Measure.CYCLE_SERVICE,
    "response": Measure.RESPONSE_TIME,
    **{str(measure): measure for measure in Measure},
}
CLASSES = (*"ABCXYZ", *(a + x for a in "ABC" for x in "XYZ"))
_SHARE = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(%?)")
_ORDERS = re.compile(r"(\d+)(?::(\w+))?")


class ServiceFaults(InputFaults):
    """The options of service are worded wrongly; `faults` lists every reason at once (codes of `messages.faults`)."""

    exit_status = 2


@dataclass(frozen=True)
class ServiceWords:
    """What `MaxServ` is asked for, with its own names: `MaxServ(sampling, **vars(words))`."""

    measure: Measure = Measure.FILL_RATE
    targets: dict[str, float] = field(default_factory=dict)
    orders: int | None = None
    orders_by: CountedBy = CountedBy.LINES


def read_service(measure: str | None, targets: Sequence[str], orders: str | None) -> ServiceWords:
    """The words of --measure, --target (each) and --orders. Raises ServiceFaults with all that is wrong with them."""
    faults: list[Fault] = []
    chosen = MEASURES.get((measure or "fill").strip().lower())
    if chosen is None:
        faults.append(
            Fault("--measure", "service_measure", value=measure, details={"choices": "fill, cycle, response"})
        )
    read: dict[str, float] = {}
    for words in targets:
        name, _, share = words.rpartition("=")
        name = _name(name.strip()) if "=" in words else ALL
        value = _share(share)
        faults += _target_faults(words, name, value, read)
        read[name or words] = value or 0.0
    count, by = _orders(orders, faults)
    if faults:
        raise ServiceFaults(tuple(faults))
    return ServiceWords(chosen or Measure.FILL_RATE, read, count, by)


def check_categories(targets: Iterable[str], categories: Iterable[str | None]) -> None:
    """Raises ServiceFaults with every target of a category that no item has; `categories` of all items."""
    known = sorted({name for name in categories if name})
    unknown = [t for t in targets if t.startswith(CATEGORY) and t.removeprefix(CATEGORY) not in known]
    if unknown:
        raise ServiceFaults(
            tuple(
                Fault("--target", "service_category", value=name, details={"nearest": _nearest(name, known)})
                for name in unknown
            )
        )


def _nearest(target: str, known: Sequence[str]) -> str:
    """Categories that are spelled like the target's, some if there are none."""
    found = get_close_matches(target.removeprefix(CATEGORY), known, n=3, cutoff=0.5) or known[:5]
    return ", ".join(found) or "-"


def _target_faults(words: str, name: str, value: float | None, read: dict[str, float]) -> list[Fault]:
    """What is wrong with one target; `name` "" where it names nothing that is known."""
    faults = []
    if not name:
        faults.append(Fault("--target", "service_target_name", value=words, details={"classes": ", ".join(CLASSES)}))
    if value is None:
        faults.append(Fault("--target", "service_target_share", value=words))
    if name and name in read:
        faults.append(Fault("--target", "service_target_twice", value=words))
    return faults


def _name(name: str) -> str:
    """The name of a target as `service.targets` knows it; "" where it is none."""
    kind, colon, of = (part.strip() for part in name.partition(":"))
    kind = kind.lower()
    if kind == ALL and not colon:
        return ALL
    if kind + colon == CATEGORY and of:
        return CATEGORY + of
    return CLASS + of.upper() if kind + colon == CLASS and of.upper() in CLASSES else ""


def _share(words: str) -> float | None:
    """A share above 0 and below 1, written 0.97 or 97 %; None where it is none."""
    found = _SHARE.fullmatch(words.strip())
    value = float(found[1]) / (100.0 if found[2] else 1.0) if found else 0.0
    return value if 0.0 < value < 1.0 else None


def _orders(words: str | None, faults: list[Fault]) -> tuple[int | None, CountedBy]:
    """(number of orders, what counts as one); adds to `faults`."""
    if words is None:
        return None, CountedBy.LINES
    found = _ORDERS.fullmatch(words.strip().lower())
    by = (found[2] or CountedBy.LINES) if found else ""
    if found is None or int(found[1]) < 1 or by not in list(CountedBy):
        faults.append(Fault("--orders", "service_orders", value=words))
        return None, CountedBy.LINES
    return int(found[1]), CountedBy(by)
