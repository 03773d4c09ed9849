"""The exporter as a connector: scrape, turn counters into rates, give meanings, hand over.

Parsing is processor work and done in a thread, which stops at the next line when the poll is cancelled.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from quarterdeck.connectors.openmetrics.applying import apply_rules, rest_of
from quarterdeck.connectors.openmetrics.growth import Growth
from quarterdeck.connectors.openmetrics.known import RULES
from quarterdeck.connectors.openmetrics.memory import unpacked
from quarterdeck.connectors.openmetrics.parse import ACCEPT, Family, FamilyKind, Page, read_page
from quarterdeck.connectors.openmetrics.scene import set_stage
from quarterdeck.connectors.openmetrics.settings import ScrapeSettings, problems_of, read_settings
from quarterdeck.connectors.openmetrics.summaries import Valued
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.instants import to_ms
from quarterdeck.sdk.access import open_http
from quarterdeck.sdk.connector import (
    CheckReport,
    ConnectionSettings,
    ConnectorContext,
    Discovery,
    PreviewRow,
    Purpose,
    SettingProblem,
    Window,
)
from quarterdeck.sdk.http import HttpReply
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.sdk.texts import counted, one_line, size_words
from quarterdeck.sdk.validation import manifest_problems, with_defaults

MAX_PREVIEW_ROWS = 200


@dataclass(frozen=True, slots=True)
class Scrape:
    """What came of one scrape: samples to be, the cursor for the next, and what must be said."""

    page: Page
    samples: tuple[Valued, ...]
    entity_keys: tuple[str, ...]
    cursor: str
    remarks: tuple[str, ...]


class Source:
    """Connector for exporters."""

    def __init__(self) -> None:
        self._manifest = load_manifest(files("quarterdeck.connectors.openmetrics") / "manifest.toml")

    def validate(self, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
        """Judge settings; nothing is asked."""
        complete = with_defaults(self._manifest, settings)
        return (*manifest_problems(self._manifest, complete), *problems_of(complete))

    async def check(self, context: ConnectorContext) -> CheckReport:
        """Scrape once and say what would come. Raises ConnectorError."""
        reply, scrape = await self._scraped(context, None)
        remarks = list(scrape.remarks)
        if any(family.kind is FamilyKind.COUNTER for family in scrape.page.families):
            remarks.append("Counters become rates from the second scrape on.")
        readings = counted(scrape.page.reading_count, "reading")
        metrics = counted(len(scrape.page.families), "metric")
        words = f"{_program(scrape.page)} answers in {scrape.page.format_words}: {readings} of {metrics}, "
        return CheckReport(words + f"{size_words(len(reply.body))}.", _preview(scrape), tuple(remarks))

    async def collect(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        """One scrape. Raises ConnectorError."""
        if window.purpose is Purpose.BACKFILL:
            return
        _, scrape = await self._scraped(context, cursor)
        yield Batch(samples=_samples(scrape.samples), cursor=scrape.cursor, note=" ".join(scrape.remarks))

    async def discover(self, context: ConnectorContext) -> Discovery:
        """The entities that the label names; nothing without one. Raises ConnectorError."""
        settings = read_settings(with_defaults(self._manifest, context.settings))
        if not settings.entity_label:
            return Discovery()
        _, scrape = await self._scraped(context, None)
        keys = [key for key in scrape.entity_keys if key != settings.entity_key]
        return Discovery(tuple(_entity(key) for key in keys))

    async def _scraped(self, context: ConnectorContext, cursor: str | None) -> tuple[HttpReply, Scrape]:
        complete = with_defaults(self._manifest, context.settings)
        settings = read_settings(complete)
        headers = {"Accept": ACCEPT, **settings.headers}
        async with open_http(context, complete) as http:
            reply = await http.get(settings.address, headers=headers, limits=settings.limits)
        reply.refuse_bad_status()
        now_ms = to_ms(context.now())
        cancelled = threading.Event()
        try:
            scrape = await asyncio.to_thread(_read, reply, settings, cursor, now_ms, cancelled)
        finally:
            cancelled.set()
        return reply, scrape


def _read(
    reply: HttpReply, settings: ScrapeSettings, cursor: str | None, now_ms: int, cancelled: threading.Event
) -> Scrape:
    page = read_page(reply, cancelled.is_set)
    growth = Growth(unpacked(cursor), now_ms)
    wanted = [family for family in page.families if settings.takes(family.name) or _total_wanted(family, settings)]
    stage = set_stage(wanted, settings.place, growth, now_ms)
    meant: list[Valued] = []
    rest: list[Valued] = []
    for scene in stage.scenes.values():
        told = apply_rules(scene, settings.rules, RULES, now_ms)
        meant += told.samples.values()
        if settings.take_rest:
            rest += rest_of(scene, told)
    samples, left_out = _limited(meant, rest, settings.series_limit)
    remarks = [page.remark] if page.remark else []
    if stage.unplaced:
        remarks.append(f"{counted(stage.unplaced, 'reading')} without the label {settings.entity_label} were left out.")
    if left_out:
        remarks.append(f"More than {settings.series_limit:,} series; {left_out:,} were left out.")
    if not page.families:
        remarks.append("Its page holds no metric.")
    return Scrape(page, samples, tuple(stage.scenes), growth.remembered().packed(now_ms), tuple(remarks))


def _total_wanted(family: Family, settings: ScrapeSettings) -> bool:
    """A counter is known by its name with `_total` as well, which the family's name may lack."""
    return family.kind is FamilyKind.COUNTER and settings.takes(f"{family.name}_total")


def _limited(meant: Sequence[Valued], rest: Sequence[Valued], limit: int) -> tuple[tuple[Valued, ...], int]:
    """Series with a meaning first, then the rest; of two samples of one series the first stands."""
    unique: dict[object, Valued] = {}
    for valued in (*meant, *rest):
        unique.setdefault(valued.identity, valued)
    kept = tuple(unique.values())[:limit]
    return kept, len(unique) - len(kept)


def _samples(valued: Sequence[Valued]) -> Samples:
    count = len(valued)
    return Samples(
        identities=tuple(one.identity for one in valued),
        series_index=np.arange(count, dtype=np.int32),
        times_ms=np.fromiter((one.at_ms for one in valued), np.int64, count),
        values=np.fromiter((one.value for one in valued), np.float64, count),
    )


def _preview(scrape: Scrape) -> tuple[PreviewRow, ...]:
    meanings = {one.identity.name: str(one.identity.meaning).replace("_", " ") for one in reversed(scrape.samples)}
    counts = Counter(one.identity.name for one in scrape.samples)
    rows = [PreviewRow(name, meanings[name], count) for name, count in counts.items()]
    later = {FamilyKind.COUNTER: "rate", FamilyKind.HISTOGRAM: "distribution"}
    rows += [
        PreviewRow(family.name, later[family.kind], len({reading.labels for reading in family.readings}))
        for family in scrape.page.families
        if family.kind in later and family.name not in counts
    ]
    return tuple(rows[:MAX_PREVIEW_ROWS])


def _program(page: Page) -> str:
    """The exporter's own name and version, where it tells them."""
    for family in page.families:
        for reading in family.readings:
            name, suffix, _ = reading.name.partition("_build_info")
            labels = dict(reading.labels)
            version = labels.get("version") or labels.get(f"{name}_version", "")
            if suffix and version and name != "go":
                return one_line(f"{name} {version}", 80)
    return "It"


def _entity(key: str) -> Entity:
    kind, _, name = key.partition("/")
    return Entity(key, EntityKind(kind), name)
