"""What a store holds of a document, as it would be declared: applied to an empty store it makes the same estate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import DeclaredEstate, EntityVersion, Origin, RelationVersion
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.ports import ConnectionStore, EstateStore

_MOST_NAMED = 6


class ExportSources(EstateStore, ConnectionStore, Protocol):
    """What an export is made from."""


def documents_held(store: ExportSources, now: datetime) -> tuple[str, ...]:
    """The names of the documents that declare anything now, in order."""
    versions = (*store.entity_versions(now), *store.relation_versions(now))
    told = {version.source for version in versions if version.origin is Origin.DECLARED}
    return tuple(sorted(told | {connection.managed_by for connection in store.connections()} - {""}))


def declared_by(store: ExportSources, document: str, now: datetime) -> DeclaredEstate:
    """What a document declares now. Raises OperatorError when there is none of that name.

    It says since when all of it has been so where that is one day; a title is not held, and secrets are never.
    """
    entities = [version for version in store.entity_versions(now) if _is_of(version, document)]
    relations = [version for version in store.relation_versions(now) if _is_of(version, document)]
    connections = [connection for connection in store.connections() if connection.managed_by == document]
    if not (entities or relations or connections):
        held = documents_held(store, now)
        raise OperatorError(f"No document named {one_line(document, 80)} declares anything.", _held_words(held))
    return DeclaredEstate(
        source=document,
        entities=tuple(version.entity for version in entities),
        relations=tuple(version.relation for version in relations),
        connections=tuple(sorted(connections, key=lambda connection: connection.id)),
        since_at=_since(store, entities, relations, document),
    )


def the_only_document(store: ExportSources, now: datetime) -> str:
    """The one document there is. Raises OperatorError when there is none, or several."""
    held = documents_held(store, now)
    if len(held) == 1:
        return held[0]
    if held:
        words = f"{len(held)} documents declare this estate."
        raise OperatorError(words, f"{_held_words(held)} A folder as the target takes them all.")
    raise OperatorError("No document declares anything yet.", "`quarterdeck apply FILE` declares an estate.")


def added_by_hand(store: ConnectionStore) -> int:
    """How many connections belong to no document, and are in none that is exported."""
    return sum(not connection.managed_by for connection in store.connections())


def _is_of(version: EntityVersion | RelationVersion, document: str) -> bool:
    return version.origin is Origin.DECLARED and version.source == document


def _held_words(held: Iterable[str]) -> str:
    names = [one_line(name, 80) for name in held]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    told = ", ".join(names[:_MOST_NAMED])
    return f"Name one with `--document`: {told}{more}." if names else "`quarterdeck apply FILE` declares an estate."


def _since(
    store: ExportSources, entities: Iterable[EntityVersion], relations: Iterable[RelationVersion], document: str
) -> datetime | None:
    """The day on which everything of a document began, if it is one and the same midnight in UTC."""
    histories = (
        *(store.entity_history(version.entity.key) for version in entities),
        *(store.relation_history(version.relation.key) for version in relations),
    )
    begun = {min(version.valid_from_at for version in history if _is_of(version, document)) for history in histories}
    at = next(iter(begun)) if len(begun) == 1 else None
    return at if at is not None and at.astimezone(UTC).timetz() == time(0, tzinfo=UTC) else None
