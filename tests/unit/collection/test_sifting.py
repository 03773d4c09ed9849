"""What no source may do to the store, whatever it sends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.checks import CheckOutcome, CheckResult, ClaimedStatus
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.events import Change, Event
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.sifting import MAX_NAME, MAX_TEXT, sift
from tests.unit.collection.fakes import IDENTITY, NOON, samples_at

LONG = "x" * 1_000_000


def dated(at: datetime) -> Batch:
    """One record of each dated kind."""
    key = "service/payments"
    return Batch(
        samples=Samples.at(at, {IDENTITY: 1.0}),
        checks=(CheckResult(key, "login", at, CheckOutcome.PASSED, "fine"),),
        events=(Event("feed", "1", "payment.submitted", at),),
        changes=(Change("1", "deploy", at, "a deploy"),),
        claimed=(ClaimedStatus(key, at, HealthState.HEALTHY, "up"),),
        allocations=(Allocation(key, "/", "storage", "By", 1.0, 0.5, at),),
    )


@pytest.mark.parametrize("days", [20_000, -20_000])
def test_records_of_impossible_times_are_left_out_whatever_they_are(days: int) -> None:
    sifted = sift(dated(NOON + timedelta(days=days)), NOON)
    assert sifted.batch.record_count == 0
    assert sifted.words.startswith("6 records are dated")


def test_of_what_is_still_to_come_only_changes_are_taken_for_they_are_announced() -> None:
    sifted = sift(dated(NOON + timedelta(days=40)), NOON)
    assert sifted.batch.record_count == len(sifted.batch.changes) == 1
    assert sifted.words.startswith("5 records are dated into the future")


def test_one_record_is_told_as_one() -> None:
    sifted = sift(samples_at(NOON + timedelta(days=3)), NOON)
    assert sifted.words == "1 record is dated into the future and was left out; its clock is ahead."


def test_records_of_a_clock_that_is_a_little_ahead_are_taken() -> None:
    sifted = sift(dated(NOON + timedelta(minutes=2)), NOON)
    assert (sifted.batch.record_count, sifted.words) == (6, "")


def test_what_fits_is_passed_on_as_it_is() -> None:
    batch = dated(NOON)
    sifted = sift(batch, NOON).batch
    assert all(
        one is other for one, other in zip(sifted.events + sifted.checks, batch.events + batch.checks, strict=True)
    )


def test_texts_without_end_are_cut_wherever_they_stand() -> None:
    facts = tuple((f"{number}{LONG}", LONG) for number in range(200))
    batch = Batch(
        samples=Samples.at(NOON, {SeriesIdentity(LONG, LONG, labels=facts): 1.0}),
        checks=(CheckResult(LONG, LONG, NOON, CheckOutcome.PASSED, LONG, facts=facts),),
        events=(Event("feed", LONG, LONG, NOON, LONG, LONG, facts),),
        changes=(Change(LONG, LONG, NOON, LONG, LONG, facts),),
        entities=(Entity(LONG, EntityKind.SERVICE, LONG, LONG, LONG, description=LONG, facts=facts),),
        relations=(Relation(RelationKind.SERVICE_COMPONENT, LONG, LONG, facts),),
        claimed=(ClaimedStatus(LONG, NOON, HealthState.HEALTHY, LONG, facts),),
        allocations=(Allocation(LONG, LONG, LONG, LONG, 1.0, None, NOON),),
        note=LONG,
    )
    longest = max(len(text) for text in texts_in(sift(batch, NOON).batch))
    assert longest <= MAX_TEXT
    assert len(sift(batch, NOON).batch.checks[0].name) == MAX_NAME


def texts_in(value: object) -> list[str]:
    """Every text inside records, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in texts_in(part)]
    slots: tuple[str, ...] = getattr(type(value), "__slots__", ())
    return [text for name in slots for text in texts_in(getattr(value, name))]


@pytest.mark.parametrize(
    "samples",
    [
        Samples((IDENTITY,), np.array([1], np.int32), np.array([0], np.int64), np.ones(1)),
        Samples((IDENTITY,), np.array([-1], np.int32), np.array([0], np.int64), np.ones(1)),
        Samples((), np.array([0], np.int32), np.array([0], np.int64), np.ones(1)),
    ],
)
def test_samples_of_a_series_that_is_not_named_are_refused(samples: Samples) -> None:
    with pytest.raises(ValueError, match="series"):
        sift(Batch(samples=samples), NOON)


def test_an_instant_without_a_time_zone_is_refused() -> None:
    naive = replace(dated(NOON).checks[0], checked_at=NOON.replace(tzinfo=None))
    with pytest.raises(TypeError):
        sift(Batch(checks=(naive,)), NOON)


def test_a_note_is_kept_beside_what_was_left_out() -> None:
    sifted = sift(replace(samples_at(NOON + timedelta(days=9)), note="Half of it was garbage."), NOON)
    assert sifted.batch.note == "Half of it was garbage."


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), float("-inf")], ids=["nan", "inf", "minus_inf"])
def test_a_size_that_is_no_number_is_left_out_and_told_and_costs_nothing_else(odd: float) -> None:
    sound = Allocation("service/payments", "/", "storage", "By", 10.0, None, NOON)
    odd_size, odd_use = replace(sound, allocated=odd), replace(sound, used=odd)
    alone = sift(Batch(allocations=(sound, odd_size)), NOON)
    both = sift(Batch(allocations=(odd_size, sound, odd_use)), NOON)
    assert (alone.batch.allocations, alone.words) == ((sound,), "1 size is no number and was left out.")
    assert (both.batch.allocations, both.words) == ((sound,), "2 sizes are no numbers and were left out.")
