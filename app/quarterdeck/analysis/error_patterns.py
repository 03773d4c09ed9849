"""Failures gathered by the pattern of their messages: how many, when, with which codes and of whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quarterdeck.analysis.message_patterns import Miner, Pattern

STEPS = 96
"""The range is counted in so many equal steps."""
MOST_EXAMPLES = 200
"""So many of the newest messages of a pattern are named."""
_MOST_CODES = 8
_MOST_SUBJECTS = 50


@dataclass(frozen=True, slots=True)
class Told:
    """One failure: when, what was said, its code, and the key of whom it concerns; the last two may be empty."""

    at_ms: int
    message: str
    code: str
    subject: str


@dataclass(frozen=True, slots=True)
class Question:
    """Failures in any order, and the range `[start_ms, end_ms)` that is now; what lies before it is before."""

    told: tuple[Told, ...]
    start_ms: int
    end_ms: int


Counts = tuple[tuple[str, int], ...]
"""Names with how often, the most frequent first."""


@dataclass(frozen=True, slots=True)
class ErrorPattern:
    """Failures whose messages are of one pattern.

    `course` counts those of the range in its STEPS. `codes` and `subjects` count all of the range, or, where there is
    none in it, those before. `examples` are the places of the newest among what was told, the newest first.
    """

    pattern: Pattern
    codes: Counts
    subjects: Counts
    course: tuple[int, ...]
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MinedErrors:
    """All patterns, the most frequent now first, and how many failures are of one so seldom that it was let go."""

    patterns: tuple[ErrorPattern, ...]
    let_go: int


def mined_errors(question: Question) -> MinedErrors:
    """Gather failures; at the top of a module, so that it can be worked out in another process."""
    told = question.told
    order = sorted(range(len(told)), key=lambda place: (told[place].at_ms, place))
    miner = Miner(question.start_ms)
    numbers = [miner.take(told[place].message, told[place].at_ms) for place in order]
    found = miner.gathered()
    of_number = {number: place for place, (_, own) in enumerate(found) for number in own}
    places: dict[int, list[int]] = defaultdict(list)
    for place, number in zip(order, numbers, strict=True):
        if number in of_number:
            places[of_number[number]].append(place)
    patterns = tuple(_pattern(pattern, places[at], question) for at, (pattern, _) in enumerate(found))
    return MinedErrors(patterns, len(told) - sum(map(len, places.values())))


def _pattern(pattern: Pattern, places: Sequence[int], question: Question) -> ErrorPattern:
    """One pattern; `places` in the order of time."""
    told = [question.told[place] for place in places]
    inside = [one for one in told if one.at_ms >= question.start_ms] or told
    steps = Counter(_step(one.at_ms, question) for one in told if question.start_ms <= one.at_ms < question.end_ms)
    return ErrorPattern(
        pattern,
        _counts((one.code for one in inside if one.code), _MOST_CODES),
        _counts((one.subject for one in inside if one.subject), _MOST_SUBJECTS),
        tuple(steps[step] for step in range(STEPS)),
        tuple(reversed(places[-MOST_EXAMPLES:])),
    )


def _step(at_ms: int, question: Question) -> int:
    return (at_ms - question.start_ms) * STEPS // max(1, question.end_ms - question.start_ms)


def _counts(names: Iterable[str], most: int) -> Counts:
    return tuple(sorted(Counter(names).items(), key=lambda each: (-each[1], each[0]))[:most])
