"""What policies ask to be done is done once for a stretch of a verdict, on record, and told where it fails."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from quarterdeck.analysis.verdicts import VerdictSpan
from quarterdeck.domain.enforcements import Cause, EnforcementRecord, EnforcementStep
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.policies import ControlKey, Enforcement, PolicyVersion, Verdict
from quarterdeck.exporters.enforcement_words import steps_text
from quarterdeck.services.compliance import ComplianceReader
from quarterdeck.services.compliance_ports import VerdictChange
from quarterdeck.services.enforcement import EnforcementLog, Enforcer, broken_now, notice_of, open_incidents
from quarterdeck.services.enforcement_ports import Notice
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateChange
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.tables import FOREVER
from quarterdeck.ui.panels.compliance.finding_words import finding_state
from tests.support.stores import NOON, PATIENCE_SECONDS, after
from tests.unit.policies.test_assessor import PAYHUB, TLS

HOLDS, BROKEN = Verdict.SATISFIED, Verdict.NOT_SATISFIED
ACTING = replace(TLS, actions=(Enforcement.NOTIFY_OWNER, Enforcement.OPEN_INCIDENT))
DEAD = OperatorError("mailto://dead did not take the notice.", "See whether the target answers.")


@dataclass
class FakeNotifier:
    """Keeps what it is to send; fails as long as there are failures."""

    target: str | None = "mailto://owner"
    failures: list[OperatorError] = field(default_factory=list)
    sent: list[Notice] = field(default_factory=list)
    asked: list[Notice] = field(default_factory=list)
    on_send: Callable[[], object] = lambda: None

    def target_of(self, owner: str) -> str | None:
        return self.target

    async def send(self, notice: Notice) -> None:
        self.asked.append(notice)
        self.on_send()
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(notice)


@dataclass
class World:
    """A store with one control, and an enforcer with a clock that is set by hand."""

    store: SqlStore
    notifier: FakeNotifier = field(default_factory=FakeNotifier)
    seconds: float = 0
    may_write: bool = True

    def __post_init__(self) -> None:
        entity = Entity(PAYHUB, EntityKind.INTEGRATION, "PayHub", "bill_pay", "payments", 1)
        change = EstateChange(NOON - timedelta(days=9), "estate.yaml", put_entities=(entity,))
        self.store.writer.change_estate(change).result(PATIENCE_SECONDS)
        self.enforce(ACTING.actions)
        self.enforcer = self.begun_anew()

    def enforce(self, actions: tuple[Enforcement, ...]) -> None:
        version = PolicyVersion(replace(ACTING, actions=actions), 1, NOON - timedelta(days=9))
        self.store.compliance.put_policy_versions([version]).result(PATIENCE_SECONDS)

    def now(self):  # noqa: ANN201 - the clock's
        return after(self.seconds)

    def begun_anew(self) -> Enforcer:
        return Enforcer(self.store, self.notifier, self, may_write=lambda: self.may_write)

    def judge(self, *spans: tuple[Verdict, float]) -> None:
        """Verdicts that begin so many seconds after noon, the last without end."""
        ends = [*(to_ms(after(begins)) for _, begins in spans[1:]), FOREVER]
        told = tuple(
            VerdictSpan(to_ms(after(begins)), end, verdict, "TLS version: 1.1")
            for (verdict, begins), end in zip(spans, ends, strict=True)
        )
        change = VerdictChange(ControlKey("SEC-01", 1, PAYHUB), 0, told)
        self.store.compliance.change_verdicts([change]).result(PATIENCE_SECONDS)

    async def go_round(self, seconds: float) -> None:
        self.seconds = seconds
        await self.enforcer.tick()

    def steps(self, action: Enforcement = Enforcement.NOTIFY_OWNER) -> list[EnforcementStep]:
        return [each.step for each in self.records() if each.action is action]

    def records(self) -> list[EnforcementRecord]:
        return list(EnforcementLog(self.store).records())


@pytest.fixture
def world(store: SqlStore) -> World:
    return World(store)


async def test_the_owner_is_told_once_of_a_control_that_does_not_hold(world: World) -> None:
    world.judge((BROKEN, -60))
    for seconds in (0, 15, 30):
        await world.go_round(seconds)
    (notice,) = world.notifier.sent
    assert notice.owner == "Security"
    assert "SEC-01 Title: PayHub, not satisfied since 2026-03-02 11:59 UTC. TLS version: 1.1" in notice.body
    assert world.steps() == [EnforcementStep.BEGUN, EnforcementStep.DONE]


async def test_every_step_says_who_what_when_and_because_of_which_verdict(world: World) -> None:
    world.judge((BROKEN, -60))
    await world.go_round(5)
    done = world.records()[-1]
    assert (done.by, done.action, done.at, done.detail) == (
        "Quarterdeck",
        Enforcement.NOTIFY_OWNER,
        after(5),
        "mailto://owner",
    )
    assert done.cause == Cause("SEC-01", 1, PAYHUB, after(-60))
    assert tuple(world.store.check()) == ()
    assert "SEC-01 on integration/payhub: notify owner, done" in steps_text(world.records())


async def test_a_control_that_breaks_again_is_told_again(world: World) -> None:
    world.judge((BROKEN, -60))
    await world.go_round(0)
    world.judge((BROKEN, -60), (HOLDS, 30), (BROKEN, 90))
    await world.go_round(100)
    assert len(world.notifier.sent) == 2
    assert world.notifier.sent[0].reference != world.notifier.sent[1].reference


async def test_a_stretch_that_is_found_to_have_begun_otherwise_is_not_told_twice(world: World) -> None:
    world.judge((BROKEN, -60))
    await world.go_round(0)
    for begins in (-600, -10):
        world.judge((BROKEN, begins))
        await world.go_round(15)
    assert len(world.notifier.sent) == 1


async def test_a_dead_target_is_told_and_tried_again_later_and_later(world: World) -> None:
    world.judge((BROKEN, -60))
    world.notifier.failures = [DEAD] * 3
    tried = []
    for seconds in range(0, 600, 15):
        with suppress(OperatorError):
            await world.go_round(seconds)
        tried += [seconds] * (len(world.notifier.asked) - len(tried))
    assert tried == [0, 60, 180, 420]
    assert len(world.notifier.sent) == 1
    failed = [each for each in world.records() if each.step is EnforcementStep.FAILED]
    assert [each.attempt for each in failed] == [1, 2, 3]
    assert "again from" in steps_text(failed)


async def test_the_round_ends_with_what_went_wrong_and_the_next_step(world: World) -> None:
    world.judge((BROKEN, -60))
    world.notifier.failures = [DEAD]
    with pytest.raises(OperatorError, match="did not take the notice"):
        await world.go_round(0)


async def test_pauses_grow_to_six_hours_and_no_further(world: World) -> None:
    record = EnforcementRecord(
        Enforcement.NOTIFY_OWNER, EnforcementStep.FAILED, Cause("SEC-01", 1, PAYHUB, NOON), "", "x", NOON, attempt=500
    )
    assert record.again_at == NOON + timedelta(hours=6)
    assert replace(record, step=EnforcementStep.DONE).again_at is None


async def test_without_a_target_it_is_said_once_and_sent_when_there_is_one(world: World) -> None:
    world.judge((BROKEN, -60))
    world.notifier.target = None
    for seconds in (0, 15):
        await world.go_round(seconds)
    assert world.steps() == [EnforcementStep.NO_TARGET]
    assert "No target is set for Security." in world.records()[-1].detail
    world.notifier.target = "mailto://owner"
    await world.go_round(30)
    assert world.steps()[-1] is EnforcementStep.DONE


async def test_a_notice_cut_off_by_the_end_of_the_program_is_told_as_not_known_and_not_repeated(world: World) -> None:
    def end() -> None:
        raise KeyboardInterrupt

    world.judge((BROKEN, -60))
    world.notifier.on_send = end
    with pytest.raises(KeyboardInterrupt):
        await world.go_round(0)
    world.notifier.on_send = lambda: None
    world.enforcer = world.begun_anew()
    await world.go_round(15)
    assert world.steps() == [EnforcementStep.BEGUN, EnforcementStep.UNKNOWN]
    assert world.notifier.sent == []


async def test_whoever_may_not_write_does_nothing(world: World) -> None:
    world.judge((BROKEN, -60))
    world.may_write = False
    await world.go_round(0)
    assert (world.notifier.sent, world.records()) == ([], [])


async def test_what_holds_or_has_no_evidence_or_is_over_has_nothing_done(world: World) -> None:
    for verdict in (HOLDS, Verdict.NOT_EVALUABLE, Verdict.WAIVED):
        world.judge((BROKEN, -90), (verdict, -60))
        await world.go_round(0)
    assert world.records() == []


async def test_an_incident_is_opened_once_and_ends_when_the_policy_holds_again(world: World) -> None:
    world.judge((BROKEN, -60))
    for seconds in (0, 15):
        await world.go_round(seconds)
    (incident,) = open_incidents(world.records())
    assert (incident.detail, incident.cause.entity_key) == ("incident-1", PAYHUB)
    world.judge((BROKEN, -60), (HOLDS, 20))
    await world.go_round(30)
    assert open_incidents(world.records()) == ()
    world.judge((BROKEN, -60), (HOLDS, 20), (BROKEN, 40))
    await world.go_round(45)
    assert [each.detail for each in open_incidents(world.records())] == ["incident-2"]


async def test_a_policy_without_actions_has_nothing_done(world: World) -> None:
    world.enforce(())
    world.judge((BROKEN, -60))
    await world.go_round(0)
    assert world.records() == []


async def test_many_broken_controls_make_one_notice_that_stays_short(world: World) -> None:
    world.judge((BROKEN, -60))
    (broken,) = broken_now(world.store, NOON)
    notice = notice_of("Security\nX", [replace(broken, entity_name="x\n" * 900)] * 60)
    assert notice.title == "60 controls do not hold (Security X)"
    assert "And 10 more." in notice.body
    assert max(map(len, notice.body.splitlines())) <= 300


def test_nothing_done_is_told_as_such() -> None:
    assert steps_text(()) == "Nothing was done by any policy yet."


async def test_what_was_done_stands_beside_the_finding_with_what_failed_and_when_it_is_tried_again(
    world: World,
) -> None:
    world.judge((BROKEN, -60))
    world.notifier.failures = [DEAD]
    with pytest.raises(OperatorError, match="did not take"):
        await world.go_round(0)
    now = after(30)
    report = ComplianceReader(world.store).control(
        ControlKey("SEC-01", 1, PAYHUB), Moment(TimeRange.ending(now, 60), now)
    )
    assert report is not None
    facts = {fact.label: fact.value for fact in finding_state(report, now, str).facts}
    assert facts["Incident"].startswith("opened")
    assert facts["Incident"].endswith("incident-1")
    assert "did not take the notice. See whether the target answers.; again from" in facts["Owner told"]
