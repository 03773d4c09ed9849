"""Whose fault outages are: each judged by what was told around its onset, at the root where it has one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from quarterdeck.analysis.fault_class import classify
from quarterdeck.domain.estate import Estate
from quarterdeck.domain.fault_class import FaultVerdict
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.fault_words import fault_words
from quarterdeck.services.outage_facts import AROUND, BEFORE, OutageFactReader, OutageSources

OUTAGES = frozenset({HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE})
"""States whose fault somebody bears."""


@dataclass(frozen=True, slots=True)
class JudgedOutage:
    """One outage, the verdict on it, and the verdict as a sentence. `root_key` is the entity that was judged for it."""

    outage: StateInterval
    root_key: str
    verdict: FaultVerdict
    words: str


class FaultReader:
    """Judges outages as of a moment."""

    def __init__(self, store: OutageSources) -> None:
        self._store = store

    def judged(self, outages: Iterable[StateInterval], estate: Estate, at: datetime) -> tuple[JudgedOutage, ...]:
        """The verdict on each of these intervals that is an outage of something whose fault can be told."""
        reader = OutageFactReader(self._store, estate, at)
        found = (self._judged(outage, estate, reader) for outage in outages if outage.state in OUTAGES)
        return tuple(each for each in found if each is not None)

    def _judged(self, outage: StateInterval, estate: Estate, reader: OutageFactReader) -> JudgedOutage | None:
        root = self._root(outage)
        facts = reader.facts(root)
        if facts is None:
            return None
        verdict = classify(facts)
        entity = estate.entity(root.entity_key)
        followed = entity.name if entity and root.entity_key != outage.entity_key else ""
        return JudgedOutage(outage, root.entity_key, verdict, fault_words(verdict, facts.partner, followed))

    def _root(self, outage: StateInterval) -> StateInterval:
        """The outage of the first root behind it; itself where none is named or none is told of."""
        for key in outage.grounds.because[:1]:
            around = TimeRange(outage.since_at - BEFORE, outage.since_at + AROUND)
            found = [each for each in self._store.states_in(around, [key]) if each.state in OUTAGES]
            if found:
                return found[-1]
        return outage
