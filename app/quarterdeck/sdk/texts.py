"""Text from outside made fit to keep and to show: no control characters, no lone surrogates, no endless lines.

A NUL is refused by some stores, a lone surrogate cannot be written as UTF-8, and a direction mark makes a name read as
another one; an unbroken line of megabytes freezes whatever draws it.
"""

from __future__ import annotations

import re

DEFAULT_MAX_CHARS = 500
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_KILO = 1000
_UNITS = ("B", "kB", "MB", "GB")


def plain_text(value: object, max_chars: int = DEFAULT_MAX_CHARS) -> str:
    """A value as stripped text without unfit characters, cut with an ellipsis to at most `max_chars`."""
    text = str(value)
    cut = _UNFIT.sub(" ", text[: max_chars + 1]).strip()
    return cut if len(text) <= max_chars else f"{cut[: max_chars - 1].rstrip()}…"


def shown_text(text: str) -> str:
    """A text of any length and lines in which nothing steers what it is shown on: unfit characters become spaces."""
    return _UNFIT.sub(" ", text)


def one_line(value: object, max_chars: int = DEFAULT_MAX_CHARS) -> str:
    """A value as one line of plain text, runs of white space made one space."""
    return " ".join(plain_text(value, max_chars).split())


def size_words(size_bytes: float) -> str:
    """A size as a person says it: `312 B`, `4 kB`, `1.2 MB`."""
    size, unit = float(size_bytes), 0
    while size >= _KILO and unit < len(_UNITS) - 1:
        size, unit = size / _KILO, unit + 1
    digits = 1 if unit > 1 and size < 10 else 0  # noqa: PLR2004 - one digit after the point below ten
    return f"{size:.{digits}f} {_UNITS[unit]}"


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun: `1 event`, `1,204 events`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
