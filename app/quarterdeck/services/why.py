"""Why an entity is in its state, as a sentence that names the roots behind it and since when they fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from quarterdeck.domain.health import ROLLUP_CAUSE, HealthState, StateInterval
from quarterdeck.services.wording import moment_words, state_words

_NAMED = 2
_VERBS = {HealthState.STALE: "has told nothing", HealthState.MAINTENANCE: "has been in maintenance"}
_NOT_COVERED = "its maintenance window does not cover that"
_BEFORE = "it failed before its maintenance window began, which does not cover that"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """States and names by entity key at a moment: what roots are told by."""

    states: Mapping[str, StateInterval]
    names: Mapping[str, str]
    at: datetime


def why_words(interval: StateInterval, reason: str, around: Surroundings) -> str:
    """The whole sentence: `Unreachable because PayHub processor is down since 12:18`.

    `reason` is what the entity's own signals tell, as bad as it is now.
    """
    grounds = interval.grounds
    if grounds.flapping:
        reason = f"Flapping, held at {state_words(interval.state)}: {reason}" if reason else "Flapping"
    if not grounds.because:
        return f"{reason}; {_BEFORE}" if grounds.masked and reason else reason
    roots = roots_words(grounds.because, around)
    if interval.cause == ROLLUP_CAUSE or not reason:
        _, _, redundancy = interval.reason.partition("; ")
        words = f"{state_words(interval.state).capitalize()} because {roots}"
        words = f"{words}; {redundancy}" if redundancy else words
    else:
        words = f"{reason}, because {roots}"
    return f"{words}; {_NOT_COVERED}" if grounds.masked else words


def roots_words(keys: tuple[str, ...], around: Surroundings) -> str:
    """Roots as a clause: `PayHub is down since 12:18 and Tessera is degraded since 12:20`, or one and how many more."""
    told = [_root_words(key, around) for key in keys]
    if len(told) <= _NAMED:
        return " and ".join(told)
    return f"{told[0]}, and {len(told) - 1} more fail"


def _root_words(key: str, around: Surroundings) -> str:
    name, interval = around.names.get(key, key), around.states.get(key)
    if interval is None:
        return f"{name} failed"
    verb = _VERBS.get(interval.state, f"is {state_words(interval.state)}")
    return f"{name} {verb} since {moment_words(interval.since_at, around.at)}"
