"""What differs between two versions of an entity, a relation or a connection, field by field, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from quarterdeck.domain.connections import Connection, SettingValue
from quarterdeck.domain.estate import Entity, Relation
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.domain.objectives import Comparison, Objective
from quarterdeck.sdk.addresses import shown_address
from quarterdeck.sdk.durations import duration_text
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.wording import meaning_words

_LONGEST_VALUE = 60
_SIDES = {
    Comparison.BELOW: "below",
    Comparison.UP_TO: "up to",
    Comparison.ABOVE: "above",
    Comparison.FROM: "from",
}


def entity_words(entity: Entity) -> str:
    """An entity in a few words: `PayHub processor, bill_pay, tier 1`."""
    parts = [entity.name, entity.domain, f"tier {entity.tier}"]
    return ", ".join(one_line(part, _LONGEST_VALUE) for part in parts if part)


def relation_words(relation: Relation) -> str:
    """A relation by its ends: `partner/payhub → integration/payhub-processor`."""
    return one_line(f"{relation.source_key} → {relation.target_key}")


def connection_words(connection: Connection) -> str:
    """A connection in a few words: `PayHub probe, http_probe, every 10s`."""
    every = f"every {_seconds(connection.poll_seconds)}"
    return ", ".join((one_line(connection.name, _LONGEST_VALUE), connection.connector_id, every))


def entity_changes(old: Entity, new: Entity) -> tuple[str, ...]:
    """The fields of an entity that differ, each with both its values."""
    return (
        *_field("name", old.name, new.name),
        *_field("kind", old.kind, new.kind),
        *_field("domain", old.domain, new.domain),
        *_field("owner", old.owner, new.owner),
        *_field("tier", str(old.tier), str(new.tier)),
        *_field("description", old.description, new.description),
        *_field("freshness", _seconds(old.freshness_seconds), _seconds(new.freshness_seconds)),
        *_pairs("expects", _expectations(old.expectations), _expectations(new.expectations)),
        *_pairs("health rule", _rules(old.rules), _rules(new.rules)),
        *_pairs("objective", _objectives(old.objectives), _objectives(new.objectives)),
        *_pairs("fact", dict(old.facts), dict(new.facts)),
    )


def relation_changes(old: Relation, new: Relation) -> tuple[str, ...]:
    """The facts of a relation that differ."""
    return _pairs("fact", dict(old.facts), dict(new.facts))


def connection_changes(old: Connection, new: Connection) -> tuple[str, ...]:
    """The fields and settings of a connection that differ; addresses without what must not be shown."""
    return (
        *_field("name", old.name, new.name),
        *_field("connector", old.connector_id, new.connector_id),
        *_field("polls every", _seconds(old.poll_seconds), _seconds(new.poll_seconds)),
        *_pairs("setting", _settings(old), _settings(new)),
        *_field("secrets", ", ".join(old.secret_names), ", ".join(new.secret_names)),
    )


def _field(name: str, old: str, new: str) -> tuple[str, ...]:
    if old == new:
        return ()
    before, after = (one_line(_without_credentials(value), _LONGEST_VALUE) or "nothing" for value in (old, new))
    return (f"{name}: {before} → {after}",) if before != after else (f"{name}: changed",)


def _pairs(noun: str, old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    names = sorted(old.keys() | new.keys())
    return tuple(
        words
        for name in names
        for words in _field(f"{noun} {one_line(name, _LONGEST_VALUE)}", old.get(name, ""), new.get(name, ""))
    )


def _without_credentials(text: str) -> str:
    return shown_address(text) if "://" in text else text


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else str(duration_text(float(seconds)))


def _settings(connection: Connection) -> dict[str, str]:
    return {name: _setting(value) for name, value in connection.settings}


def _setting(value: SettingValue) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _expectations(expectations: Iterable[Expectation]) -> dict[str, str]:
    return {meaning_words(one.meaning, one.statistic): _expectation(one) for one in expectations}


def _rules(rules: Iterable[HealthRule]) -> dict[str, str]:
    return {str(number): _rule(rule) for number, rule in enumerate(rules, 1)}


def _rule(rule: HealthRule) -> str:
    members = ", ".join(rule.members)
    if rule.kind is RuleKind.AT_LEAST:
        return f"at least {rule.count} of {members}"
    if rule.kind is RuleKind.WEIGHTED:
        weights = {name: f"{weight:g}" for name, weight in rule.weights}
        weighed = ", ".join(f"{name} ({weights[name]})" if name in weights else name for name in rule.members)
        return f"{weighed}, down below {rule.down_below:g}, degraded below {rule.degraded_below:g}"
    return f"{rule.kind.replace('_', ' ')} {members}"


def _objectives(objectives: Iterable[Objective]) -> dict[str, str]:
    return {objective.name: objective_words(objective) for objective in objectives}


def objective_words(objective: Objective) -> str:
    """An objective in a few words: `99.9 % over 28d, up to 0.5`."""
    window = objective.window
    kind = "" if window.is_rolling else ", by the calendar"
    bound = (
        f", {_SIDES[objective.comparison]} {objective.bound:g}"
        if objective.comparison and objective.bound is not None
        else ""
    )
    return f"{100 * objective.target:.6g} % over {window.count}{window.unit}{kind}{bound}"


def _expectation(expectation: Expectation) -> str:
    bounds = (
        ("degraded above", expectation.degraded_above),
        ("down above", expectation.down_above),
        ("degraded below", expectation.degraded_below),
        ("down below", expectation.down_below),
    )
    words = [f"{name} {bound:g}" for name, bound in bounds if bound is not None]
    lasting = [f"for {_seconds(expectation.for_seconds)}"] if expectation.for_seconds else []
    return ", ".join(words + lasting)
