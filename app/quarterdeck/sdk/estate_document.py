"""Estate documents: what a team declares to be overseen, written by hand and kept under version control.

A document that does not hold together is refused whole, before anything is changed, with the line and reason of every
fault that does not merely follow from another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import PurePath

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import MOST_FAULTS, InvalidEstate
from quarterdeck.domain.estate import RELATION_ENDS, DeclaredEstate, Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.documents.health_rules import Member, note_strangers, read_rules
from quarterdeck.sdk.documents.objectives import read_objectives
from quarterdeck.sdk.documents.section import LONGEST_PROSE, LONGEST_TEXT, Section, did_you_mean, written
from quarterdeck.sdk.documents.toml_text import read_toml
from quarterdeck.sdk.documents.tree import NEXT_STEP, DocumentFault, DocumentFaults, Node, quoted
from quarterdeck.sdk.documents.yaml_text import read_yaml
from quarterdeck.sdk.local_files import read_regular_file
from quarterdeck.sdk.validation import is_entity_key

FORMAT = 1
"""The number after `quarterdeck:` that this console reads."""

MAX_DOCUMENT_BYTES = 8 * 1024 * 1024
_SOURCE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}", re.ASCII)
_CONNECTION_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}", re.ASCII)
_CONNECTOR_ID = re.compile(r"[a-z][a-z0-9_]{0,79}", re.ASCII)

STATISTICS = ("", "p50", "p95", "p99", "mean", "max")
DEFAULT_POLL_SECONDS = 15.0
_DAY_SECONDS = 86_400.0
_LARGEST_BOUND = 1e15
_TIERS = (1, 4)

_DOCUMENT_KEYS = ("quarterdeck", "name", "title", "since", "entities", "relations", "connections")
_ENTITY_KEYS = (
    *("key", "kind", "name", "domain", "owner", "tier", "description", "freshness", "expectations", "health"),
    *("objectives", "facts"),
)
_BOUNDS = ("degraded_above", "down_above", "degraded_below", "down_below")
_EXPECTATION_KEYS = ("meaning", "statistic", *_BOUNDS, "for")
_RELATION_KEYS = ("kind", "from", "to", "facts")
_CONNECTION_KEYS = ("id", "connector", "name", "poll", "settings", "secrets")


def is_source_name(text: str) -> bool:
    """Whether a text can name a document."""
    return _SOURCE_NAME.fullmatch(text) is not None


def read_document(path: PathLike[str] | str) -> bytes:
    """The content of an estate document. Raises OperatorError when it is no regular file, too large or not readable."""
    return read_regular_file(path, MAX_DOCUMENT_BYTES).data


def parse_estate(data: bytes, file_name: str) -> DeclaredEstate:
    """The estate a document declares: TOML when the file name ends in `.toml`, else YAML. Raises InvalidEstate."""
    if len(data) > MAX_DOCUMENT_BYTES:
        message = f"The document is larger than {MAX_DOCUMENT_BYTES // 1024 // 1024} MiB."
        raise InvalidEstate(message, "Split it into several documents.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise InvalidEstate(f"Line {line}: the document is not UTF-8 text.", "Save it as UTF-8.") from fault
    faults = DocumentFaults()
    with faults:
        node = read_toml(text) if PurePath(file_name).suffix.lower() == ".toml" else read_yaml(text, faults)
        declared = replace(_estate(node, faults), file=PurePath(file_name).name)
        if not faults.found:
            return declared
    ordered = sorted(faults.found, key=lambda fault: fault.line)
    raise InvalidEstate.of([(f"Line {fault.line}: {fault.words}", fault.next_step) for fault in ordered], NEXT_STEP)


@dataclass(slots=True)
class _Entities:
    """What was declared so far by the key as it is written, None where it has a fault.

    `misnamed_count` have no key, or one that cannot be theirs. `rule_members` are whom health rules name. `lines` are
    where what is declared, whatever it is.
    """

    by_key: dict[str, Entity | None] = field(default_factory=dict[str, "Entity | None"])
    misnamed_count: int = 0
    rule_members: list[Member] = field(default_factory=list[Member])
    lines: dict[str, int] = field(default_factory=dict[str, int])


def _estate(node: Node, faults: DocumentFaults) -> DeclaredEstate:
    section = Section(node, "an estate document", _DOCUMENT_KEYS, faults)
    _refuse_other_format(section)
    source = section.name("name", _SOURCE_NAME.fullmatch, "demo-bank")
    entities = _entities(section)
    relations = _relations(section, entities)
    connections = _connections(section, source, entities.lines)
    return DeclaredEstate(
        source=source,
        title=section.text("title"),
        since_at=section.day("since"),
        since_line=section.fault("", "since").line,
        entities=tuple(entity for entity in entities.by_key.values() if entity is not None),
        relations=relations,
        connections=connections,
        lines=entities.lines,
    )


def _refuse_other_format(section: Section) -> None:
    """What is wrong with a document of another format is not told by the rules of this one."""
    number = section.text("quarterdeck")
    if not number or number != str(FORMAT):
        section.faults.found.clear()
    if not number:
        raise section.fault(f"an estate document says quarterdeck: {FORMAT} at its top.")
    if number != str(FORMAT):
        words = f"the document is written in format {quoted(number)}; this console reads format {FORMAT}."
        raise section.fault(words, "quarterdeck")


def _entities(parent: Section) -> _Entities:
    entities = _Entities()
    for node in parent.listing("entities"):
        with parent.faults:
            section = Section(node, "an entity", _ENTITY_KEYS, parent.faults)
            key = written(node, "key")
            if key and key in entities.by_key:
                raise section.fault(f"the entity {key} is declared a second time.", "key")
            before = len(parent.faults.found)
            entity = _entity(section, entities.rule_members)
            is_sound = len(parent.faults.found) == before
            entities.by_key[key] = entity if is_sound else None
            entities.lines[key] = section.line
            entities.misnamed_count += not is_sound and (entity is None or not is_entity_key(key))
    return entities


def _entity(section: Section, rule_members: list[Member]) -> Entity | None:
    """The entity, with nothing where there is a fault; None where it is not known which one it is."""
    key = section.name("key", is_entity_key, "integration/payhub-processor")
    kind = section.choice("kind", EntityKind)
    is_misnamed = bool(key and kind) and key.partition("/")[0] != kind
    if is_misnamed:
        section.faults.add(section.fault(f"the key {key} must begin with its kind: {kind}/.", "key"))
    tier = section.number("tier", *_TIERS)
    if tier is not None and not tier.is_integer():
        section.faults.add(section.fault("tier is a whole number from 1 (most critical) to 4.", "tier"))
    entity = Entity(
        key=key,
        kind=kind or EntityKind.COMPONENT,
        name=section.text("name", required=True),
        domain=section.text("domain"),
        owner=section.text("owner"),
        tier=3 if tier is None else int(tier),
        description=section.text("description", longest=LONGEST_PROSE, breaks=True),
        freshness_seconds=section.duration("freshness", 1.0, 366 * _DAY_SECONDS),
        expectations=_expectations(section),
        rules=read_rules(section, key, rule_members),
        objectives=read_objectives(section),
        facts=section.facts("facts"),
    )
    return None if is_misnamed or not key else entity


def _expectations(parent: Section) -> tuple[Expectation, ...]:
    expectations: dict[tuple[Meaning, str], Expectation] = {}
    for node in parent.listing("expectations"):
        with parent.faults:
            section = Section(node, "an expectation", _EXPECTATION_KEYS, parent.faults)
            expectation = _expectation(section)
            if expectation is None:
                continue
            subject = (expectation.meaning, expectation.statistic)
            if subject in expectations:
                raise section.fault(f"a second expectation of the same {' '.join(subject).strip()}.")
            expectations[subject] = expectation
    return tuple(expectations.values())


def _expectation(section: Section) -> Expectation | None:
    """The expectation; None where it is not known of what."""
    meaning = section.choice("meaning", Meaning)
    statistic = section.text("statistic")
    if statistic not in STATISTICS:
        section.faults.add(
            section.fault(f"{quoted(statistic)} is no statistic; there are {', '.join(STATISTICS[1:])}.", "statistic")
        )
    before = len(section.faults.found)
    bounds = {key: section.number(key, -_LARGEST_BOUND, _LARGEST_BOUND) for key in _BOUNDS}
    if len(section.faults.found) == before and all(bound is None for bound in bounds.values()):
        section.faults.add(section.fault(f"an expectation needs a bound: {', '.join(_BOUNDS[:-1])} or {_BOUNDS[-1]}."))
    _note_crossed(section, bounds["degraded_above"], bounds["down_above"], side="above")
    _note_crossed(section, bounds["down_below"], bounds["degraded_below"], side="below")
    seconds = section.duration("for", 0.0, 30 * _DAY_SECONDS) or 0.0
    return None if meaning is None else Expectation(meaning, statistic, for_seconds=seconds, **bounds)


def _note_crossed(section: Section, lower: float | None, higher: float | None, *, side: str) -> None:
    if lower is not None and higher is not None and lower > higher:
        section.faults.add(
            section.fault(f"down_{side} lies before degraded_{side}: down is the worse of the two.", f"down_{side}")
        )


def _relations(parent: Section, entities: _Entities) -> tuple[Relation, ...]:
    relations: dict[str, Relation] = {}
    loose: dict[str, list[DocumentFault]] = defaultdict(list)
    for node in parent.listing("relations"):
        with parent.faults:
            section = Section(node, "a relation", _RELATION_KEYS, parent.faults)
            relation = _relation(section)
            if relation is None or _note_loose_ends(section, relation, entities, loose):
                continue
            _refuse_misplaced(section, relation, entities)
            if relation.key in relations:
                raise section.fault("the same relation is declared a second time.")
            relations[relation.key] = relation
            entities.lines[relation.key] = section.line
    # So many missing names are explained by entities whose own key is told to be wrong already.
    if len(loose) > entities.misnamed_count:
        parent.faults.found += [fault for faults in loose.values() for fault in faults]
    elif not parent.faults.found:
        note_strangers(entities.rule_members, relations.values(), parent.faults)
    return tuple(relations.values())


def _relation(section: Section) -> Relation | None:
    kind, source_key = section.choice("kind", RelationKind), section.text("from", required=True)
    target_key, facts = section.text("to", required=True), section.facts("facts")
    return Relation(kind, source_key, target_key, facts) if kind and source_key and target_key else None


def _note_loose_ends(
    section: Section, relation: Relation, entities: _Entities, loose: dict[str, list[DocumentFault]]
) -> bool:
    """Whether an end is declared by nobody; what there is to say of it is added to `loose`."""
    is_loose = False
    for key, end, verb in (("from", relation.source_key, "begins"), ("to", relation.target_key, "ends")):
        if end not in entities.by_key:
            is_loose = True
            hint = did_you_mean(end, tuple(entities.by_key), section.faults) if len(loose) < MOST_FAULTS else ""
            shown = end if is_entity_key(end) else quoted(end)
            loose[end].append(section.fault(f"the relation {verb} at {shown}, which no entity declares.{hint}", key))
    return is_loose


def _refuse_misplaced(section: Section, relation: Relation, entities: _Entities) -> None:
    if relation.source_key == relation.target_key:
        raise section.fault(f"the relation leads from {relation.source_key} to itself.", "to")
    sources, targets = RELATION_ENDS[relation.kind]
    for key, end, allowed in (("from", relation.source_key, sources), ("to", relation.target_key, targets)):
        entity = entities.by_key[end]
        if entity is not None and entity.kind not in allowed:
            kinds = " or ".join(sorted(allowed))
            words = f"{end} cannot stand there: {relation.kind} goes {key} an entity of kind {kinds}."
            raise section.fault(words, key)


def _connections(parent: Section, source: str, lines: dict[str, int]) -> tuple[Connection, ...]:
    connections: dict[str, Connection] = {}
    for node in parent.listing("connections"):
        with parent.faults:
            section = Section(node, "a connection", _CONNECTION_KEYS, parent.faults)
            connection = _connection(section, source)
            if connection.id and connection.id in connections:
                raise section.fault(f"the connection {connection.id} is declared a second time.", "id")
            connections[connection.id] = connection
            lines[connection.id] = section.line
    return tuple(connections.values())


def _connection(section: Section, source: str) -> Connection:
    settings = section.settings("settings")
    secrets = section.words("secrets", _CONNECTOR_ID)
    if written := {name for name, _ in settings} & set(secrets):
        words = f"the secret {min(written)} has its value written in the document."
        step = "Take it out of the settings, and give the secret a new value."
        section.faults.add(DocumentFault(section.line, words, step))
    return Connection(
        id=section.name("id", _CONNECTION_ID.fullmatch, "payhub-probe"),
        connector_id=section.name("connector", _CONNECTOR_ID.fullmatch, "http_probe"),
        name=section.text("name", required=True, longest=LONGEST_TEXT),
        settings=settings,
        secret_names=secrets,
        poll_seconds=section.duration("poll", 1.0, 7 * _DAY_SECONDS) or DEFAULT_POLL_SECONDS,
        managed_by=source,
    )
