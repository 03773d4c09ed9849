"""Over any history of evidence, policies and waivers the ledger has no overlap, no gap, and says what was known."""

import itertools
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.analysis.evidence_timelines import ENDLESS, spoken
from quarterdeck.analysis.judged_policies import JudgedPolicy, PolicySet
from quarterdeck.analysis.verdicts import Spans, joined, verdicts, waived
from quarterdeck.domain.evidence_records import EvidenceRecord, FactValue
from quarterdeck.domain.instants import from_ms, to_ms
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
from quarterdeck.domain.waivers import (
    WaiverAct,
    WaiverRecord,
    standing_waivers,
    waiver_evidence,
    waiver_records,
)
from tests.support.stores import NOON

HOURS = 240
RULES = ("tls.version >= 1.2", "tls.days_left >= 3", "tls.verified && owner.declared", "owner.declared")
KINDS = {
    "tls.version >= 1.2": (EvidenceKind.CERTIFICATE,),
    "tls.days_left >= 3": (EvidenceKind.CERTIFICATE,),
    "tls.verified && owner.declared": (EvidenceKind.CERTIFICATE, EvidenceKind.DECLARATION),
    "owner.declared": (EvidenceKind.DECLARATION,),
}


def hour(number: int) -> datetime:
    return NOON + timedelta(hours=number)


@st.composite
def certificates(draw: st.DrawFn) -> list[EvidenceRecord]:
    """Records of a certificate, some of a time long past, some closed, some without every fact."""
    records: list[EvidenceRecord] = []
    received = 0
    for number in range(2, 2 + draw(st.integers(0, 7))):
        received += draw(st.integers(0, 40))
        begins = draw(st.integers(0, received))
        ends = draw(st.none() | st.integers(begins + 1, begins + 90))
        content: dict[str, FactValue] = {"tls.verified": draw(st.booleans())}
        if draw(st.booleans()):
            content["tls.version"] = draw(st.sampled_from([1.1, 1.2, 1.3]))
        if draw(st.booleans()):
            content["tls.days_left"] = to_ms(hour(draw(st.integers(-50, 400))))
        records.append(record(number, EvidenceKind.CERTIFICATE, content, (begins, ends), received))
    return records


def record(
    number: int, kind: EvidenceKind, content: dict[str, FactValue], over: tuple[int, int | None], received: int
) -> EvidenceRecord:
    ends_at = None if over[1] is None else hour(over[1])
    told = tuple(sorted(content.items()))
    return EvidenceRecord(
        kind, "integration/a", "Seen.", "probe", "check", hour(over[0]), ends_at, hour(received), 1, (), told, number
    )


@st.composite
def policy_sets(draw: st.DrawFn) -> list[PolicyVersion]:
    """Policies that follow one another as versions of themselves, without gap."""
    versions: list[PolicyVersion] = []
    for rule in draw(st.lists(st.sampled_from(RULES), min_size=1, max_size=4, unique=True)):
        edges = [-HOURS, *sorted(draw(st.sets(st.integers(0, HOURS), max_size=2))), None]
        for version, (begins, ends) in enumerate(itertools.pairwise(edges), 1):
            needs = tuple(EvidenceNeed(kind, 3_600.0 * draw(st.integers(1, 60))) for kind in KINDS[rule])
            policy = Policy(rule, "p", "t", "s", Scope(), rule, Severity.LOW, needs, "o")
            valid_to_at = None if ends is None else hour(ends)
            versions.append(PolicyVersion(policy, version, hour(begins or 0), valid_to_at))
    return versions


@st.composite
def waivers(draw: st.DrawFn) -> list[Waiver]:
    spans = draw(st.lists(st.tuples(st.integers(0, HOURS), st.integers(1, 80)), max_size=3))
    return [Waiver(str(n), "p", "e", "why", "a", "b", hour(at), hour(at + long)) for n, (at, long) in enumerate(spans)]


DECLARED = record(1, EvidenceKind.DECLARATION, {"entity.kind": "service", "owner.declared": True}, (0, None), 0)


def histories(versions: list[PolicyVersion], records: list[EvidenceRecord], from_ms_: int = 0) -> list[Spans]:
    known = PolicySet.of([JudgedPolicy.of(version) for version in versions])
    return verdicts(known, {EvidenceKind.DECLARATION: [DECLARED], EvidenceKind.CERTIFICATE: records}, from_ms_)


def verdict_at(spans: Spans, at_ms: int) -> Verdict | None:
    return next((span.verdict for span in spans if span.from_ms <= at_ms < span.to_ms), None)


@settings(deadline=None, max_examples=200)
@given(policy_sets(), certificates(), waivers())
def test_every_ledger_is_whole_over_the_time_its_policy_is_in_force(
    versions: list[PolicyVersion], records: list[EvidenceRecord], set_aside: list[Waiver]
) -> None:
    for version, spans in zip(versions, histories(versions, records), strict=True):
        begins = max(to_ms(version.valid_from_at), to_ms(NOON))
        ends = ENDLESS if version.valid_to_at is None else to_ms(version.valid_to_at)
        ledger = waived(spans, set_aside)
        edges = [(span.from_ms, span.to_ms) for span in ledger]
        assert all(start < end for start, end in edges)
        assert [end for _, end in edges[:-1]] == [start for start, _ in edges[1:]]
        if begins < ends:
            assert (edges[0][0], edges[-1][1]) == (begins, ends)
            assert all(one.verdict is not other.verdict for one, other in itertools.pairwise(ledger))


@settings(deadline=None, max_examples=200)
@given(policy_sets(), certificates(), st.integers(0, HOURS))
def test_judging_from_an_instant_on_tells_the_same_as_judging_all_of_history(
    versions: list[PolicyVersion], records: list[EvidenceRecord], at: int
) -> None:
    whole, late = histories(versions, records), histories(versions, records, to_ms(hour(at)))
    for number in range(len(versions)):
        for moment in range(at, HOURS, 7):
            moment_ms = to_ms(hour(moment))
            assert verdict_at(late[number], moment_ms) is verdict_at(whole[number], moment_ms)


@settings(deadline=None, max_examples=200)
@given(certificates(), st.integers(0, HOURS), st.integers(1, 60))
def test_nothing_is_satisfied_while_no_evidence_speaks(records: list[EvidenceRecord], at: int, lifetime: int) -> None:
    needs = (EvidenceNeed(EvidenceKind.CERTIFICATE, 3_600.0 * lifetime),)
    policy = Policy("P-1", "p", "t", "s", Scope(), "tls.verified || !tls.verified", Severity.LOW, needs, "o")
    (spans,) = histories([PolicyVersion(policy, 1, hour(-HOURS))], records)
    speaks = [
        each
        for each in records
        if to_ms(each.effective_from_at) <= to_ms(hour(at)) < each.lapses_ms(int(needs[0].lifetime_seconds * 1000))
    ]
    expected = Verdict.SATISFIED if speaks else Verdict.NOT_EVALUABLE
    assert verdict_at(spans, to_ms(hour(at))) is expected


@settings(deadline=None, max_examples=200)
@given(certificates(), st.integers(1, 60))
def test_of_all_records_that_cover_an_instant_the_latest_speaks(records: list[EvidenceRecord], lifetime: int) -> None:
    lifetime_ms = lifetime * 3_600_000
    timeline = spoken(records, lifetime_ms, 0)
    assert all(one.to_ms <= other.from_ms for one, other in itertools.pairwise(timeline))
    for moment in range(0, HOURS, 5):
        at_ms = to_ms(hour(moment))
        covering = [each for each in records if to_ms(each.effective_from_at) <= at_ms < each.lapses_ms(lifetime_ms)]
        speaking = [piece.record for piece in timeline if piece.from_ms <= at_ms < piece.to_ms]
        assert speaking == covering[-1:], from_ms(at_ms)


@st.composite
def decisions(draw: st.DrawFn) -> list[WaiverRecord]:
    """Waivers that are granted and some of them withdrawn, before, within or after their time, in any order."""
    records: list[WaiverRecord] = []
    for waiver in draw(waivers()):
        granted_at = hour(draw(st.integers(0, HOURS)))
        records.append(WaiverRecord(waiver, WaiverAct.GRANTED, granted_at, "a"))
        if draw(st.booleans()):
            withdrawn_at = hour(draw(st.integers(0, HOURS + 80)))
            ends_at = min(max(withdrawn_at, waiver.from_at), waiver.until_at)
            records.append(
                WaiverRecord(replace(waiver, until_at=ends_at), WaiverAct.WITHDRAWN, withdrawn_at, "b", "why")
            )
    return records


def set_aside(records: list[WaiverRecord]) -> list[Waiver]:
    kept = waiver_records([waiver_evidence(record) for record in records])
    return [record.waiver for record in standing_waivers(kept)]


@settings(deadline=None, max_examples=200)
@given(policy_sets(), certificates(), decisions())
def test_a_control_is_waived_exactly_while_a_waiver_stands_and_it_is_not_satisfied(
    versions: list[PolicyVersion], records: list[EvidenceRecord], decided: list[WaiverRecord]
) -> None:
    standing = set_aside(decided)
    for spans in histories(versions, records):
        ledger = waived(spans, standing)
        assert all(one.to_ms == other.from_ms for one, other in itertools.pairwise(ledger))
        for moment in range(0, HOURS + 90, 3):
            at_ms = to_ms(hour(moment))
            found = verdict_at(spans, at_ms)
            covered = any(to_ms(each.from_at) <= at_ms < to_ms(each.until_at) for each in standing)
            is_waived = covered and found not in {None, Verdict.SATISFIED}
            assert verdict_at(ledger, at_ms) is (Verdict.WAIVED if is_waived else found)


@settings(deadline=None, max_examples=60)
@given(policy_sets(), certificates(), decisions(), st.data())
def test_a_ledger_rewritten_with_every_decision_and_record_is_the_one_judged_at_once(
    versions: list[PolicyVersion], records: list[EvidenceRecord], decided: list[WaiverRecord], data: st.DataObject
) -> None:
    told_of = [("record", number) for number in range(len(records))]
    told_of += [("act", number) for number in range(len(decided))]
    news = data.draw(st.permutations(told_of))
    known, acts = set[int](), set[int]()
    ledgers: list[Spans] = [waived(spans, ()) for spans in histories(versions, [])]
    for kind, number in news:
        (known if kind == "record" else acts).add(number)
        told = [records[each] for each in sorted(known)]
        standing = set_aside([decided[each] for each in sorted(acts)])
        begins_at = records[number].effective_from_at if kind == "record" else decided[number].waiver.from_at
        tails = [waived(spans, standing) for spans in histories(versions, told, to_ms(begins_at))]
        ledgers = [joined([*cut(ledger, to_ms(begins_at)), *tail]) for ledger, tail in zip(ledgers, tails, strict=True)]
        for ledger, spans in zip(ledgers, histories(versions, told), strict=True):
            at_once = waived(spans, standing)
            assert [span[:3] for span in ledger] == [span[:3] for span in at_once]


def cut(spans: Spans, end_ms: int) -> Spans:
    """The spans up to an instant."""
    return tuple(span._replace(to_ms=min(span.to_ms, end_ms)) for span in spans if span.from_ms < end_ms)
