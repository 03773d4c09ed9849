"""How a risk went on day by day: what was left of it by the verdicts of then. Nothing is stored; it follows again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.policies import VerdictInterval
from quarterdeck.domain.risks import Bearing, RiskHistory, bearing_of, residual
from quarterdeck.services.compliance_ports import ComplianceRecords
from quarterdeck.services.measured_facts import midnights

SPAN = timedelta(days=90)
_AN_INSTANT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class RiskDay:
    """A risk at a midnight (UTC), the last one at the moment itself.

    `effectiveness` is the share from 0 to 1 that controls took away, None where nothing was known of them. Before it
    was registered the risk stands as it was first assessed: what its controls would have left of it.
    """

    at: datetime
    inherent: int
    effectiveness: float | None
    score: int
    at_best: int
    is_registered: bool


def risk_trends(
    records: ComplianceRecords, histories: Sequence[RiskHistory], at: datetime, span: timedelta = SPAN
) -> dict[str, tuple[RiskDay, ...]]:
    """The days of each risk over a span that ends at a moment, oldest first, by its id. Raises StoreUnavailable."""
    moments = (*(day for day in midnights(at - span, at) if day < at), at)
    policies = {link.policy_id for history in histories for told in history.records for link in told.risk.links}
    read = TimeRange(moments[0], at + _AN_INSTANT)
    intervals = _by_control(records.verdicts_between(sorted(policies), read) if policies else ())
    return {
        history.last.risk.id: tuple(_day(history, intervals, moment) for moment in moments) for history in histories
    }


_Intervals = Mapping[tuple[str, str], Sequence[VerdictInterval]]


def _by_control(intervals: Iterable[VerdictInterval]) -> _Intervals:
    found: dict[tuple[str, str], list[VerdictInterval]] = defaultdict(list)
    for interval in intervals:
        found[interval.control.policy_id, interval.control.entity_key].append(interval)
    return found


def _day(history: RiskHistory, intervals: _Intervals, at: datetime) -> RiskDay:
    told = [record for record in history.records if record.recorded_at <= at]
    risk = (told[-1] if told else history.records[0]).risk
    bearings = {link.control: _bearing(intervals.get(link.control, ()), at) for link in risk.links}
    left = residual(risk, bearings)
    return RiskDay(at, left.inherent, left.effectiveness, left.score, left.at_best, bool(told))


def _bearing(intervals: Sequence[VerdictInterval], at: datetime) -> Bearing:
    """By the newest version of the policy that judged then."""
    standing = [each for each in intervals if each.from_at <= at and (each.to_at is None or at < each.to_at)]
    newest = max(standing, key=lambda each: each.control.version, default=None)
    return bearing_of(None if newest is None else newest.verdict)
