"""The status page as a connector: one look a poll, claims and notices; what a page no longer lists is asked after."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from importlib.resources import files

from quarterdeck.connectors.status_page.claims import (
    changes_of,
    claims_of,
    gone_change,
    incident_changes,
    open_incidents,
    packed,
    page_words,
    past_claims,
    unpacked,
)
from quarterdeck.connectors.status_page.history import read_history
from quarterdeck.connectors.status_page.parse import (
    Notice,
    Summary,
    document_of,
    read_incidents,
    read_summary,
    title_of,
)
from quarterdeck.connectors.status_page.settings import PageSettings, problems_of, read_settings
from quarterdeck.domain.events import Change
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.access import open_http
from quarterdeck.sdk.connector import (
    CheckReport,
    ConnectionSettings,
    ConnectorContext,
    PreviewRow,
    Purpose,
    SettingProblem,
    Window,
)
from quarterdeck.sdk.errors import ConnectorError
from quarterdeck.sdk.http import BoundedHttp, HttpReply
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.texts import counted
from quarterdeck.sdk.validation import manifest_problems, with_defaults

MAX_PREVIEW_ROWS = 100
NOT_FOUND = 404


class Source:
    """Connector for status pages."""

    def __init__(self) -> None:
        self._manifest = load_manifest(files("quarterdeck.connectors.status_page") / "manifest.toml")

    def validate(self, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
        """Judge settings; nothing is asked."""
        complete = with_defaults(self._manifest, settings)
        return (*manifest_problems(self._manifest, complete), *problems_of(complete))

    async def check(self, context: ConnectorContext) -> CheckReport:
        """Look at the page once and say what it claims. Raises ConnectorError."""
        complete = with_defaults(self._manifest, context.settings)
        settings = read_settings(complete)
        async with open_http(context, complete) as http:
            summary = await _summary(http, settings, context.now())
        words = (
            f"{summary.title}: {page_words(summary)}. {counted(len(summary.components), 'component')}, "
            f"{counted(len(summary.incidents), 'incident')}, {counted(len(summary.maintenances), 'maintenance')}."
        )
        rows = [PreviewRow(one.name, one.status, 1) for one in summary.components]
        return CheckReport(words, tuple(rows[:MAX_PREVIEW_ROWS]), _remarks(summary, settings))

    async def collect(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        """What the page claims now, and its notices. Raises ConnectorError."""
        if window.purpose is Purpose.BACKFILL:
            yield await self._past(context, window)
            return
        complete = with_defaults(self._manifest, context.settings)
        settings, now = read_settings(complete), context.now()
        async with open_http(context, complete) as http:
            summary = await _summary(http, settings, now)
            listed = open_incidents(summary)
            missing = {key: name for key, name in unpacked(cursor).items() if key not in listed}
            ends = await _ends(http, settings, summary, missing, now) if missing else ()
        yield Batch(
            claimed=claims_of(summary, settings.entity_key, settings.rules, now),
            changes=(*changes_of(summary, settings.entity_key), *ends),
            cursor=packed(listed),
            note=" ".join(_remarks(summary, settings)),
        )

    async def _past(self, context: ConnectorContext, window: Window) -> Batch:
        """What the page claimed over a window by its own history."""
        complete = with_defaults(self._manifest, context.settings)
        settings, now = read_settings(complete), context.now()
        until = TimeRange(
            window.time_range.start_at, max(window.time_range.start_at, min(window.time_range.end_at, now))
        )
        async with open_http(context, complete) as http:
            headers = {"Accept": "application/json", **settings.headers}
            incidents = await http.get(settings.incidents_address, headers=headers, limits=settings.limits)
            if incidents.status == NOT_FOUND:
                return Batch()  # pages of other makers have no history
            incidents.refuse_bad_status()
            maintenances = await _maintenances(http, settings)
        history = read_history(incidents, maintenances, now)
        return Batch(claimed=tuple(past_claims(history, settings, title_of(incidents), until)))


async def _maintenances(http: BoundedHttp, settings: PageSettings) -> HttpReply | None:
    headers = {"Accept": "application/json", **settings.headers}
    try:
        reply = await http.get(settings.maintenances_address, headers=headers, limits=settings.limits)
        reply.refuse_bad_status()
        document_of(reply)
    except ConnectorError:
        return None  # pages of other makers list incidents only
    return reply


async def _summary(http: BoundedHttp, settings: PageSettings, now: datetime) -> Summary:
    headers = {"Accept": "application/json", **settings.headers}
    reply = await http.get(settings.summary_address, headers=headers, limits=settings.limits)
    reply.refuse_bad_status()
    return read_summary(reply, now)


async def _ends(
    http: BoundedHttp, settings: PageSettings, summary: Summary, missing: dict[str, str], now: datetime
) -> tuple[Change, ...]:
    """How incidents ended that the summary no longer lists: by the page's history, else that they are gone."""
    found = {notice.id: notice for notice in await _history(http, settings, now)}
    changes: list[Change] = []
    for key, name in missing.items():
        if key in found:
            changes += incident_changes(summary, found[key], settings.entity_key)
        else:
            changes.append(gone_change(summary, key, name, settings.entity_key, now))
    return tuple(changes)


async def _history(http: BoundedHttp, settings: PageSettings, now: datetime) -> tuple[Notice, ...]:
    headers = {"Accept": "application/json", **settings.headers}
    try:
        reply = await http.get(settings.incidents_address, headers=headers, limits=settings.limits)
        reply.refuse_bad_status()
        return read_incidents(reply, now)
    except ConnectorError:
        return ()  # the claim itself came through; the history is a courtesy some pages do not have


def _remarks(summary: Summary, settings: PageSettings) -> tuple[str, ...]:
    names = [component.name for component in summary.components]
    remarks = [
        f"The page has no component called {rule.pattern}."
        for rule in settings.rules
        if not any(rule.fits(name) for name in names)
    ]
    if summary.state is HealthState.UNKNOWN:
        remarks.append(f"The page's indicator {summary.indicator} is not one of the known ones.")
    return tuple(remarks)
