"""From what a page says to the console's records: claims of entities, and notices as changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from quarterdeck.connectors.status_page.history import PageHistory, PageThen
from quarterdeck.connectors.status_page.parse import STATUSES, Component, Notice, Summary
from quarterdeck.connectors.status_page.settings import ComponentRule, PageSettings
from quarterdeck.domain.checks import ClaimedStatus
from quarterdeck.domain.events import Change
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.health import SEVERITY, HealthState, worst
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.texts import one_line

NOTICE = "partner_notice"
MAINTENANCE = "partner_maintenance"
AFTERWARDS = "from the page's history"
"""How claims are marked that were not read when they were made."""

_INSTANT = timedelta(milliseconds=1)
_MAX_COMPONENT_FACTS = 40
_MAX_OPEN = 100
_MAX_SUMMARY_CHARS = 400


def claims_of(
    summary: Summary, entity_key: str, rules: Sequence[ComponentRule], now: datetime
) -> tuple[ClaimedStatus, ...]:
    """The page's claim about the entity, unless components speak for it, and those about the components' entities."""
    by_entity: dict[str, list[Component]] = {}
    for component in summary.components:
        for rule in rules:
            if rule.fits(component.name):
                by_entity.setdefault(rule.entity_key, []).append(component)
    claims = [_of_components(key, components, summary, now) for key, components in by_entity.items()]
    if entity_key not in by_entity:
        claims.insert(0, _of_page(summary, entity_key, now))
    return tuple(claims)


def past_claims(
    history: PageHistory, settings: PageSettings, title: str, time_range: TimeRange
) -> Iterator[ClaimedStatus]:
    """What a page claimed over a range by its own history: each stretch by its first instant and its last.

    As in what is read live, components speak for their entities, and the page for its own unless one does.
    """
    for from_at, to_at, then in history.stretches(time_range.start_at, time_range.end_at):
        by_entity = _spoken_for(then, settings.rules)
        if settings.entity_key not in {rule.entity_key for rule in settings.rules}:
            by_entity[settings.entity_key] = dict(then.statuses)
        for key, statuses in by_entity.items():
            first = _told_afterwards(key, from_at, statuses, then, title)
            yield first
            if to_at - from_at > _INSTANT:
                yield replace(first, claimed_at=to_at - _INSTANT)


def _spoken_for(then: PageThen, rules: Sequence[ComponentRule]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {rule.entity_key: {} for rule in rules}
    for rule in rules:
        found[rule.entity_key] |= {
            name: status for name, status in then.statuses.items() if not name or rule.fits(name)
        }
    return found


def _told_afterwards(key: str, at: datetime, statuses: Mapping[str, str], then: PageThen, title: str) -> ClaimedStatus:
    states = {name: STATUSES[status] for name, status in statuses.items()}
    state = max(states.values(), key=SEVERITY.__getitem__, default=HealthState.HEALTHY)
    told = ", ".join(then.titles) if state is not HealthState.HEALTHY else "No trouble listed"
    shown = [(name, status) for name, status in statuses.items() if name][:_MAX_COMPONENT_FACTS]
    facts = {
        "page": title,
        "told": AFTERWARDS,
        **{f"component {name}": status.replace("_", " ") for name, status in shown},
    }
    return ClaimedStatus(key, at, state, one_line(f"{told} ({AFTERWARDS})", _MAX_SUMMARY_CHARS), facts_of(facts))


def changes_of(summary: Summary, entity_key: str) -> tuple[Change, ...]:
    """Every message of every incident, and every announced maintenance; the same ids each time."""
    changes = [change for notice in summary.incidents for change in incident_changes(summary, notice, entity_key)]
    changes += [_maintenance_change(summary, notice, entity_key) for notice in summary.maintenances]
    return tuple(changes)


def incident_changes(summary: Summary, notice: Notice, entity_key: str) -> Iterator[Change]:
    """One change for each message under an incident; one for the incident itself when there is none."""
    facts = {"incident": notice.name, "impact": notice.impact, "page": summary.title}
    stem = f"{summary.page_id}:{notice.id}"
    for update in notice.updates:
        told = f"{summary.title}: {notice.name} ({update.status})"
        text = f"{told}: {update.body}" if update.body and update.body != notice.name else told
        shown = one_line(text, _MAX_SUMMARY_CHARS)
        told_facts = facts_of({**facts, "status": update.status})
        yield Change(f"{stem}:{update.id}", NOTICE, update.at, shown, entity_key, told_facts)
    if not notice.updates:
        text = f"{summary.title}: {notice.name} ({notice.status})"
        yield Change(stem, NOTICE, notice.at, text, entity_key, facts_of({**facts, "status": notice.status}))


def gone_change(summary: Summary, notice_id: str, name: str, entity_key: str, now: datetime) -> Change:
    """An incident that the page no longer lists, without a word about its end."""
    text = f"{summary.title} no longer lists: {name}"
    facts = facts_of({"incident": name, "page": summary.title, "status": "no longer listed"})
    return Change(f"{summary.page_id}:{notice_id}:gone", NOTICE, now, text, entity_key, facts)


def open_incidents(summary: Summary) -> dict[str, str]:
    """Names of the incidents the page lists, by id."""
    return {notice.id: notice.name for notice in summary.incidents[:_MAX_OPEN]}


def packed(incidents: dict[str, str]) -> str:
    """Open incidents as the connection's cursor."""
    return json.dumps(incidents, sort_keys=True)


def unpacked(cursor: str | None) -> dict[str, str]:
    """The incidents that were open at the poll before; none when the cursor cannot be read."""
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key): str(name) for key, name in cast("dict[str, object]", found).items()}


def page_words(summary: Summary) -> str:
    """What the page says, in its own words, with its first open incident."""
    if summary.incidents:
        first = summary.incidents[0]
        return one_line(f"{summary.description}: {first.name} ({first.status})", _MAX_SUMMARY_CHARS)
    if summary.is_in_maintenance and summary.state is HealthState.HEALTHY:
        return one_line(f"Maintenance under way: {_under_way(summary).name}", _MAX_SUMMARY_CHARS)
    return summary.description


def page_state(summary: Summary) -> HealthState:
    """The claimed state; a maintenance under way counts where the page calls itself well."""
    calm = summary.state is HealthState.HEALTHY and summary.is_in_maintenance
    return HealthState.MAINTENANCE if calm else summary.state


def _of_page(summary: Summary, entity_key: str, now: datetime) -> ClaimedStatus:
    return ClaimedStatus(entity_key, now, page_state(summary), page_words(summary), facts_of(_page_facts(summary)))


def _page_facts(summary: Summary) -> dict[str, str]:
    facts = {"page": summary.title, "indicator": summary.indicator, "updated": summary.updated}
    shown = summary.components[:_MAX_COMPONENT_FACTS]
    return {**facts, **{f"component {one.name}": one.status for one in shown}}


def _of_components(entity_key: str, components: Sequence[Component], summary: Summary, now: datetime) -> ClaimedStatus:
    state = worst(component.state for component in components)
    told = [component for component in components if component.state is state]
    words = one_line(", ".join(f"{one.name}: {one.status}" for one in told), _MAX_SUMMARY_CHARS)
    facts = {"page": summary.title, "updated": summary.updated}
    facts |= {f"component {one.name}": one.status for one in components[:_MAX_COMPONENT_FACTS]}
    return ClaimedStatus(entity_key, now, state, words, facts_of(facts))


def _under_way(summary: Summary) -> Notice:
    return next(one for one in summary.maintenances if one.status in {"in_progress", "verifying"})


def _maintenance_change(summary: Summary, notice: Notice, entity_key: str) -> Change:
    until = f" to {notice.until_at:%Y-%m-%d %H:%M}" if notice.until_at else ""
    text = f"{summary.title} announces maintenance: {notice.name}, {notice.at:%Y-%m-%d %H:%M}{until} UTC"
    facts = {
        "maintenance": notice.name,
        "page": summary.title,
        "status": notice.status,
        "scheduled_for": notice.at.isoformat(),
        "scheduled_until": notice.until_at.isoformat() if notice.until_at else None,
    }
    return Change(
        f"{summary.page_id}:{notice.id}",
        MAINTENANCE,
        notice.at,
        one_line(text, _MAX_SUMMARY_CHARS),
        entity_key,
        facts_of(facts),
    )
