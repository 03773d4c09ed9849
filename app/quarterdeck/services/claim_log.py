"""The log of disagreements as it is read: every entry with whose fault the outage behind it is, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.domain.claims import ClaimSpan, PartnerRecord, Standing
from quarterdeck.domain.estate import Estate
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.claims import ClaimReader, ClaimReport, ClaimSources
from quarterdeck.services.current_states import silent_since
from quarterdeck.services.fault_class import OUTAGES, FaultReader, JudgedOutage
from quarterdeck.services.moments import Moment
from quarterdeck.services.outage_facts import OutageSources
from quarterdeck.services.wording import moment_words

MOST_JUDGED = 300
"""The newest entries are judged; for older ones whose fault it was is not looked up."""

_SETTLED = timedelta(hours=2)


class ClaimLogSources(ClaimSources, OutageSources, Protocol):
    """What is read."""


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """One disagreement of one partner; `judged` is the outage behind a claim that was too good, None for others."""

    record: PartnerRecord
    span: ClaimSpan
    judged: JudgedOutage | None = None


@dataclass(frozen=True, slots=True)
class ClaimLog:
    """All disagreements over a range as of its end, the newest first, with the records they come from.

    `names` are those of the entities of the estate then, by key.
    """

    report: ClaimReport
    entries: tuple[ClaimEntry, ...]
    names: Mapping[str, str]

    def entries_of(self, partner_key: str) -> tuple[ClaimEntry, ...]:
        """The disagreements of one partner."""
        return tuple(entry for entry in self.entries if entry.record.partner_key == partner_key)


class ClaimLogReader:
    """Answers for the views, the command and the exports; so many verdicts on what is long over are remembered."""

    def __init__(self, store: ClaimLogSources, *, remembers: int = 2_000) -> None:
        self._remembers = remembers
        self._store = store
        self._claims = ClaimReader(store)
        self._faults = FaultReader(store)
        self._remembered: dict[tuple[str, datetime, datetime], JudgedOutage] = {}

    def log(self, time_range: TimeRange, at: datetime, partner_key: str = "") -> ClaimLog:
        """The log over a range up to a moment, of every partner or of one."""
        report = self._claims.report(time_range, at, partner_key)
        estate = self._store.estate(at)
        found = [ClaimEntry(record, span) for record in report.records for span in record.disagreements]
        found.sort(key=lambda entry: (entry.span.from_at, entry.record.partner_key), reverse=True)
        entries = tuple(
            ClaimEntry(entry.record, entry.span, self._judged(entry.span, estate, at) if place < MOST_JUDGED else None)
            for place, entry in enumerate(found)
        )
        return ClaimLog(report, entries, {entity.key: entity.name for entity in estate.entities})

    def log_at(self, moment: Moment) -> ClaimLog:
        """The log over a moment's range as of its play-head."""
        return self.log(moment.time_range, moment.at)

    def stale_words(self, moment: Moment) -> str:
        """Since when nobody collects, as a phrase; empty while somebody does."""
        since_at = silent_since(self._store, moment.at)
        return "" if since_at is None else f"no fresh data since {moment_words(since_at, moment.at)}"

    def _judged(self, span: ClaimSpan, estate: Estate, at: datetime) -> JudgedOutage | None:
        if span.standing is not Standing.UNDERSTATED or not span.subject_keys:
            return None
        memory = span.subject_keys[0], span.from_at, span.to_at
        known = self._remembered.get(memory)
        if known is not None and _is_settled(known, at):
            return known
        judged = self._judge(span, estate, at)
        if judged is not None and _is_settled(judged, at):
            if len(self._remembered) >= self._remembers:
                self._remembered.clear()
            self._remembered[memory] = judged
        return judged

    def _judge(self, span: ClaimSpan, estate: Estate, at: datetime) -> JudgedOutage | None:
        inside = TimeRange(span.from_at, min(span.to_at, at))
        outages = [each for each in self._store.states_in(inside, [span.subject_keys[0]]) if each.state in OUTAGES]
        return next(iter(self._faults.judged(outages[:1], estate, at)), None)


def _is_settled(judged: JudgedOutage, at: datetime) -> bool:
    """Whether nothing that bears on the verdict can have come shortly before a moment, or after it."""
    return judged.outage.to_at is not None and judged.outage.to_at + _SETTLED < at
