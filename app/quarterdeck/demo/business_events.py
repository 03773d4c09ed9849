"""The bank's event feed as a pure function of time: any stretch of the last day, in order, by cursor."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from quarterdeck.demo.bank_clock import BankCalendar
from quarterdeck.demo.business_cases import LONGEST_CASE_MS, SLOT_MS, BankEvent, Busyness, cases_of_slot
from quarterdeck.demo.fault_book import FaultBook
from quarterdeck.demo.noise import key_of
from quarterdeck.demo.past import Release, maintenance_of_day, releases_of_day, year_of
from quarterdeck.demo.rhythms import DAY_MS, activity

KEPT_MS = DAY_MS
LATE_MS = 300_000
_CHUNK_MS = 120_000
_SLOTS_A_PROFILE = 360
_SLOTS_KEPT = 64
_PROFILES_KEPT = 4

Place = tuple[int, str]
"""Where a reader stands: instant and id of the last event it has; events are ordered by both."""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in order, the place reached, and whether more could be had at once."""

    events: tuple[BankEvent, ...]
    place: Place
    has_more: bool


class BusinessEvents:
    """All events of the bank between a day ago and now."""

    def __init__(self, seed: int, calendar: BankCalendar, faults: FaultBook, now_ms: Callable[[], int]) -> None:
        self._seed = seed
        self._calendar = calendar
        self._faults = faults
        self._now_ms = now_ms
        self._version = -1
        self._slots: OrderedDict[int, list[BankEvent]] = OrderedDict()
        self._felt_in: dict[int, Mapping[str, float]] = {}
        self._profiles: OrderedDict[int, tuple[list[float], list[float]]] = OrderedDict()

    def page(self, after: Place | None, limit: int) -> EventPage:
        """The events behind a place (the oldest kept, without one), at most `limit`."""
        now_ms = self._now_ms()
        horizon_ms = now_ms - int(LATE_MS * self._faults.felt_at(now_ms).get("late_events", 0.0))
        oldest: Place = (horizon_ms - KEPT_MS, "")
        place = max(after, oldest) if after else oldest
        events: list[BankEvent] = []
        start_ms = place[0]
        while start_ms <= horizon_ms and len(events) <= limit:
            end_ms = min(start_ms + _CHUNK_MS, horizon_ms + 1)
            events += (event for event in self.between(start_ms, end_ms) if (event.at_ms, event.event_id) > place)
            start_ms = end_ms
        kept = events[:limit]
        reached = (kept[-1].at_ms, kept[-1].event_id) if kept else place
        return EventPage(tuple(kept), reached, len(events) > limit)

    def between(self, from_ms: int, to_ms: int) -> list[BankEvent]:
        """The events of `[from_ms, to_ms)` in order of instant and id."""
        self._forget_if_changed()
        slots = range((from_ms - LONGEST_CASE_MS) // SLOT_MS, (to_ms - 1) // SLOT_MS + 1)
        found = [event for slot in slots for event in self._of_slot(slot)]
        found += self.changes(from_ms, to_ms)
        inside = (event for event in found if from_ms <= event.at_ms < to_ms)
        return sorted(inside, key=lambda event: (event.at_ms, event.event_id))

    def _forget_if_changed(self) -> None:
        if self._version != self._faults.version:
            self._version = self._faults.version
            self._slots.clear()
            self._felt_in.clear()

    def _of_slot(self, slot: int) -> list[BankEvent]:
        if slot not in self._slots:
            key = key_of(self._seed, f"slot:{slot}")
            self._slots[slot] = cases_of_slot(slot, key, self._busyness(slot), self._felt)
            if len(self._slots) > _SLOTS_KEPT:
                self._slots.popitem(last=False)
        return self._slots[slot]

    def _felt(self, slot: int) -> Mapping[str, float]:
        if slot not in self._felt_in:
            if len(self._felt_in) > _SLOTS_A_PROFILE:
                self._felt_in.clear()
            self._felt_in[slot] = self._faults.felt_at(slot * SLOT_MS)
        return self._felt_in[slot]

    def _busyness(self, slot: int) -> Busyness:
        number, index = divmod(slot, _SLOTS_A_PROFILE)
        if number not in self._profiles:
            slots = np.arange(number * _SLOTS_A_PROFILE, (number + 1) * _SLOTS_A_PROFILE, dtype=np.int64)
            times_ms = self._calendar.calendar_of(slots * SLOT_MS)
            self._profiles[number] = (activity("bill_pay", times_ms).tolist(), activity("account", times_ms).tolist())
            if len(self._profiles) > _PROFILES_KEPT:
                self._profiles.popitem(last=False)
        payments, accounts = self._profiles[number]
        return Busyness(payments[index], accounts[index])

    def changes(self, from_ms: int, to_ms: int) -> list[BankEvent]:
        """Releases, rollbacks and maintenance of the days that `[from_ms, to_ms]` touches, each once, in no order."""
        first = self._calendar.calendar_at(from_ms) // DAY_MS
        last = self._calendar.calendar_at(to_ms) // DAY_MS
        found = [*self._bad_releases(from_ms, to_ms)]
        for day in range(first, last + 1):
            found += (self._released(release) for release in releases_of_day(self._seed, day))
            found += self._maintained(day)
        return list({event.event_id: event for event in found}.values())

    def _bad_releases(self, from_ms: int, to_ms: int) -> Iterator[BankEvent]:
        for span in self._faults.spans(from_ms, to_ms):
            if span.name != "bad_deploy":
                continue
            day = span.from_ms // DAY_MS
            version = f"{year_of(day)}.{day % 365}.0"
            yield _release_event("service/payment-order-initiation", version, span.from_ms, is_rollback=False)
            if span.to_ms is not None:
                yield _release_event("service/payment-order-initiation", version, span.to_ms, is_rollback=True)

    def _released(self, release: Release) -> BankEvent:
        at_ms = self._calendar.wall_at(release.at_ms)
        return _release_event(release.entity_key, release.version, at_ms, is_rollback=False)

    def _maintained(self, day: int) -> Iterator[BankEvent]:
        for window in maintenance_of_day(day):
            for kind, at_ms in (("started", window.from_ms), ("ended", window.to_ms)):
                wall_ms = self._calendar.wall_at(at_ms)
                summary = (("summary", f"{window.title} {kind}"),)
                yield BankEvent(
                    wall_ms, f"maintenance-{kind}-{wall_ms}", f"maintenance.{kind}", window.partner_key, "", summary
                )


def _release_event(entity_key: str, version: str, at_ms: int, *, is_rollback: bool) -> BankEvent:
    kind = "rolled_back" if is_rollback else "finished"
    name = entity_key.partition("/")[2]
    said = f"{name} {version} rolled back" if is_rollback else f"{name} {version} released"
    facts = (("summary", said), ("version", version))
    return BankEvent(at_ms, f"deploy-{name}-{at_ms}", f"deploy.{kind}", entity_key, "", facts)
