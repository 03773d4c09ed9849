"""The way from evidence to the time it was measured in: which stretch, and what is said where little is left of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.policies import ControlKey, EvidenceKind
from quarterdeck.services.compliance import ComplianceReader
from quarterdeck.services.evidence_charts import AROUND, ChartFault, EvidenceChart, evidence_chart
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateChange
from quarterdeck.services.store_growth import SingleSamples
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, after
from tests.unit.policies.scans import SHELL
from tests.unit.policies.scans import evidence as scan_reported
from tests.unit.policies.test_assessor import PAYHUB, World

FRESH, TLS = ControlKey("RES-02", 1, PAYHUB), ControlKey("SEC-01", 1, PAYHUB)


def moment(seconds: float) -> Moment:
    return Moment(TimeRange(after(seconds - 3_600), after(seconds)), after(seconds), live=False)


def record(kind: EvidenceKind, from_at: datetime, to_at: datetime | None = None) -> EvidenceRecord:
    return EvidenceRecord(kind, PAYHUB, "Seen.", "states", "asked", from_at, to_at, from_at, 1, (), (), id=7)


@pytest.fixture
def world(store: SqlStore) -> World:
    made = World(store)
    made.declare()
    made.states((HealthState.HEALTHY, 0), (HealthState.STALE, 600), (HealthState.HEALTHY, 900))
    return made


def chart(world: World, told: EvidenceRecord, seconds: float = 1_200) -> EvidenceChart:
    found = evidence_chart(world.store, told, after(seconds))
    assert found is not None
    return found


def test_freshness_is_charted_over_the_very_stretch_with_the_play_head_at_its_end(world: World) -> None:
    found = chart(world, record(EvidenceKind.FRESHNESS, after(600), after(900)))
    assert found == EvidenceChart(PAYHUB, TimeRange(after(600), after(900)), after(900))


def test_what_still_goes_on_is_charted_to_the_moment_shown(world: World) -> None:
    found = chart(world, record(EvidenceKind.FRESHNESS, after(900)))
    assert (found.time_range, found.play_head_at) == (TimeRange(after(900), after(1_200)), None)


def test_what_ended_after_the_moment_shown_is_charted_to_the_moment_shown(world: World) -> None:
    found = chart(world, record(EvidenceKind.FRESHNESS, after(600), after(900)), 700)
    assert found.time_range == TimeRange(after(600), after(700))


def test_what_begins_at_the_moment_shown_is_a_second_long(world: World) -> None:
    found = chart(world, record(EvidenceKind.FRESHNESS, after(900)), 900)
    assert (found.time_range, found.fault) == (TimeRange(after(900), after(901)), None)


def test_a_certificate_is_charted_around_the_instant_it_was_seen(world: World) -> None:
    found = chart(world, record(EvidenceKind.CERTIFICATE, after(900)))
    assert found.time_range == TimeRange(after(900) - AROUND, after(1_200))
    assert found.play_head_at == after(900)


def test_availability_is_charted_over_the_days_it_was_measured_in_and_not_the_day_it_is_good_for(world: World) -> None:
    midnight = NOON + timedelta(hours=12)
    found = chart(world, record(EvidenceKind.AVAILABILITY, midnight), 50_000)
    assert found.time_range == TimeRange(midnight - timedelta(days=30), midnight)
    assert found.kept_from_at == after(0)


def test_a_stretch_in_which_the_entity_was_not_declared_yet_is_not_charted(world: World) -> None:
    found = chart(world, record(EvidenceKind.FRESHNESS, after(-900), after(-600)))
    assert found.fault is ChartFault.ENTITY_GONE


def test_a_stretch_before_the_store_knew_any_state_is_not_charted(store: SqlStore) -> None:
    early = World(store, now_at=after(-86_400))
    early.declare()
    early.states((HealthState.HEALTHY, 0))
    found = chart(early, record(EvidenceKind.FRESHNESS, after(-900), after(-600)))
    assert (found.fault, found.singles_from_at) == (ChartFault.NOTHING_KEPT, None)


def test_an_entity_that_was_declared_no_more_at_the_end_is_not_charted(world: World) -> None:
    world.write(EstateChange(after(700), "estate.yaml", remove_entity_keys=(PAYHUB,)))
    found = chart(world, record(EvidenceKind.FRESHNESS, after(600), after(900)))
    assert found.fault is ChartFault.ENTITY_GONE


def test_what_is_declared_has_no_stretch_and_what_scanners_or_people_told_no_chart(world: World) -> None:
    assert chart(world, record(EvidenceKind.DECLARATION, after(0))).time_range is None
    assert evidence_chart(world.store, scan_reported(after(1), SHELL), after(1_200)) is None
    assert evidence_chart(world.store, record(EvidenceKind.DECISION, after(0)), after(1_200)) is None


@dataclass
class Thinned:
    """A store whose single samples reach back only so far."""

    store: SqlStore
    oldest_at: datetime | None

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)

    def single_samples(self, before: datetime) -> SingleSamples:
        return SingleSamples(self.oldest_at, 0.0)


@pytest.mark.parametrize(("seconds", "is_told"), [(700.0, True), (600.0, False), (None, False)])
def test_where_only_summaries_are_left_of_the_beginning_it_is_told(
    world: World, seconds: float | None, *, is_told: bool
) -> None:
    thinned = Thinned(world.store, None if seconds is None else after(seconds))
    found = evidence_chart(thinned, record(EvidenceKind.FRESHNESS, after(600), after(900)), after(1_200))  # pyright: ignore[reportArgumentType] - the rest is handed on
    assert found is not None
    assert found.singles_from_at == (after(700) if is_told else None)


async def test_evidence_that_lapsed_stays_in_sight_with_its_chart(world: World) -> None:
    world.probe()
    await world.judge(1_000)
    found = ComplianceReader(world.store).control(TLS, moment(3 * 86_400))
    assert found is not None
    assert found.evidence == ()
    assert [each.kind for each in found.lapsed] == [EvidenceKind.CERTIFICATE]
    assert [each.play_head_at for each in found.charts if each is not None] == [after(0)]


async def test_each_piece_of_evidence_of_a_control_has_its_chart(world: World) -> None:
    await world.judge(1_200)
    found = ComplianceReader(world.store).control(FRESH, moment(1_200))
    assert found is not None
    assert len(found.charts) == len(found.evidence) == 1
    assert found.lapsed == ()


async def test_of_what_there_never_was_nothing_has_lapsed(world: World) -> None:
    await world.judge(1_200)
    found = ComplianceReader(world.store).control(TLS, moment(1_200))
    assert found is not None
    assert (found.evidence, found.lapsed, found.charts) == ((), (), ())
