"""What a page's own history of incidents is taken to say that it claimed, and what no hostile history can do."""

import json
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from quarterdeck.connectors.status_page.source import Source
from quarterdeck.domain.checks import ClaimedStatus
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.connector import Purpose, Window
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.testing import Collected, collect_all, context_for, settings_for

MANIFEST = load_manifest(files("quarterdeck.connectors.status_page") / "manifest.toml")
PARTNER, PAYMENTS = "partner/payhub", "integration/payments"
COMPONENTS = f"Payments API => {PAYMENTS}"


def stamp(at: datetime) -> str:
    return at.isoformat()


async def past(
    incidents: object, maintenances: object = None, *, hours: float = 10, status: int = 200, **more: str
) -> tuple[list[ClaimedStatus], Collected]:
    """The claims of the last hours by a page with this history; the page answers 404 where there is none."""
    values = settings_for(MANIFEST, {"address": "http://127.0.0.1:8300/", "entity": PARTNER, **more})

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("incidents.json"):
            return httpx.Response(status, content=json.dumps(incidents).encode("ascii"))
        if maintenances is None:
            return httpx.Response(404)
        return httpx.Response(200, content=json.dumps(maintenances).encode("ascii"))

    context = context_for(values, transport=httpx.MockTransport(answer))
    window = Window(TimeRange.ending(context.now(), hours * 3600), Purpose.BACKFILL)
    found = await collect_all(Source(), context, window=window)
    return [claim for batch in found.batches for claim in batch.claimed], found


NOW = context_for(settings_for(MANIFEST, {"address": "http://x.test", "entity": PARTNER})).now()


def ago(minutes: float) -> str:
    return stamp(NOW - timedelta(minutes=minutes))


def update(minutes: float, status: str, **components: str) -> dict[str, Any]:
    affected = [{"name": name.replace("_", " "), "new_status": told} for name, told in components.items()]
    return {"status": status, "created_at": ago(minutes), "affected_components": affected}


def incident(*updates: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "incidents": [{"id": "i", "name": "Elevated errors", "impact": "major", "incident_updates": updates, **fields}]
    }


def course(claims: list[ClaimedStatus], key: str = PARTNER) -> list[str]:
    """The first instant of each stretch, in minutes ago, with its state."""
    told = sorted((claim for claim in claims if claim.entity_key == key), key=lambda claim: claim.claimed_at)
    return [
        f"{(NOW - claim.claimed_at).total_seconds() / 60:g} {claim.state.value}"
        for claim in told
        if (NOW - claim.claimed_at).total_seconds() % 60 < 0.0005
    ]


USUAL = incident(
    update(90, "resolved", Payments_API="operational"),
    update(120, "identified", Payments_API="major_outage"),
    update(150, "investigating", Payments_API="degraded_performance"),
    status="resolved",
    resolved_at=ago(90),
)


async def test_components_and_page_claim_what_the_messages_of_an_incident_gave_them() -> None:
    claims, _ = await past(USUAL, components=COMPONENTS)
    expected = ["600 healthy", "150 degraded", "120 down", "90 healthy"]
    assert course(claims) == course(claims, PAYMENTS) == expected
    assert {claim.words for claim in claims} == {
        "Elevated errors (from the page's history)",
        "No trouble listed (from the page's history)",
    }
    assert ("component Payments API", "major outage") in next(c for c in claims if c.state.value == "down").facts


async def test_every_stretch_is_told_by_its_first_instant_and_its_last() -> None:
    claims, _ = await past(USUAL)
    told = [claim.claimed_at for claim in claims]
    assert told == sorted(told)
    assert [after - before for before, after in pairwise(told[1:])][::2] == [timedelta(milliseconds=1)] * 3


async def test_an_incident_counts_from_when_it_was_written_and_not_from_when_it_began() -> None:
    late = incident(update(30, "investigating"), started_at=ago(300), created_at=ago(30))
    assert course((await past(late))[0]) == ["600 healthy", "30 degraded"]


async def test_an_incident_without_components_claims_by_its_impact() -> None:
    told = incident(update(30, "investigating"), impact="critical")
    assert course((await past(told))[0]) == ["600 healthy", "30 down"]
    bare = {"incidents": [{"id": "i", "impact": "none", "created_at": ago(20)}]}
    assert course((await past(bare))[0]) == ["600 healthy", "20 degraded"]


async def test_a_maintenance_claims_maintenance_over_its_span() -> None:
    window = {
        "status": "completed",
        "scheduled_for": ago(100),
        "scheduled_until": ago(40),
        "components": [{"name": "A"}],
    }
    called_off = {"status": "scheduled", "scheduled_for": ago(90), "scheduled_until": ago(80)}
    bare = {"status": "in_progress", "scheduled_for": ago(10), "scheduled_until": stamp(NOW + timedelta(hours=1))}
    claims, _ = await past({"incidents": []}, {"scheduled_maintenances": [window, called_off, bare]})
    assert course(claims) == ["600 healthy", "100 maintenance", "40 healthy", "10 maintenance"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (incident(update(60, "investigating"), resolved_at=ago(300), status="resolved"), ["600 healthy"]),
        (incident(update(60, "investigating"), resolved_at=ago(300)), ["600 healthy", "60 degraded"]),
        (incident(update(-60, "investigating")), ["600 healthy"]),
        (incident(update(60, "investigating"), update(-30, "resolved")), ["600 healthy", "60 degraded"]),
        (incident(update(60, "investigating"), update(60, "investigating"), update(30, "resolved")),
         ["600 healthy", "60 degraded", "30 healthy"]),
        (incident(update(60, "investigating"), update(50, "resolved"), update(40, "investigating")),
         ["600 healthy", "60 degraded", "50 healthy", "40 degraded"]),
        (incident(update(60, "x"), update(50, "resolved"), update(40, "resolved")),
         ["600 healthy", "60 degraded", "50 healthy"]),
        (incident(update(60, "resolved")), ["600 healthy"]),
        (incident(update(60, "x", API="on fire")), ["600 healthy", "60 degraded"]),
        (incident({"status": "x"}), ["600 healthy"]),
        ({"incidents": "none"}, ["600 healthy"]),
        ([], ["600 healthy"]),
    ],
    ids=[
        "resolved-before-it-began", "a-field-from-before", "only-ahead", "resolved-ahead", "twice-the-same", "reopened",
        "resolved-twice", "never-anything-else", "odd-status", "without-time", "no-list", "no-object",
    ],
)  # fmt: skip
async def test_an_odd_history_is_read_as_what_can_be_true(told: object, expected: list[str]) -> None:
    assert course((await past(told))[0]) == expected


async def test_two_incidents_at_once_claim_the_worse() -> None:
    one = incident(update(60, "x", API="degraded_performance"), update(20, "resolved"))
    other = incident(update(50, "x", API="major_outage"), update(30, "resolved"))
    both = {"incidents": [*one["incidents"], *other["incidents"]]}
    assert course((await past(both))[0]) == ["600 healthy", "60 degraded", "50 down", "30 degraded", "20 healthy"]


async def test_before_the_oldest_of_a_full_listing_nothing_is_claimed() -> None:
    many = [incident(update(100 + at, "x"), update(99.5 + at, "resolved"))["incidents"][0] for at in range(50)]
    claims, _ = await past({"incidents": many})
    assert course(claims)[0] == "149 degraded"


async def test_where_the_list_reaches_back_no_further_than_the_window_nothing_is_claimed() -> None:
    many = [incident(update(0, "x"))["incidents"][0] for _ in range(50)]
    assert (await past({"incidents": many}))[0] == []


async def test_a_component_speaks_for_the_partner_itself_where_it_is_set_to() -> None:
    told = incident(update(60, "x", Reports="major_outage"))
    claims, _ = await past(told, components=f"Payments API => {PARTNER}")
    assert course(claims) == ["600 healthy", "60 healthy"]


async def test_a_page_without_a_history_has_none_and_one_that_fails_says_so() -> None:
    claims, found = await past({}, status=404)
    assert (claims, found.fault) == ([], None)
    _, found = await past({}, status=500)
    assert found.fault is not None
    assert course((await past(USUAL, "no list"))[0])[1] == "150 degraded"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
TIMES = st.integers(-400, 900).map(ago) | JSON
WORDS = st.sampled_from(["resolved", "investigating", "completed", "in_progress", "major_outage", "operational"]) | JSON
AFFECTED = st.lists(st.fixed_dictionaries({}, optional={"name": st.sampled_from("AB") | JSON, "new_status": WORDS}))
UPDATES = st.lists(
    st.fixed_dictionaries(
        {}, optional={"status": WORDS, "created_at": TIMES, "display_at": TIMES, "affected_components": AFFECTED | JSON}
    ),
    max_size=4,
)
INCIDENTS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "name": JSON, "status": WORDS, "impact": WORDS, "created_at": TIMES, "resolved_at": TIMES,
            "scheduled_for": TIMES, "scheduled_until": TIMES, "incident_updates": UPDATES | JSON,
            "components": AFFECTED,
        },
    ),
    max_size=4,
)  # fmt: skip


@hypothesis_settings(deadline=None)
@given(INCIDENTS, INCIDENTS)
async def test_any_history_covers_the_window_without_overlap_and_never_the_future(
    incidents: list[Any], windows: list[Any]
) -> None:
    claims, found = await past(
        {"incidents": incidents}, {"scheduled_maintenances": windows}, components="A => channel/a"
    )
    assert found.fault is None
    for key in (PARTNER, "channel/a"):
        told = [claim.claimed_at for claim in claims if claim.entity_key == key]
        assert told == sorted(set(told))
        assert told[0] == NOW - timedelta(hours=10)
        assert NOW - timedelta(milliseconds=2) <= told[-1] < NOW
        assert all(claim.facts for claim in claims)
