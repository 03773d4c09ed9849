"""From a result's labels to whose series it is and what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quarterdeck.connectors.prometheus.bundles import MARK
from quarterdeck.connectors.prometheus.plan import Output
from quarterdeck.connectors.prometheus.promql import METRIC_NAME
from quarterdeck.connectors.prometheus.settings import Placing
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.facts import Facts, facts_of
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.texts import one_line
from quarterdeck.sdk.validation import entity_key

MAX_NAME_LENGTH = 120
MAX_LABEL_LENGTH = 500
STATISTIC_OF_QUANTILE: Mapping[str, str] = {"0.5": "p50", "0.95": "p95", "0.99": "p99", "1": "max"}


@dataclass(frozen=True, slots=True)
class Placed:
    """Whose a result is (empty when nobody's), which statistic its quantile label says, and its other labels."""

    entity_key: str
    statistic: str
    labels: Facts


def placed(labels: Mapping[str, str], placing: Placing) -> Placed:
    """Read a result's labels."""
    named = labels.get(placing.label, "") if placing.label else ""
    key = (entity_key(named, placing.kind) if named else "") or placing.fixed
    statistic = STATISTIC_OF_QUANTILE.get(labels.get("quantile", ""), "")
    left = {
        label: one_line(value, MAX_LABEL_LENGTH)
        for label, value in labels.items()
        if label not in {METRIC_NAME, MARK, placing.label} and not (label == "quantile" and statistic)
    }
    return Placed(key, statistic, facts_of(left))


def identity_of(labels: Mapping[str, str], output: Output, placing: Placing) -> SeriesIdentity | None:
    """The identity of a result, or None when no entity can be told."""
    found = placed(labels, placing)
    key = output.entity_key or found.entity_key
    if not key:
        return None
    odd_quantile = any(label == "quantile" for label, _ in found.labels)
    return SeriesIdentity(
        entity_key=key,
        name=output.name,
        meaning=Meaning.OTHER if odd_quantile else output.meaning,
        unit=output.unit,
        statistic=output.statistic or found.statistic,
        labels=found.labels,
    )


def entities_of(series: Iterable[Mapping[str, str]], placing: Placing) -> tuple[Entity, ...]:
    """The entities that label values name, sorted by key; none for the fixed one, which somebody declares."""
    names: dict[str, str] = {}
    for labels in series:
        value = labels.get(placing.label, "") if placing.label else ""
        key = entity_key(value, placing.kind) if value else ""
        if key:
            names.setdefault(key, one_line(value.removeprefix(f"{key.partition('/')[0]}/"), MAX_NAME_LENGTH))
    return tuple(
        Entity(key=key, kind=EntityKind(key.partition("/")[0]), name=name) for key, name in sorted(names.items())
    )
