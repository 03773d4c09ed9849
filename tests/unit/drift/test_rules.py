"""What is drift, since when, and what cannot be known: pure rules over what was declared and seen."""

from datetime import UTC, datetime, timedelta

from quarterdeck.analysis.drift import DeclaredThing, drift_at
from quarterdeck.domain.drift import Drift, DriftStanding
from quarterdeck.domain.sightings import LOOKING, DeclaredSpan, Sighting

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
A, B, C = "service/a", "service/b", "component/c"
A_TO_B, A_TO_C = f"service_component:{A}>{B}", f"service_component:{A}>{C}"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def seen(
    key: str, begin: float, end: float | None = None, *, source: str = "mesh", last: float | None = None
) -> Sighting:
    ended = None if end is None else at(end)
    return Sighting(source, key, at(begin), ended, at(last if last is not None else end or 100))


def link(key: str) -> DeclaredThing:
    kind, _, ends = key.partition(":")
    first, _, second = ends.partition(">")
    return DeclaredThing(key, (), kind, (first, second))


def told(
    minutes: float,
    *things: DeclaredThing,
    sightings: tuple[Sighting, ...],
    spans: tuple[DeclaredSpan, ...] | None = None,
    answering: tuple[str, ...] = ("mesh",),
) -> tuple[Drift, ...]:
    given = spans if spans is not None else tuple(DeclaredSpan(each.key, at(0), None) for each in things)
    return drift_at(at(minutes), things, given, sightings, answering=answering)[0]


LOOKS = seen(LOOKING, 5)


def test_what_is_declared_and_seen_is_no_drift_and_is_counted() -> None:
    found = drift_at(
        at(20), [DeclaredThing(A)], [DeclaredSpan(A, at(0), None)], [LOOKS, seen(A, 5)], answering=["mesh"]
    )
    assert found == ((), 1)


def test_what_was_seen_once_and_is_not_any_more_is_drift_since_the_look_that_missed_it() -> None:
    assert told(60, DeclaredThing(A), sightings=(LOOKS, seen(A, 5, 40, last=30))) == (
        Drift(A, DriftStanding.NOT_SEEN, ("mesh",), at(40), at(5), at(30)),
    )


def test_the_past_knows_nothing_of_looks_that_came_later() -> None:
    sightings = (LOOKS, seen(A, 5, 40, last=30))
    assert told(39, DeclaredThing(A), sightings=sightings) == ()
    assert told(4, DeclaredThing(A), sightings=sightings) == (Drift(A, DriftStanding.NO_SOURCE),)


def test_what_no_source_would_see_is_not_known_to_be_missing() -> None:
    assert told(60, DeclaredThing(A), sightings=(LOOKS,)) == (Drift(A, DriftStanding.NO_SOURCE),)


def test_a_declaration_that_names_its_source_is_missed_since_that_source_looks() -> None:
    thing = DeclaredThing(A, seen_by=("mesh",))
    assert told(60, thing, sightings=(LOOKS,)) == (Drift(A, DriftStanding.NOT_SEEN, ("mesh",), at(5)),)


def test_a_declaration_younger_than_the_looks_is_missed_since_it_was_made() -> None:
    thing = DeclaredThing(A, seen_by=("mesh",))
    spans = (DeclaredSpan(A, at(0), at(10)), DeclaredSpan(A, at(30), at(40)), DeclaredSpan(A, at(40), None))
    (found,) = told(60, thing, sightings=(LOOKS,), spans=spans)
    assert found.since_at == at(30)


def test_a_relation_is_missed_by_a_source_that_sees_its_kind_at_both_ends() -> None:
    sightings = (LOOKS, seen(f"service_component:service/x>{A}", 5), seen(f"service_component:{B}>{C}", 5))
    found = told(60, link(A_TO_B), sightings=sightings)
    assert [each for each in found if each.key == A_TO_B] == [Drift(A_TO_B, DriftStanding.NOT_SEEN, ("mesh",), at(5))]


def test_a_relation_is_not_missed_by_a_source_that_sees_one_of_its_ends_only() -> None:
    found = told(60, link(A_TO_B), sightings=(LOOKS, seen(A_TO_C, 5)))
    assert [each.standing for each in found if each.key == A_TO_B] == [DriftStanding.NO_SOURCE]


def test_a_source_that_is_silent_misses_nothing() -> None:
    found = told(60, DeclaredThing(A), sightings=(LOOKS, seen(A, 5, 40, last=30)), answering=())
    assert found == (Drift(A, DriftStanding.SOURCE_SILENT, ("mesh",), None, at(5), at(30)),)


def test_a_silent_source_is_no_proof_that_something_is_still_there() -> None:
    (found,) = told(60, DeclaredThing(A), sightings=(LOOKS, seen(A, 5, last=30)), answering=())
    assert (found.standing, found.last_seen_at) == (DriftStanding.SOURCE_SILENT, at(30))


def test_one_source_that_sees_it_is_enough_though_another_does_not() -> None:
    other = (seen(LOOKING, 5, source="other"), seen(A, 5, 20, source="other"))
    assert told(60, DeclaredThing(A), sightings=(LOOKS, seen(A, 5), *other), answering=("mesh", "other")) == ()


def test_of_several_sources_the_last_that_saw_it_says_since_when_it_is_gone() -> None:
    other = (seen(LOOKING, 5, source="other"), seen(A, 5, 50, source="other", last=45))
    (found,) = told(
        60, DeclaredThing(A), sightings=(LOOKS, seen(A, 5, 20, last=15), *other), answering=("mesh", "other")
    )
    assert (found.sources, found.since_at, found.last_seen_at) == (("mesh", "other"), at(50), at(45))


def test_what_is_seen_and_not_declared_is_drift_since_it_was_first_seen() -> None:
    assert told(60, sightings=(LOOKS, seen(A_TO_C, 25))) == (
        Drift(A_TO_C, DriftStanding.NOT_DECLARED, ("mesh",), at(25), at(25), at(60)),
    )


def test_what_was_withdrawn_and_is_still_seen_is_drift_since_it_was_withdrawn() -> None:
    spans = (DeclaredSpan(A, at(0), at(10)), DeclaredSpan(A, at(10), at(30)))
    (found,) = told(60, sightings=(LOOKS, seen(A, 5)), spans=spans)
    assert (found.standing, found.since_at, found.first_seen_at) == (DriftStanding.NOT_DECLARED, at(30), at(5))


def test_what_was_seen_and_is_neither_seen_nor_declared_now_is_nothing() -> None:
    assert told(60, sightings=(LOOKS, seen(A, 5, 20))) == ()


def test_what_only_a_silent_source_saw_undeclared_cannot_be_told() -> None:
    (found,) = told(60, sightings=(LOOKS, seen(A, 5, last=20)), answering=())
    assert (found.standing, found.since_at) == (DriftStanding.SOURCE_SILENT, None)


def test_a_source_that_tells_by_the_way_proves_presence_but_never_absence() -> None:
    by_the_way = seen(A, 5, source="feed")
    assert told(60, DeclaredThing(A), sightings=(by_the_way,), answering=("feed",)) == ()
    thing = DeclaredThing(B, seen_by=("feed",))
    assert told(60, thing, DeclaredThing(A), sightings=(by_the_way,), answering=("feed",))[0].standing is (
        DriftStanding.SOURCE_SILENT
    )
