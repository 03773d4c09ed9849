"""What a page's own history of incidents and maintenance says that it claimed, instant by instant, with all doubted.

The history is the partner's own account. An incident counts from when the page wrote of it, not from when the partner
says that it began: what nobody could read yet was not claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quarterdeck.connectors.status_page.parse import (
    MAX_COMPONENTS,
    MAX_NOTICES,
    MAX_UPDATES,
    STATUSES,
    document_of,
    instant_in,
    objects_in,
)
from quarterdeck.domain.health import SEVERITY
from quarterdeck.sdk.http import HttpReply
from quarterdeck.sdk.texts import one_line

FULL_LISTING = 50
"""A page lists its newest so many incidents; with fewer the list is whole."""

OPERATIONAL = "operational"
_OVER = frozenset({"resolved", "postmortem", "completed"})
_UNDER_WAY = "under_maintenance"
_BY_IMPACT = {"minor": "degraded_performance", "major": "partial_outage", "critical": "major_outage"}
_MAX_NAME_CHARS = 120

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Episode:
    """One incident or maintenance as the page showed it over `[from_at, to_at)`: its components' statuses by then.

    `steps` are instants in their order with the statuses of all its components from then on, by name; a name that is
    empty stands for the page as a whole. `to_at` is None while it is open.
    """

    title: str
    steps: tuple[tuple[datetime, Mapping[str, str]], ...]
    to_at: datetime | None

    def statuses_at(self, at: datetime) -> Mapping[str, str]:
        """What it says of its components at an instant; nothing before it and after its end."""
        if self.to_at is not None and at >= self.to_at:
            return {}
        return next((told for from_at, told in reversed(self.steps) if from_at <= at), dict[str, str]())

    def edges(self) -> Iterator[datetime]:
        """The instants at which it says something else."""
        yield from (from_at for from_at, _ in self.steps)
        if self.to_at is not None:
            yield self.to_at


@dataclass(frozen=True, slots=True)
class PageHistory:
    """The episodes of a page, and from when on the list of them is whole; None for as far back as one asks."""

    episodes: tuple[Episode, ...]
    whole_since_at: datetime | None = None

    def stretches(self, start_at: datetime, end_at: datetime) -> Iterator[tuple[datetime, datetime, PageThen]]:
        """What the page said over a range, in stretches of the same; none where the list is not whole."""
        start_at = max(start_at, self.whole_since_at) if self.whole_since_at else start_at
        if start_at >= end_at:
            return
        inside = {edge for each in self.episodes for edge in each.edges() if start_at < edge < end_at}
        begun_at, then = start_at, self.page_at(start_at)
        for at in sorted(inside):
            following = self.page_at(at)
            if following != then:
                yield begun_at, at, then
                begun_at, then = at, following
        yield begun_at, end_at, then

    def page_at(self, at: datetime) -> PageThen:
        """What the page said at an instant."""
        statuses: dict[str, str] = {}
        titles: list[str] = []
        for each in self.episodes:
            told = each.statuses_at(at)
            titles += [each.title] if told else []
            for name, status in told.items():
                statuses[name] = _worse(statuses.get(name, OPERATIONAL), status)
        return PageThen(statuses, tuple(titles))


@dataclass(frozen=True, slots=True)
class PageThen:
    """What a page said at an instant: the statuses of components in trouble, and the titles of what is open."""

    statuses: Mapping[str, str]
    titles: tuple[str, ...]


def read_history(incidents: HttpReply, maintenances: HttpReply | None, now: datetime) -> PageHistory:
    """The history in two replies, of which the second may be missing. Raises UnexpectedReply when it is no JSON."""
    listed = objects_in(document_of(incidents).get("incidents"))[:MAX_NOTICES]
    episodes = [episode for one in listed if (episode := _incident(one, now)) is not None]
    planned = objects_in(document_of(maintenances).get("scheduled_maintenances")) if maintenances else []
    windows = [window for one in planned[:MAX_NOTICES] if (window := _maintenance(one, now)) is not None]
    begun = [from_at for each in episodes for from_at, _ in each.steps[:1]]
    since_at = min(begun, default=None) if len(listed) >= FULL_LISTING else None
    return PageHistory((*episodes, *windows), since_at)


def _incident(one: Json, now: datetime) -> Episode | None:
    """An incident by its messages, oldest first; one that tells no time, or only of times to come, is left out."""
    steps: list[tuple[datetime, Mapping[str, str]]] = []
    so_far: dict[str, str] = {}
    bare = {"": _BY_IMPACT.get(_word(one.get("impact")), "degraded_performance")}
    for at, message in _messages(one, now):
        so_far = so_far | _affected(message)
        is_over = _word(message.get("status")) in _OVER
        steps.append((at, {} if is_over else so_far or bare))
    return Episode(_title(one), _one_an_instant(steps), _end(one, steps[-1][0], now)) if steps else None


def _messages(one: Json, now: datetime) -> list[tuple[datetime, Json]]:
    """Messages by when they were written, with the incident itself first; what lies ahead of our clock is left out."""
    told = [(instant_in(each.get("created_at")) or instant_in(each.get("display_at")), each) for each in _updates(one)]
    opened_at = instant_in(one.get("created_at")) or instant_in(one.get("started_at"))
    told += [(opened_at, {})] if not _updates(one) else []
    found = [(at, each) for at, each in told if at is not None and at <= now]
    return sorted(found, key=lambda each: each[0])


def _end(one: Json, last_at: datetime, now: datetime) -> datetime | None:
    """When it left the page, where its messages do not say so: by its fields, and not before its last message."""
    resolved_at = instant_in(one.get("resolved_at"))
    if resolved_at is not None and last_at <= resolved_at <= now:
        return resolved_at
    return last_at if _word(one.get("status")) in _OVER else None


def _maintenance(one: Json, now: datetime) -> Episode | None:
    """A maintenance by its span; one that was called off, or that has yet to begin, says nothing."""
    from_at, until_at = instant_in(one.get("scheduled_for")), instant_in(one.get("scheduled_until"))
    if from_at is None or until_at is None or from_at > now or until_at <= from_at:
        return None
    if _word(one.get("status")) not in {"in_progress", "verifying", "completed"}:
        return None
    names = [_name(each) for each in objects_in(one.get("components"))[:MAX_COMPONENTS]]
    statuses = dict.fromkeys((name for name in names if name), _UNDER_WAY) or {"": _UNDER_WAY}
    return Episode(_title(one), ((from_at, statuses),), until_at if until_at <= now else None)


def _affected(message: Json) -> dict[str, str]:
    """The statuses that a message gives components, by name; those that are no status of ours are left out."""
    found = objects_in(message.get("affected_components"))[:MAX_COMPONENTS]
    told = {_name(each): _word(each.get("new_status")) for each in found}
    return {name: status for name, status in told.items() if name and status in STATUSES}


def _one_an_instant(
    steps: Sequence[tuple[datetime, Mapping[str, str]]],
) -> tuple[tuple[datetime, Mapping[str, str]], ...]:
    """Of several messages at one instant the last."""
    return tuple(sorted(dict(steps).items(), key=lambda step: step[0]))


def _updates(one: Json) -> list[Json]:
    return [*objects_in(one.get("incident_updates"))[:MAX_UPDATES]]


def _worse(status: str, other: str) -> str:
    return max(status, other, key=lambda each: SEVERITY[STATUSES[each]])


def _word(value: object) -> str:
    return one_line(value or "", _MAX_NAME_CHARS).lower()


def _name(one: Json) -> str:
    return one_line(one.get("name") or "", _MAX_NAME_CHARS)


def _title(one: Json) -> str:
    return one_line(one.get("name") or "no title", _MAX_NAME_CHARS)
