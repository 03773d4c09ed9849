"""Writing a declared estate as a document: the same estate always gives the same text, and reading it gives it back."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Protocol, TextIO, cast

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.estate import DeclaredEstate, Entity, Relation
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.sdk.documents.objectives import objective_pairs
from quarterdeck.sdk.durations import duration_text
from quarterdeck.sdk.estate_document import FORMAT

Plain = str | int | float | bool | list["Plain"] | dict[str, "Plain"]


class _Dumper(Protocol):
    default_flow_style: bool
    allow_unicode: bool
    sort_base_mapping_type_on_output: bool
    width: int

    def dump(self, data: object, stream: TextIO) -> None: ...


def estate_to_yaml(declared: DeclaredEstate) -> str:
    """A YAML document that declares the estate, keys in the order of the handbook; empty ones are left out."""
    from ruamel.yaml import YAML

    yaml = cast("_Dumper", YAML(typ="safe", pure=True))
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False
    yaml.width = 110
    stream = io.StringIO()
    yaml.dump(_document(declared), stream)
    return stream.getvalue()


def _document(declared: DeclaredEstate) -> Plain:
    return _filled(
        {
            "quarterdeck": FORMAT,
            "name": declared.source,
            "title": declared.title,
            "since": declared.since_at.date().isoformat() if declared.since_at else "",
            "entities": [_entity(entity) for entity in declared.entities],
            "relations": [_relation(relation) for relation in declared.relations],
            "connections": [_connection(connection) for connection in declared.connections],
        }
    )


def _entity(entity: Entity) -> Plain:
    return _filled(
        {
            "key": entity.key,
            "kind": str(entity.kind),
            "name": entity.name,
            "domain": entity.domain,
            "owner": entity.owner,
            "tier": entity.tier,
            "description": entity.description,
            "freshness": None if entity.freshness_seconds is None else duration_text(entity.freshness_seconds),
            "expectations": [_expectation(expectation) for expectation in entity.expectations],
            "health": [_rule(rule) for rule in entity.rules],
            "objectives": [_filled(objective_pairs(objective)) for objective in entity.objectives],
            "facts": dict(entity.facts),
        }
    )


def _expectation(expectation: Expectation) -> Plain:
    return _filled(
        {
            "meaning": str(expectation.meaning),
            "statistic": expectation.statistic,
            "degraded_above": expectation.degraded_above,
            "down_above": expectation.down_above,
            "degraded_below": expectation.degraded_below,
            "down_below": expectation.down_below,
            "for": duration_text(expectation.for_seconds) if expectation.for_seconds else None,
        }
    )


def _rule(rule: HealthRule) -> Plain:
    own: dict[str, object] = {}
    if rule.kind is RuleKind.AT_LEAST:
        own = {"count": rule.count}
    elif rule.kind is RuleKind.WEIGHTED:
        own = {
            "down_below": rule.down_below,
            "degraded_below": rule.degraded_below,
            "weights": dict(rule.weights),
        }
    return _filled({"rule": str(rule.kind), "of": list(rule.members), **own})


def _relation(relation: Relation) -> Plain:
    return _filled(
        {
            "kind": str(relation.kind),
            "from": relation.source_key,
            "to": relation.target_key,
            "facts": dict(relation.facts),
        }
    )


def _connection(connection: Connection) -> Plain:
    return _filled(
        {
            "id": connection.id,
            "connector": connection.connector_id,
            "name": connection.name,
            "poll": duration_text(connection.poll_seconds),
            "settings": dict(connection.settings),
            "secrets": list(connection.secret_names),
        }
    )


def _filled(pairs: Mapping[str, object]) -> dict[str, Plain]:
    return {key: cast("Plain", value) for key, value in pairs.items() if value not in (None, "", [], {})}
