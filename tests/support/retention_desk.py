"""A store's retention as the settings see it: known figures, a note of what was saved, refusals on demand."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from quarterdeck.analysis.trends import Trend
from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.retention_settings import RetentionOutlook
from quarterdeck.services.store_growth import DaysLeft, RetentionPolicy, RoomEnd, SingleSamples, StoreGrowth
from quarterdeck.services.store_keeping import RetentionChange
from tests.support.pictured_bank import NOON

MB = 2**20
GB = 2**30
POLICY = RetentionPolicy(raw_days=30, limit_bytes=20 * GB)
SINGLES = SingleSamples(NOON - timedelta(days=29), 0.62)
REFUSAL = OperatorError("The store cannot be written just now.", "Try again in a minute.")


def growth_with(policy: RetentionPolicy) -> StoreGrowth:
    """A store of 12 GB that grows by 100 MB a day and meets its limit in eighty days."""
    trend = Trend(90.0 * MB, 100.0 * MB, 110.0 * MB)
    return StoreGrowth(12 * GB, trend, policy, 50 * GB, RoomEnd.LIMIT, DaysLeft(74, 80, 91))


@dataclass(slots=True)
class KnownRetention:
    """A `RetentionSource`."""

    policy: RetentionPolicy = POLICY
    refuses: bool = False
    saved: list[RetentionPolicy] = field(default_factory=list[RetentionPolicy])

    def standing(self) -> StoreGrowth:
        if self.refuses:
            raise REFUSAL
        return growth_with(self.policy)

    def weigh(self, change: RetentionChange) -> RetentionOutlook:
        after = change.applied(self.policy)
        cutoff = None if after.raw_days is None else NOON - timedelta(days=after.raw_days)
        return RetentionOutlook(self.policy, after, cutoff, SINGLES, 12 * GB)

    def put(self, outlook: RetentionOutlook) -> StoreGrowth:
        if self.refuses:
            raise REFUSAL
        self.saved.append(outlook.after)
        self.policy = replace(outlook.after)
        return self.standing()
