"""What a series is: one metric of one entity over time, with unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.facts import Facts


class Meaning(StrEnum):
    """What a series tells about its entity, whatever its source calls it."""

    RESPONSE_TIME = "response_time"
    THROUGHPUT = "throughput"
    ERROR_RATE = "error_rate"
    SATURATION = "saturation"
    AVAILABILITY = "availability"
    STORAGE = "storage"
    PROCESSING = "processing"
    MEMORY = "memory"
    NETWORK = "network"
    QUEUE_DEPTH = "queue_depth"
    FRESHNESS = "freshness"
    EXPIRY = "expiry"
    OTHER = "other"


class SeriesKind(StrEnum):
    """How its values add up: a gauge has a last value, a counter only ever grows but for resets."""

    GAUGE = "gauge"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class SeriesIdentity:
    """The name of a series: two samples belong together when all of this is equal.

    `unit` is one of `s`, `1/s`, `ratio` (0 to 1), `By`, `By/s`, `1` (a count), `d` or a UCUM unit of the source.
    `statistic` says which summary the values are: `p50`, `p95`, `p99`, `mean`, `max`, or empty for the value itself.
    """

    entity_key: str
    name: str
    meaning: Meaning = Meaning.OTHER
    unit: str = "1"
    statistic: str = ""
    labels: Facts = ()
    kind: SeriesKind = SeriesKind.GAUGE


@dataclass(frozen=True, slots=True)
class SeriesInfo:
    """A series as the store knows it: its number there, whence it comes, and what is held of it.

    `read_through` marks a series whose samples stay in its source and are read at query time.
    """

    id: int
    identity: SeriesIdentity
    connection_id: str
    first_at: datetime | None = None
    last_at: datetime | None = None
    last_value: float | None = None
    read_through: bool = False
