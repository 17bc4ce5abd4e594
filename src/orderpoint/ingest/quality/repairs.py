"""Findings on what was repaired and set aside while reading."""

from __future__ import annotations

from collections.abc import Iterable

from orderpoint.ingest.quality.findings import EXAMPLES_MAX, Finding, Severity
from orderpoint.ingest.reading import Reading, SetAside
from orderpoint.messages.repairs import SET_ASIDE_BY_RULE

NO_SALE_ORDERS = ("order_cancelled", "order_not_paid", "order_refunded")
RECORDS = ("stock_record", "bookkeeping")


def from_reading(reading: Reading) -> list[Finding | None]:
    """Overlap, fees, records, cancelled orders, returns, bulk orders that came back, rows that nobody can believe."""
    rows = max(sum(f.rows for f in reading.files if f.table == "sales") + _by_rule(reading.set_aside), 1)
    of = _Counted(reading.set_aside, rows)
    return [
        of.rows_with("overlap", Severity.INFO, ("order_counted_once",)),
        of.rows_with("no_products", Severity.INFO, tuple(c for c in SET_ASIDE_BY_RULE if c.startswith("no_product_"))),
        of.rows_with("stock_records", Severity.INFO, RECORDS),
        of.rows_with("cancelled_orders", Severity.INFO, NO_SALE_ORDERS),
        _returns(reading),
        _bulk(reading),
        _repeated(reading, rows),
        of.unbelieved(),
    ]


def _by_rule(aside: Iterable[SetAside]) -> int:
    """Rows that a profile set aside, which the tables it gave no longer count."""
    return sum(s.code in SET_ASIDE_BY_RULE and s.code != "return_of_older_sale" for s in aside)


class _Counted:
    """Rows set aside, by reason."""

    def __init__(self, aside: tuple[SetAside, ...], rows: int) -> None:
        self._aside = aside
        self._rows = rows

    def rows_with(self, code: str, severity: Severity, reasons: tuple[str, ...]) -> Finding | None:
        """One finding for all rows with one of `reasons`; the most frequent values are its examples."""
        found = [s for s in self._aside if s.code in reasons]
        if not found:
            return None
        counts: dict[str, int] = {}
        for s in found:
            counts[s.value] = counts.get(s.value, 0) + 1
        usual = sorted((v for v in counts if v), key=lambda v: (-counts[v], v))[:EXAMPLES_MAX]
        return Finding(code, severity, len(found), len(found) / self._rows, tuple(f"{v} ({counts[v]})" for v in usual))

    def unbelieved(self) -> Finding | None:
        """Rows that validation set aside."""
        found = [s for s in self._aside if s.code not in SET_ASIDE_BY_RULE]
        if not found:
            return None
        shown = tuple(dict.fromkeys(f"{s.file}:{s.row} {s.column} {s.value!r}" for s in found[:EXAMPLES_MAX]))
        return Finding("unbelievable_rows", Severity.WARNING, len(found), len(found) / self._rows, shown)


def _returns(reading: Reading) -> Finding | None:
    netted = [n for n in reading.notes if n.code.startswith("returns_netted_by_")]
    if not netted:
        return None
    sold = float(reading.tables["sales"]["quantity"].sum())
    units = sum(float(n.details["units"]) for n in netted)
    return Finding(
        "returns", Severity.INFO, sum(int(n.details["rows"]) for n in netted), units / max(sold + units, 1.0)
    )


def _bulk(reading: Reading) -> Finding | None:
    total = [n for n in reading.notes if n.code == "bulk_orders_returned"]
    if not total:
        return None
    named = [n.details for n in reading.notes if n.code == "bulk_order_returned"]
    shown = tuple(f"{d['item']} {d['sold']}: {d['units']}" for d in named[:EXAMPLES_MAX])
    return Finding("returned_bulk", Severity.WARNING, sum(int(n.details["orders"]) for n in total), examples=shown)


def _repeated(reading: Reading, rows: int) -> Finding | None:
    count = sum(int(n.details["rows"]) for n in reading.notes if n.code == "lines_repeated_kept")
    return Finding("repeated_lines", Severity.WARNING, count, count / rows) if count else None
