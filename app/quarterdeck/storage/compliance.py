"""Compliance in the store: what is read of it, and the writes, each whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice

from sqlalchemy import Connection, and_, func, select

from quarterdeck.domain.evidence_records import FIRST_DIGEST, EvidenceRecord, chain_faults, chained_digest
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.domain.policies import EvidenceKind, PolicyVersion
from quarterdeck.domain.waivers import WaiverOvertaken, standing_waivers, waiver_records
from quarterdeck.services.compliance_ports import VerdictChange, WaiverChange
from quarterdeck.services.ports import Topic
from quarterdeck.storage.compliance_reads import VERDICTS, ComplianceReads
from quarterdeck.storage.compliance_rows import (
    control_text,
    evidence_from,
    evidence_row,
    version_row,
    waiver_from,
    waiver_row,
)
from quarterdeck.storage.compliance_tables import control_verdict, evidence, policy_version, waiver
from quarterdeck.storage.database import Database
from quarterdeck.storage.group_commit import WriteQueue
from quarterdeck.storage.intervals import Span, SpanChange
from quarterdeck.storage.tables import FOREVER, storable_text
from quarterdeck.storage.transaction import WriteTransaction

_AT_ONCE = 1_000
_MOST_SENTENCES = 50


class SqlCompliance(ComplianceReads):
    """`ComplianceRecords` over one database and its write queue."""

    def __init__(self, database: Database, queue: WriteQueue) -> None:
        super().__init__(database)
        self._queue = queue

    def check(self) -> tuple[str, ...]:
        """What is wrong with the evidence and the verdicts that rest on it, a sentence each."""
        with self._database.reading() as connection:
            return tuple(islice(_faults(connection), _MOST_SENTENCES))

    def put_policy_versions(self, versions: Sequence[PolicyVersion]) -> Future[None]:
        return self._queue.submit(partial(_put_versions, tuple(versions)))

    def add_evidence(self, records: Sequence[EvidenceRecord]) -> Future[tuple[EvidenceRecord, ...]]:
        return self._queue.submit(partial(append_evidence, tuple(records)))

    def change_verdicts(self, changes: Sequence[VerdictChange]) -> Future[None]:
        return self._queue.submit(partial(_change_verdicts, tuple(changes)))

    def decide(self, record: EvidenceRecord, change: WaiverChange | None = None) -> Future[EvidenceRecord]:
        return self._queue.submit(partial(_decide, record, change))


def _faults(connection: Connection) -> Iterator[str]:
    yield from chain_faults(_chain(connection))
    yield from _strayed(connection)
    last = connection.execute(select(func.coalesce(func.max(evidence.c.id), 0))).scalar_one()
    columns = control_verdict.c
    following = func.lead(columns.from_ms).over(partition_by=columns.control_key, order_by=columns.from_ms)
    rows = connection.execute(select(columns.control_key, columns.from_ms, columns.to_ms, columns.evidence, following))
    for key, from_, to, ids, next_ms in rows:
        if to <= from_ or (next_ms is not None and to > next_ms):
            yield f"The verdict on {key} at {from_ms(from_).isoformat()} overlaps another or is empty."
        if gone := [number for number in ids.split() if int(number) > last]:
            yield f"The verdict on {key} at {from_ms(from_).isoformat()} rests on the missing evidence {gone[0]}."


def _chain(connection: Connection) -> Iterator[EvidenceRecord]:
    reached = 0
    while True:
        following = select(evidence).where(evidence.c.id > reached).order_by(evidence.c.id).limit(_AT_ONCE)
        rows = connection.execute(following).mappings().all()
        if not rows:
            return
        reached = rows[-1]["id"]
        yield from map(evidence_from, rows)


def _put_versions(versions: Sequence[PolicyVersion], transaction: WriteTransaction) -> None:
    transaction.put(policy_version, [version_row(version) for version in versions], ("policy_id", "version"))
    transaction.touch(Topic.COMPLIANCE)


def append_evidence(
    records: Sequence[EvidenceRecord], transaction: WriteTransaction, *, received_at: datetime | None = None
) -> tuple[EvidenceRecord, ...]:
    """Add records to the end of the chain, as received at an instant if one is given; as they are stored."""
    if not records:
        return ()
    newest = select(evidence.c.id, evidence.c.digest).order_by(evidence.c.id.desc()).limit(1)
    last = transaction.connection.execute(newest).one_or_none()
    number, digest = (0, FIRST_DIGEST) if last is None else (last.id, last.digest)
    stored: list[EvidenceRecord] = []
    for record in map(_storable, records if received_at is None else _received(records, received_at)):
        number, digest = number + 1, chained_digest(digest, record)
        stored.append(replace(record, id=number, digest=digest))
    transaction.connection.execute(evidence.insert(), [evidence_row(record) for record in stored])
    transaction.touch(Topic.COMPLIANCE)
    return tuple(stored)


def _received(records: Sequence[EvidenceRecord], at: datetime) -> Iterator[EvidenceRecord]:
    return (replace(record, received_at=at) for record in records)


def _storable(record: EvidenceRecord) -> EvidenceRecord:
    """The record as it will be read back: its digest must be one over what the store can keep."""
    return evidence_from(
        {
            name: storable_text(value) if isinstance(value, str) else value
            for name, value in evidence_row(record).items()
        }
    )


def _change_verdicts(changes: Sequence[VerdictChange], transaction: WriteTransaction) -> None:
    by_control: dict[str, list[SpanChange]] = {}
    for change in changes:
        spans = tuple(
            Span(
                span.from_ms,
                span.to_ms,
                (span.verdict.value,),
                (storable_text(span.reason), " ".join(map(str, span.evidence_ids))),
            )
            for span in change.spans
        )
        key = storable_text(control_text(change.control))
        by_control.setdefault(key, []).append(SpanChange(change.from_ms, FOREVER, spans))
    if by_control and VERDICTS.apply(transaction, by_control):
        transaction.touch(Topic.COMPLIANCE)


def _decide(record: EvidenceRecord, change: WaiverChange | None, transaction: WriteTransaction) -> EvidenceRecord:
    if change is not None:
        _refuse_overtaken(change, transaction.connection)
        transaction.put(waiver, [waiver_row(change.after)], ("id",))
    return append_evidence([record], transaction)[0]


def _refuse_overtaken(change: WaiverChange, connection: Connection) -> None:
    after, columns = change.after, waiver.c
    row = connection.execute(select(waiver).where(columns.id == after.id)).mappings().one_or_none()
    found = None if row is None else waiver_from(row)
    alike = and_(
        columns.id != after.id,
        columns.policy_id == after.policy_id,
        columns.entity_key == after.entity_key,
        columns.from_ms < to_ms(after.until_at),
        columns.until_ms > to_ms(after.from_at),
        columns.until_ms > columns.from_ms,
    )
    if found != change.before or connection.execute(select(columns.id).where(alike).limit(1)).first() is not None:
        raise WaiverOvertaken(
            f"The waiver {after.id} was changed, or the same was waived, by somebody else meanwhile.",
            "Look at it with `quarterdeck waivers list --all`, then do it again.",
        )


def _strayed(connection: Connection) -> Iterator[str]:
    """Waivers that are not as they were decided: the table follows the chain, which nobody changes unseen."""
    wanted = select(evidence).where(evidence.c.kind == EvidenceKind.DECISION.value).order_by(evidence.c.id)
    decided = standing_waivers(waiver_records(map(evidence_from, connection.execute(wanted).mappings())))
    ordered = {record.waiver.id: record.waiver for record in decided}
    held = {row["id"]: waiver_from(row) for row in connection.execute(select(waiver)).mappings()}
    for name in sorted(ordered.keys() | held.keys()):
        if ordered.get(name) != held.get(name):
            yield f"The waiver {name} is not as it was decided."
