"""Compliance in the store: evidence that is only added to and tells of every change, and verdicts over time."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import delete, insert, select, update

from quarterdeck.analysis.verdicts import VerdictSpan
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.policies import ControlKey, EvidenceKind, PolicyVersion, Verdict, Waiver
from quarterdeck.services.compliance_ports import VerdictChange
from quarterdeck.services.policy_packs import shipped_packs
from quarterdeck.services.ports import Topic
from quarterdeck.storage.compliance_tables import control_verdict, evidence
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.tables import FOREVER
from tests.storage.test_inspection import spoil
from tests.support.granted_waivers import grant
from tests.support.stores import NOON, PATIENCE_SECONDS, after

CONTROL = ControlKey("SEC-01", 2, "integration/pay hub@2")
SATISFIED, BROKEN = Verdict.SATISFIED, Verdict.NOT_SATISFIED
CHANGES = {
    "entity_key": "integration/other",
    "kind": "freshness",
    "what": "Something else.",
    "source": "Somebody else",
    "query": "another",
    "effective_from_ms": 1,
    "effective_to_ms": 2,
    "received_ms": 3,
    "population": 99,
    "counts": '[["passed","99"]]',
    "content": '[["tls.version",1.1]]',
    "digest": "0" * 64,
}


def record(number: int = 1, at: datetime = NOON) -> EvidenceRecord:
    """A piece of evidence that is not stored yet."""
    content = (("data.classes", ("account", "payment")), ("tls.days_left", number), ("tls.version", 1.3))
    return EvidenceRecord(
        kind=EvidenceKind.CERTIFICATE,
        entity_key="integration/payhub",
        what=f"Certificate number {number}.",
        source="A probe",
        query="newest check",
        effective_from_at=at,
        effective_to_at=None,
        received_at=at,
        population=1,
        counts=(("passed", "1"),),
        content=content,
    )


def add(store: SqlStore, count: int) -> tuple[EvidenceRecord, ...]:
    return store.compliance.add_evidence([record(number) for number in range(1, count + 1)]).result(PATIENCE_SECONDS)


def change(store: SqlStore, from_seconds: float, *verdicts: tuple[float, Verdict, str]) -> None:
    """Verdicts that each hold until the next begins, the last without end."""
    starts = [to_ms(after(seconds)) for seconds, *_ in verdicts]
    spans = tuple(
        VerdictSpan(start, end, verdict, reason, (1, 2))
        for start, end, (_, verdict, reason) in zip(starts, [*starts[1:], FOREVER], verdicts, strict=True)
    )
    changes = [VerdictChange(CONTROL, to_ms(after(from_seconds)), spans)]
    store.compliance.change_verdicts(changes).result(PATIENCE_SECONDS)


def history(store: SqlStore) -> list[tuple[Verdict, str, datetime, datetime | None]]:
    found = store.compliance.verdicts_of(CONTROL, TimeRange(after(-1e6), after(1e6)))
    return [(each.verdict, each.reason, each.from_at, each.to_at) for each in found]


def test_evidence_is_read_back_as_it_was_stored_with_numbers_without_a_gap(store: SqlStore) -> None:
    stored = (*add(store, 2), *add(store, 1))
    assert store.compliance.evidence() == stored
    assert [each.id for each in stored] == [1, 2, 3]
    assert [replace(each, id=0, digest="") for each in stored] == [record(1), record(2), record(1)]
    assert len({each.digest for each in stored}) == 3


def test_evidence_can_be_read_from_a_number_on_and_by_whom_it_is_about(store: SqlStore) -> None:
    add(store, 5)
    assert [each.id for each in store.compliance.evidence(after_id=2, limit=2)] == [3, 4]
    assert len(store.compliance.evidence_about("integration/payhub")) == 5
    assert store.compliance.evidence_about("integration/other") == ()


def test_sound_evidence_has_no_fault(store: SqlStore) -> None:
    add(store, 3)
    change(store, 0, (0, SATISFIED, ""))
    assert store.check() == ()


@pytest.mark.parametrize("column", sorted(CHANGES))
def test_any_column_that_is_changed_behind_the_store_is_found(store: SqlStore, column: str) -> None:
    add(store, 3)
    spoil(store, update(evidence).where(evidence.c.id == 2).values({column: CHANGES[column]}))
    assert store.check()[0].startswith("The evidence 2 about")


def test_evidence_that_was_taken_out_is_missed(store: SqlStore) -> None:
    add(store, 3)
    spoil(store, delete(evidence).where(evidence.c.id == 2))
    assert store.check()[0] == "Between the evidence 1 and 3 records are missing."


def test_evidence_that_was_put_in_is_found(store: SqlStore) -> None:
    add(store, 2)
    forged = select(*[c if c.name != "id" else (c + 1).label("id") for c in evidence.c]).where(evidence.c.id == 2)
    spoil(store, insert(evidence).from_select([column.name for column in evidence.c], forged))
    assert store.check()[0].startswith("The evidence 3 about")


def test_a_verdict_whose_evidence_was_cut_off_is_told(store: SqlStore) -> None:
    add(store, 2)
    change(store, 0, (0, SATISFIED, ""))
    spoil(store, delete(evidence).where(evidence.c.id == 2))
    assert "rests on the missing evidence 2" in store.check()[0]


def test_a_verdict_that_overlaps_another_is_told(store: SqlStore) -> None:
    add(store, 2)
    change(store, 0, (0, SATISFIED, ""), (60, BROKEN, "TLS version 1.1"))
    spoil(store, update(control_verdict).where(control_verdict.c.verdict == "satisfied").values(to_ms=FOREVER))
    assert "overlaps another" in store.check()[0]


def test_a_text_that_no_engine_can_keep_does_not_break_the_chain(store: SqlStore) -> None:
    odd = replace(record(), what="a\ud800b\0c", source="x\0")
    store.compliance.add_evidence([odd]).result(PATIENCE_SECONDS)
    assert store.check() == ()


def test_verdicts_are_told_as_of_any_moment(store: SqlStore) -> None:
    change(store, 0, (0, SATISFIED, ""), (60, BROKEN, "TLS version 1.1"))
    told = {seconds: store.compliance.verdicts_at(after(seconds)) for seconds in (-1, 0, 59, 60, 1e9)}
    assert [[each.verdict for each in found] for found in told.values()] == [
        [],
        [SATISFIED],
        [SATISFIED],
        [BROKEN],
        [BROKEN],
    ]
    assert told[60][0].control == CONTROL
    assert told[60][0].evidence_ids == (1, 2)


def test_a_change_of_verdicts_leaves_what_was_before_it_alone(store: SqlStore) -> None:
    change(store, 0, (0, SATISFIED, ""), (600, Verdict.NOT_EVALUABLE, "lapsed"))
    change(store, 300, (300, SATISFIED, ""), (900, Verdict.NOT_EVALUABLE, "lapsed later"))
    assert history(store) == [
        (SATISFIED, "", after(0), after(900)),
        (Verdict.NOT_EVALUABLE, "lapsed later", after(900), None),
    ]


def test_policies_are_read_back_as_they_were_written(store: SqlStore) -> None:
    policies = [policy for pack in shipped_packs() for policy in pack.policies]
    versions = [PolicyVersion(policy, 1, NOON, after(60)) for policy in policies]
    versions += [PolicyVersion(policies[0], 2, after(60))]
    store.compliance.put_policy_versions(versions).result(PATIENCE_SECONDS)
    read = store.compliance.policy_versions()
    assert sorted(read, key=lambda v: (v.policy.id, v.version)) == sorted(
        versions, key=lambda v: (v.policy.id, v.version)
    )
    assert read[0].policy.digest == policies[0].digest


def test_a_waiver_is_read_back_as_it_was_written(store: SqlStore) -> None:
    waiver = Waiver("w-1", "SEC-01", "integration/payhub", "Replaced in May", "anna", "bert", NOON, after(60))
    grant(store, waiver)
    assert store.compliance.waivers() == (waiver,)


def test_every_write_of_compliance_is_news_to_its_readers(store: SqlStore) -> None:
    before = store.versions()[Topic.COMPLIANCE]
    add(store, 1)
    change(store, 0, (0, SATISFIED, ""))
    assert store.versions()[Topic.COMPLIANCE] > before
