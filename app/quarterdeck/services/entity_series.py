"""Every series of one entity, whether anything else shows it or not: what each told last, and the course of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from quarterdeck.analysis.courses import Course, course_of
from quarterdeck.domain.series import Meaning, SeriesInfo
from quarterdeck.services.integrations import patience_of
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import ConnectionStore, EstateStore, SeriesQuery, SeriesStore
from quarterdeck.services.readthrough import EnvelopeReader
from quarterdeck.services.series_ports import Precision
from quarterdeck.services.signals import Patience, Reading, SignalReader, series_name


class SeriesSources(EstateStore, SeriesStore, ConnectionStore, Protocol):
    """What the lists and courses are read from."""


@dataclass(frozen=True, slots=True)
class ListedSeries:
    """One series, its name with its labels, and its reading at the moment; None where it told nothing up to then."""

    info: SeriesInfo
    name: str
    reading: Reading | None


@dataclass(frozen=True, slots=True, eq=False)
class SeriesCourse:
    """The course of one series over a moment's range; `failure` says in words why its source did not give it.

    `is_sharp` says that nothing would be drawn more exactly.
    """

    info: SeriesInfo
    name: str
    course: Course
    failure: str = ""
    is_sharp: bool = True


class EntitySeriesReader:
    """Lists the series of an entity and reads the course of one. Without `envelopes` those of the store are read."""

    def __init__(self, store: SeriesSources, envelopes: EnvelopeReader | None = None) -> None:
        self._store = store
        self._envelopes = envelopes or store
        self._signals = SignalReader(store)

    def all_series(self, entity_key: str, moment: Moment) -> tuple[ListedSeries, ...]:
        """By name and statistic, those first whose meaning is known here; empty for an entity that has none."""
        infos = self._store.find(SeriesQuery(entity_keys=(entity_key,)))
        readings = self._signals.readings(infos, moment, self._patience(entity_key, moment)) if infos else {}
        found = [ListedSeries(info, series_name(info.identity), readings.get(info.id)) for info in infos]
        return tuple(sorted(found, key=_place))

    def course(
        self, entity_key: str, series_id: int, moment: Moment, pixels: int, precision: Precision = Precision.FIRST
    ) -> SeriesCourse | None:
        """The course of one series in about two points a pixel; None where there is no such series any more."""
        found = self._envelopes.envelope((series_id,), moment.time_range, pixels, precision)
        if not found:
            return None
        envelope = found[0]
        patience = self._patience(entity_key, moment).seconds_for(envelope.series)
        columns = (envelope.low, envelope.high, envelope.mean)
        course = course_of(envelope.edges_ms, columns, patience_ms=int(patience * 1000))
        name = series_name(envelope.series.identity)
        return SeriesCourse(envelope.series, name, course, envelope.failure, envelope.is_sharp)

    def _patience(self, entity_key: str, moment: Moment) -> Patience:
        entity = self._store.estate(moment.at).entity(entity_key)
        return patience_of([entity] if entity is not None else [], self._store)


def _place(one: ListedSeries) -> tuple[bool, str, str]:
    identity = one.info.identity
    return identity.meaning is Meaning.OTHER, one.name, identity.statistic
