"""Every verdict of a moment as the bytes of a file of one of its kinds."""

from __future__ import annotations

from quarterdeck.exporters import oscal, verdict_tables
from quarterdeck.services.compliance_export import VerdictExport
from quarterdeck.services.verdict_files import VerdictFormat

_WRITERS = {
    VerdictFormat.CSV: verdict_tables.verdicts_csv,
    VerdictFormat.XLSX: verdict_tables.verdicts_xlsx,
    VerdictFormat.OSCAL_RESULTS: oscal.assessment_results,
    VerdictFormat.OSCAL_POAM: oscal.plan_of_action,
}


def verdict_file(export: VerdictExport, kind: VerdictFormat) -> bytes:
    """The file; the same export gives the same bytes."""
    return _WRITERS[kind](export)
