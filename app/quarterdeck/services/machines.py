"""The machines among the entities: how busy their processors are, how full their memory and their disks.

What is a machine is decided by what is told of a component, whoever tells it: how full its memory is as a share of
the whole, and besides that how busy its processors or how full its file systems are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.estate import Entity, EntityKind, Estate
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.series import Meaning, SeriesInfo
from quarterdeck.services.current_states import CurrentStates
from quarterdeck.services.figures import is_memory_share
from quarterdeck.services.integrations import SPARK_POINTS, IntegrationSources, patience_of
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.services.ranking import urgency
from quarterdeck.services.series_choice import choose_series, is_space
from quarterdeck.services.signals import Reading, SignalReader


class Part(StrEnum):
    """What of a machine is in use."""

    PROCESSOR = "processor"
    MEMORY = "memory"
    FULLEST_DISK = "fullest_disk"


@dataclass(frozen=True, slots=True)
class PartUse:
    """How much of a part is in use: a share (0 to 1), None where nothing fresh is known, as of a machine that is stale.

    `label` names the fullest disk, and is empty for the others.
    """

    part: Part
    share: float | None
    label: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class MachineRow:
    """One machine at the moment shown.

    `uses` holds the parts of which something was ever told, in the order of `Part`. `spark` is how busy its processors
    were over the range (float64, NaN is a gap). `newest_at` is its newest figure; `reason` why it is in its state.
    """

    entity: Entity
    state: HealthState
    reason: str
    since_at: datetime | None
    uses: tuple[PartUse, ...]
    spark: npt.NDArray[np.float64]
    newest_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Told:
    """The series of one machine, by part."""

    memory: SeriesInfo
    processor: SeriesInfo | None
    disks: tuple[SeriesInfo, ...]

    @property
    def series(self) -> tuple[SeriesInfo, ...]:
        return (self.memory, *((self.processor,) if self.processor else ()), *self.disks)


class MachineReader:
    """Answers for the Overview's machines."""

    def __init__(self, store: IntegrationSources) -> None:
        self._store = store
        self._states = CurrentStates(store)
        self._signals = SignalReader(store)

    def machines_of(self, estate: Estate, moment: Moment) -> tuple[MachineRow, ...]:
        """All machines of an estate at the play-head, the most urgent first."""
        told = self._told()
        entities = [entity for entity in estate.of_kind(EntityKind.COMPONENT) if entity.key in told]
        if not entities:
            return ()
        keys = [entity.key for entity in entities]
        patience = patience_of(entities, self._store)
        series = [info for key in keys for info in told[key].series]
        readings = self._signals.readings(series, moment, patience)
        processors = [info.id for key in keys if (info := told[key].processor) is not None]
        sparks = self._signals.sparks(processors, moment, SPARK_POINTS)
        states = self._states.states_at(moment.at)
        rows = [_row(entity, told[entity.key], states.get(entity.key), readings, sparks) for entity in entities]
        return tuple(sorted(rows, key=lambda row: urgency(row.entity, row.state)))

    def _told(self) -> dict[str, _Told]:
        """The series of every entity that tells what a machine tells, by entity key."""
        full = self._store.find(SeriesQuery(meanings=(Meaning.SATURATION, Meaning.MEMORY)))
        memory = choose_series(info for info in full if is_memory_share(info))
        if not memory:
            return {}
        others: dict[str, list[SeriesInfo]] = defaultdict(list)
        for info in self._store.find(SeriesQuery(tuple(memory), (Meaning.PROCESSING, Meaning.STORAGE))):
            if info.identity.unit == "ratio":
                others[info.identity.entity_key].append(info)
        return {key: _told(memory[key], infos) for key, infos in others.items()}


def _told(memory: Mapping[Meaning, SeriesInfo], others: Sequence[SeriesInfo]) -> _Told:
    chosen = next(iter(choose_series(others).values()))
    return _Told(
        memory=next(iter(memory.values())),
        processor=chosen.get(Meaning.PROCESSING),
        disks=tuple(info for info in others if info.identity.meaning is Meaning.STORAGE and is_space(info)),
    )


def _row(
    entity: Entity,
    told: _Told,
    interval: StateInterval | None,
    readings: Mapping[int, Reading],
    sparks: Mapping[int, npt.NDArray[np.float64]],
) -> MachineRow:
    seen = [readings[info.id].at for info in told.series if info.id in readings]
    spark = sparks.get(told.processor.id) if told.processor else None
    state = interval.state if interval else HealthState.UNKNOWN
    return MachineRow(
        entity=entity,
        state=state,
        reason=interval.reason if interval else "",
        since_at=interval.since_at if interval else None,
        uses=_uses(told, {} if state is HealthState.STALE else readings),
        spark=np.empty(0) if spark is None else spark,
        newest_at=max(seen, default=None),
    )


def _uses(told: _Told, readings: Mapping[int, Reading]) -> tuple[PartUse, ...]:
    def share(info: SeriesInfo) -> float | None:
        reading = readings.get(info.id)
        return reading.value if reading is not None and reading.fresh else None

    uses: list[PartUse] = []
    if told.processor is not None:
        uses.append(PartUse(Part.PROCESSOR, share(told.processor)))
    uses.append(PartUse(Part.MEMORY, share(told.memory)))
    if told.disks:
        known = [(used, info) for info in told.disks if (used := share(info)) is not None]
        fullest = max(known, key=lambda each: each[0], default=None)
        label = ", ".join(value for _, value in fullest[1].identity.labels) if fullest else ""
        uses.append(PartUse(Part.FULLEST_DISK, fullest[0] if fullest else None, label))
    return tuple(uses)
