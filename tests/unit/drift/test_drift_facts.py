"""Drift as evidence for rules: what sources see of declared links, never guessed while a source is silent."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import EvidenceKind, EvidenceNeed, Policy, Scope, Severity, VerdictInterval
from quarterdeck.services.compliance_assessor import ComplianceAssessor
from quarterdeck.services.declared_facts import DeclaredEstateView
from quarterdeck.services.drift_facts import drift_evidence
from tests.support.stores import after
from tests.unit.drift.test_reader import API, CACHE, DATABASE, MINUTE, TO_CACHE, TO_DATABASE, Bench, bench

__all__ = ["bench"]
DAY_MINUTES = 24 * 60.0


def told(bench: Bench, minutes: float) -> EvidenceRecord | None:
    """What evidence of drift there is of the API."""
    now = after(minutes * MINUTE)
    view = DeclaredEstateView.of(bench.store.entity_versions(now), bench.store.relation_versions(now))
    found = list(drift_evidence([API.key], view, bench.at(minutes), now))
    assert len(found) <= 1
    return found[0] if found else None


def facts(bench: Bench, minutes: float) -> dict[str, object]:
    record = told(bench, minutes)
    assert record is not None
    return dict(record.content)


def test_of_links_that_no_source_would_see_there_is_no_evidence(bench: Bench) -> None:
    bench.declare(0, API, DATABASE, relations=(TO_DATABASE,))
    assert told(bench, 1) is None
    bench.look(2, API)
    assert told(bench, 2.1) is None


def test_declared_links_that_are_seen_are_told_as_looked_at(bench: Bench) -> None:
    bench.declare(0, API, DATABASE, relations=(TO_DATABASE,))
    bench.look(10, API, DATABASE, relations=(TO_DATABASE,))
    record = told(bench, 10.1)
    assert record is not None
    assert dict(record.content) == {"drift.watched_links": 1, "drift.unseen_links": 0, "drift.silent_links": 0}
    assert (record.population, record.source, record.counts) == (1, "Mesh metrics", (("seen", "1"),))


def test_a_declared_link_that_is_missed_is_counted_and_named_from_when_it_was_missed(bench: Bench) -> None:
    bench.declare(0, API, DATABASE, relations=(TO_DATABASE,))
    bench.look(10, API, DATABASE, relations=(TO_DATABASE,))
    bench.look(20, API, DATABASE)
    bench.poll(30)
    record = told(bench, 30.1)
    assert record is not None
    begun = to_ms(after(20 * MINUTE))
    assert dict(record.content) == {
        "drift.watched_links": 1,
        "drift.unseen_links": 1,
        "drift.silent_links": 0,
        "drift.days_unseen": begun,
    }
    assert to_ms(record.effective_from_at) == begun
    assert record.query.endswith(f"; not seen: {TO_DATABASE.key}")


def test_while_a_source_is_silent_nobody_knows_that_all_links_are_seen(bench: Bench) -> None:
    bench.declare(0, API, DATABASE, relations=(TO_DATABASE,))
    bench.look(10, API, DATABASE, relations=(TO_DATABASE,))
    assert facts(bench, 200) == {"drift.watched_links": 0, "drift.silent_links": 1}


def test_links_that_are_only_seen_are_no_part_of_it(bench: Bench) -> None:
    bench.declare(0, API, DATABASE, relations=(TO_DATABASE,))
    bench.look(10, API, DATABASE, CACHE, relations=(TO_DATABASE, TO_CACHE))
    assert facts(bench, 10.1)["drift.watched_links"] == 1


@dataclass
class Clock:
    """A clock that is set by hand."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def seen_policy(rule: str) -> Policy:
    need = EvidenceNeed(EvidenceKind.DRIFT, 86_400.0)
    return Policy(
        id="CHG-90",
        pack="own",
        title="What is declared is there",
        statement="Every declared link is seen.",
        scope=Scope(kinds=(EntityKind.SERVICE,)),
        rule=rule,
        severity=Severity.MEDIUM,
        evidence=(need,),
        owner="Change board",
    )


class Judged:
    """A bench whose drift a policy is judged by."""

    def __init__(self, bench: Bench, rule: str) -> None:
        self.bench, self.clock = bench, Clock(after(0))
        self.assessor = ComplianceAssessor(bench.store, lambda: [seen_policy(rule)], self.clock)

    async def verdict(self, minutes: float) -> VerdictInterval:
        self.clock.at = after(minutes * MINUTE)
        await self.assessor.tick()
        (found,) = self.bench.store.compliance.verdicts_at(after(minutes * MINUTE))
        return found


async def test_a_policy_is_judged_by_links_that_are_declared_and_not_seen(bench: Bench) -> None:
    judged = Judged(bench, "drift.unseen_links == 0")
    bench.declare(0, API, DATABASE, relations=(TO_DATABASE,))
    assert (await judged.verdict(1)).verdict.value == "not_evaluable"
    bench.look(10, API, DATABASE, relations=(TO_DATABASE,))
    assert (await judged.verdict(10.1)).verdict.value == "satisfied"
    bench.look(20, API, DATABASE)
    missed = await judged.verdict(21)
    assert (missed.verdict.value, missed.reason) == ("not_satisfied", "Links declared but not seen: 1")
    (evidence,) = [each for each in bench.store.compliance.evidence() if each.id in missed.evidence_ids]
    assert (evidence.kind, evidence.entity_key) == (EvidenceKind.DRIFT, API.key)
    bench.look(30, API, DATABASE, relations=(TO_DATABASE,))
    assert (await judged.verdict(30.1)).verdict.value == "satisfied"


async def test_rounds_without_news_of_drift_add_no_evidence(bench: Bench) -> None:
    judged = Judged(bench, "drift.unseen_links == 0")
    bench.declare(0, API, DATABASE, relations=(TO_DATABASE,))
    bench.look(10, API, DATABASE, relations=(TO_DATABASE,))
    bench.look(20, API, DATABASE)
    for minutes in (21, 22, 23):
        bench.poll(minutes)
        await judged.verdict(minutes + 0.1)
    kinds = [each.kind for each in bench.store.compliance.evidence()]
    assert kinds.count(EvidenceKind.DRIFT) == 1


@pytest.mark.parametrize(("days", "verdict"), [(3, "satisfied"), (8, "not_satisfied")])
async def test_a_rule_may_leave_some_days_before_a_missing_link_counts(bench: Bench, days: int, verdict: str) -> None:
    judged = Judged(bench, "drift.unseen_links == 0 || drift.days_unseen < 7")
    bench.declare(0, API, DATABASE, relations=(TO_DATABASE,))
    bench.look(10, API, DATABASE, relations=(TO_DATABASE,))
    bench.look(20, API, DATABASE)
    late = 20 + days * DAY_MINUTES
    bench.look(late, API, DATABASE)
    assert (await judged.verdict(late + 0.1)).verdict.value == verdict
