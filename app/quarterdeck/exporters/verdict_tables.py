"""Verdicts as tables to hand over: CSV (RFC 4180) and XLSX, each with the query and counts that add up.

The same verdicts give the same bytes. Nothing that the store holds becomes a formula or a link.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from quarterdeck.domain.policies import Verdict
from quarterdeck.services.compliance_export import ExportedVerdict, VerdictExport

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Cell = str | int
COLUMNS = (
    ("Verdict", 16),
    ("Policy", 10),
    ("Version", 8),
    ("Title", 32),
    ("Pack", 16),
    ("Severity", 10),
    ("Entity", 30),
    ("Name", 22),
    ("Kind", 12),
    ("Domain", 14),
    ("Owner", 20),
    ("Since", 27),
    ("Because", 60),
    ("Waived until", 27),
    ("Waiver", 12),
    ("Evidence", 18),
    ("Mapped to", 40),
    ("Policy SHA-256", 20),
)
_RUN_BY_SPREADSHEETS = frozenset("=+-@\t\r")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL = 32_000
_WORDS = {
    Verdict.SATISFIED: "satisfied",
    Verdict.NOT_SATISFIED: "not satisfied",
    Verdict.NOT_EVALUABLE: "no evidence",
    Verdict.WAIVED: "waived",
}


def verdicts_csv(export: VerdictExport) -> bytes:
    """What was asked for and the counts as lines of two cells, an empty line, then a line for each verdict. UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows((name, _harmless(value)) for name, value in _about(export))
    writer.writerow(())
    writer.writerow([title for title, _ in COLUMNS])
    for row in export.rows:
        writer.writerow([_harmless(value) for value in _cells(row)])
    return out.getvalue().encode("utf-8")


def verdicts_xlsx(export: VerdictExport) -> bytes:
    """Two sheets: the verdicts, and what was asked for with the counts."""
    from xlsxwriter.workbook import Workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        book.set_properties({"title": "Verdicts", "created": export.at.replace(tzinfo=None)})
        _write_verdicts(book, book.add_worksheet("Verdicts"), export)
        about = book.add_worksheet("About")
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 100)
        for line, (name, value) in enumerate(_about(export)):
            _write_row(about, line, (name, value))
    return out.getvalue()


def _write_verdicts(book: Workbook, sheet: Worksheet, export: VerdictExport) -> None:
    strong = book.add_format({"bold": True})
    for column, (title, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, strong)
    for line, row in enumerate(export.rows, 1):
        _write_row(sheet, line, _cells(row))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(export.rows)), len(COLUMNS) - 1)


def _write_row(sheet: Worksheet, line: int, cells: Sequence[Cell]) -> None:
    for column, value in enumerate(cells):
        if isinstance(value, int):
            sheet.write_number(line, column, value)
        else:
            sheet.write_string(line, column, _UNFIT.sub(" ", value)[:_LONGEST_CELL])


def _about(export: VerdictExport) -> Iterator[tuple[str, Cell]]:
    yield "Query", export.query
    yield "As of", export.at.isoformat()
    yield "Policies in force", len(export.policies)
    yield "Population", export.population
    for verdict, count in export.counts.items():
        yield _WORDS[verdict].capitalize(), count
    yield "Left out", len(export.left_out)
    for name in export.left_out:
        yield "Left out, not known then", name


def _cells(row: ExportedVerdict) -> tuple[Cell, ...]:
    policy, entity, interval, waiver = row.version.policy, row.entity, row.interval, row.waiver
    return (
        _WORDS[interval.verdict],
        policy.id,
        row.version.version,
        policy.title,
        policy.pack,
        policy.severity.value,
        entity.key,
        entity.name,
        entity.kind.value,
        entity.domain,
        entity.owner,
        interval.from_at.isoformat(),
        interval.reason,
        waiver.until_at.isoformat() if waiver is not None else "",
        waiver.id if waiver is not None else "",
        " ".join(map(str, interval.evidence_ids)),
        ", ".join(f"{each.framework.value} {each.number}" for each in policy.controls),
        policy.digest,
    )


def _harmless(value: Cell) -> Cell:
    """Words that a spreadsheet would take for a formula stand behind an apostrophe."""
    if isinstance(value, int):
        return value
    text = _UNFIT.sub(" ", value)
    return f"'{text}" if text[:1] in _RUN_BY_SPREADSHEETS else text
