"""Findings of scanners: what stands at a moment, since when, and what a report that did not finish cannot tell."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.policies import EvidenceKind, Severity
from quarterdeck.domain.scan_reports import scan_evidence, scan_of
from quarterdeck.sdk.records import Batch
from quarterdeck.services.ports import Cursors, Ingest
from quarterdeck.services.scanned_findings import KeptReport, ScannedFinding, ScanShelf, standing_findings
from quarterdeck.services.sifting import MAX_TEXT, sift
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, PATIENCE_SECONDS, after
from tests.unit.policies.scans import FILE, PICKLE, SHELL, evidence, report


def standing(records: Sequence[EvidenceRecord], at: datetime) -> tuple[ScannedFinding, ...]:
    return standing_findings(map(KeptReport.of, records), at)


def test_a_report_is_read_back_from_its_evidence_as_it_was() -> None:
    told = report(NOON, SHELL, PICKLE, is_complete=False)
    assert scan_of(scan_evidence(told, FILE, "integration/payhub", after(5))) == told


def test_a_run_dated_after_its_report_was_received_counts_as_run_then() -> None:
    assert scan_evidence(report(after(60), SHELL), FILE, "integration/payhub", NOON).effective_from_at == NOON


def test_the_evidence_names_the_very_file_by_its_digest() -> None:
    record = evidence(NOON, SHELL)
    assert FILE.sha256 in record.query
    assert dict(record.content)["scan.sha256"] == FILE.sha256


def test_evidence_of_another_kind_holds_no_findings() -> None:
    assert scan_of(replace(evidence(NOON), content=())).findings == ()


def test_a_finding_keeps_when_it_was_first_seen_and_moves_when_it_was_last_seen() -> None:
    moved = replace(SHELL, place="src/app.py:9", severity=Severity.CRITICAL)
    (found,) = standing([evidence(NOON, SHELL, number=1), evidence(after(60), moved, number=2)], after(90))
    assert (found.first_seen_at, found.last_seen_at, found.report.id) == (NOON, after(60), 2)
    assert found.finding == moved


def test_a_finding_that_a_later_report_has_no_more_is_gone_from_then_on() -> None:
    reports = [evidence(NOON, SHELL, PICKLE), evidence(after(60), PICKLE)]
    before, then = standing(reports, after(59)), standing(reports, after(60))
    assert [one.finding for one in before] == [SHELL, PICKLE]
    assert [one.finding for one in then] == [PICKLE]


def test_a_report_that_did_not_finish_closes_nothing() -> None:
    found = standing([evidence(NOON, SHELL), evidence(after(60), PICKLE, is_complete=False)], after(90))
    assert [one.finding for one in found] == [SHELL, PICKLE]


def test_a_finding_that_comes_back_begins_anew() -> None:
    found = standing([evidence(NOON, SHELL), evidence(after(60)), evidence(after(120), SHELL)], after(200))
    assert [one.first_seen_at for one in found] == [after(120)]


OTHERS = {
    "scan": evidence(after(60), scan="other"),
    "entity": evidence(after(60), entity_key="integration/other"),
    "tool": evidence(after(60), tool="Semgrep"),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_only_the_same_scan_of_the_same_entity_closes_a_finding(other: EvidenceRecord) -> None:
    assert len(standing([evidence(NOON, SHELL), other], after(90))) == 1


def test_an_older_report_that_arrives_late_does_not_bring_a_finding_back() -> None:
    late = [evidence(after(60), PICKLE, number=1), evidence(NOON, SHELL, PICKLE, number=2)]
    assert [(one.finding, one.first_seen_at) for one in standing(late, after(90))] == [(PICKLE, NOON)]


def ingested(store: SqlStore, batch: Batch, seconds: float) -> None:
    store.writer.put_connection(Connection("code-scans", "scan_reports", "Code scans")).result(PATIENCE_SECONDS)
    done = store.writer.ingest(Ingest("code-scans", batch, after(seconds), Cursors()))
    done.result(PATIENCE_SECONDS)


def test_reports_that_a_connection_delivers_join_the_one_chain_as_received_when_stored(store: SqlStore) -> None:
    ingested(store, Batch(evidence=(evidence(NOON, SHELL),)), 7)
    ingested(store, Batch(evidence=(evidence(after(60), PICKLE),)), 70)
    stored = store.compliance.evidence(kind=EvidenceKind.SCAN)
    assert [(one.id, one.received_at) for one in stored] == [(1, after(7)), (2, after(70))]
    assert store.compliance.check() == ()


def test_the_shelf_takes_up_what_was_received_since(store: SqlStore) -> None:
    shelf = ScanShelf(store.compliance)
    assert shelf.reports() == ()
    ingested(store, Batch(evidence=(evidence(NOON, SHELL),)), 7)
    assert [one.record.id for one in shelf.reports()] == [1]
    ingested(store, Batch(evidence=(evidence(after(60), PICKLE),)), 70)
    assert [one.record.id for one in shelf.reports()] == [1, 2]


def test_evidence_dated_into_the_future_is_left_out_and_told() -> None:
    sifted = sift(Batch(evidence=(evidence(after(86_400), SHELL),)), NOON)
    assert sifted.batch.evidence == ()
    assert "dated into the future" in sifted.words


def test_endless_words_of_evidence_are_cut_and_its_findings_kept() -> None:
    endless = replace(evidence(NOON, SHELL), query="x" * (MAX_TEXT + 1))
    (kept,) = sift(Batch(evidence=(endless,)), NOON).batch.evidence
    assert (len(kept.query), kept.content) == (MAX_TEXT, endless.content)


def test_a_finding_that_a_finished_report_could_not_decide_stands_as_it_was_last_seen() -> None:
    later = report(after(60), PICKLE, undecided=(SHELL.id,))
    told = [evidence(NOON, SHELL), scan_evidence(later, FILE, "integration/payhub", after(60))]
    shell, pickle = standing(told, after(90))
    assert (shell.finding, shell.last_seen_at, pickle.first_seen_at) == (SHELL, NOON, after(60))


def test_what_was_never_found_and_cannot_be_decided_is_no_finding() -> None:
    told = report(NOON, undecided=("ffff",))
    record = scan_evidence(told, FILE, "integration/payhub", NOON)
    assert standing([record], NOON) == ()
    assert scan_of(record) == told
