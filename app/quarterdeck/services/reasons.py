"""Why an entity is in its state, in words: at the beginning, and as bad as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quarterdeck.domain.estate import Entity
from quarterdeck.domain.expectations import Expectation, expectation_of, expectations_for
from quarterdeck.domain.facts import Facts
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.series import Meaning
from quarterdeck.services.signals import Reading
from quarterdeck.services.wording import meaning_words, quantity

_SERIES = "series"
NOTHING_BOUNDED = "Data come; nothing measured has bounds"


@dataclass(frozen=True, slots=True)
class Breach:
    """A value of a signal that is out of its bounds, in the unit of its series."""

    meaning: Meaning
    statistic: str
    unit: str
    value: float
    labels: Facts = ()


def breach_words(breach: Breach, expectation: Expectation, state: HealthState) -> str:
    """What is out of bounds and by how much: `p95 response time 2.9 s, above 1.5 s`."""
    plain = _plain_words(breach)
    if plain:
        return plain
    above, below = _bounds(expectation, state)
    is_above = above is not None and breach.value > above
    side, bound = ("above", above) if is_above else ("below", below)
    return f"{_subject(breach)} {quantity(breach.value, breach.unit)}, {side} {quantity(bound, breach.unit)}"


def _plain_words(breach: Breach) -> str:
    """The few breaches that a number says worse than a sentence."""
    if breach.meaning is Meaning.AVAILABILITY and breach.value <= 0:
        return f"No answer{_which(breach.labels)}"
    if breach.meaning is Meaning.EXPIRY and breach.value < 0:
        return f"Certificate{_which(breach.labels)} expired {quantity(-breach.value, breach.unit)} ago"
    return ""


def _subject(breach: Breach) -> str:
    name = meaning_words(breach.meaning, breach.statistic)
    name = name if breach.statistic else name[0].upper() + name[1:]
    return name + _which(breach.labels)


def _which(labels: Facts) -> str:
    return f" of {', '.join(value for _, value in labels)}" if labels else ""


def _bounds(expectation: Expectation, state: HealthState) -> tuple[float | None, float | None]:
    if state is HealthState.DOWN:
        return expectation.down_above, expectation.down_below
    return expectation.degraded_above, expectation.degraded_below


def reason_now(entity: Entity, interval: StateInterval, readings: Mapping[Meaning, Reading]) -> str:
    """The reason with the newest value of the signal that decided; as it was recorded where that does not tell more.

    When that signal has come back into its bounds and another one is out of them, the other one is the reason now. A
    signal with labels, a check and an old reading leave the reason as it is. Healthy is explained only where that says
    less than it seems: nothing that is measured has bounds.
    """
    if interval.state is HealthState.HEALTHY and not interval.reason:
        return NOTHING_BOUNDED if readings and not _has_bounds(entity, readings) else ""
    kind, _, signal = interval.cause.partition(":")
    meaning, _, statistic = signal.partition(":")
    if kind != _SERIES or meaning not in set(Meaning) or interval.state not in _BREACHED:
        return interval.reason
    deciding = readings.get(Meaning(meaning))
    if deciding is None or not deciding.fresh or deciding.statistic != statistic:
        return interval.reason
    others = (reading for reading in readings.values() if reading.fresh and reading is not deciding)
    told = (_breach_now(entity, reading, interval.state) for reading in (deciding, *others))
    return next(filter(None, told), interval.reason)


def _has_bounds(entity: Entity, readings: Mapping[Meaning, Reading]) -> bool:
    """Whether anything is expected of what is measured, whichever of its statistics and however old."""
    return any(expectation.meaning in readings for expectation in expectations_for(entity.expectations))


def _breach_now(entity: Entity, reading: Reading, state: HealthState) -> str:
    """By how much a reading is out of bounds; empty when it is not."""
    declared = expectations_for(entity.expectations)
    expectation = expectation_of(declared, reading.meaning, reading.statistic)
    if expectation is None or not _is_breached(expectation, reading.value, state):
        return ""
    return breach_words(Breach(reading.meaning, reading.statistic, reading.unit, reading.value), expectation, state)


_BREACHED = frozenset({HealthState.DEGRADED, HealthState.DOWN})


def _is_breached(expectation: Expectation, value: float, state: HealthState) -> bool:
    above, below = _bounds(expectation, state)
    return (above is not None and value > above) or (below is not None and value < below)
