"""What ends when: seen by probes, declared by facts, or not known, and then said so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.domain.estate import Entity, EntityKind, Estate, Relation, RelationKind
from quarterdeck.domain.health import HealthState
from quarterdeck.services.expiries import Expiry
from quarterdeck.services.expiry_calendar import ExpiryKind, UndatedEntry, read_calendar, soonest_ends

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HUB = Entity("partner/hub", EntityKind.PARTNER, "Hub")
PAY = Entity("integration/pay", EntityKind.INTEGRATION, "Pay")
API = Entity("service/api", EntityKind.SERVICE, "API")
LINK = Relation(RelationKind.EXTERNAL_INTERNAL, HUB.key, PAY.key)
ESTATE = Estate((HUB, PAY, API), (LINK,))
SEEN = Expiry(
    HUB.key,
    "Hub",
    EntityKind.PARTNER,
    "",
    NOON + timedelta(days=9),
    9.0,
    HealthState.DEGRADED,
    NOON,
    used_by=("Pay",),
    used_keys=(PAY.key,),
)


def with_facts(entity: Entity, **facts: str) -> Entity:
    return replace(entity, facts=tuple(sorted(facts.items())))


def test_where_nothing_is_known_that_is_listed() -> None:
    calendar = read_calendar(ESTATE, (), NOON)
    assert calendar.entries == ()
    assert calendar.undated == (UndatedEntry(PAY.key, "Pay", tuple(ExpiryKind)),)


def test_a_certificate_that_was_seen_stands_with_when_that_was() -> None:
    calendar = read_calendar(ESTATE, (SEEN,), NOON)
    [entry] = calendar.entries
    assert (entry.kind, entry.seen_at, entry.declared_on, entry.used_by) == (ExpiryKind.CERTIFICATE, NOON, "", ("Pay",))
    assert calendar.undated[0].kinds == (ExpiryKind.KEY, ExpiryKind.CONSENT)


@pytest.mark.parametrize(
    ("text", "ends_at"),
    [
        ("2026-12-01", "2026-12-01T23:59:59+00:00"),
        ("2026-12-01T10:00:00+02:00", "2026-12-01T08:00:00+00:00"),
        ("2026-12-01 10:00", "2026-12-01T10:00:00+00:00"),
    ],
    ids=["day", "instant", "without-zone"],
)
def test_a_declared_end_is_a_day_or_an_instant(text: str, ends_at: str) -> None:
    estate = replace(ESTATE, entities=(with_facts(HUB, key_ends=text), PAY))
    [entry] = read_calendar(estate, (), NOON).entries
    assert (entry.kind, entry.ends_at.isoformat(), entry.declared_on) == (ExpiryKind.KEY, ends_at, "Hub")
    assert (entry.seen_at, entry.used_by) == (None, ("Pay",))


def test_a_relation_declares_ends_too() -> None:
    linked = replace(LINK, facts=(("consent_ends", "2026-11-20"),))
    [entry] = read_calendar(replace(ESTATE, relations=(linked,)), (), NOON).entries
    assert (entry.name, entry.entity_key, entry.state) == ("Hub → Pay", HUB.key, HealthState.DOWN)
    assert entry.days_left < 0


def test_what_is_no_date_is_told_as_it_was_declared() -> None:
    estate = replace(ESTATE, entities=(with_facts(HUB, key_ends="ask the partner desk"), PAY))
    calendar = read_calendar(estate, (SEEN,), NOON)
    assert calendar.undated == (
        UndatedEntry(PAY.key, "Pay", (ExpiryKind.KEY, ExpiryKind.CONSENT), ((ExpiryKind.KEY, "ask the partner desk"),)),
    )


def test_an_integration_with_every_end_known_is_not_listed_as_unknown() -> None:
    known = with_facts(PAY, key_ends="2027-01-01", consent_ends="2027-02-01", certificate_ends="2027-03-01")
    calendar = read_calendar(replace(ESTATE, entities=(HUB, known)), (), NOON)
    assert calendar.undated == ()
    assert [(one.kind, one.used_by) for one in calendar.entries] == [
        (ExpiryKind.KEY, ("Pay",)),
        (ExpiryKind.CONSENT, ("Pay",)),
        (ExpiryKind.CERTIFICATE, ("Pay",)),
    ]


def test_a_relation_to_something_unknown_is_left_out() -> None:
    lost = Relation(RelationKind.EXTERNAL_INTERNAL, "partner/gone", PAY.key, (("key_ends", "2027-01-01"),))
    assert read_calendar(replace(ESTATE, relations=(lost,)), (), NOON).entries == ()


def test_the_soonest_end_of_an_integration_counts() -> None:
    later = with_facts(PAY, key_ends="2027-01-01")
    entries = read_calendar(replace(ESTATE, entities=(HUB, later)), (SEEN,), NOON).entries
    assert soonest_ends(entries) == {PAY.key: 9.0}
