"""Notes on findings: what is refused, what stays as a record, and what counts as open by them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.finding_records import FindingRecord, FindingStanding, FindingSubject, finding_records
from quarterdeck.domain.policies import ControlKey, Waiver
from quarterdeck.services.compliance import ComplianceReader
from quarterdeck.services.finding_notes import FindingNote, FindingNotes
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.granted_waivers import grant
from tests.support.stores import NOON, PATIENCE_SECONDS, after
from tests.unit.policies.scans import PICKLE, SHELL
from tests.unit.policies.scans import evidence as scan_reported
from tests.unit.policies.test_assessor import PAYHUB, World
from tests.unit.policies.test_reader import moment

DAY = 86_400.0
TLS = FindingSubject.of_policy("SEC-01", PAYHUB)
FOUND = FindingSubject.of_scan(PAYHUB, ("code-scans", "Bandit", "bandit"), SHELL.id)
NOTE = FindingNote(TLS, FindingStanding.IN_PROGRESS, "anna", "payments", after(3 * DAY), "INC-12", "Asked Northgate")
ACCEPTED = FindingNote(FOUND, FindingStanding.ACCEPTED, "anna", due_at=after(3_600), comment="Only in the build")


@pytest.fixture
def notes(store: SqlStore) -> FindingNotes:
    return FindingNotes(store)


@pytest.fixture
async def world(store: SqlStore) -> World:
    """One integration whose certificate ends too soon, with two findings of a scanner."""
    made = World(store)
    made.declare()
    made.probe("TLSv1.3", days=10)
    reported = replace(scan_reported(NOON, SHELL, PICKLE), source="code-scans")
    store.compliance.add_evidence([reported]).result(PATIENCE_SECONDS)
    await made.judge()
    return made


def test_a_note_is_kept_with_everything_that_was_said(notes: FindingNotes, store: SqlStore) -> None:
    record = notes.note(NOTE, NOON)
    assert record == FindingRecord(
        TLS, FindingStanding.IN_PROGRESS, "payments", after(3 * DAY), "INC-12", "Asked Northgate", "anna", NOON, 1
    )
    assert notes.standing(NOON) == {TLS: record}
    assert store.check() == ()


def test_a_later_note_stands_and_the_earlier_one_stays_readable_as_of_its_time(notes: FindingNotes) -> None:
    first = notes.note(NOTE, NOON)
    then = notes.note(replace(NOTE, owner="", due_at=None, comment="Given back"), after(60))
    assert notes.records(after(60)) == (first, then)
    assert notes.standing(after(59)) == {TLS: first}
    assert notes.standing(after(60))[TLS].due_at is None


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (replace(NOTE, by=" "), "who makes it"),
        (replace(NOTE, comment="x" * 501), "comment is too long"),
        (replace(NOTE, link="x" * 101), "link is too long"),
        (replace(NOTE, standing=FindingStanding.ACCEPTED), "Waive it, with an end."),
        (replace(NOTE, standing=FindingStanding.FALSE_POSITIVE), "Waive it, with an end."),
        (replace(ACCEPTED, comment=""), "says why"),
        (replace(ACCEPTED, standing=FindingStanding.FALSE_POSITIVE, comment=""), "says why"),
        (replace(ACCEPTED, due_at=None), "accepted until a day"),
        (replace(ACCEPTED, due_at=NOON), "accepted until a day"),
        (replace(ACCEPTED, due_at=after(400 * DAY)), "accepted until a day"),
    ],
    ids=[
        "nobody", "long-comment", "long-link", "accepted-policy", "false-policy", "accepted-why", "false-why",
        "no-end", "past-end", "far-end",
    ],
)  # fmt: skip
def test_a_note_that_must_not_stand_is_refused_and_not_kept(notes: FindingNotes, note: FindingNote, words: str) -> None:
    with pytest.raises(OperatorError) as caught:
        notes.note(note, NOON)
    assert words in str(caught.value)
    assert notes.records(after(DAY)) == ()


def test_saying_the_same_again_without_a_word_is_refused(notes: FindingNotes) -> None:
    notes.note(NOTE, NOON)
    with pytest.raises(OperatorError, match="stands already"):
        notes.note(replace(NOTE, comment=""), after(60))
    assert notes.note(replace(NOTE, comment="Asked again"), after(60)).comment == "Asked again"


def test_notes_and_waivers_stand_in_one_chain_and_are_told_apart(notes: FindingNotes, store: SqlStore) -> None:
    grant(store, Waiver("waiver-1", "SEC-01", PAYHUB, "why", "anna", "bert", NOON, after(60)))
    notes.note(NOTE, NOON)
    assert [record.number for record in finding_records(store.compliance.evidence())] == [2]
    assert store.check() == ()


def test_a_store_that_is_only_read_takes_no_note(notes: FindingNotes, tmp_path: Path) -> None:
    path = tmp_path / "read.db"
    open_store(str(path)).close()
    reading = open_store(str(path), read_only=True)
    with pytest.raises(StoreUnavailable):
        FindingNotes(reading).note(NOTE, NOON)
    reading.close()


async def test_findings_of_scanners_count_as_open_beside_the_policies(world: World) -> None:
    reader = ComplianceReader(world.store)
    report = reader.report(moment(60), EntityKind.INTEGRATION)
    assert (report.open_count, len(report.open_scanned)) == (3, 2)
    assert reader.broken_count(moment(60), EntityKind.INTEGRATION) == 3


async def test_what_was_accepted_counts_again_from_its_end_on(world: World) -> None:
    reader = ComplianceReader(world.store)
    reader.notes.note(ACCEPTED, after(30))
    counts = [reader.broken_count(moment(seconds), EntityKind.INTEGRATION) for seconds in (29, 30, 3_599, 3_600)]
    assert counts == [3, 2, 2, 3]


async def test_a_false_positive_counts_no_more_until_somebody_says_otherwise(world: World) -> None:
    reader = ComplianceReader(world.store)
    reader.notes.note(replace(ACCEPTED, standing=FindingStanding.FALSE_POSITIVE, due_at=None), after(30))
    reader.notes.note(replace(ACCEPTED, standing=FindingStanding.OPEN, due_at=None, comment="It is real"), after(90))
    counts = [reader.broken_count(moment(seconds), EntityKind.INTEGRATION) for seconds in (31, 89, 90)]
    assert counts == [2, 2, 3]


async def test_only_open_findings_are_overdue(world: World) -> None:
    reader = ComplianceReader(world.store)
    reader.notes.note(replace(NOTE, due_at=after(60)), after(30))
    reader.notes.note(replace(ACCEPTED, standing=FindingStanding.OPEN, due_at=after(61)), after(30))
    counts = [reader.report(moment(seconds), EntityKind.INTEGRATION).overdue_count for seconds in (59, 60, 61)]
    assert counts == [0, 1, 2]


async def test_the_notes_on_one_finding_are_told_with_it_the_newest_first(world: World) -> None:
    reader = ComplianceReader(world.store)
    reader.notes.note(NOTE, after(10))
    reader.notes.note(replace(NOTE, comment="Asked again"), after(20))
    reader.notes.note(ACCEPTED, after(30))
    control = reader.control(ControlKey("SEC-01", 1, PAYHUB), moment(60))
    assert control is not None
    assert [record.comment for record in control.notes] == ["Asked again", "Asked Northgate"]
    found = next(one for one in reader.report(moment(60), EntityKind.INTEGRATION).scanned if one.subject == FOUND)
    scanned = reader.scanned(found.scanned.key, moment(60))
    assert scanned is not None
    assert [record.standing for record in scanned.notes] == [FindingStanding.ACCEPTED]
    assert timedelta(seconds=30) == scanned.notes[0].recorded_at - NOON
