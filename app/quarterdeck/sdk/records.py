"""What connectors yield: batches of records, each batch stored whole together with the cursor it reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.checks import CheckResult, ClaimedStatus
from quarterdeck.domain.estate import DeclaredEstate, Entity, Relation
from quarterdeck.domain.events import Change, Event
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.series import SeriesIdentity


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Samples of several series in columns of one length n.

    `series_index` (int32) points into `identities`, `times_ms` (int64) are milliseconds since the epoch,
    `values` are float64; NaN means that the source said so. Order does not matter.
    """

    identities: tuple[SeriesIdentity, ...] = ()
    series_index: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    times_ms: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    values: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0, np.float64))

    def __post_init__(self) -> None:
        if not len(self.series_index) == len(self.times_ms) == len(self.values):
            message = "sample columns differ in length"
            raise ValueError(message)

    def __len__(self) -> int:
        return len(self.times_ms)

    @classmethod
    def at(cls, instant: datetime, values: Mapping[SeriesIdentity, float]) -> Samples:
        """One sample of each series, all at one instant: what a scrape yields."""
        count = len(values)
        return cls(
            identities=tuple(values),
            series_index=np.arange(count, dtype=np.int32),
            times_ms=np.full(count, to_ms(instant), np.int64),
            values=np.fromiter(values.values(), np.float64, count),
        )

    @classmethod
    def of_series(
        cls, identity: SeriesIdentity, times_ms: npt.NDArray[np.int64], values: npt.NDArray[np.float64]
    ) -> Samples:
        """Many samples of one series."""
        return cls((identity,), np.zeros(len(times_ms), np.int32), times_ms, values)

    @classmethod
    def joined(cls, parts: Sequence[Samples]) -> Samples:
        """All samples of several columns sets; series of equal identity become one."""
        numbers: dict[SeriesIdentity, int] = {}
        indexes: list[npt.NDArray[np.int32]] = []
        for part in parts:
            lookup = np.array([numbers.setdefault(i, len(numbers)) for i in part.identities], np.int32)
            indexes.append(lookup[part.series_index] if len(part) else part.series_index)
        if not parts:
            return cls()
        return cls(
            tuple(numbers),
            np.concatenate(indexes),
            np.concatenate([part.times_ms for part in parts]),
            np.concatenate([part.values for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """One transaction's worth of records.

    `cursor` is opaque text of the connector, handed back at the next poll; None keeps the previous one.
    `entities` and `relations` are observed facts; `declared` is a whole estate document, which the collector applies.
    `is_whole_estate` says that they are all the source knows of now: what it named before is not seen any more.
    `evidence` goes into the store's chain, dated as received when it is stored.
    `caught_up` is False while the source has more that could be fetched at once.
    """

    samples: Samples = field(default_factory=Samples)
    checks: tuple[CheckResult, ...] = ()
    events: tuple[Event, ...] = ()
    changes: tuple[Change, ...] = ()
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    is_whole_estate: bool = False
    claimed: tuple[ClaimedStatus, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    evidence: tuple[EvidenceRecord, ...] = ()
    declared: DeclaredEstate | None = None
    cursor: str | None = None
    caught_up: bool = True
    note: str = ""

    @property
    def record_count(self) -> int:
        """How many records of all kinds the batch carries."""
        seen = (self.checks, self.events, self.changes, self.claimed, self.allocations, self.evidence)
        return len(self.samples) + sum(len(part) for part in (*seen, self.entities, self.relations))
