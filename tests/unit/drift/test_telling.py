"""Drift is told as a table, as CSV and as JSON, each with what cannot be known kept apart from drift."""

import csv
import io
import json

from quarterdeck.domain.drift import Drift, DriftStanding
from quarterdeck.exporters.drift_words import drift_json, drift_text
from quarterdeck.services.drift import DriftReport, DriftRow
from quarterdeck.services.drift_table import COLUMNS, drift_csv
from tests.support.stores import after

LINK = "service_component:service/api>component/db"
REPORT = DriftReport(
    after(7200),
    (
        DriftRow(
            Drift(LINK, DriftStanding.NOT_SEEN, ("mesh",), after(0), after(-60), after(-5)),
            "API → Database",
            "service_component",
            ("Mesh metrics",),
        ),
        DriftRow(
            Drift("component/x", DriftStanding.NOT_DECLARED, ("mesh",), after(3600), after(3600), after(7200)),
            "=cmd|' /C calc'!A0\x1b[2J",
            "component",
            ("Mesh metrics",),
        ),
        DriftRow(Drift("service/y", DriftStanding.NO_SOURCE), "Y", "service", ()),
    ),
    agreed_count=12,
    looking_names=("Mesh metrics",),
)


def test_the_table_tells_drift_since_when_and_sums_up_the_rest() -> None:
    first, *lines, last = drift_text(REPORT, everything=False).splitlines()
    assert first.split() == ["Stands", "Name", "Key", "Since", "Last", "seen", "Sources"]
    assert lines[0].split() == [
        "declared,",
        "not",
        "seen",
        "API",
        "→",
        "Database",
        LINK,
        "2",
        "h",
        "2",
        "h",
        "Mesh",
        "metrics",
    ]
    assert len(lines) == 2
    assert last == (
        "1 declared, not seen, 1 seen, not declared, 1 not known: no source would see it, 12 declared and seen. "
        "Looking: Mesh metrics."
    )


def test_everything_tells_also_what_no_source_would_see() -> None:
    lines = drift_text(REPORT, everything=True).splitlines()
    assert any(line.startswith("not known: no source would see it") for line in lines)


def test_without_a_source_that_looks_that_is_said() -> None:
    assert drift_text(DriftReport(after(0), (), 0), everything=False) == "0 declared and seen. No source looks."


def test_outside_text_reaches_the_terminal_without_control_characters() -> None:
    assert "\x1b" not in drift_text(REPORT, everything=True)


def test_the_csv_has_every_row_and_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(drift_csv(REPORT))))
    assert tuple(rows[0]) == COLUMNS
    assert [row[0] for row in rows[1:]] == ["declared_not_seen", "seen_not_declared", "no_source"]
    assert rows[1][4:] == [
        "2026-03-02T12:00:00+00:00",
        "2026-03-02T11:59:00+00:00",
        "2026-03-02T11:59:55+00:00",
        "mesh",
        "2026-03-02T14:00:00+00:00",
    ]
    assert rows[2][2].startswith("'=cmd")
    assert rows[3][4:8] == ["", "", "", ""]


def test_the_json_tells_the_same_for_scripts() -> None:
    told = json.loads(drift_json(REPORT))
    assert (told["drift"], told["declared_and_seen"], told["looking"]) == (2, 12, ["Mesh metrics"])
    assert told["rows"][2] == {
        "standing": "no_source",
        "key": "service/y",
        "name": "Y",
        "kind": "service",
        "since": None,
        "first_seen": None,
        "last_seen": None,
        "sources": [],
        "at": "2026-03-02T14:00:00+00:00",
    }
