"""What entities said of themselves lately, steadied where it flaps: what the roll-up begins from at any instant."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from quarterdeck.analysis.coverage import Coverage
from quarterdeck.analysis.flapping import OwnStretch, steadied
from quarterdeck.analysis.rollup.conditions import Own
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import to_ms

LOOKBACK_MS = 45 * 60_000
"""How much is known before a stretch that is rolled up: enough to know that something flaps."""

EARLY_MS = 5 * 60_000
"""Work may begin so long before its window: what fails then is planned."""

NOTHING_KNOWN = frozenset({HealthState.STALE, HealthState.UNKNOWN})
"""What parts no outage in two: it stands before and after."""

_BEGIN = attrgetter("from_ms")
_UNKNOWN = Own(HealthState.UNKNOWN, 0)


class OwnHistory:
    """Own states by entity, each from its beginning on until the next; an entity without any is unknown.

    `coverage` is what maintenance covers: where that begins and ends there are changes too.
    """

    def __init__(self) -> None:
        self._told: dict[str, list[OwnStretch]] = {}
        self._steady: dict[str, list[OwnStretch]] = {}
        self.source_failed: set[str] = set()
        self.coverage = Coverage({})

    def add(self, intervals: Iterable[StateInterval], read_from_ms: int) -> None:
        """Take in intervals as they were read from an instant on, each entity's in the order of time."""
        keys: set[str] = set()
        for interval in intervals:
            told = self._told.setdefault(interval.entity_key, [])
            stretch = _stretch(interval)
            is_cut = not told and stretch.from_ms < read_from_ms
            told.append(stretch if is_cut else _dated(stretch, told))
            keys.add(interval.entity_key)
        for key in keys:
            self._steady[key] = steadied(self._told[key])

    def replace(self, key: str, from_ms: int, intervals: Sequence[StateInterval]) -> None:
        """Put what is known now in the place of everything from an instant on."""
        kept = [stretch for stretch in self._told.get(key, ()) if stretch.from_ms < from_ms]
        for interval in intervals:
            stretch = _stretch(interval, not_before_ms=from_ms)
            if not kept or kept[-1].state is not stretch.state:
                kept.append(_dated(stretch, kept))
        self._told[key] = _recent(kept)
        self._steady[key] = steadied(self._told[key])

    def precede(self, intervals: Iterable[StateInterval], read_from_ms: int) -> None:
        """Put what was judged of the time before all that is known of an entity in front of it."""
        for key, held in groupby(intervals, key=attrgetter("entity_key")):
            known = self._told.get(key, [])
            earlier = [each for each in held if known and to_ms(each.from_at) < known[0].from_ms]
            if not earlier:
                continue
            self._told.pop(key)
            self.add(earlier, read_from_ms)
            told = self._told[key]
            for stretch in known:
                if told[-1].state is not stretch.state:
                    told.append(_dated(stretch, told))
            self._steady[key] = steadied(told)

    def forget(self, key: str) -> None:
        """Nothing is known of an entity any more."""
        self._told.pop(key, None)
        self._steady.pop(key, None)
        self.source_failed.discard(key)

    def entity_keys(self) -> Collection[str]:
        """The entities of which anything is known."""
        return self._steady.keys()

    def stretch_at(self, key: str, at_ms: int) -> OwnStretch | None:
        """What an entity said at an instant, steadied; None before it said anything."""
        steady = self._steady.get(key, [])
        place = bisect_right(steady, at_ms, key=_BEGIN)
        return steady[place - 1] if place else None

    def own_at(self, key: str, at_ms: int) -> Own:
        """The same for the roll-up."""
        stretch = self.stretch_at(key, at_ms)
        if stretch is None:
            return _UNKNOWN
        failed = stretch.state is HealthState.STALE and key in self.source_failed
        plain = Own(stretch.state, stretch.began_ms, source_failed=failed, onset_ms=stretch.onset_ms)
        return plain if self.coverage.at(key, at_ms) is None else self._covered(key, plain, at_ms)

    def _covered(self, key: str, own: Own, at_ms: int) -> Own:
        """The same of one that a window covers: what it was down before is not planned.

        Nor was it planned that others failed before the window began, however early this may have begun unseen.
        """
        begun_ms = self.coverage.since_ms(key, at_ms)
        if own.state is HealthState.DOWN and own.since_ms < begun_ms - EARLY_MS:
            return replace(own, in_window=True, failed_before=True)
        onset_ms = own.since_ms if own.onset_ms is None else own.onset_ms
        return replace(own, in_window=True, onset_ms=max(onset_ms, begun_ms))

    def edges(self, after_ms: int, until_ms: int) -> list[tuple[int, str]]:
        """Each change in `(after_ms, until_ms]` with whose it is, in the order of time."""
        found = {edge for edge in self.coverage.edges(after_ms, until_ms) if edge[1] in self._steady}
        for key, steady in self._steady.items():
            if steady[-1].from_ms > after_ms:
                found.update((s.from_ms, key) for s in steady if after_ms < s.from_ms <= until_ms)
        return sorted(found)

    def has_edge(self, after_ms: int, until_ms: int) -> bool:
        """Whether anything changes in `(after_ms, until_ms]`."""
        return bool(self.coverage.edges(after_ms, until_ms)) or any(
            after_ms < stretch.from_ms <= until_ms
            for steady in self._steady.values()
            if steady[-1].from_ms > after_ms
            for stretch in steady
        )


def _stretch(interval: StateInterval, *, not_before_ms: int | None = None) -> OwnStretch:
    from_ms = to_ms(interval.from_at)
    if not_before_ms is not None:
        from_ms = max(from_ms, not_before_ms)
    return OwnStretch(from_ms, interval.state, interval.reason, interval.cause)


def _dated(stretch: OwnStretch, before: Sequence[OwnStretch]) -> OwnStretch:
    """A stretch with when it began: first of all, as far as that was seen, and how early that may have been unseen.

    What stood before nothing was known, and stands after it, is one. Otherwise it may have begun when silence did,
    and at any time before any data.
    """
    last = before[-1] if before else None
    if stretch.state in NOTHING_KNOWN:
        return replace(stretch, onset_ms=_unseen_ms(last), stood=_standing(last))
    stood = None if last is None else last.stood
    if stood is not None and stood.state is stretch.state:
        return replace(stretch, onset_ms=stood.onset_ms, since_ms=stood.began_ms)
    return replace(stretch, onset_ms=_unseen_ms(last))


def _unseen_ms(last: OwnStretch | None) -> int | None:
    if last is None or last.state is HealthState.UNKNOWN:
        return 0
    return last.from_ms if last.state is HealthState.STALE else None


def _standing(last: OwnStretch | None) -> OwnStretch | None:
    """What a while without knowledge comes after."""
    return last if last is None or last.state not in NOTHING_KNOWN else last.stood


def _recent(stretches: list[OwnStretch]) -> list[OwnStretch]:
    """The last ones, and the one that held before them."""
    oldest_ms = stretches[-1].from_ms - LOOKBACK_MS if stretches else 0
    place = bisect_right(stretches, oldest_ms, key=_BEGIN)
    return stretches[max(0, place - 1) :]
