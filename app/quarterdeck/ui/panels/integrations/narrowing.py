"""Which integrations are shown: filters that compose, and the words that name them. Plain Python.

Picks of one kind widen (this domain or that one), picks of different kinds narrow.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quarterdeck.domain.health import HealthState, needs_attention
from quarterdeck.ui.panels.integrations.state import IntegrationLine, Selection
from quarterdeck.ui.panels.integrations.words import Translate

SOON_DAYS = 30
EXPIRING, COVERED = "expiring", "covered"
_DOMAIN, _PARTNER, _TIER = "domain", "partner", "tier"
_SILENT = frozenset({HealthState.STALE, HealthState.UNKNOWN})
_IS_SELECTED: dict[Selection, Callable[[IntegrationLine], bool]] = {
    Selection.ALL: lambda _: True,
    Selection.ATTENTION: lambda line: needs_attention(line.state),
    Selection.DOWN: lambda line: line.state in {HealthState.DOWN, HealthState.UNREACHABLE},
    Selection.DEGRADED: lambda line: line.state is HealthState.DEGRADED,
    Selection.SILENT: lambda line: line.state in _SILENT,
    Selection.MAINTENANCE: lambda line: line.state is HealthState.MAINTENANCE,
    Selection.HEALTHY: lambda line: line.state is HealthState.HEALTHY,
    Selection.DISPUTED: lambda line: line.claim.is_disputed,
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is shown of all: a selection of states, picks by key, and words that a row must hold."""

    selection: Selection = Selection.ALL
    picks: tuple[str, ...] = ()
    words: str = ""

    @property
    def is_open(self) -> bool:
        """Whether everything is shown."""
        return self.selection is Selection.ALL and not self.picks and not self.words


@dataclass(frozen=True, slots=True)
class FilterPick:
    """A filter that can be picked: its key, and its words in a list."""

    key: str
    text: str


def kept_lines(lines: Sequence[IntegrationLine], narrowing: Narrowing) -> tuple[IntegrationLine, ...]:
    """The lines that a narrowing leaves, in their order; its words are for the table to search."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for key in narrowing.picks:
        kind, _, value = key.partition("=")
        by_kind[kind].add(value)
    is_selected = _IS_SELECTED[narrowing.selection]
    return tuple(line for line in lines if is_selected(line) and _holds(line, by_kind))


def filter_picks(lines: Sequence[IntegrationLine], tr: Translate) -> tuple[FilterPick, ...]:
    """Every filter that the lines give a meaning, by kind."""
    domains = sorted({line.domain for line in lines})
    partners = sorted({line.partner for line in lines}, key=str.casefold)
    tiers = sorted({line.tier for line in lines})
    return (
        *(FilterPick(f"{_DOMAIN}={name}", tr("Domain: {name}").format(name=name)) for name in domains),
        *(FilterPick(f"{_PARTNER}={name}", tr("Partner: {name}").format(name=name)) for name in partners),
        *(FilterPick(f"{_TIER}={tier}", tr("Tier {tier}").format(tier=tier)) for tier in tiers),
        FilterPick(EXPIRING, tr("Something ends within {days} d").format(days=SOON_DAYS)),
        FilterPick(COVERED, tr("Covered by maintenance")),
    )


def narrowing_words(narrowing: Narrowing, states: str, tr: Translate) -> str:
    """What is shown, in words; `states` names the selection. Empty where everything is."""
    if narrowing.is_open:
        return ""
    values: dict[str, list[str]] = defaultdict(list)
    for key in narrowing.picks:
        kind, _, value = key.partition("=")
        values[kind].append(value)
    parts = [states[:1].lower() + states[1:]] if narrowing.selection is not Selection.ALL else []
    either = tr(" or ")
    told = {
        _DOMAIN: tr("domain {names}").format(names=either.join(values[_DOMAIN])),
        _PARTNER: tr("partner {names}").format(names=either.join(values[_PARTNER])),
        _TIER: tr("tier {names}").format(names=either.join(values[_TIER])),
        EXPIRING: tr("something ends within {days} d").format(days=SOON_DAYS),
        COVERED: tr("covered by maintenance"),
    }
    parts += [words for kind, words in told.items() if kind in {key.partition("=")[0] for key in narrowing.picks}]
    if narrowing.words:
        parts.append(tr("with the words “{words}”").format(words=narrowing.words))
    return tr("Shown: {parts}").format(parts=" · ".join(parts))


def _holds(line: IntegrationLine, by_kind: dict[str, set[str]]) -> bool:
    return all(_HOLDS[kind](line, values) for kind, values in by_kind.items() if kind in _HOLDS)


_HOLDS: dict[str, Callable[[IntegrationLine, set[str]], bool]] = {
    _DOMAIN: lambda line, values: line.domain in values,
    _PARTNER: lambda line, values: line.partner in values,
    _TIER: lambda line, values: str(line.tier) in values,
    EXPIRING: lambda line, _: not math.isnan(line.ends_in_days) and line.ends_in_days <= SOON_DAYS,
    COVERED: lambda line, _: line.is_covered or line.state is HealthState.MAINTENANCE,
}
