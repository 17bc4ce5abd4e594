"""`orderpoint check` without its printing: everything that is worth knowing of the data before they are believed."""

from __future__ import annotations

from datetime import date, timedelta

from orderpoint.ingest.quality import history, repairs, rows
from orderpoint.ingest.quality.findings import Finding, QualityReport, Severity, gravest_first
from orderpoint.ingest.reading import Note, Reading
from orderpoint.tables.cutoff import rows_before
from orderpoint.tables.sales import Sales


def examine(
    reading: Reading,
    history_of_sales: Sales | None = None,
    *,
    today: date | None = None,
    notes: tuple[Note, ...] = (),
) -> QualityReport:
    """The data-quality report of what was read.

    `history_of_sales`: the sales by series and period with inferred stockouts labelled (`ingest.bucketing.bucket`),
    if they could be made. `today`: the first day not yet decided; where the reading was not cut there, rows dated later
    are counted (None: the day after the last sale). `notes`: those of steps after reading.
    """
    everything = reading.tables["sales"]
    last = everything["date"].max()
    today = today or (last + timedelta(days=1) if isinstance(last, date) else date.max)
    sales = rows_before(everything, today)
    found: list[Finding | None] = [rows.future_dates(everything, today)]
    if not sales.is_empty():
        tables = {**reading.tables, "sales": sales}
        found += [rows.coverage(sales), *rows.tables_lack(tables, today)]
        found += [*rows.days_without_sales(sales), rows.lonely_dates(sales), rows.repeated_days(sales)]
        found += [rows.large_quantities(sales), rows.odd_prices(sales), rows.without_price(sales)]
        found += [rows.negative_stock(tables), _mixed_currencies(reading)]
    if history_of_sales is not None:
        found += history.stockouts(history_of_sales)
        found += history.changes_of_level(history_of_sales)
        found += history.sparse_and_ended(history_of_sales)
    found += repairs.from_reading(reading)
    return QualityReport(gravest_first(found), reading.files, reading.mapped, reading.notes + notes, reading.set_aside)


def _mixed_currencies(reading: Reading) -> Finding | None:
    """Several currencies, as the note of their conversion lists them."""
    named = [n.details["currencies"] for n in reading.notes if n.code == "currencies_converted"]
    if not named:
        return None
    currencies = tuple(sorted({c for names in named for c in names.split(", ")}))
    return Finding("mixed_currencies", Severity.INFO, len(currencies), examples=currencies)
