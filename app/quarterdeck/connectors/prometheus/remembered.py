"""What a connection remembers between polls, as the text of its cursor: how far it came and what the server offers.

The text is packed: it is written with every poll, and the names of a thousand metrics pack to a fifth.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from quarterdeck.connectors.prometheus.catalogue import Catalogue, Form, Metric
from quarterdeck.connectors.prometheus.settings import PrometheusSettings

CATALOGUE_LIFETIME_SECONDS = 600
_LONGEST_TEXT = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What was learned by looking around: the catalogue, how far the server's clock is ahead, how long to wait.

    `key` stands for the settings under which it was learned, `looked_at` is seconds since the epoch.
    """

    key: str
    looked_at: float
    catalogue: Catalogue
    clock_ahead_seconds: float
    settle_seconds: int

    def holds(self, key: str, now: float) -> bool:
        """Whether it can still be relied on."""
        return self.key == key and 0 <= now - self.looked_at < CATALOGUE_LIFETIME_SECONDS


@dataclass(frozen=True, slots=True)
class Remembered:
    """The newest instant taken, in seconds since the epoch, and the surroundings, each None when not known."""

    until: float | None = None
    surroundings: Surroundings | None = None


class _Text(BaseModel):
    model_config = ConfigDict(frozen=True)

    until: float | None
    key: str
    looked_at: float
    ahead: float
    settle: int
    left_out: int
    metrics: tuple[tuple[str, Form, int, str, bool], ...]


def key_of(settings: PrometheusSettings) -> str:
    """A short stand-in for the settings that decide what is learned by looking around."""
    selector = settings.selector.text if settings.selector else ""
    numbers = f"{settings.series_limit} {settings.sampling.settle_seconds}"
    parts = (settings.address, selector, numbers, settings.tenant)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def remembered_from(cursor: str | None) -> Remembered:
    """Read a cursor; one that cannot be read counts as none."""
    if not cursor:
        return Remembered()
    try:
        text = _Text.model_validate_json(_unpacked(cursor))
    except ValueError:
        return Remembered()
    metrics = tuple(Metric(*metric) for metric in text.metrics)
    surroundings = Surroundings(text.key, text.looked_at, Catalogue(metrics, text.left_out), text.ahead, text.settle)
    return Remembered(text.until, surroundings)


def cursor_of(until: float | None, surroundings: Surroundings) -> str:
    """The cursor that `remembered_from` reads back."""
    catalogue = surroundings.catalogue
    text = _Text(
        until=until,
        key=surroundings.key,
        looked_at=surroundings.looked_at,
        ahead=surroundings.clock_ahead_seconds,
        settle=surroundings.settle_seconds,
        left_out=catalogue.left_out,
        metrics=tuple(
            (each.name, each.form, each.series_count, each.status_label, each.is_summed) for each in catalogue.metrics
        ),
    )
    return base64.b85encode(zlib.compress(text.model_dump_json().encode())).decode("ascii")


def _unpacked(cursor: str) -> bytes:
    """The text in a cursor. Raises ValueError when it holds none, or more than a catalogue can be."""
    try:
        unpack = zlib.decompressobj()
        text = unpack.decompress(base64.b85decode(cursor), _LONGEST_TEXT)
    except zlib.error as fault:
        raise ValueError(str(fault)) from fault
    if not unpack.eof:
        message = "a cursor that is cut off or endless"
        raise ValueError(message)
    return text
