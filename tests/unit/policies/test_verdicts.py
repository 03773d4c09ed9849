"""Verdicts: what evidence says while it speaks, and nothing rounded up once it does not."""

from datetime import datetime, timedelta

from quarterdeck.analysis.evidence_timelines import ENDLESS
from quarterdeck.analysis.judged_policies import JudgedPolicy, PolicySet
from quarterdeck.analysis.verdicts import Spans, joined, verdicts, waived
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.evidence_records import EvidenceRecord, FactValue
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import (
    EvidenceKind,
    EvidenceNeed,
    Policy,
    PolicyVersion,
    Scope,
    Severity,
    Verdict,
    Waiver,
)
from tests.support.stores import NOON, after

HOUR = 3_600.0
DAY = 86_400.0
DECLARED: dict[str, FactValue] = {"entity.kind": "integration", "entity.tier": 1}


def policy(rule: str, *needs: EvidenceNeed, scope: Scope | None = None) -> Policy:
    """A policy with a rule and the evidence it needs."""
    return Policy("SEC-01", "security", "Title", "Statement.", scope or Scope(), rule, Severity.HIGH, needs, "Security")


def need(kind: EvidenceKind, hours: float = 24.0) -> EvidenceNeed:
    return EvidenceNeed(kind, hours * HOUR)


def evidence(
    number: int,
    kind: EvidenceKind,
    content: dict[str, FactValue],
    from_at: datetime = NOON,
    *,
    to_at: datetime | None = None,
    received_at: datetime | None = None,
) -> EvidenceRecord:
    return EvidenceRecord(
        kind=kind,
        entity_key="integration/payhub",
        what="What was seen.",
        source="A probe",
        query="check",
        effective_from_at=from_at,
        effective_to_at=to_at,
        received_at=received_at or from_at,
        population=1,
        counts=(),
        content=tuple(sorted(content.items())),
        id=number,
    )


def declaration(
    content: dict[str, FactValue] | None = None, *, from_at: datetime = NOON, number: int = 1
) -> EvidenceRecord:
    return evidence(number, EvidenceKind.DECLARATION, DECLARED | (content or {}), from_at)


def judged(
    *policies: Policy, records: list[EvidenceRecord], valid: tuple[datetime, datetime | None] = (after(-1e6), None)
) -> list[Spans]:
    """The verdicts on policies by some records, in force over a time."""
    by_kind = {kind: [record for record in records if record.kind is kind] for kind in EvidenceKind}
    versions = [PolicyVersion(each, 1, *valid) for each in policies]
    return verdicts(PolicySet.of([JudgedPolicy.of(version) for version in versions]), by_kind)


def told(spans: Spans) -> list[tuple[str, float]]:
    """Verdicts with the seconds after noon at which each begins."""
    return [(span.verdict.value, (span.from_ms - to_ms(NOON)) / 1000) for span in spans]


TLS = policy("tls.version >= 1.2", need(EvidenceKind.CERTIFICATE))


def tls(number: int, version: float, at: datetime = NOON) -> EvidenceRecord:
    return evidence(number, EvidenceKind.CERTIFICATE, {"tls.version": version}, at)


def test_a_control_is_satisfied_until_its_evidence_lapses_and_then_not_evaluable_by_itself() -> None:
    (spans,) = judged(TLS, records=[declaration(), tls(2, 1.3)])
    assert told(spans) == [("satisfied", 0.0), ("not_evaluable", DAY)]
    assert spans[-1].to_ms == ENDLESS
    assert "lapsed" in spans[-1].reason


def test_evidence_that_is_renewed_in_time_leaves_no_seam() -> None:
    (spans,) = judged(TLS, records=[declaration(), tls(2, 1.3), tls(3, 1.3, after(12 * HOUR))])
    assert told(spans) == [("satisfied", 0.0), ("not_evaluable", 1.5 * DAY)]


def test_what_is_observed_stands_as_the_reason_of_what_is_not_satisfied() -> None:
    (spans,) = judged(TLS, records=[declaration(), tls(2, 1.1)])
    assert (spans[0].verdict, spans[0].reason) == (Verdict.NOT_SATISFIED, "TLS version: 1.1")
    assert spans[0].evidence_ids == (2,)


def test_a_control_without_any_evidence_is_not_evaluable() -> None:
    (spans,) = judged(TLS, records=[declaration()])
    assert told(spans) == [("not_evaluable", 0.0)]
    assert spans[0].reason == "No evidence of certificate"


def test_a_fact_that_the_evidence_does_not_tell_is_not_evaluable() -> None:
    (spans,) = judged(TLS, records=[declaration(), evidence(2, EvidenceKind.CERTIFICATE, {"tls.verified": True})])
    assert (spans[0].verdict, spans[0].reason) == (Verdict.NOT_EVALUABLE, "Not known: TLS version")


def test_days_left_turn_a_verdict_on_the_day_by_themselves() -> None:
    ends_at = after(3 * DAY)
    certificate = evidence(2, EvidenceKind.CERTIFICATE, {"tls.days_left": to_ms(ends_at)})
    (spans,) = judged(
        policy("tls.days_left >= 2", need(EvidenceKind.CERTIFICATE, 96)), records=[declaration(), certificate]
    )
    assert told(spans) == [("satisfied", 0.0), ("not_satisfied", DAY + 0.001), ("not_evaluable", 4 * DAY)]
    assert spans[1].reason == "Certificate ends in: 1 d"


def test_days_since_something_that_has_not_happened_yet_are_not_known() -> None:
    tested = declaration({"restore.days_since_test": to_ms(after(DAY))})
    (spans,) = judged(policy("restore.days_since_test <= 1", need(EvidenceKind.DECLARATION, 24 * 30)), records=[tested])
    assert told(spans)[:3] == [("not_evaluable", 0.0), ("satisfied", DAY), ("not_satisfied", 3 * DAY)]


def test_of_two_records_that_speak_of_one_time_the_one_received_last_counts() -> None:
    mended = evidence(3, EvidenceKind.CERTIFICATE, {"tls.version": 1.1}, received_at=after(HOUR))
    (spans,) = judged(TLS, records=[declaration(), tls(2, 1.3), mended])
    assert told(spans) == [("not_satisfied", 0.0), ("not_evaluable", DAY + HOUR)]


def test_a_closed_record_speaks_of_its_own_time_only() -> None:
    closed = evidence(2, EvidenceKind.CERTIFICATE, {"tls.version": 1.3}, to_at=after(60), received_at=after(1e6))
    (spans,) = judged(TLS, records=[declaration(), closed])
    assert told(spans) == [("satisfied", 0.0), ("not_evaluable", 60.0)]


def test_a_policy_judges_nothing_outside_its_scope() -> None:
    services = policy("owner.declared", need(EvidenceKind.DECLARATION), scope=Scope(kinds=(EntityKind.SERVICE,)))
    assert judged(services, records=[declaration({"owner.declared": True})]) == [()]


def test_a_control_begins_when_its_entity_comes_into_scope() -> None:
    first_tier = policy("entity.tier == 1", need(EvidenceKind.DECLARATION, 240), scope=Scope(tiers=(1,)))
    records = [declaration({"entity.tier": 3}), declaration(from_at=after(HOUR), number=2)]
    (spans,) = judged(first_tier, records=records)
    assert told(spans)[0] == ("satisfied", HOUR)


def test_a_control_ends_when_its_entity_is_withdrawn() -> None:
    withdrawn = evidence(1, EvidenceKind.DECLARATION, DECLARED, to_at=after(HOUR))
    (spans,) = judged(TLS, records=[withdrawn, tls(2, 1.3)])
    assert told(spans) == [("satisfied", 0.0)]
    assert spans[0].to_ms == to_ms(after(HOUR))


def test_a_version_judges_only_the_time_in_which_it_is_in_force() -> None:
    (spans,) = judged(TLS, records=[declaration(), tls(2, 1.3)], valid=(after(60), after(120)))
    assert [(span.from_ms, span.to_ms) for span in spans] == [(to_ms(after(60)), to_ms(after(120)))]


def test_a_waiver_sets_aside_what_is_not_satisfied_and_its_end_opens_it_again() -> None:
    (spans,) = judged(TLS, records=[declaration(), tls(2, 1.1)])
    waiver = Waiver("1", "SEC-01", "integration/payhub", "Replaced in May", "anna", "bert", after(60), after(120))
    assert told(waived(spans, [waiver]))[:3] == [("not_satisfied", 0.0), ("waived", 60.0), ("not_satisfied", 120.0)]


def test_a_waiver_leaves_what_is_satisfied_alone() -> None:
    (spans,) = judged(TLS, records=[declaration(), tls(2, 1.3)])
    waiver = Waiver("1", "SEC-01", "integration/payhub", "Not needed", "anna", "bert", after(60), after(120))
    assert waived(spans, [waiver]) == joined(spans)


def test_policies_are_judged_alike_whether_alone_or_together() -> None:
    trusted = policy("tls.verified", need(EvidenceKind.CERTIFICATE, 12))
    owned = policy("owner.declared", need(EvidenceKind.DECLARATION, 240))
    certificate = evidence(2, EvidenceKind.CERTIFICATE, {"tls.version": 1.3, "tls.verified": False})
    records = [declaration({"owner.declared": True}), certificate]
    alone = [judged(each, records=records)[0] for each in (TLS, trusted, owned)]
    assert judged(TLS, trusted, owned, records=records) == alone


def test_entities_with_equal_facts_keep_their_own_times() -> None:
    known = PolicySet.of([JudgedPolicy.of(PolicyVersion(TLS, 1, after(-1e6)))])
    for late in (0.0, 60.0, 120.0):
        records = {
            EvidenceKind.DECLARATION: [declaration()],
            EvidenceKind.CERTIFICATE: [tls(2, 1.3, NOON + timedelta(seconds=late))],
        }
        (spans,) = verdicts(known, records)
        assert told(spans)[-1] == ("not_evaluable", DAY + late)


def test_a_control_ends_when_nothing_is_declared_of_its_entity_any_more() -> None:
    withdrawn = evidence(3, EvidenceKind.DECLARATION, {}, after(HOUR))
    (spans,) = judged(TLS, records=[declaration(), tls(2, 1.3), withdrawn])
    assert [(span.verdict, span.to_ms) for span in spans] == [(Verdict.SATISFIED, to_ms(after(HOUR)))]


def test_a_policy_for_what_runs_to_a_partner_covers_nothing_else() -> None:
    outward = policy("owner.declared", need(EvidenceKind.DECLARATION), scope=Scope(with_partner=True))
    inner = declaration({"owner.declared": True, "partner.declared": False})
    assert judged(outward, records=[inner]) == [()]
    outer = declaration({"owner.declared": True, "partner.declared": True})
    assert told(judged(outward, records=[outer])[0])[0] == ("satisfied", 0.0)
