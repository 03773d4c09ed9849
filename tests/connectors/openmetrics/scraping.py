"""What the tests of the scrape share: pages given as text, polled one after the other."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

import httpx

from quarterdeck.connectors.openmetrics.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.connector import ConnectorContext
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.testing import Collected, StandingClock, collect_all, context_for, settings_for

MANIFEST = load_manifest(files("quarterdeck.connectors.openmetrics") / "manifest.toml")
ENTITY = "component/ledger-node"
PLAIN = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
STEP_SECONDS = 15.0


def context_with(
    page: bytes, clock: StandingClock, settings: Mapping[str, SettingValue], content_type: str
) -> ConnectorContext:
    """A context in which the exporter answers with the page."""
    given = settings_for(MANIFEST, {"address": "http://127.0.0.1:9100/metrics", "entity": ENTITY, **settings})
    answer = httpx.Response(200, headers={"content-type": content_type}, content=page)
    return context_for(given, clock=clock, transport=httpx.MockTransport(lambda _request: answer))


async def scraped(
    pages: Sequence[str], *, content_type: str = PLAIN, step_seconds: float = STEP_SECONDS, **settings: SettingValue
) -> Batch:
    """The batch of the last of several scrapes, a step apart."""
    polled = await polled_with([page.encode() for page in pages], settings, content_type, step_seconds)
    return polled.only


async def polled_with(
    pages: Sequence[bytes],
    settings: Mapping[str, SettingValue] | None = None,
    content_type: str = PLAIN,
    step_seconds: float = STEP_SECONDS,
) -> Collected:
    """What the last of several scrapes ended in."""
    clock, cursor, polled = StandingClock(), None, Collected(())
    for number, page in enumerate(pages):
        clock.advance(step_seconds if number else 0)
        polled = await collect_all(Source(), context_with(page, clock, settings or {}, content_type), cursor=cursor)
        cursor = polled.cursor or cursor
    return polled


def values_of(batch: Batch) -> dict[SeriesIdentity, float]:
    """The values by series."""
    samples = batch.samples
    return {
        samples.identities[index]: float(value)
        for index, value in zip(samples.series_index, samples.values, strict=True)
    }


def value(batch: Batch, name: str, statistic: str = "", **labels: str) -> float | None:
    """The value of the series of that name, statistic and labels; None when there is none."""
    found = [
        number
        for identity, number in values_of(batch).items()
        if (identity.name, identity.statistic, identity.labels) == (name, statistic, facts_of(labels))
    ]
    return found[0] if found else None


def meanings_of(batch: Batch) -> dict[str, str]:
    """The meaning of each series that has one, by its name."""
    return {one.name: str(one.meaning) for one in batch.samples.identities if one.meaning != "other"}
