"""The feed as a connector: page after page, each event once, with a cursor stored together with its events."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from importlib.resources import files

from quarterdeck.connectors.event_feed.paging import packed, unpacked
from quarterdeck.connectors.event_feed.parse import Answer, read_answer
from quarterdeck.connectors.event_feed.reading import Reader, Tally
from quarterdeck.connectors.event_feed.settings import FeedSettings, problems_of, read_settings
from quarterdeck.domain.events import Change, Event
from quarterdeck.domain.instants import duration_words
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
from quarterdeck.sdk.http import BoundedHttp, HttpReply
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.texts import counted
from quarterdeck.sdk.validation import manifest_problems, with_defaults

ACCEPT = (
    "application/cloudevents-batch+json, application/json, application/x-ndjson, application/cloudevents+json;q=0.9, "
    "*/*;q=0.1"
)
MAX_PREVIEW_ROWS = 100
_LOST_WORDS = "Its history no longer reaches back to where reading stopped: events may be missing in between."
_STUCK_WORDS = "There seems to be more, but the cursor does not move."


@dataclass(frozen=True, slots=True)
class Page:
    """One page read: its events and changes, the position after it, and whether there is more."""

    answer: Answer
    events: tuple[Event, ...]
    changes: tuple[Change, ...]
    following: str
    has_more: bool
    remark: str = ""


class Source:
    """Connector for event feeds."""

    def __init__(self) -> None:
        self._manifest = load_manifest(files("quarterdeck.connectors.event_feed") / "manifest.toml")

    def validate(self, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
        """Judge settings; nothing is asked."""
        complete = with_defaults(self._manifest, settings)
        return (*manifest_problems(self._manifest, complete), *problems_of(complete))

    async def check(self, context: ConnectorContext) -> CheckReport:
        """Read the first page and say what is in it. Raises ConnectorError."""
        complete = with_defaults(self._manifest, context.settings)
        settings, tally = read_settings(complete), Tally()
        async with open_http(context, complete) as http:
            page = await _page(http, settings, "", context, tally)
        types = Counter(event.type for event in page.events)
        words = f"{page.answer.form[:1].upper()}{page.answer.form[1:]}: {counted(len(page.events), 'event')}"
        if types:
            words += f" of {counted(len(types), 'type')}, {_span_words(page.events, context.now())}"
        remarks = [tally.words(), page.remark, "There is more than the first page." if page.has_more else ""]
        preview = [PreviewRow(name, "events", count) for name, count in types.most_common(MAX_PREVIEW_ROWS)]
        return CheckReport(f"{words}.", tuple(preview), tuple(remark for remark in remarks if remark))

    async def collect(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        """Everything since the cursor, one batch a page, up to so many pages. Raises ConnectorError."""
        if window.purpose is Purpose.BACKFILL:
            return
        complete = with_defaults(self._manifest, context.settings)
        settings, tally = read_settings(complete), Tally()
        position = unpacked(settings.paging, cursor)
        lost = ""
        async with open_http(context, complete) as http:
            for _ in range(settings.pages_per_poll):
                page = await _page(http, settings, position, context, tally)
                lost = lost or (page.remark if page.remark == _LOST_WORDS else "")
                behind = _behind_words(page.events, context.now()) if page.has_more else ""
                remarks = (tally.words(), lost or page.remark, behind)
                yield Batch(
                    events=page.events,
                    changes=page.changes,
                    cursor=packed(settings.paging, page.following),
                    caught_up=not page.has_more,
                    note=" ".join(remark for remark in remarks if remark),
                )
                if not page.has_more:
                    return
                position = page.following


async def _page(
    http: BoundedHttp, settings: FeedSettings, position: str, context: ConnectorContext, tally: Tally
) -> Page:
    now = context.now()
    reply = await _asked(http, settings, position, now)
    remark = ""
    if reply.status == HTTPStatus.GONE and position:
        position, remark = "", _LOST_WORDS
        reply = await _asked(http, settings, position, now)
    reply.refuse_bad_status()
    # In a thread: sixteen megabytes of JSON hold the event loop for a tenth of a second and more.
    answer = await asyncio.to_thread(read_answer, reply, settings.list_field)
    reader = Reader(
        source=context.connection_id,
        paths=settings.paths,
        entity_key=settings.entity_key,
        entity_kind=settings.entity_kind,
        change_types=settings.change_types,
    )
    events, changes = await asyncio.to_thread(_read, reader, answer, now, tally)
    following = settings.paging.following(position, reply, answer, events)
    has_more = settings.paging.has_more(position, following, answer)
    is_full = answer.says_more or len(answer.events) >= settings.paging.page_size
    if is_full and following == position and settings.paging.mode != "none":
        remark = remark or _STUCK_WORDS
    return Page(answer, events, changes, following, has_more, remark)


async def _asked(http: BoundedHttp, settings: FeedSettings, position: str, now: datetime) -> HttpReply:
    address, parameters = settings.paging.request(position, now)
    headers = {"Accept": ACCEPT, **settings.headers}
    return await http.get(address, params=parameters, headers=headers, limits=settings.limits)


def _read(reader: Reader, answer: Answer, now: datetime, tally: Tally) -> tuple[tuple[Event, ...], tuple[Change, ...]]:
    tally.unreadable += answer.unreadable
    unique: dict[tuple[str, str], Event] = {}
    for raw in answer.events:
        try:
            event = reader.read(raw, now, tally)
        except RecursionError:
            tally.unreadable += 1
            continue
        if event:
            unique.setdefault((event.source, event.event_id), event)
    events = tuple(unique.values())
    return events, tuple(change for event in events if (change := reader.change_of(event)))


def _behind_words(events: tuple[Event, ...], now: datetime) -> str:
    if not events:
        return ""
    newest = max(event.occurred_at for event in events)
    return f"Catching up: events are read up to {duration_words((now - newest).total_seconds())} ago."


def _span_words(events: tuple[Event, ...], now: datetime) -> str:
    oldest = min(event.occurred_at for event in events)
    newest = max(event.occurred_at for event in events)
    since, until = (duration_words((now - at).total_seconds()) for at in (oldest, newest))
    if since != until:
        return f"from {since} to {until} ago"
    return f"{since} ago" if len(events) == 1 else f"all about {since} ago"
