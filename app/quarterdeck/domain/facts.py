"""Facts: small named texts that travel with entities, relations, checks and events."""

from __future__ import annotations

from collections.abc import Mapping

Facts = tuple[tuple[str, str], ...]
"""Sorted pairs of name and value; hashable, so that two records with the same facts are equal."""


def facts_of(pairs: Mapping[str, object]) -> Facts:
    """Facts from a mapping, sorted by name, values as text; None values are left out."""
    return tuple(sorted((name, str(value)) for name, value in pairs.items() if value is not None))


def fact(facts: Facts, name: str, default: str = "") -> str:
    """The value of a fact by its name, or the default."""
    return next((value for key, value in facts if key == name), default)
