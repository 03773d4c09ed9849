"""Policies on trial: what they would be is what the collector then makes of them, and nothing is written meanwhile."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.policies import EvidenceKind, PolicyVersion, Scope, Verdict, Waiver
from quarterdeck.exporters.trial_words import trial_json, trial_text
from quarterdeck.services.policy_trials import Trial, try_policies
from quarterdeck.storage.store import SqlStore
from tests.support.granted_waivers import grant
from tests.support.stores import after
from tests.unit.policies.test_assessor import DAY, FRESH, PAYHUB, TLS, World

HOLDS, BROKEN, SILENT = Verdict.SATISFIED, Verdict.NOT_SATISFIED, Verdict.NOT_EVALUABLE
LOOSE = replace(TLS, rule="tls.version >= 1.0")


@pytest.fixture
def world(store: SqlStore) -> World:
    made = World(store)
    made.policies = [TLS]
    made.now_at -= 10 * DAY
    made.declare()
    made.probe("TLSv1.1")
    return made


def stored(world: World) -> tuple[tuple[EvidenceRecord, ...], tuple[PolicyVersion, ...]]:
    """Everything that a trial might have written."""
    return world.store.compliance.evidence(), world.store.compliance.policy_versions()


async def judged_daily(world: World, *, days: int = 9) -> None:
    """Probe and judge once a day until noon."""
    for day in range(-days, 1):
        world.now_at = after(day * 86_400)
        world.probe("TLSv1.1")
        await world.judge()


async def test_the_version_in_force_is_tried_as_it_was_recorded(world: World) -> None:
    await judged_daily(world)
    (row,) = try_policies(world.store, [TLS], after(0), 5).rows
    assert (row.now, row.recorded, row.changed_days) == (BROKEN, BROKEN, 0)
    assert row.days == (BROKEN,) * 5


async def test_an_edited_policy_tells_what_would_change_and_writes_nothing(world: World) -> None:
    await judged_daily(world)
    before = stored(world)
    trial = try_policies(world.store, [LOOSE], after(0), 5)
    (row,) = trial.rows
    assert (row.now, row.recorded, row.changes_now, row.changed_days) == (HOLDS, BROKEN, True, 5)
    assert (trial.counts()[HOLDS], len(trial.changing)) == (1, 1)
    assert stored(world) == before


async def test_a_trial_agrees_with_what_the_collector_makes_of_the_policy_afterwards(world: World) -> None:
    await judged_daily(world)
    world.states((HealthState.HEALTHY, -5 * 86_400.0), (HealthState.STALE, -2 * 86_400.0), (HealthState.HEALTHY, -100))
    trial = try_policies(world.store, [FRESH], after(0), 9)
    assert trial.gathered > 0
    world.policies = [TLS, FRESH]
    world.assessor = world.begun_anew()
    await world.judge(0)
    (tried,), (recorded,) = trial.rows, try_policies(world.store, [FRESH], after(0), 9).rows
    assert tried.days == recorded.recorded_days
    assert tried.now is recorded.recorded


async def test_after_a_change_the_old_verdicts_stand_beside_the_replay(world: World) -> None:
    await judged_daily(world)
    world.policies = [LOOSE]
    world.assessor = world.begun_anew()
    await world.judge(1)
    (row,) = try_policies(world.store, [LOOSE], after(2), 5).rows
    assert (row.now, row.recorded) == (HOLDS, HOLDS)
    assert row.recorded_days == (BROKEN,) * 5
    assert row.days == (HOLDS,) * 5


async def test_a_waiver_counts_on_trial_as_it_does_in_force(world: World) -> None:
    await judged_daily(world)
    grant(world.store, Waiver("w-1", "SEC-01", PAYHUB, "Known", "a", "b", after(-86_400), after(86_400)))
    assert try_policies(world.store, [TLS], after(0), 3).rows[0].now is Verdict.WAIVED


async def test_an_entity_that_falls_out_of_scope_is_told_as_covered_no_more(world: World) -> None:
    await judged_daily(world)
    elsewhere = replace(TLS, scope=Scope(kinds=(EntityKind.SERVICE,)))
    (row,) = try_policies(world.store, [elsewhere], after(0), 3).rows
    assert (row.now, row.recorded, row.days) == (None, BROKEN, (None,) * 3)


async def test_evidence_that_lapses_is_seen_in_the_strip(world: World) -> None:
    await world.judge()
    (row,) = try_policies(world.store, [TLS], after(0), 10).rows
    assert row.days == (BROKEN, *(SILENT,) * 9)


def test_an_empty_store_has_nothing_to_try_on(store: SqlStore) -> None:
    trial = try_policies(store, [TLS], after(0))
    assert trial.rows == ()
    assert "covers nothing" in trial_text(trial)


@pytest.mark.parametrize("days", [0, 367])
def test_a_trial_over_no_time_or_all_of_it_is_refused(store: SqlStore, days: int) -> None:
    with pytest.raises(ValueError, match="1 to 366 days"):
        try_policies(store, [TLS], after(0), days)


async def tried(world: World) -> Trial:
    """The edited policy on trial over three days."""
    await judged_daily(world)
    return try_policies(world.store, [LOOSE], after(0) + timedelta(seconds=1), 3)


async def test_the_words_of_a_trial_tell_what_would_change(world: World) -> None:
    told = trial_text(await tried(world))
    assert "SEC-01 Title (other than version 1 in force): 1 satisfied; 1 would change." in told
    assert "PayHub" in told
    assert "Satisfied d  Not sat. d  No ev. d  Waived d  Other d" in told
    assert "Nothing was written" in told


async def test_the_json_of_a_trial_holds_every_day(world: World) -> None:
    (policy,) = json.loads(trial_json(await tried(world)))["policies"]
    (entity,) = policy["entities"]
    assert policy["in_force"]["version"] == 1
    assert entity["days"] == ["satisfied"] * 3
    assert entity["recorded_days"] == ["not_satisfied"] * 3
    assert entity["changed_days"] == 3


async def test_a_trial_gathers_nothing_that_is_asked_for_already(world: World) -> None:
    await judged_daily(world)
    assert try_policies(world.store, [TLS], after(0)).gathered == 0
    assert all(record.kind is not EvidenceKind.FRESHNESS for record in stored(world)[0])
