"""The form of a pattern's file as JSON Schema, so that an editor completes it and marks slips while it is written.

Made from the same vocabulary that files are read with. What no schema can say (a fact named twice, `at_most` less than
`at_least`, policies that nobody has) is said by the reading itself.
"""

from __future__ import annotations

from typing import TypeAlias

from quarterdeck.domain.estate import RELATION_ENDS, EntityKind, RelationKind
from quarterdeck.domain.pattern_rules import possible_meanings
from quarterdeck.domain.patterns import Way
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.documents.section import LONGEST_PROSE, LONGEST_TEXT
from quarterdeck.services.pattern_files import FORMAT, MOST_DEMANDS

Json: TypeAlias = "dict[str, object]"

_ID = "^[a-z][a-z0-9_]{0,59}$"
_FACT = "^[a-z][a-z0-9_.-]{0,79}$"
_POLICY = "^[A-Z][A-Z0-9]{0,9}-[0-9]{1,4}$"
_STATISTIC = "^(p(?!0+$)[0-9]{1,2}|mean|max)$"
_DURATION = r"^[0-9]{1,12}(\.[0-9]{1,20})?\s*(s|min|h|d)$"


def pattern_schema() -> Json:
    """The schema (draft 2020-12) of one pattern."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Quarterdeck pattern",
        "description": "The shape that entities of a kind declare to have.",
        "type": "object",
        "additionalProperties": False,
        "required": ["quarterdeck_pattern", "id", "title", "kind"],
        "anyOf": [{"required": [key]} for key in ("relations", "signals", "objectives", "freshness", "facts")]
        + [{"required": ["policies"]}],
        "properties": _properties(),
        "allOf": [_of_kind(kind) for kind in EntityKind],
    }


def _properties() -> Json:
    return {
        "quarterdeck_pattern": {"const": FORMAT, "description": "The format of the file."},
        "id": {"type": "string", "pattern": _ID, "description": "The name by which entities name it."},
        "title": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
        "kind": {"enum": _values(EntityKind), "description": "Which kind of entity it is for."},
        "statement": {"type": "string", "maxLength": LONGEST_PROSE, "description": "What it asks for, in words."},
        "relations": {"type": "array", "maxItems": MOST_DEMANDS, "items": _relation()},
        "signals": {"type": "array", "maxItems": MOST_DEMANDS, "uniqueItems": True, "items": _signal()},
        "objectives": _objectives(),
        "freshness": {
            "type": "string",
            "pattern": _DURATION,
            "description": "The longest freshness that may be declared, with its unit: 45s, 2min, 2h, 1d.",
        },
        "facts": _names(_FACT) | {"description": "Facts that the entity declares."},
        "policies": _names(_POLICY) | {"description": "Policies that are satisfied."},
    }


def _relation() -> Json:
    counts = {"type": "integer", "minimum": 0, "maximum": 1_000}
    ends = {way.value: {"enum": _values(EntityKind)} for way in Way}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind"],
        "oneOf": [{"required": [way.value]} for way in Way],
        "properties": {
            "kind": {"enum": _values(RelationKind)},
            **ends,
            "at_least": counts | {"description": "1 where nothing is said."},
            "at_most": counts | {"description": "Any number where nothing is said; 0 forbids the relation."},
            "facts": _names(_FACT) | {"description": "Facts that each of the relations carries."},
        },
        "allOf": [
            {
                "if": {"properties": {"at_most": {"const": 0}}, "required": ["at_most"]},
                "then": {"not": {"required": ["facts"]}},
            },
            {
                "if": {"properties": {"at_least": {"const": 0}}, "required": ["at_least"]},
                "then": {"required": ["at_most"]},
            },
        ],
    }


def _signal() -> Json:
    without = [Meaning.AVAILABILITY.value, Meaning.EXPIRY.value]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["meaning"],
        "properties": {
            "meaning": {"enum": _values(Meaning)},
            "statistic": {"type": "string", "pattern": _STATISTIC, "description": "p1 to p99, mean or max."},
        },
        "if": {"properties": {"meaning": {"enum": without}}, "required": ["meaning"]},
        "then": {"properties": {"statistic": {"enum": ["mean", "max"]}}},
    }


def _objectives() -> Json:
    return {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {
            "availability_percent": {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
            "bounded": {"type": "array", "uniqueItems": True, "items": {"enum": _values(Meaning)}},
        },
    }


def _of_kind(kind: EntityKind) -> Json:
    """What can be demanded of entities of a kind."""
    meanings = {"enum": [meaning.value for meaning in possible_meanings(kind)]}
    return {
        "if": {"properties": {"kind": {"const": kind.value}}, "required": ["kind"]},
        "then": {
            "properties": {
                "relations": {"items": {"anyOf": _ends_of(kind)}},
                "signals": {"items": {"properties": {"meaning": meanings}}},
                "objectives": {"properties": {"bounded": {"items": meanings}}},
            }
        },
    }


def _ends_of(kind: EntityKind) -> list[Json]:
    """Which relations such an entity can have: those that come from others to it, and those that go from it."""
    found: list[Json] = []
    for relation, (sources, targets) in RELATION_ENDS.items():
        for way, own, others in ((Way.FROM, targets, sources), (Way.TO, sources, targets)):
            if kind in own:
                other = {"enum": [each.value for each in EntityKind if each in others]}
                found.append(
                    {
                        "properties": {"kind": {"const": relation.value}, way.value: other},
                        "required": ["kind", way.value],
                    }
                )
    return found or [{"not": {}}]


def _names(pattern: str) -> Json:
    return {"type": "array", "uniqueItems": True, "items": {"type": "string", "pattern": pattern}}


def _values(kinds: type[EntityKind | RelationKind | Meaning]) -> list[str]:
    return [each.value for each in kinds]
