"""Verdicts handed over as tables: counts that add up, nothing that runs, and the same bytes each time."""

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace

from defusedxml.ElementTree import fromstring

from quarterdeck.composition import write_verdicts
from quarterdeck.exporters.oscal import plan_of_action
from quarterdeck.exporters.verdict_tables import COLUMNS, verdicts_csv, verdicts_xlsx
from quarterdeck.services.verdict_files import VerdictFormat
from tests.unit.policies.exports import EXPORT, ROWS

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def csv_rows() -> list[list[str]]:
    return list(csv.reader(io.StringIO(verdicts_csv(EXPORT).decode(), newline="")))


def csv_table() -> list[Mapping[str, str]]:
    rows = csv_rows()
    start = rows.index([title for title, _ in COLUMNS])
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


def sheet_texts(member: str) -> list[list[str]]:
    """The cells of a sheet in words, row for row."""
    with zipfile.ZipFile(io.BytesIO(verdicts_xlsx(EXPORT))) as book:
        strings = [
            "".join(part.text or "" for part in item.iter(f"{SHEET}t"))
            for item in fromstring(book.read("xl/sharedStrings.xml"))
        ]
        sheet = fromstring(book.read(member))
    return [
        [
            strings[int(cell.findtext(f"{SHEET}v") or 0)] if cell.get("t") == "s" else cell.findtext(f"{SHEET}v") or ""
            for cell in row
        ]
        for row in sheet.iter(f"{SHEET}row")
    ]


def test_the_counts_add_up_to_the_rows_and_with_what_was_left_out_to_the_population() -> None:
    about = dict(row for row in csv_rows()[:8])
    verdicts = [int(about[name]) for name in ("Satisfied", "Not satisfied", "No evidence", "Waived")]
    assert verdicts == [1, 1, 1, 1]
    assert sum(verdicts) == len(csv_table())
    assert sum(verdicts) + int(about.get("Left out", "1")) == int(about["Population"])
    assert about["Query"] == EXPORT.query
    assert about["As of"] == EXPORT.at.isoformat()


def test_what_was_left_out_is_named() -> None:
    assert ["Left out, not known then", "OLD-1@1 integration/gone"] in csv_rows()


def test_a_row_tells_the_control_with_its_reason_its_evidence_and_its_waiver() -> None:
    table = csv_table()
    waived, broken = table[2], table[3]
    assert (waived["Verdict"], waived["Waiver"]) == ("waived", "waiver-1")
    assert waived["Waived until"].startswith("2026-")
    assert (broken["Verdict"], broken["Evidence"], broken["Severity"]) == ("not satisfied", "7", "high")
    assert broken["Mapped to"] == "pci_dss_4 4.2.1, nist_sp_800_53 SC-8"


def test_words_that_a_spreadsheet_would_run_are_disarmed_in_csv() -> None:
    broken = csv_table()[3]
    assert (broken["Name"], broken["Owner"]) == ("'=1+1", "'@payments")
    assert broken["Because"].startswith("'-2+3")


def test_the_book_holds_the_same_words_and_no_formula_and_no_link() -> None:
    verdicts, about = sheet_texts("xl/worksheets/sheet1.xml"), sheet_texts("xl/worksheets/sheet2.xml")
    assert verdicts[0] == [title for title, _ in COLUMNS]
    assert len(verdicts) == 1 + len(ROWS)
    assert "=1+1" in verdicts[4]
    assert ["Population", "5"] in about
    with zipfile.ZipFile(io.BytesIO(verdicts_xlsx(EXPORT))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_characters_that_no_sheet_may_hold_are_blanks() -> None:
    assert "Core  accounts" in sheet_texts("xl/worksheets/sheet1.xml")[1]
    assert csv_table()[0]["Name"] == "Core  accounts"


def test_the_same_verdicts_give_the_same_bytes_for_no_time_of_writing_is_told() -> None:
    assert verdicts_csv(EXPORT) == verdicts_csv(EXPORT)
    assert verdicts_xlsx(EXPORT) == verdicts_xlsx(EXPORT)
    with zipfile.ZipFile(io.BytesIO(verdicts_xlsx(EXPORT))) as book:
        told = book.read("docProps/core.xml").decode()
        assert {member.date_time[0] for member in book.infolist()} == {1980}
    assert told.count(f"{EXPORT.at:%Y-%m-%dT%H:%M:%S}Z") == 2


def test_no_verdicts_give_a_table_without_rows() -> None:
    empty = replace(EXPORT, rows=(), left_out=(), population=0)
    assert verdicts_csv(empty).decode().splitlines()[-1] == ",".join(title for title, _ in COLUMNS)
    assert verdicts_xlsx(empty).startswith(b"PK")


def test_the_window_writes_the_same_file_as_the_command() -> None:
    assert write_verdicts(EXPORT, VerdictFormat.CSV) == verdicts_csv(EXPORT)
    assert write_verdicts(EXPORT, VerdictFormat.OSCAL_POAM) == plan_of_action(EXPORT)
