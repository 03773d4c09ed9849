"""What one item of a software catalogue becomes: its key, its fields, and everything else as facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.facts import Facts
from quarterdeck.sdk.documents.section import LONGEST_FACT, LONGEST_FACT_NAME, LONGEST_PROSE, LONGEST_TEXT, MOST_PAIRS
from quarterdeck.sdk.documents.tree import DocumentFault, Listing, Node, Scalar
from quarterdeck.sdk.documents.tree import Mapping as MappingNode
from quarterdeck.sdk.texts import one_line
from quarterdeck.sdk.validation import is_entity_key
from quarterdeck.services.backstage_refs import DEFAULT_NAMESPACE, Reference, reference_of
from quarterdeck.services.foreign_documents import ForeignDocument, node_at

_SERVICE = "service"


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One entity of the catalogue: which one it is, and the document that declares it."""

    reference: Reference
    document: ForeignDocument


Items = Mapping[Reference, CatalogueItem]


def key_of(item: CatalogueItem) -> str:
    """Its key here: a component of type service is a service, all else are components. Raises DocumentFault."""
    reference = item.reference
    if reference.kind == "component":
        is_service = item.document.kept_text(item.document.spec, "type", LONGEST_TEXT).lower() == _SERVICE
        key = f"{EntityKind.SERVICE if is_service else EntityKind.COMPONENT}/{reference.slug}"
    else:
        key = f"{EntityKind.COMPONENT}/{reference.kind}.{reference.slug}"
    if not is_entity_key(key):
        raise DocumentFault(item.document.node, f"{reference.words} cannot be made a key of: {key}.")
    return key


def entity_of(item: CatalogueItem, key: str, items: Items) -> Entity:
    """The entity with everything that is told of it. What is wrong is noted in its document."""
    document, reference = item.document, item.reference
    title = one_line(document.kept_text(document.metadata, "title", LONGEST_TEXT))
    system = _referred(item, "system", "system")
    owner = _owner(item, items)
    return Entity(
        key=key,
        kind=EntityKind(key.partition("/")[0]),
        name=title or document.metadata.text("name"),
        domain=_domain(item, system, items),
        owner="" if owner is None else owner.slug,
        description=document.kept_text(document.metadata, "description", LONGEST_PROSE),
        facts=_bounded(document, [*_own_facts(item, system, owner, items), *_told_facts(document)], reference),
    )


def _own_facts(
    item: CatalogueItem, system: Reference | None, owner: Reference | None, items: Items
) -> Iterator[tuple[str, str]]:
    document, reference = item.document, item.reference
    yield "catalogue_kind", document.kind
    if reference.namespace != DEFAULT_NAMESPACE:
        yield "namespace", reference.namespace
    for name in ("type", "lifecycle"):
        if text := one_line(document.kept_text(document.spec, name, LONGEST_TEXT)):
            yield name, text
    if system is not None:
        yield "system", system.slug
    profile = _profile(items.get(owner)) if owner is not None else None
    for name, key in (("owner_name", "displayName"), ("owner_email", "email")):
        node = node_at(profile, key) if profile is not None else None
        if isinstance(node, Scalar) and node.value is not None:
            yield name, one_line(node.text, LONGEST_TEXT)
    if tags := _tags(document):
        yield "tags", tags


def _told_facts(document: ForeignDocument) -> Iterator[tuple[str, str]]:
    """Annotations as they are called, then labels and links."""
    metadata = document.metadata.node
    for field, before in (("annotations", ""), ("labels", "label ")):
        node = node_at(metadata, field)
        entries = node.entries if isinstance(node, MappingNode) else ()
        if node is not None and not isinstance(node, MappingNode) and not _is_nothing(node):
            document.faults.add(DocumentFault(node, f"{field} must be a set of names and values."))
        for entry in entries:
            if not isinstance(entry.node, Scalar):
                document.faults.add(DocumentFault(entry.node, f"{field}: {one_line(entry.key, 60)} must be a text."))
            else:
                yield f"{before}{entry.key}", document.shortened(entry.node, entry.key, LONGEST_FACT)
    links = node_at(metadata, "links")
    for number, link in enumerate(links.items if isinstance(links, Listing) else (), start=1):
        url, title = node_at(link, "url"), node_at(link, "title")
        if isinstance(url, Scalar):
            name = one_line(title.text) if isinstance(title, Scalar) and title.value is not None else str(number)
            yield f"link {name}", document.shortened(url, "url", LONGEST_FACT)


def _bounded(document: ForeignDocument, pairs: list[tuple[str, str]], reference: Reference) -> Facts:
    """As many facts as an entity may have, the first of each name; what is left out is remarked."""
    facts: dict[str, str] = {}
    for name, value in pairs:
        kept = one_line(name, LONGEST_FACT_NAME)
        if kept != name:
            document.remark(document.node, f"“{one_line(name, 60)}” of {reference.words} is kept under a shorter name.")
        if kept and kept not in facts and len(facts) < MOST_PAIRS:
            facts[kept] = value
    if lost := len({one_line(name, LONGEST_FACT_NAME) for name, _ in pairs} - facts.keys() - {""}):
        document.remark(
            document.node, f"{lost} annotations, labels or links of {reference.words} are beyond {MOST_PAIRS}."
        )
    return tuple(sorted(facts.items()))


def _tags(document: ForeignDocument) -> str:
    tags = node_at(document.metadata.node, "tags")
    if tags is not None and not isinstance(tags, Listing) and not _is_nothing(tags):
        document.faults.add(DocumentFault(tags, "tags must be a list."))
    words = (
        [one_line(node.text) for node in tags.items if isinstance(node, Scalar)] if isinstance(tags, Listing) else []
    )
    return one_line(", ".join(words), LONGEST_FACT)


def _owner(item: CatalogueItem, items: Items) -> Reference | None:
    """Who owns it; a name without a kind is a group's, or a user's where only that one is in the files."""
    owner = _referred(item, "owner", "group")
    node = node_at(item.document.spec.node, "owner")
    if owner is None or owner in items or not isinstance(node, Scalar) or ":" in node.text:
        return owner
    user = Reference("user", owner.namespace, owner.name)
    return user if user in items else owner


def _domain(item: CatalogueItem, system: Reference | None, items: Items) -> str:
    """The domain of the system it is part of; a name as it is written here, with underscores."""
    holder = items.get(system) if system is not None else None
    domain = _referred(holder, "domain", "domain") if holder is not None else _referred(item, "domain", "domain")
    return "" if domain is None else domain.slug.replace("-", "_")


def _referred(item: CatalogueItem, field: str, kind: str) -> Reference | None:
    node = node_at(item.document.spec.node, field)
    if node is None or _is_nothing(node):
        return None
    with item.document.faults:
        return reference_of(node, kind, item.reference.namespace)
    return None


def _profile(item: CatalogueItem | None) -> Node | None:
    return None if item is None else node_at(item.document.spec.node, "profile")


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
