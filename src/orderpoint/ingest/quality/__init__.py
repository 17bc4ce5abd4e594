"""The data-quality report: what the data cover, what looks wrong in them, and what was repaired or set aside."""

from orderpoint.ingest.quality.examine import examine
from orderpoint.ingest.quality.findings import Finding, QualityReport, Severity

__all__ = ["Finding", "QualityReport", "Severity", "examine"]
