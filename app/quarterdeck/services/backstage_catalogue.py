"""A Backstage software catalogue as an estate: components, APIs and resources with what they depend on.

Kinds and fields as the catalogue's own documentation describes them. Systems, domains, groups and users are no entities
here: they become the domain, the owner and facts of what belongs to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from quarterdeck.domain.estate import Entity, Relation, RelationKind
from quarterdeck.sdk.documents.tree import DocumentFault, Listing, Node, Scalar, quoted
from quarterdeck.services.backstage_entities import CatalogueItem, entity_of, key_of
from quarterdeck.services.backstage_refs import DEFAULT_NAMESPACE, Reference, is_name, is_namespace, reference_of
from quarterdeck.services.foreign_documents import ForeignDocument, node_at

FORM = "backstage.io/"
OVERSEEN = ("component", "api", "resource")
_TOLD = {"system": "a fact of what is part of it", "domain": "the domain of what is part of it"}
_MOST_NAMED = 3
_OWNING = ("group", "user")
_LINKS: tuple[tuple[str, str, bool], ...] = (
    ("dependsOn", "component", True),
    ("dependencyOf", "component", False),
    ("consumesApis", "api", True),
    ("providesApis", "api", False),
    ("subcomponentOf", "component", False),
)
"""The field, the kind a reference means that names none, and whether the entity depends on what is named there."""


@dataclass(slots=True)
class Catalogue:
    """The items of the catalogue so far; `taken` are the documents of any kind that an estate is made of."""

    items: dict[Reference, CatalogueItem] = field(default_factory=dict[Reference, CatalogueItem])

    def add(self, document: ForeignDocument) -> None:
        """Take a document in; what is wrong with it is noted there."""
        kind = document.kind.lower()
        if kind == "location":
            document.remark(document.node, f"the location names {_places(document)}; import those files as well.")
        elif kind not in (*OVERSEEN, *_TOLD, *_OWNING):
            words = f"kind {quoted(document.kind)} is not taken: there is nothing overseen that it could become."
            document.remark(document.node, words)
        else:
            with document.faults:
                self._add(document, kind)

    def entities(self) -> tuple[tuple[Entity, CatalogueItem], ...]:
        """The entities, in the order of the files. What is wrong with one is noted in its document."""
        keys: dict[str, CatalogueItem] = {}
        found: list[tuple[Entity, CatalogueItem]] = []
        for item in self.items.values():
            if item.reference.kind not in OVERSEEN:
                continue
            with item.document.faults:
                key = key_of(item)
                if key in keys:
                    words = f"{item.reference.words} would be called {key} here, and so is {keys[key].reference.words}."
                    raise DocumentFault(item.document.node, words)
                keys[key] = item
                found.append((entity_of(item, key, self.items), item))
        return tuple(found)

    def relations(self, taken: Mapping[Reference, str]) -> tuple[Relation, ...]:
        """The relations between entities that were `taken`, each once, by their keys."""
        relations: dict[str, Relation] = {}
        for reference, key in taken.items():
            for relation in self._relations_of(self.items[reference], key, taken):
                relations.setdefault(relation.key, relation)
        return tuple(relations.values())

    def note_kept_as_facts(self) -> None:
        """Remark what becomes no entity of its own, once for each."""
        for item in self.items.values():
            kind = item.reference.kind
            if kind in _TOLD:
                item.document.remark(item.document.node, f"the {kind} is kept as {_TOLD[kind]}.")
            elif kind in _OWNING:
                words = f"the {kind} is no entity here: it stands as the owner of what it owns, with its name."
                item.document.remark(item.document.node, words)

    def _add(self, document: ForeignDocument, kind: str) -> None:
        name = document.metadata.name("name", is_name, "payments-api")
        namespace = document.metadata.text("namespace") or DEFAULT_NAMESPACE
        if not is_namespace(namespace):
            raise document.metadata.fault(f"{quoted(namespace)} cannot be a namespace.", "namespace")
        if not name:
            return
        reference = Reference(kind, namespace.lower(), name.lower())
        if reference in self.items:
            first = self.items[reference].document
            raise DocumentFault(
                document.node, f"{reference.words} stands a second time; first in {first.file}, line {first.node.line}."
            )
        self.items[reference] = CatalogueItem(reference, document)

    def _relations_of(self, item: CatalogueItem, key: str, taken: Mapping[Reference, str]) -> Iterator[Relation]:
        for name, kind, depends in _LINKS:
            for node in _listed(item.document, name):
                with item.document.faults:
                    other = reference_of(node, kind, item.reference.namespace)
                    if other == item.reference:
                        raise DocumentFault(node, f"{name} leads from {other.words} to itself.")
                    if other in taken:
                        ends = (key, taken[other]) if depends else (taken[other], key)
                        yield Relation(RelationKind.SERVICE_COMPONENT, *ends, (("declared_by", name),))
                    else:
                        self._remark_unknown(item, name, node, other)

    def _remark_unknown(self, item: CatalogueItem, name: str, node: Node, other: Reference) -> None:
        if other.kind not in OVERSEEN:
            words = f"{name} {other.words} is not taken: a {other.kind} is no entity here."
        else:
            words = f"{name} {other.words} is not taken: none of the files declares it."
        item.document.remark(node, words)


def _listed(document: ForeignDocument, name: str) -> tuple[Node, ...]:
    """What stands at a field that takes one reference or a list of them."""
    node = node_at(document.spec.node, name)
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return ()
    if isinstance(node, Listing):
        return node.items
    return (node,)


def _places(document: ForeignDocument) -> str:
    named = [*_listed(document, "target"), *_listed(document, "targets")]
    told = ", ".join(quoted(node.text) for node in named[:_MOST_NAMED] if isinstance(node, Scalar))
    return f"{told} and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else told or "no other file"
