"""Catalogues and service level objectives of other programs as an estate, by the way that documents go.

Backstage and OpenSLO files may be given together: what both call by one name becomes one entity. Nothing is written
here; the declared estate goes through `EstateApplication` like any document.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from quarterdeck.domain.errors import InvalidEstate
from quarterdeck.domain.estate import DeclaredEstate, Entity, EntityKind
from quarterdeck.domain.objectives import Objective
from quarterdeck.sdk.documents.objectives import MOST_OBJECTIVES
from quarterdeck.sdk.documents.section import LONGEST_FACT, LONGEST_FACT_NAME, LONGEST_PROSE, LONGEST_TEXT, MOST_PAIRS
from quarterdeck.sdk.documents.tree import DocumentFault, Listing, Scalar, quoted
from quarterdeck.sdk.documents.tree import Mapping as MappingNode
from quarterdeck.sdk.estate_document import is_source_name
from quarterdeck.sdk.texts import counted, one_line
from quarterdeck.sdk.validation import is_entity_key
from quarterdeck.services import backstage_catalogue
from quarterdeck.services.backstage_catalogue import Catalogue
from quarterdeck.services.foreign_documents import (
    IMPORT_STEP,
    ForeignDocument,
    ForeignFile,
    Notes,
    Remark,
    documents_of,
    node_at,
)
from quarterdeck.services.openslo_objectives import ServiceLevels

DEFAULT_NAME = "imported"


@dataclass(frozen=True, slots=True)
class ImportedEstate:
    """What files declare, what was taken of them in words, and what was not."""

    declared: DeclaredEstate
    taken: str
    remarks: tuple[Remark, ...]


def read_foreign_estate(files: Sequence[ForeignFile], name: str = DEFAULT_NAME, title: str = "") -> ImportedEstate:
    """The estate that Backstage and OpenSLO files declare, under the name of a document.

    Raises InvalidEstate with every fault by file, line, column and reason; then nothing is taken at all.
    """
    if not is_source_name(name):
        words = f"{quoted(name)} cannot name a document; one looks like backstage-catalogue."
        raise InvalidEstate(words, "Choose another name with --document.")
    notes, catalogue, levels, kinds = Notes(), Catalogue(), ServiceLevels(), Counter[str]()
    for document in documents_of(files, notes):
        kinds[document.kind] += 1
        _sort_in(document, catalogue, levels)
    found = catalogue.entities()
    entities = {entity.key: entity for entity, _ in found}
    relations = catalogue.relations({item.reference: entity.key for entity, item in found})
    entities |= _services(levels, entities)
    for key, objectives in _objectives(levels, entities).items():
        entities[key] = replace(entities[key], objectives=objectives)
    catalogue.note_kept_as_facts()
    notes.refuse_faults()
    if not entities:
        step = "Give files that declare components, APIs, resources, services or objectives."
        raise InvalidEstate("The files declare nothing that could be overseen.", step)
    declared = DeclaredEstate(name, one_line(title, LONGEST_TEXT), tuple(entities.values()), relations)
    remarks = sorted(notes.remarks, key=lambda each: (each.file, each.line, each.column))
    return ImportedEstate(declared, _taken_words(declared, kinds), tuple(remarks))


def _sort_in(document: ForeignDocument, catalogue: Catalogue, levels: ServiceLevels) -> None:
    if document.form.startswith(backstage_catalogue.FORM):
        catalogue.add(document)
    elif document.form.startswith("openslo/"):
        levels.add(document)
    else:
        words = f"{quoted(document.form)} {quoted(document.kind)} is not taken: it is neither Backstage nor OpenSLO."
        document.remark(document.node, words)


def _services(levels: ServiceLevels, entities: Mapping[str, Entity]) -> dict[str, Entity]:
    """Services that OpenSLO files declare, or only name, and that no catalogue declares."""
    found: dict[str, Entity] = {}
    for name, document in levels.of_kind("Service"):
        with document.faults:
            key = _service_key(name, entities, document)
            if key in entities:
                document.remark(document.node, f"the service is {key}, which a catalogue declares; that one is kept.")
            elif key in found:
                raise DocumentFault(document.node, f"the service {name} would be called {key}, and so is another one.")
            else:
                found[key] = _service(key, name, document)
    for _, document in levels.of_kind("SLO"):
        with document.faults:
            name = levels.service_of(document)
            key = _service_key(name, {**entities, **found}, document) if name else ""
            if key and key not in entities and key not in found:
                words = f"the service {quoted(name)} is in none of the files; it is taken as {key}, by its name alone."
                document.remark(document.spec.node, words)
                found[key] = Entity(key, EntityKind.SERVICE, name)
    return found


def _service_key(name: str, entities: Mapping[str, Entity], document: ForeignDocument) -> str:
    """The key of a service by its name: a component of a catalogue where that has no such service."""
    key, component = f"service/{name.lower()}", f"component/{name.lower()}"
    if not is_entity_key(key):
        raise DocumentFault(document.node, f"the service {quoted(name)} cannot be made a key.")
    return component if key not in entities and component in entities else key


def _service(key: str, name: str, document: ForeignDocument) -> Entity:
    title = one_line(document.kept_text(document.metadata, "displayName", LONGEST_TEXT))
    return Entity(
        key=key,
        kind=EntityKind.SERVICE,
        name=title or name,
        description=document.kept_text(document.spec, "description", LONGEST_PROSE),
        facts=tuple(sorted(_labels(document).items())),
    )


def _labels(document: ForeignDocument) -> dict[str, str]:
    """Labels and annotations as facts; a label of several values has them in one text."""
    facts: dict[str, str] = {}
    for field, before in (("annotations", ""), ("labels", "label ")):
        node = node_at(document.metadata.node, field)
        for entry in node.entries if isinstance(node, MappingNode) else ():
            parts = entry.node.items if isinstance(entry.node, Listing) else (entry.node,)
            words = ", ".join(part.text for part in parts if isinstance(part, Scalar))
            if len(facts) < MOST_PAIRS:
                facts[one_line(f"{before}{entry.key}", LONGEST_FACT_NAME)] = one_line(words, LONGEST_FACT)
    return facts


def _objectives(levels: ServiceLevels, entities: Mapping[str, Entity]) -> dict[str, tuple[Objective, ...]]:
    found: dict[str, tuple[Objective, ...]] = defaultdict(tuple)
    for name, document in levels.of_kind("SLO"):
        objectives = levels.objectives_of(name, document)
        service = document.spec.text("service")
        with document.faults:
            key = _service_key(service, entities, document) if service else ""
            if key in entities:
                found[key] += objectives
                if len(found[key]) > MOST_OBJECTIVES:
                    raise DocumentFault(document.node, f"{key} has more than {MOST_OBJECTIVES} objectives.")
    return found


def _taken_words(declared: DeclaredEstate, kinds: Counter[str]) -> str:
    objectives = sum(len(entity.objectives) for entity in declared.entities)
    told = ", ".join(f"{count:,} {one_line(kind, 40)}" for kind, count in sorted(kinds.items()))
    return (
        f"Read: {told}. Taken: {counted(len(declared.entities), 'entity', 'entities')}, "
        f"{counted(len(declared.relations), 'relation')}, {counted(objectives, 'objective')}."
    )


__all__ = ["DEFAULT_NAME", "IMPORT_STEP", "ForeignFile", "ImportedEstate", "Remark", "read_foreign_estate"]
