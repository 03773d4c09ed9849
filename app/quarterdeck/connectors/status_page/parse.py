"""A Statuspage summary (API v2) read into what it says, with every field doubted.

The API is Atlassian's: https://metastatuspage.com/api/v2. Other makers imitate it more or less.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from quarterdeck.domain.health import HealthState
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.http import HttpReply
from quarterdeck.sdk.texts import one_line

MAX_COMPONENTS = 500
MAX_NOTICES = 100
MAX_UPDATES = 100
_MAX_NAME_CHARS = 120
_MAX_BODY_CHARS = 400
_INDICATORS = {
    "none": HealthState.HEALTHY,
    "minor": HealthState.DEGRADED,
    "major": HealthState.DEGRADED,
    "critical": HealthState.DOWN,
    "maintenance": HealthState.MAINTENANCE,
}
STATUSES = {
    "operational": HealthState.HEALTHY,
    "degraded_performance": HealthState.DEGRADED,
    "partial_outage": HealthState.DEGRADED,
    "major_outage": HealthState.DOWN,
    "under_maintenance": HealthState.MAINTENANCE,
}

_EARLIEST_AT = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST_AT = datetime(2200, 1, 1, tzinfo=UTC)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Component:
    """One line of the page: its name, its status in the page's words and in the console's states."""

    name: str
    status: str
    state: HealthState


@dataclass(frozen=True, slots=True)
class Update:
    """One message under a notice."""

    id: str
    status: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """An incident, or an announced maintenance with its span."""

    id: str
    name: str
    status: str
    impact: str
    at: datetime
    updates: tuple[Update, ...]
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a page says at a moment."""

    page_id: str
    title: str
    updated: str
    indicator: str
    description: str
    state: HealthState
    components: tuple[Component, ...]
    incidents: tuple[Notice, ...]
    maintenances: tuple[Notice, ...]

    @property
    def is_in_maintenance(self) -> bool:
        """Whether an announced maintenance is under way."""
        return any(one.status in {"in_progress", "verifying"} for one in self.maintenances)


def read_summary(reply: HttpReply, now: datetime) -> Summary:
    """The summary in a good reply; notices without a time are dated now. Raises UnexpectedReply when there is none."""
    document = document_of(reply)
    status = _mapping(document.get("status"))
    indicator = one_line(status.get("indicator", ""), _MAX_NAME_CHARS)
    if not indicator:
        message = f"It answered with {reply.body_words()}, but no status is in it."
        raise UnexpectedReply(message, "The address may want /api/v2/summary.json.")
    page = _mapping(document.get("page"))
    shown = [_component(one) for one in objects_in(document.get("components")) if not one.get("group")]
    return Summary(
        page_id=one_line(page.get("id") or page.get("url") or "page", _MAX_NAME_CHARS),
        title=one_line(page.get("name") or "The page", _MAX_NAME_CHARS),
        updated=one_line(page.get("updated_at") or "", _MAX_NAME_CHARS),
        indicator=indicator,
        description=one_line(status.get("description") or indicator, _MAX_BODY_CHARS),
        state=_INDICATORS.get(indicator.lower(), HealthState.UNKNOWN),
        components=tuple(shown[:MAX_COMPONENTS]),
        incidents=read_notices(document.get("incidents"), now),
        maintenances=tuple(
            notice
            for notice in read_notices(document.get("scheduled_maintenances"), now)
            if notice.status != "completed"
        ),
    )


def read_incidents(reply: HttpReply, now: datetime) -> tuple[Notice, ...]:
    """The incidents of `/api/v2/incidents.json`, resolved ones too. Raises UnexpectedReply when it is no JSON."""
    return read_notices(document_of(reply).get("incidents"), now)


def title_of(reply: HttpReply) -> str:
    """The page's name in any of its answers. Raises UnexpectedReply when it is no JSON."""
    return one_line(_mapping(document_of(reply).get("page")).get("name") or "The page", _MAX_NAME_CHARS)


def read_notices(value: object, now: datetime) -> tuple[Notice, ...]:
    """Incidents or maintenances from a list in the page's JSON; what has no id is left out."""
    notices = (_notice(one, now) for one in objects_in(value)[:MAX_NOTICES])
    return tuple(notice for notice in notices if notice.id)


def document_of(reply: HttpReply) -> Json:
    """The JSON object of a reply, empty for JSON of another kind. Raises UnexpectedReply for what is no JSON."""
    try:
        document = json.loads(reply.text().lstrip("\ufeff"))
    except (ValueError, RecursionError) as fault:
        message = f"It answered with {reply.body_words()}."
        raise UnexpectedReply(message, "The address may want /api/v2/summary.json.") from fault
    return _mapping(document)


def _component(one: Json) -> Component:
    status = one_line(one.get("status", ""), _MAX_NAME_CHARS)
    name = one_line(one.get("name", ""), _MAX_NAME_CHARS)
    return Component(name, status.replace("_", " "), STATUSES.get(status.lower(), HealthState.UNKNOWN))


def _notice(one: Json, now: datetime) -> Notice:
    at = (
        instant_in(one.get("scheduled_for"))
        or instant_in(one.get("started_at"))
        or instant_in(one.get("created_at"))
        or now
    )
    return Notice(
        id=one_line(one.get("id") or "", _MAX_NAME_CHARS),
        name=one_line(one.get("name") or "no title", _MAX_NAME_CHARS),
        status=one_line(one.get("status") or "", _MAX_NAME_CHARS),
        impact=one_line(one.get("impact") or "", _MAX_NAME_CHARS),
        at=at,
        updates=tuple(_update(update, at) for update in objects_in(one.get("incident_updates"))[:MAX_UPDATES]),
        until_at=instant_in(one.get("scheduled_until")),
    )


def _update(one: Json, otherwise: datetime) -> Update:
    at = instant_in(one.get("display_at")) or instant_in(one.get("created_at")) or otherwise
    status = one_line(one.get("status") or "", _MAX_NAME_CHARS)
    told = one_line(one.get("id") or "", _MAX_NAME_CHARS)
    return Update(told or f"{status}@{at.isoformat()}", status, one_line(one.get("body") or "", _MAX_BODY_CHARS), at)


def instant_in(value: object) -> datetime | None:
    """An instant from a page's text; None for what is none, or lies outside of all that can be meant."""
    if not isinstance(value, str) or len(value) > 64:  # noqa: PLR2004 - no instant is written that long
        return None
    try:
        read = datetime.fromisoformat(value)
        aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware if _EARLIEST_AT <= aware < _LATEST_AT else None


def _mapping(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}


def objects_in(value: object) -> list[Json]:
    """The objects of a list; nothing for what is no list."""
    return (
        [cast("Json", one) for one in cast("list[object]", value) if isinstance(one, dict)]
        if isinstance(value, list)
        else []
    )
