"""What the console reads: every control at a moment, and one with the very evidence it rests on."""

from datetime import timedelta

import pytest

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.policies import ControlKey, Verdict, Waiver
from quarterdeck.services.compliance import ComplianceReader
from quarterdeck.services.moments import Moment
from quarterdeck.storage.store import SqlStore
from tests.support.granted_waivers import grant
from tests.support.stores import PATIENCE_SECONDS, after
from tests.unit.policies.scans import PICKLE, SHELL
from tests.unit.policies.scans import evidence as scan_reported
from tests.unit.policies.test_assessor import PAYHUB, World

TLS = ControlKey("SEC-01", 1, PAYHUB)


def moment(seconds: float) -> Moment:
    return Moment(TimeRange(after(seconds - 3_600), after(seconds)), after(seconds), live=False)


@pytest.fixture
async def world(store: SqlStore) -> World:
    """One integration whose certificate ends too soon, judged once."""
    made = World(store)
    made.declare()
    made.probe("TLSv1.3", days=10)
    await made.judge()
    return made


async def test_a_report_has_the_most_urgent_first(world: World) -> None:
    report = ComplianceReader(world.store).report(moment(60), EntityKind.INTEGRATION)
    verdicts = [(control.policy.id, control.verdict) for control in report.controls]
    assert verdicts == [
        ("SEC-01", Verdict.NOT_SATISFIED),
        ("RES-02", Verdict.NOT_EVALUABLE),
        ("CHG-01", Verdict.SATISFIED),
    ]
    assert (report.packs, report.policy_count) == (("security",), 3)


async def test_a_moment_before_anything_was_declared_has_no_controls(world: World) -> None:
    report = ComplianceReader(world.store).report(moment(-60), EntityKind.INTEGRATION)
    assert report.controls == ()
    assert ComplianceReader(world.store).control(TLS, moment(-60)) is None


async def test_a_report_of_services_has_none_of_integrations(world: World) -> None:
    assert ComplianceReader(world.store).report(moment(60), EntityKind.SERVICE).controls == ()


async def test_only_waivers_that_hold_at_the_moment_are_told(world: World) -> None:
    waiver = Waiver("w", "SEC-01", PAYHUB, "replaced", "anna", "bert", after(100), after(200))
    grant(world.store, waiver)
    reader = ComplianceReader(world.store)
    held = [reader.report(moment(seconds), EntityKind.INTEGRATION).waivers for seconds in (99, 100, 199, 200)]
    assert held == [(), (waiver,), (waiver,), ()]


async def test_a_control_is_told_with_what_was_observed_by_which_evidence(world: World) -> None:
    found = ComplianceReader(world.store).control(TLS, moment(60))
    assert found is not None
    assert [(fact.label, fact.value) for fact in found.observed] == [
        ("Certificate ends in", "9 d"),
        ("TLS version", "1.3"),
    ]
    (record,) = found.evidence
    assert record.id in found.control.interval.evidence_ids
    assert "PayHub probe" in record.query
    assert found.missing == ()


async def test_evidence_that_has_lapsed_is_missing_and_observes_nothing(world: World) -> None:
    found = ComplianceReader(world.store).control(TLS, moment(2 * 86_400))
    assert found is not None
    assert found.control.verdict is Verdict.NOT_EVALUABLE
    assert ([need.kind.value for need in found.missing], found.evidence) == (["certificate"], ())
    assert {fact.value for fact in found.observed} == {None}


async def test_the_history_of_a_control_runs_from_the_newest_back(world: World) -> None:
    world.now_at = after(600)
    world.probe("TLSv1.3", days=90)
    await world.judge()
    found = ComplianceReader(world.store).control(TLS, moment(700))
    assert found is not None
    assert [each.verdict for each in found.history] == [Verdict.SATISFIED, Verdict.NOT_SATISFIED]
    assert found.history[1].from_at == after(0)
    assert found.history[0].from_at == after(600) + timedelta(0)


def add_scans(world: World, *records: EvidenceRecord) -> None:
    world.store.compliance.add_evidence(records).result(PATIENCE_SECONDS)


async def test_findings_of_scanners_stand_in_the_report_of_their_moment_the_most_severe_first(world: World) -> None:
    add_scans(world, scan_reported(after(1), PICKLE, SHELL), scan_reported(after(60), PICKLE))
    reader = ComplianceReader(world.store)
    found = {seconds: reader.report(moment(seconds), EntityKind.INTEGRATION).scanned for seconds in (0, 1, 60)}
    rules = {seconds: [one.scanned.finding.rule for one in each] for seconds, each in found.items()}
    assert rules == {0: [], 1: ["B602", "B403"], 60: ["B403"]}
    assert found[60][0].entity.key == PAYHUB


async def test_findings_of_an_entity_of_another_kind_are_not_in_the_report(world: World) -> None:
    add_scans(world, scan_reported(after(1), SHELL, entity_key="partner/payhub"))
    assert ComplianceReader(world.store).report(moment(60), EntityKind.INTEGRATION).scanned == ()


async def test_one_finding_is_told_with_the_very_report_while_it_stands(world: World) -> None:
    add_scans(world, scan_reported(after(1), SHELL), scan_reported(after(60)))
    reader = ComplianceReader(world.store)
    (shown,) = reader.report(moment(30), EntityKind.INTEGRATION).scanned
    found = reader.scanned(shown.scanned.key, moment(30))
    assert found == shown
    assert "SHA-256" in shown.scanned.report.query
    assert shown.scanned.report.digest
    assert reader.scanned(shown.scanned.key, moment(60)) is None
    assert reader.scanned(shown.scanned.key, moment(-60)) is None
