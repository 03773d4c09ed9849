"""Judging in the collector: from what a store tells to verdicts of any day, and nothing lost on the way."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from quarterdeck.domain.checks import CheckOutcome, CheckResult
from quarterdeck.domain.connections import BackfillProgress, ConnectionHealth, ConnectionState
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.policies import (
    EvidenceKind,
    EvidenceNeed,
    Policy,
    Scope,
    Severity,
    Verdict,
    VerdictInterval,
    Waiver,
)
from quarterdeck.sdk.records import Batch
from quarterdeck.services.compliance_assessor import ComplianceAssessor, next_versions
from quarterdeck.services.ports import EstateChange, StateChange
from quarterdeck.storage.store import SqlStore
from tests.support.granted_waivers import grant
from tests.support.stores import NOON, PATIENCE_SECONDS, after, take_in
from tests.unit.policies.scans import SHELL
from tests.unit.policies.scans import evidence as scan_reported

PAYHUB, PARTNER = "integration/payhub", "partner/payhub"
DAY = timedelta(days=1)


def policy(policy_id: str, rule: str, kind: EvidenceKind, hours: float = 24.0) -> Policy:
    needs = (EvidenceNeed(kind, hours * 3_600),)
    scope = Scope(kinds=(EntityKind.INTEGRATION,))
    return Policy(policy_id, "security", "Title", "Statement.", scope, rule, Severity.HIGH, needs, "Security")


TLS = policy("SEC-01", "tls.version >= 1.2 && tls.days_left >= 21", EvidenceKind.CERTIFICATE)
FRESH = policy("RES-02", "freshness.fresh", EvidenceKind.FRESHNESS)
OWNED = policy("CHG-01", "owner.declared", EvidenceKind.DECLARATION, 24 * 365)
AVAILABLE = policy("RES-01", "availability.percent >= 99.9", EvidenceKind.AVAILABILITY, 72)


@dataclass
class World:
    """A store with one integration, its partner, and an assessor with a clock that is set by hand."""

    store: SqlStore
    policies: list[Policy] = field(default_factory=lambda: [TLS, FRESH, OWNED])
    now_at: datetime = NOON
    is_leased: bool = True

    def __post_init__(self) -> None:
        self.assessor = self.begun_anew()

    def now(self) -> datetime:
        return self.now_at

    def begun_anew(self) -> ComplianceAssessor:
        return ComplianceAssessor(self.store, lambda: self.policies, self, may_write=lambda: self.is_leased)

    def declare(self, *, owner: str = "payments") -> None:
        integration = Entity(PAYHUB, EntityKind.INTEGRATION, "PayHub", "bill_pay", owner, 1)
        partner = Entity(PARTNER, EntityKind.PARTNER, "PayHub")
        link = Relation(RelationKind.EXTERNAL_INTERNAL, PARTNER, PAYHUB)
        self.write(EstateChange(self.now_at, "estate.yaml", put_entities=(integration, partner), put_relations=(link,)))

    def write(self, change: EstateChange) -> None:
        self.store.writer.change_estate(change).result(PATIENCE_SECONDS)

    def probe(self, version: str = "TLSv1.3", *, days: float = 90) -> None:
        ends_at = (self.now_at + days * DAY).isoformat()
        facts = facts_of({"certificate_not_after": ends_at, "tls_version": version, "certificate_verified": "yes"})
        check = CheckResult(PARTNER, "PayHub probe", self.now_at, CheckOutcome.PASSED, "Answered.", facts=facts)
        take_in(self.store, Batch(checks=(check,)), received_at=self.now_at)

    def states(self, *spans: tuple[HealthState, float]) -> None:
        """States that begin so many seconds after noon, the last without end."""
        intervals = tuple(
            StateInterval(PAYHUB, state, "", after(begins), after(ends[1]) if ends else None)
            for (state, begins), ends in zip(spans, [*spans[1:], None], strict=True)
        )
        whole = TimeRange(after(spans[0][1]), max(self.now_at, after(spans[-1][1])))
        self.store.writer.change_states([StateChange(PAYHUB, whole, intervals, open_ended=True)]).result(
            PATIENCE_SECONDS
        )

    def fetch(self, backfill: BackfillProgress) -> None:
        """Tell how far history has been fetched."""
        health = ConnectionHealth("metrics", ConnectionState.GOOD, backfill=backfill)
        self.store.writer.put_connection_health([health]).result(PATIENCE_SECONDS)

    async def judge(self, seconds: float | None = None) -> None:
        self.now_at = self.now_at if seconds is None else after(seconds)
        await self.assessor.tick()

    def verdict(self, policy_id: str, seconds: float, *, key: str = PAYHUB) -> VerdictInterval | None:
        found = [
            each
            for each in self.store.compliance.verdicts_at(after(seconds))
            if (each.control.policy_id, each.control.entity_key) == (policy_id, key)
        ]
        assert len(found) <= 1
        return found[0] if found else None

    def told(self, policy_id: str, seconds: float) -> str:
        found = self.verdict(policy_id, seconds)
        return found.verdict.value if found else ""


@pytest.fixture
def world(store: SqlStore) -> World:
    made = World(store)
    made.declare()
    return made


async def test_an_integration_is_judged_by_the_certificate_of_its_partner(world: World) -> None:
    world.probe("TLSv1.3", days=10)
    await world.judge()
    found = world.verdict("SEC-01", 0)
    assert found is not None
    assert (found.verdict, found.reason) == (Verdict.NOT_SATISFIED, "Certificate ends in: 10 d; TLS version: 1.3")
    (evidence,) = [each for each in world.store.compliance.evidence() if each.id in found.evidence_ids]
    assert "PayHub probe" in evidence.query
    assert evidence.counts == (("passed", "1"),)


async def test_evidence_that_nobody_renews_lapses_without_anybody_judging(world: World) -> None:
    world.probe()
    await world.judge()
    assert [world.told("SEC-01", hours * 3_600) for hours in (0, 23, 24, 9_999)] == [
        "satisfied",
        "satisfied",
        "not_evaluable",
        "not_evaluable",
    ]


async def test_rounds_without_news_add_no_evidence(world: World) -> None:
    world.probe()
    world.states((HealthState.HEALTHY, 0))
    await world.judge(10)
    count = len(world.store.compliance.evidence())
    for seconds in (25, 40, 55):
        await world.judge(seconds)
    assert len(world.store.compliance.evidence()) == count


async def test_evidence_is_renewed_before_it_lapses(world: World) -> None:
    world.probe()
    await world.judge()
    for hours in (6, 11, 13, 20):
        world.now_at = after(hours * 3_600)
        world.probe(days=90 - hours / 24)
        await world.judge()
    assert world.told("SEC-01", 30 * 3_600) == "satisfied"
    assert sum(each.kind is EvidenceKind.CERTIFICATE for each in world.store.compliance.evidence()) == 2


async def test_a_silence_is_not_satisfied_from_when_it_began(world: World) -> None:
    world.states((HealthState.HEALTHY, 0), (HealthState.STALE, 600), (HealthState.HEALTHY, 900))
    await world.judge(1_000)
    assert [world.told("RES-02", seconds) for seconds in (0, 599, 600, 899, 900)] == [
        "satisfied",
        "satisfied",
        "not_satisfied",
        "not_satisfied",
        "satisfied",
    ]


async def test_history_that_arrives_late_changes_what_was_said_of_that_time(world: World) -> None:
    world.states((HealthState.STALE, 0))
    await world.judge(1_000)
    assert world.told("RES-02", 500) == "not_satisfied"
    world.states((HealthState.HEALTHY, 0))
    await world.judge(1_100)
    assert world.told("RES-02", 500) == "satisfied"
    assert [each.content for each in world.store.compliance.evidence() if each.kind is EvidenceKind.FRESHNESS] == [
        (("freshness.fresh", False),),
        (("freshness.fresh", True),),
    ]


async def test_availability_of_each_day_is_kept_as_evidence(world: World) -> None:
    world.policies = [AVAILABLE]
    world.now_at = NOON - 5 * DAY
    world.write(EstateChange(world.now_at, "estate.yaml"))
    world.states((HealthState.HEALTHY, -5 * 86_400.0), (HealthState.DOWN, -86_400.0), (HealthState.HEALTHY, -82_800.0))
    await world.judge(0)
    found = [each for each in world.store.compliance.evidence() if each.kind is EvidenceKind.AVAILABILITY]
    assert len(found) == 5
    assert dict(found[-1].content)["availability.percent"] == pytest.approx(
        100 * (1 - 3_600 / (4.5 * 86_400)), abs=0.01
    )


async def test_a_declaration_that_changes_turns_the_verdict_when_it_changes(world: World) -> None:
    await world.judge()
    world.now_at = after(60)
    world.declare(owner="")
    await world.judge(120)
    assert [world.told("CHG-01", seconds) for seconds in (0, 59, 60)] == ["satisfied", "satisfied", "not_satisfied"]


async def test_an_entity_that_is_withdrawn_is_judged_no_more(world: World) -> None:
    await world.judge()
    world.write(EstateChange(after(60), "estate.yaml", remove_entity_keys=(PAYHUB,)))
    await world.judge(90)
    assert (world.told("CHG-01", 59), world.told("CHG-01", 91)) == ("satisfied", "")


async def test_an_entity_that_comes_back_is_judged_again(world: World) -> None:
    await world.judge()
    world.write(EstateChange(after(60), "estate.yaml", remove_entity_keys=(PAYHUB,)))
    await world.judge(90)
    world.now_at = after(200)
    world.declare()
    await world.judge(210)
    assert [world.told("CHG-01", seconds) for seconds in (30, 150, 205)] == ["satisfied", "", "satisfied"]


async def test_a_changed_policy_keeps_the_old_verdicts_under_the_old_version(world: World) -> None:
    world.probe(days=30)
    await world.judge()
    stricter = replace(TLS, rule="tls.version >= 1.2 && tls.days_left >= 60")
    world.policies = [stricter, FRESH, OWNED]
    world.assessor = world.begun_anew()
    await world.judge(600)
    before, since = world.verdict("SEC-01", 599), world.verdict("SEC-01", 600)
    assert before is not None
    assert since is not None
    assert (before.control.version, before.verdict) == (1, Verdict.SATISFIED)
    assert (since.control.version, since.verdict) == (2, Verdict.NOT_SATISFIED)


async def test_a_policy_that_is_gone_judges_nothing_from_then_on(world: World) -> None:
    await world.judge()
    world.policies = [TLS]
    world.assessor = world.begun_anew()
    await world.judge(60)
    assert (world.told("CHG-01", 59), world.told("CHG-01", 61)) == ("satisfied", "")


async def test_a_waiver_holds_for_its_time_and_the_control_opens_again_by_itself(world: World) -> None:
    world.probe("TLSv1.1")
    await world.judge()
    waiver = Waiver("w-1", "SEC-01", PAYHUB, "Replaced in May", "anna", "bert", after(60), after(120))
    grant(world.store, waiver)
    await world.judge(70)
    assert [world.told("SEC-01", seconds) for seconds in (59, 60, 119, 120)] == [
        "not_satisfied",
        "waived",
        "waived",
        "not_satisfied",
    ]


async def test_a_collector_that_begins_anew_judges_the_same(world: World) -> None:
    world.probe()
    world.states((HealthState.HEALTHY, 0), (HealthState.STALE, 600))
    await world.judge(1_000)
    moments = [float(seconds) for seconds in range(0, 200_000, 9_000)]
    before = [world.store.compliance.verdicts_at(after(seconds)) for seconds in moments]
    world.assessor = world.begun_anew()
    await world.judge(1_010)
    assert [world.store.compliance.verdicts_at(after(seconds)) for seconds in moments] == before
    assert world.store.check() == ()


async def test_nothing_is_written_without_the_lease(world: World) -> None:
    world.is_leased = False
    await world.judge()
    assert world.store.compliance.evidence() == ()


async def test_evidence_of_another_collector_is_taken_up(world: World) -> None:
    world.probe()
    await world.judge()
    other = world.begun_anew()
    world.now_at = after(60)
    world.probe("TLSv1.0")
    await other.tick()
    count = len(world.store.compliance.evidence())
    await world.judge(90)
    assert len(world.store.compliance.evidence()) == count
    assert world.told("SEC-01", 90) == "not_satisfied"


def test_policies_that_did_not_change_begin_no_new_version() -> None:
    first = next_versions((), [TLS, FRESH], NOON)
    assert [(each.policy.id, each.version, each.valid_to_at) for each in first] == [
        ("SEC-01", 1, None),
        ("RES-02", 1, None),
    ]
    assert next_versions(first, [TLS, FRESH], after(60)) == []


async def test_all_of_history_is_looked_at_again_once_it_has_been_fetched(store: SqlStore) -> None:
    world = World(store, [FRESH], now_at=NOON - 30 * DAY)
    world.declare()
    fetching = BackfillProgress(NOON - 90 * DAY, NOON - DAY)
    world.fetch(fetching)
    await world.judge(10)
    world.states((HealthState.HEALTHY, -20 * 86_400.0))
    await world.judge(20)
    assert world.told("RES-02", -10 * 86_400.0) == "satisfied"
    world.states((HealthState.STALE, -20 * 86_400.0), (HealthState.HEALTHY, -15 * 86_400.0))
    await world.judge(30)
    assert world.told("RES-02", -16 * 86_400.0) == "satisfied"
    world.fetch(replace(fetching, finished=True))
    await world.judge(40)
    assert world.told("RES-02", -16 * 86_400.0) == "not_satisfied"


async def test_reports_of_scanners_stand_in_the_chain_beside_what_is_gathered(world: World) -> None:
    world.declare()
    await world.judge()
    found = scan_reported(after(1), SHELL, entity_key=PAYHUB)
    world.store.compliance.add_evidence([found]).result(PATIENCE_SECONDS)
    world.probe("TLSv1.3", days=10)
    await world.judge()
    assert world.store.compliance.check() == ()
    kinds = {each.kind for each in world.store.compliance.evidence()}
    assert {EvidenceKind.SCAN, EvidenceKind.CERTIFICATE} <= kinds


async def test_a_change_of_the_files_is_taken_in_while_it_runs(store: SqlStore) -> None:
    marks = iter("aab")
    made = World(store)
    made.declare(owner="")
    made.policies = []
    made.assessor = ComplianceAssessor(store, lambda: made.policies, made, mark=lambda: next(marks))
    await made.judge(0)
    made.policies = [OWNED]
    await made.judge(1)
    assert made.told("CHG-01", 1) == ""
    await made.judge(2)
    assert made.told("CHG-01", 2) == "not_satisfied"


async def test_refused_files_leave_what_stood_before_in_force_and_are_told_with_every_round(world: World) -> None:
    def refuse() -> list[Policy]:
        raise OperatorError("own.yaml, line 3: no.", "Correct the file.")

    await world.judge(0)
    world.assessor = ComplianceAssessor(world.store, refuse, world)
    world.now_at = after(60)
    world.declare(owner="")
    for seconds in (120, 180):
        with pytest.raises(OperatorError, match=r"own\.yaml, line 3"):
            await world.judge(seconds)
    assert [world.told("CHG-01", seconds) for seconds in (0, 60)] == ["satisfied", "not_satisfied"]


async def test_files_refused_before_anything_was_judged_end_the_round(store: SqlStore) -> None:
    def refuse() -> list[Policy]:
        raise OperatorError("own.yaml, line 3: no.", "Correct the file.")

    made = World(store)
    made.assessor = ComplianceAssessor(store, refuse, made)
    with pytest.raises(OperatorError, match=r"own\.yaml, line 3"):
        await made.judge(0)
    assert store.compliance.policy_versions() == ()
