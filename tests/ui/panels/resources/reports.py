"""Made-up resources, small enough to read: a disk that fills, processors with room, and what is not known."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from quarterdeck.analysis.peaks import Demand, DemandOutlook, foreseen
from quarterdeck.domain.capacity import ResourceKey, ResourceKind, Size, SizeOrigin
from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesInfo
from quarterdeck.services.capacity import HISTORY_DAYS, CapacityReport, Resource, last_midnight
from quarterdeck.services.capacity_subjects import Subject
from quarterdeck.services.moments import Moment
from tests.ui.panels.overview.reports import LIVE, NOON

LOCKED = StoreUnavailable("The store is locked.", "Wait for the other program.")
LEDGER, API, QUEUE = "component/ledger-db", "service/payments-api", "component/queue"
GIB = 2.0**30
K = ResourceKind


def outlook(start: float, per_day: float, days: int = 60, earlier: float | None = None) -> DemandOutlook:
    """The outlook of a line over the last days, with another pace before the last twenty of them."""
    ago = np.arange(days)[::-1].astype(np.float64)
    late = np.minimum(ago, 20.0)
    before = np.maximum(0.0, ago - 20.0) * (per_day if earlier is None else earlier)
    noise = np.random.default_rng(3).normal(0, 0.0005, days)
    peaks = np.full(HISTORY_DAYS, np.nan)
    peaks[-days:] = start - late * per_day - before + noise
    shape = 0.6 + 0.4 * np.exp(-((np.arange(24) - 12.0) ** 2) / 18)
    weekday = (last_midnight(NOON).weekday() - HISTORY_DAYS) % 7
    return foreseen(Demand((peaks[:, np.newaxis] * shape).ravel(), weekday))


def size(amount: float, unit: str = "By", fact: str = "allocated_storage_gb") -> Size:
    return Size(amount, unit, SizeOrigin.DECLARED, fact)


def resource(
    key: ResourceKey, name: str, share: float | None, given: Size | None = None, told: DemandOutlook | None = None
) -> Resource:
    """A resource that its source told of a moment ago."""
    entity = Entity(key.entity_key, EntityKind.COMPONENT, name)
    info = SeriesInfo(1, SeriesIdentity(key.entity_key, "used", Meaning.STORAGE, "ratio"), "metrics")
    began = last_midnight(NOON) - timedelta(days=HISTORY_DAYS)
    told_at: datetime | None = NOON - timedelta(seconds=5)
    return Resource(Subject(key, entity, given, series=(info,)), share, told_at, False, told, told is None, began)


DISK = resource(
    ResourceKey(LEDGER, K.STORAGE, "/data"), "ledger-db", 0.86, size(480 * GIB), outlook(0.86, 0.0127, earlier=0.006)
)
CORES = resource(
    ResourceKey(API, K.PROCESSING), "payments-api", 0.2, size(8, "1", "allocated_cores"), outlook(0.25, 0.0)
)
YOUNG = resource(ResourceKey(QUEUE, K.SERVICE), "queue", 0.4, None, outlook(0.4, 0.0, days=5))
PENDING = replace(DISK, outlook=None, is_pending=True)
OLD = replace(CORES, is_old=True)
UNTOLD = replace(YOUNG, share=None, told_at=None)
FULL = replace(DISK, share=1.12)


def report(*resources: Resource, unreadable: tuple[str, ...] = (), stale: str = "") -> CapacityReport:
    return CapacityReport(resources, unreadable, stale)


ALL = report(DISK, CORES, YOUNG)


@dataclass(slots=True)
class Source:
    """Answers with a report, or with a fault; without foresight with everything pending, where it is told to."""

    report: CapacityReport
    quick: CapacityReport | None = None
    fault: OperatorError | None = None
    asked: list[bool] = field(default_factory=list[bool])

    def resources_at(self, moment: Moment, *, foresee: bool = True) -> CapacityReport:
        self.asked.append(foresee)
        if self.fault is not None:
            raise self.fault
        return self.quick if self.quick is not None and not foresee else self.report


__all__ = ["ALL", "CORES", "DISK", "FULL", "LIVE", "LOCKED", "NOON", "OLD", "PENDING", "UNTOLD", "YOUNG", "Source"]
