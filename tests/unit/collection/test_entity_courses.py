"""How an entity was declared over time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from quarterdeck.domain.estate import Entity, EntityVersion, Origin
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.series import Meaning
from quarterdeck.services.entity_courses import course_of
from tests.unit.collection.fakes import NOON
from tests.unit.collection.watching import PAYHUB

STRICT = replace(PAYHUB, expectations=(Expectation(Meaning.RESPONSE_TIME, "p95", degraded_above=0.5),))
RENAMED = replace(PAYHUB, name="PayHub II")
MS = to_ms(NOON)


def hours(count: float) -> datetime:
    return NOON + timedelta(hours=count)


def version(entity: Entity, begin: float, end: float | None = None, *, observed: bool = False) -> EntityVersion:
    origin = Origin.OBSERVED if observed else Origin.DECLARED
    return EntityVersion(entity, origin, "test", hours(begin), None if end is None else hours(end))


def pieces(*versions: EntityVersion) -> list[tuple[str, float, float]]:
    course = course_of(versions)
    assert course is not None
    cut = course.over(MS - 3_600_000, MS + 10 * 3_600_000)
    names = {STRICT: "strict", PAYHUB: "usual", RENAMED: "renamed"}
    return [(names[p.entity], (p.from_ms - MS) / 3_600_000, (p.to_ms - MS) / 3_600_000) for p in cut]


def test_what_was_first_said_holds_for_all_time_before() -> None:
    assert pieces(version(PAYHUB, 5)) == [("usual", -1, 10)]


def test_what_changed_holds_from_then_on() -> None:
    assert pieces(version(PAYHUB, 0, 4), version(STRICT, 4)) == [("usual", -1, 4), ("strict", 4, 10)]


def test_a_change_that_is_not_about_judging_is_none() -> None:
    assert pieces(version(PAYHUB, 0, 4), version(RENAMED, 4)) == [("renamed", -1, 10)]


def test_between_two_declarations_there_is_nothing() -> None:
    assert pieces(version(PAYHUB, 0, 2), version(PAYHUB, 6)) == [("usual", -1, 2), ("usual", 6, 10)]


def test_what_is_declared_stands_before_what_is_observed() -> None:
    observed = version(PAYHUB, 0, observed=True)
    assert pieces(observed, version(STRICT, 2, 6)) == [("usual", -1, 2), ("strict", 2, 6), ("usual", 6, 10)]


def test_an_entity_that_was_never_told_has_no_course() -> None:
    assert course_of(()) is None


def test_the_end_of_a_course_is_when_it_was_withdrawn() -> None:
    ended, standing = course_of([version(PAYHUB, 0, 2)]), course_of([version(PAYHUB, 0)])
    assert ended is not None
    assert standing is not None
    assert (ended.ended_ms, standing.ended_ms) == (to_ms(hours(2)), None)
