"""One mapping of a document, asked field by field for what it must hold; every refusal says where and why.

A field that does not hold what it must is noted among the faults and answered with nothing, so that one reading of a
document finds all of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TypeVar

from quarterdeck.domain.connections import Settings, SettingValue
from quarterdeck.domain.facts import Facts
from quarterdeck.sdk.documents.tree import (
    DocumentFault,
    DocumentFaults,
    Entry,
    Listing,
    Mapping,
    Node,
    Placed,
    Scalar,
    quoted,
)
from quarterdeck.sdk.durations import duration_text, parse_duration

Choice = TypeVar("Choice", bound=StrEnum)

LONGEST_TEXT = 200
LONGEST_PROSE = 4_000
LONGEST_FACT = 1_000
LONGEST_SETTING = 65_536
MOST_PAIRS = 64
LONGEST_FACT_NAME = 80
_CLOSE_ENOUGH = 65.0
_MOST_HINTS = 25
"""Looking for a near word takes long where there are thousands; nobody reads so many."""
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def did_you_mean(word: str, known: tuple[str, ...], faults: DocumentFaults) -> str:
    """A question naming the known word nearest to one that is not known, with a space before it.

    Empty when none is near, and among very many faults.
    """
    if len(faults.found) > _MOST_HINTS:
        return ""
    from rapidfuzz import fuzz, process

    nearest = process.extractOne(word[:LONGEST_TEXT], known, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return f" Did you mean {quoted(nearest[0])}?" if nearest else ""


def written(node: Node, key: str) -> str:
    """What stands at a key of a mapping, whether it may or not; empty when that is no single value."""
    entries = node.entries if isinstance(node, Mapping) else ()
    found = (entry.node for entry in entries if entry.key == key)
    return next((node.text.strip() for node in found if isinstance(node, Scalar)), "")


def refuse_unseen(text: str, line: int | Placed, what: str, *, longest: int, breaks: bool = False) -> None:
    """Raise DocumentFault for a text too long or with characters that nobody can see."""
    if len(text) > longest:
        raise DocumentFault(line, f"{what} is {len(text):,} characters long; at most {longest:,} are taken.")
    for letter in text:
        if breaks and letter in "\n\t":
            continue
        if unicodedata.category(letter) in _UNSEEN_CATEGORIES or letter in _DIRECTION_MARKS:
            raise DocumentFault(line, f"{what} holds the invisible character U+{ord(letter):04X}.")


class Section:
    """A mapping that may hold certain keys, or any where none are named; `what` names it in messages (`an entity`).

    Raises DocumentFault when it is no mapping; all else is noted in `faults`.
    """

    def __init__(self, node: Node, what: str, keys: tuple[str, ...] | None, faults: DocumentFaults) -> None:
        if not isinstance(node, Mapping):
            raise DocumentFault(node, f"{what} must be a set of keys and values.")
        self.node = node
        self.line = node.line
        self.what = what
        self.faults = faults
        self._entries = {entry.key: entry for entry in node.entries}
        for entry in node.entries:
            if keys is not None and entry.key not in keys:
                words = f"{quoted(entry.key)} is not a key of {what}.{did_you_mean(entry.key, keys, faults)}"
                faults.add(DocumentFault(entry, words))

    def fault(self, words: str, key: str = "") -> DocumentFault:
        """A fault at the line of a key, or of the section."""
        entry = self._entries.get(key)
        return DocumentFault(entry.node if entry else self.node, words)

    def text(self, key: str, *, longest: int = LONGEST_TEXT, required: bool = False, breaks: bool = False) -> str:
        """A text without the white space around it; empty when it is not there and not required."""
        with self.faults:
            return self._text(key, longest=longest, required=required, breaks=breaks)
        return ""

    def name(self, key: str, fits: Callable[[str], object], example: str) -> str:
        """A required text that fits, as `example` does; empty when it does not."""
        with self.faults:
            text = self._text(key, required=True)
            if not fits(text):
                noun = _with_article(key)
                raise self.fault(f"{quoted(text)} cannot be {noun}; one looks like {example}.", key)
            return text
        return ""

    def choice(self, key: str, kinds: type[Choice]) -> Choice | None:
        """A required word out of a set; None when it is none of them."""
        with self.faults:
            text = self._text(key, required=True)
            known = tuple(kind.value for kind in kinds)
            if text not in known:
                hint = did_you_mean(text, known, self.faults) or f" It is one of {', '.join(known)}."
                raise self.fault(f"{quoted(text)} is no {key} of {self.what}.{hint}", key)
            return kinds(text)
        return None

    def number(self, key: str, lowest: float, highest: float) -> float | None:
        """A number within bounds, or None when it is not there."""
        with self.faults:
            return self._number(key, lowest, highest)
        return None

    def duration(self, key: str, lowest_seconds: float, highest_seconds: float) -> float | None:
        """A duration in seconds within bounds, or None when it is not there."""
        with self.faults:
            return self._duration(key, lowest_seconds, highest_seconds)
        return None

    def day(self, key: str) -> datetime | None:
        """A date such as 2026-08-26 as the instant at which it begins in UTC, or None when it is not there."""
        text = self.text(key)
        if not text:
            return None
        try:
            return datetime.combine(date.fromisoformat(text), time.min, UTC)
        except ValueError:
            self.faults.add(self.fault(f"{key} cannot be {quoted(text)}; a date looks like 2026-08-26.", key))
            return None

    def listing(self, key: str) -> tuple[Node, ...]:
        """The items of a list; empty when it is not there."""
        entry = self._entries.get(key)
        if entry is None or _is_nothing(entry.node):
            return ()
        if isinstance(entry.node, Listing):
            return entry.node.items
        self.faults.add(self.fault(f"{key} must be a list.", key))
        return ()

    def words(self, key: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
        """A list of single words that fit a pattern, none twice."""
        found: list[str] = []
        for node in self.listing(key):
            text = node.text if isinstance(node, Scalar) else ""
            with self.faults:
                if not pattern.fullmatch(text) or text in found:
                    words = f"{key} must be a list of different names; {quoted(text)} is not one."
                    raise DocumentFault(node, words)
                found.append(text)
        return tuple(found)

    def facts(self, key: str) -> Facts:
        """Named texts, sorted by name."""

        def read(entry: Entry) -> str:
            text = _scalar(entry).text.strip()
            refuse_unseen(text, entry.node, entry.key, longest=LONGEST_FACT, breaks=True)
            return text

        return self._pairs(key, read)

    def settings(self, key: str) -> Settings:
        """Named values as a connector's settings, sorted by name; empty ones are left out."""

        def read(entry: Entry) -> SettingValue | None:
            refuse_unseen(_scalar(entry).text, entry.node, entry.key, longest=LONGEST_SETTING, breaks=True)
            return _scalar(entry).value

        return tuple((name, value) for name, value in self._pairs(key, read) if value is not None)

    def _text(self, key: str, *, longest: int = LONGEST_TEXT, required: bool = False, breaks: bool = False) -> str:
        entry = self._entry(key, required=required)
        if entry is None:
            return ""
        text = _scalar(entry).text.strip() if _scalar(entry).value is not None else ""
        refuse_unseen(text, entry.node, key, longest=longest, breaks=breaks)
        if required and not text:
            raise DocumentFault(entry, f"{self.what} needs {_with_article(key)}.")
        return text

    def _number(self, key: str, lowest: float, highest: float) -> float | None:
        entry = self._entry(key)
        if entry is None or _scalar(entry).value is None:
            return None
        value = _scalar(entry).value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise DocumentFault(entry.node, f"{key} is not a number: {quoted(_scalar(entry).text)}.")
        if not lowest <= value <= highest:
            words = f"{key} is {value:g}; it lies between {lowest:g} and {highest:g}."
            raise DocumentFault(entry.node, words)
        return float(value)

    def _duration(self, key: str, lowest_seconds: float, highest_seconds: float) -> float | None:
        entry = self._entry(key)
        if entry is None or _scalar(entry).value is None:
            return None
        text = _scalar(entry).text
        try:
            seconds = parse_duration(text)
        except ValueError as fault:
            raise DocumentFault(entry.node, f"{key} cannot be {quoted(text)}: {fault}.") from fault
        if not lowest_seconds <= seconds <= highest_seconds:
            bounds = f"{duration_text(lowest_seconds)} and {duration_text(highest_seconds)}"
            raise DocumentFault(entry.node, f"{key} is {quoted(text)}; it lies between {bounds}.")
        return seconds

    def _pairs(self, key: str, read: Callable[[Entry], Value]) -> tuple[tuple[str, Value], ...]:
        found: list[tuple[str, Value]] = []
        for pair in self._entries_of(key):
            with self.faults:
                refuse_unseen(pair.key, pair, f"a name in {key}", longest=LONGEST_FACT_NAME)
                found.append((pair.key, read(pair)))
        return tuple(sorted(found))

    def _entries_of(self, key: str) -> tuple[Entry, ...]:
        entry = self._entries.get(key)
        if entry is None or _is_nothing(entry.node):
            return ()
        if not isinstance(entry.node, Mapping):
            self.faults.add(self.fault(f"{key} must be a set of names and values.", key))
            return ()
        if len(entry.node.entries) > MOST_PAIRS:
            self.faults.add(DocumentFault(entry, f"{key} holds more than {MOST_PAIRS} names."))
            return ()
        return entry.node.entries

    def _entry(self, key: str, *, required: bool = False) -> Entry | None:
        entry = self._entries.get(key)
        if entry is None and required:
            raise DocumentFault(self.node, f"{self.what} needs {_with_article(key)}.")
        return entry


Value = TypeVar("Value")


def _scalar(entry: Entry) -> Scalar:
    if not isinstance(entry.node, Scalar):
        raise DocumentFault(entry.node, f"{quoted(entry.key)} must be a single value.")
    return entry.node


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _with_article(key: str) -> str:
    return f"an {key}" if key[0] in "aeiou" else f"a {key}"
