"""Which of the things that can be found fit what was typed, best first, and which letters matched.

Whole beginnings come before beginnings of words, those before parts of words, those before letters in order, those
before words with a slip of the finger. Among equals the worse state comes first, then the shorter name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from quarterdeck.domain.health import SEVERITY, HealthState

_LEAST_FOR_SLIPS = 3
_ALIKE_ENOUGH = 72.0
_WANTS_ATTENTION = SEVERITY[HealthState.STALE]

Span = tuple[int, int]
"""Start and end of matched letters."""


@dataclass(frozen=True, slots=True)
class PaletteItem:
    """Something that can be found: an entity, a connection or an action.

    `key` tells it apart, `kind` is what it is in words, `shortcut` its key in Qt's portable writing. `bias` puts
    commands behind things among equals.
    """

    key: str
    text: str
    kind: str
    state: HealthState | None = None
    shortcut: str = ""
    bias: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """An item and the letters of its text that matched."""

    item: PaletteItem
    spans: tuple[Span, ...] = ()


class _Fit(IntEnum):
    """How well an item fits, best first."""

    WHOLE_BEGINNING = 0
    WORD_BEGINNINGS = 1
    PARTS = 2
    KIND_AND_PARTS = 3
    LETTERS_IN_ORDER = 4
    SLIP = 5


@dataclass(frozen=True, slots=True)
class _Found:
    fit: _Fit
    ranked: Ranked
    likeness: float = 0.0


class PaletteIndex:
    """Items made ready for many questions."""

    def __init__(self, items: Sequence[PaletteItem]) -> None:
        self._by_urgency = sorted(items, key=_urgency)
        self._folded = [(item, item.text.casefold(), item.kind.casefold()) for item in items]

    def rank(self, query: str, limit: int) -> tuple[Ranked, ...]:
        """The best fitting items; with nothing typed, what wants attention and then the items in their own order."""
        tokens = query.casefold().split()
        if not tokens:
            return tuple(Ranked(item) for item in self._by_urgency[:limit])
        found: list[_Found] = []
        rest: list[tuple[PaletteItem, str]] = []
        letters = _letters_pattern("".join(tokens))
        for item, text, kind in self._folded:
            whole = text if not kind or len(tokens) == 1 else f"{text} {kind}"
            if all(token in whole for token in tokens):
                fit = _fit(tokens, item, text)
            else:
                fit = _fit_letters("".join(tokens), item, text) if letters.search(text) else None
            if fit is None:
                rest.append((item, text))
            else:
                found.append(fit)
        if len(found) < limit and sum(map(len, tokens)) >= _LEAST_FOR_SLIPS:
            found += _slips(" ".join(tokens), rest)
        found.sort(key=_order)
        return tuple(entry.ranked for entry in found[:limit])


def prepare() -> None:
    """Load what finds slips of the finger; call it in a worker, so that the first key press need not wait."""
    _alignment()


def _urgency(item: PaletteItem) -> tuple[int, int]:
    severity = SEVERITY[item.state] if item.state is not None else 0
    return (-severity if severity >= _WANTS_ATTENTION else 0, item.bias)


def _order(found: _Found) -> tuple[int, float, int, int, int, str]:
    item = found.ranked.item
    severity = SEVERITY[item.state] if item.state is not None else -1
    first = found.ranked.spans[0][0] if found.ranked.spans else 0
    return found.fit, -found.likeness, item.bias, -severity, first + len(item.text), item.text


def _fit(tokens: Sequence[str], item: PaletteItem, text: str) -> _Found | None:
    places = [_place(text, token) for token in tokens]
    spans = tuple(sorted((at, at + len(token)) for at, token in zip(places, tokens, strict=True) if at is not None))
    if len(spans) < len(tokens):
        return _Found(_Fit.KIND_AND_PARTS, Ranked(item, spans)) if spans else None
    if text.startswith(" ".join(tokens)):
        return _Found(_Fit.WHOLE_BEGINNING, Ranked(item, ((0, len(" ".join(tokens))),)))
    begins = all(_begins_word(text, start) for start, _ in spans)
    return _Found(_Fit.WORD_BEGINNINGS if begins else _Fit.PARTS, Ranked(item, spans))


def _fit_letters(letters: str, item: PaletteItem, text: str) -> _Found | None:
    spans = _letters_in_order(text, letters)
    return _Found(_Fit.LETTERS_IN_ORDER, Ranked(item, spans)) if spans else None


def _letters_pattern(letters: str) -> re.Pattern[str]:
    """A quick look at whether `_letters_in_order` has a chance; at two letters only, lest a name make it slow."""
    first, *others = map(re.escape, letters[:2])
    return re.compile(rf"(?<![^\W_]){first}" + "".join(rf"(?:{letter}|.*?(?<![^\W_]){letter})" for letter in others))


def _place(text: str, token: str) -> int | None:
    """Where a token stands, at the beginning of a word if it does so anywhere."""
    first = at = text.find(token)
    while at >= 0 and not _begins_word(text, at):
        at = text.find(token, at + 1)
    best = at if at >= 0 else first
    return best if best >= 0 else None


def _begins_word(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()


def _letters_in_order(text: str, letters: str) -> tuple[Span, ...]:
    """Spans of the letters where each begins a word or follows the one before; empty when they do not."""
    spans: list[Span] = []
    at = 0
    for letter in letters:
        if spans and spans[-1][1] < len(text) and text[spans[-1][1]] == letter:
            spans[-1] = (spans[-1][0], spans[-1][1] + 1)
            at = spans[-1][1]
            continue
        at = text.find(letter, at)
        while at >= 0 and not _begins_word(text, at):
            at = text.find(letter, at + 1)
        if at < 0:
            return ()
        spans.append((at, at + 1))
        at += 1
    return tuple(spans)


def _slips(query: str, items: Sequence[tuple[PaletteItem, str]]) -> list[_Found]:
    align = _alignment()
    found: list[_Found] = []
    for item, text in items:
        near = align(query, text) if len(text) >= len(query) else None
        if near is not None:
            span, likeness = near
            found.append(_Found(_Fit.SLIP, Ranked(item, (span,)), likeness))
    return found


def _alignment() -> Callable[[str, str], tuple[Span, float] | None]:
    from rapidfuzz.fuzz import partial_ratio_alignment

    def align(query: str, text: str) -> tuple[Span, float] | None:
        found = partial_ratio_alignment(query, text, score_cutoff=_ALIKE_ENOUGH)
        return ((found.dest_start, found.dest_end), found.score) if found is not None else None

    return align
