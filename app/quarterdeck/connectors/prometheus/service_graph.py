"""Who calls whom, as counters of calls tell it: a service graph as entities and relations that were seen.

Tracing pipelines write such counters with a label for the caller and one for the called (`client` and `server`); a mesh
writes them under other names. Whoever called within the window is seen to; the rest is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quarterdeck.connectors.prometheus.parse import Row
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.sdk.connector import Discovery
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.texts import one_line
from quarterdeck.sdk.validation import entity_key

WINDOW = "15m"
MOST_LINKS = 20_000
_MAX_NAME_LENGTH = 120
_OUTWARD = (EntityKind.PARTNER, EntityKind.INTEGRATION, EntityKind.SERVICE)
_INWARD = frozenset({EntityKind.SERVICE, EntityKind.COMPONENT})


@dataclass(frozen=True, slots=True)
class Links:
    """Which counters tell of calls, as a selector, and the labels that name the caller and the called."""

    selector: str
    caller: str
    called: str

    @property
    def query(self) -> str:
        """The pairs that called in the window."""
        pair = f"{self.caller}, {self.called}"
        return f"sum by ({pair}) (increase({self.selector}[{WINDOW}])) > 0"


def seen_links(rows: Sequence[Row], links: Links, kind: EntityKind) -> Discovery:
    """The ends and the relations of a result; names without a kind of their own are of `kind`.

    A pair that no relation can join (a channel that calls, or something that calls itself) is left out. Raises
    UnexpectedReply where no call was counted at all: whoever counts may be down, which proves no absence.
    """
    if not rows:
        message = f"{one_line(links.selector, _MAX_NAME_LENGTH)} counted no call in the last {WINDOW}."
        raise UnexpectedReply(message, "See whether what writes these counters runs.")
    names: dict[str, str] = {}
    relations: dict[str, Relation] = {}
    for row in rows:
        caller, called = (_end(row.labels.get(label, ""), kind) for label in (links.caller, links.called))
        relation = _relation(caller[0], called[0]) if caller[0] and called[0] else None
        if relation is None or len(relations) >= MOST_LINKS:
            continue
        relations.setdefault(relation.key, relation)
        for key, name in (caller, called):
            names.setdefault(key, name)
    entities = tuple(Entity(key, _kind(key), name) for key, name in sorted(names.items()))
    return Discovery(entities, tuple(relations[key] for key in sorted(relations)))


def joined(one: Discovery, other: Discovery) -> Discovery:
    """Both together; of an entity that both name the first counts."""
    entities = {entity.key: entity for entity in (*other.entities, *one.entities)}
    return Discovery(tuple(entities[key] for key in sorted(entities)), (*one.relations, *other.relations))


def _end(text: str, kind: EntityKind) -> tuple[str, str]:
    key = entity_key(text, kind) if text else ""
    return key, one_line(text.removeprefix(f"{key.partition('/')[0]}/"), _MAX_NAME_LENGTH)


def _relation(caller: str, called: str) -> Relation | None:
    """The relation of a call: inside from who calls to who is called, outside from the outer end to the inner."""
    kinds = _kind(caller), _kind(called)
    if caller == called:
        return None
    if _INWARD.issuperset(kinds):
        return Relation(RelationKind.SERVICE_COMPONENT, caller, called)
    if not set(kinds) <= set(_OUTWARD) or kinds == (EntityKind.PARTNER, EntityKind.PARTNER):
        return None
    outer, inner = sorted((caller, called), key=lambda key: _OUTWARD.index(_kind(key)))
    return Relation(RelationKind.EXTERNAL_INTERNAL, outer, inner)


def _kind(key: str) -> EntityKind:
    return EntityKind(key.partition("/")[0])
