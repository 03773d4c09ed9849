"""The words a rule is made of, each with its place: the part of the Common Expression Language that policies use."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_RULE = 2_000
"""Characters of a rule; no policy that a person can read needs more."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+|//[^\n]*)
      | (?P<number>(?:\d+\.\d+(?:[eE][-+]?\d{1,3})?|\d+(?:[eE][-+]?\d{1,3})?))
      | (?P<text>"(?:[^"\\\n]|\\["\\nt])*"|'(?:[^'\\\n]|\\['\\nt])*')
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>\|\||&&|==|!=|<=|>=|[-+*<>!?:.,()\[\]])""",
    re.VERBOSE | re.ASCII,
)
_LARGEST_WHOLE = 2**53
_MOST_DIGITS = 20


class TokenKind(StrEnum):
    """What sort of word it is."""

    WHOLE = "a whole number"
    NUMBER = "a number"
    TEXT = "a text"
    NAME = "a name"
    SIGN = "a sign"
    END = "the end of the rule"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a rule something stands, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Token:
    """One word as it is written, and where it begins."""

    kind: TokenKind
    text: str
    place: Place


class RuleFault(Exception):
    """A rule that cannot be taken: what is wrong, as a sentence, and where in the rule (both from 1)."""

    def __init__(self, place: Place, words: str) -> None:
        super().__init__(f"line {place.line}, column {place.column}: {words}")
        self.line = place.line
        self.column = place.column
        self.words = words


def tokens_of(rule: str) -> tuple[Token, ...]:
    """The words of a rule, an end after the last. Raises RuleFault."""
    if len(rule) > LONGEST_RULE:
        raise RuleFault(Place(1, 1), f"A rule has at most {LONGEST_RULE:,} characters; this one has {len(rule):,}.")
    found: list[Token] = []
    at, line, line_begins = 0, 1, 0
    while at < len(rule):
        place = Place(line, at - line_begins + 1)
        match = _TOKEN.match(rule, at)
        if match is None:
            raise RuleFault(place, _unreadable(rule[at]))
        if match.lastgroup != "space":
            found.append(_token(match.lastgroup or "", match.group(), place))
        if breaks := match.group().count("\n"):
            line += breaks
            line_begins = at + match.group().rfind("\n") + 1
        at = match.end()
    found.append(Token(TokenKind.END, "", Place(line, at - line_begins + 1)))
    return tuple(found)


def _token(group: str, text: str, place: Place) -> Token:
    if group == "number":
        return _number(text, place)
    kinds = {"text": TokenKind.TEXT, "name": TokenKind.NAME, "sign": TokenKind.SIGN}
    return Token(kinds[group], text, place)


def _number(text: str, place: Place) -> Token:
    is_whole = text.isdigit()
    if is_whole and (len(text) > _MOST_DIGITS or int(text) > _LARGEST_WHOLE):
        raise RuleFault(place, "This whole number is too large.")
    if not is_whole and math.isinf(float(text)):
        raise RuleFault(place, "This number is too large.")
    return Token(TokenKind.WHOLE if is_whole else TokenKind.NUMBER, text, place)


def _unreadable(letter: str) -> str:
    if letter in "\"'":
        return "This text does not end, or holds an escape other than \\\\, \\n, \\t and its own quote."
    shown = letter if letter.isprintable() else f"U+{ord(letter):04X}"
    hint = {"=": " Equality is written ==.", "&": " Both is written &&.", "|": " Either is written ||."}.get(letter, "")
    return f"“{shown}” cannot stand here.{hint}"
