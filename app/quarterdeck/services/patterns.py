"""How the integrations, and whatever else names a pattern, stand to their patterns at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeAlias

from quarterdeck.analysis.pattern_verification import SeenEntity, SeenSignal, verify
from quarterdeck.domain.estate import Entity, EntityKind, EntityVersion, RelationVersion, precedence
from quarterdeck.domain.patterns import Demand, Finding, Pattern, Standing, Verification, pattern_ids
from quarterdeck.domain.policies import VerdictInterval
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.compliance_ports import ComplianceRecords
from quarterdeck.services.current_states import CollectionSources, silent_since
from quarterdeck.services.integrations import patience_of
from quarterdeck.services.moments import Moment
from quarterdeck.services.pattern_shelf import Patterns
from quarterdeck.services.ports import ConnectionStore, EstateStore, SeriesQuery, SeriesStore, Topic, VersionCounters
from quarterdeck.services.signals import Reading, SignalReader

_History: TypeAlias = tuple[tuple[EntityVersion, ...], tuple[RelationVersion, ...]]
_DATED_BY_HISTORY = frozenset(Demand) - {Demand.POLICY}


class PatternSources(EstateStore, SeriesStore, ConnectionStore, CollectionSources, VersionCounters, Protocol):
    """What verifications are made from."""

    @property
    def compliance(self) -> ComplianceRecords:
        """Policies and their verdicts."""
        ...

    def entity_histories(self, keys: Sequence[str]) -> Mapping[str, tuple[EntityVersion, ...]]:
        """All versions of some entities by key, oldest first."""
        ...

    def relations_around_each(self, entity_keys: Sequence[str]) -> Mapping[str, tuple[RelationVersion, ...]]:
        """All versions of every relation that begins or ends at one of some entities, by its key, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class HeldEntity:
    """An entity with how it stands to each pattern it names; none for an integration that names none."""

    entity: Entity
    verifications: tuple[Verification, ...] = ()

    @property
    def standing(self) -> Standing | None:
        """The worst of its standings; None where it names no pattern."""
        found = {each.standing for each in self.verifications}
        return next((each for each in (Standing.DEVIATES, Standing.UNKNOWN, Standing.CONFORMS) if each in found), None)

    @property
    def deviations(self) -> tuple[Finding, ...]:
        """What deviates, over all its patterns."""
        return tuple(finding for each in self.verifications for finding in each.deviations)

    @property
    def unknowns(self) -> tuple[Finding, ...]:
        """What is not known, over all its patterns."""
        return tuple(finding for each in self.verifications for finding in each.unknowns)

    @property
    def since_at(self) -> datetime | None:
        """Since when the first of its deviations lasts."""
        return min((each.since_at for each in self.verifications if each.since_at is not None), default=None)


@dataclass(frozen=True, slots=True)
class PatternReport:
    """Every integration and whatever else names a pattern, by key; `names` are those of all entities of the moment.

    `faults` are of pattern files that were left out.
    """

    at: datetime
    held: tuple[HeldEntity, ...]
    names: Mapping[str, str]
    faults: tuple[str, ...] = ()
    silent_since_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PatternPreview:
    """What a pattern would find. `is_named` says that these entities name it already, else they are all of its kind."""

    pattern: Pattern
    held: tuple[HeldEntity, ...]
    is_named: bool


@dataclass(frozen=True, slots=True)
class _Estate:
    """The versions of all entities at a moment, and by key the one that stands."""

    versions: tuple[EntityVersion, ...]
    entities: Mapping[str, Entity]


class PatternReader:
    """Answers which integrations have the shape they declare; nothing is stored for it."""

    def __init__(self, store: PatternSources, patterns: Callable[[], Patterns]) -> None:
        self._store = store
        self._patterns = patterns
        self._signals = SignalReader(store)
        self._kept: tuple[int, dict[str, _History]] = (-1, {})

    def report(self, moment: Moment) -> PatternReport:
        """How everything stands at the play-head."""
        patterns = self._patterns()
        estate = self._estate(moment.at)
        known, entities = patterns.by_id(), estate.entities
        wanted = {
            entity.key: pattern_ids(entity)
            for entity in entities.values()
            if entity.kind is EntityKind.INTEGRATION or pattern_ids(entity)
        }
        fitting = {
            key: [known[name] for name in names if name in known and known[name].kind is entities[key].kind]
            for key, names in wanted.items()
        }
        found = self._verified(fitting, estate, moment)
        held = tuple(
            HeldEntity(
                entities[key],
                tuple(found.get((key, name)) or _not_held(entities[key], name, known.get(name)) for name in names),
            )
            for key, names in sorted(wanted.items())
        )
        names = {key: entity.name for key, entity in entities.items()}
        return PatternReport(moment.at, held, names, patterns.faults, silent_since(self._store, moment.at))

    def preview(self, pattern: Pattern, moment: Moment) -> PatternPreview:
        """What a pattern would find in those that name it, or in all of its kind while nothing names it."""
        estate = self._estate(moment.at)
        entities = estate.entities
        of_kind = [entity for entity in entities.values() if entity.kind is pattern.kind]
        naming = [entity for entity in of_kind if pattern.id in pattern_ids(entity)]
        keys = sorted(entity.key for entity in naming or of_kind)
        found = self._verified({key: [pattern] for key in keys}, estate, moment)
        held = tuple(HeldEntity(entities[key], (found[key, pattern.id],)) for key in keys)
        return PatternPreview(pattern, held, bool(naming))

    def _estate(self, at: datetime) -> _Estate:
        versions = self._store.entity_versions(at)
        return _Estate(versions, {each.entity.key: each.entity for each in sorted(versions, key=precedence)})

    def _verified(
        self, wanted: Mapping[str, Sequence[Pattern]], estate: _Estate, moment: Moment
    ) -> dict[tuple[str, str], Verification]:
        """By entity and pattern. Histories are read of those only that deviate, for the dates, and once an estate."""
        keys = [key for key, patterns in wanted.items() if patterns]
        seen = self._seen(keys, estate, moment)
        histories = self._histories()
        first = {
            key: [verify(pattern, one) for pattern in wanted[key]] for key, one in seen.items() if key not in histories
        }
        dated = [key for key, given in first.items() if _is_dated_by_history(given)]
        histories |= self._read(dated)
        found: dict[tuple[str, str], Verification] = {}
        for key, one in seen.items():
            given = first.get(key, [])
            if key in histories:
                versions, relations = histories[key]
                whole = replace(one, versions=versions, relations=relations)
                given = [verify(pattern, whole) for pattern in wanted[key]]
            found |= {(key, each.pattern_id): each for each in given}
        return found

    def _read(self, keys: Sequence[str]) -> dict[str, _History]:
        if not keys:
            return {}
        versions, relations = self._store.entity_histories(keys), self._store.relations_around_each(keys)
        return {key: (versions[key], relations[key]) for key in keys}

    def _histories(self) -> dict[str, _History]:
        """The histories that were read since the estate changed last."""
        version = self._store.versions().get(Topic.ESTATE, 0)
        if version != self._kept[0]:
            self._kept = version, {}
        return self._kept[1]

    def _seen(self, keys: Sequence[str], estate: _Estate, moment: Moment) -> dict[str, SeenEntity]:
        if not keys:
            return {}
        versions: dict[str, list[EntityVersion]] = defaultdict(list)
        entities = estate.entities
        for version in estate.versions:
            versions[version.entity.key].append(version)
        around: dict[str, list[RelationVersion]] = defaultdict(list)
        for version in self._store.relation_versions(moment.at):
            for end in {version.relation.source_key, version.relation.target_key}:
                around[end].append(version)
        signals = self._signals_of([entities[key] for key in keys], moment)
        verdicts = self._verdicts(moment.at)
        silent_since_at = silent_since(self._store, moment.at)
        return {
            key: SeenEntity(
                moment.at,
                tuple(sorted(versions[key], key=precedence)),
                tuple(around[key]),
                entities,
                tuple(signals[key]),
                verdicts.get(key, {}),
                silent_since_at,
            )
            for key in keys
        }

    def _signals_of(self, entities: Sequence[Entity], moment: Moment) -> Mapping[str, list[SeenSignal]]:
        infos = self._store.find(SeriesQuery(entity_keys=tuple(entity.key for entity in entities)))
        readings = self._signals.readings(infos, moment, patience_of(entities, self._store))
        told: dict[str, list[SeenSignal]] = defaultdict(list)
        for info in infos:
            told[info.identity.entity_key].append(_signal(info, readings.get(info.id), moment.at))
        return told

    def _verdicts(self, at: datetime) -> dict[str, dict[str, VerdictInterval]]:
        records = self._store.compliance
        in_force = {
            (version.policy.id, version.version)
            for version in records.policy_versions()
            if version.valid_from_at <= at and (version.valid_to_at is None or at < version.valid_to_at)
        }
        found: dict[str, dict[str, VerdictInterval]] = defaultdict(dict)
        for interval in records.verdicts_at(at):
            control = interval.control
            if (control.policy_id, control.version) in in_force:
                found[control.entity_key][control.policy_id] = interval
        return found


def _is_dated_by_history(given: Iterable[Verification]) -> bool:
    return any(each.demand in _DATED_BY_HISTORY for one in given for each in one.deviations)


def worst_standing(held: Iterable[HeldEntity]) -> Standing:
    """The worst of all that name a pattern; unknown where nothing does."""
    found = {each.standing for each in held} - {None}
    ranked = (Standing.DEVIATES, Standing.UNKNOWN, Standing.CONFORMS)
    return next((each for each in ranked if each in found), Standing.UNKNOWN)


def _signal(info: SeriesInfo, reading: Reading | None, at: datetime) -> SeenSignal:
    last_at = info.last_at if info.last_at is not None and info.last_at <= at else None
    return SeenSignal(
        info.identity.meaning,
        info.identity.statistic,
        info.first_at,
        reading.at if reading is not None else last_at,
        is_fresh=reading is not None and reading.fresh,
        is_kept=not info.read_through,
    )


def _not_held(entity: Entity, name: str, pattern: Pattern | None) -> Verification:
    """A pattern that is named and cannot be held against the entity: nothing is known by it."""
    kind = pattern.kind.value.replace("_", " ") if pattern is not None else ""
    words = f"it is one for another kind of entity: {kind}" if kind else "no file holds a pattern of that id"
    missing = Finding(Demand.FACT, f"pattern {name}", words)
    return Verification(entity.key, name, pattern.title if pattern else "", 0, unknowns=(missing,))
