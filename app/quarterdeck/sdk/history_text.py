"""Long histories from text: lines of OpenMetrics with instants, read many at once.

`name{label="value"} number seconds`, a sample a line, as Prometheus' tools write them. A page of a source, with its
rules and limits, is read elsewhere; here lines are many and alike, so numbers are taken out of whole blocks of bytes.
What is not understood is counted, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.facts import Facts, facts_of
from quarterdeck.domain.series import SeriesKind
from quarterdeck.sdk.numbers_in_text import PADDING, numbers_at
from quarterdeck.sdk.texts import plain_text

BLOCK_BYTES = 8 * 1024 * 1024
_LONGEST_NAME = 4096
_SPACE, _NEWLINE, _HASH = b" \n#"
_EXEMPLAR = re.compile(rb" # [^\n]*")
_TYPE = re.compile(rb"# TYPE ([^ \n]{1,4096}) ([a-z]{1,20})")
_SERIES = re.compile(r"([A-Za-z_:][A-Za-z0-9_:]*)(?:\{(.*)\})? ", re.DOTALL)
_LABEL = re.compile(r'\s*([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\]|\\.)*)"\s*(?:,|$)')
_ESCAPED = re.compile(r"\\(.)")
_COUNTERS = frozenset({"counter", "histogram", "summary"})
_ENDINGS = ("_total", "_bucket", "_count", "_sum", "_created")

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Samples of one series as they follow one another: int64 ms, float64."""

    name: str
    labels: Facts
    kind: SeriesKind
    times_ms: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class HistoryBlock:
    """What some megabytes of text hold, and how many of their lines hold no sample with an instant."""

    stretches: tuple[Stretch, ...]
    not_understood: int


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Lines of a block that are no comments: where each begins, its last two spaces, and its end."""

    start: Positions
    value_from: Positions
    time_from: Positions
    end: Positions


class HistoryReader:
    """Reads one file; knows each series and each family's kind from its first line on."""

    def __init__(self, file: BinaryIO, *, block_bytes: int = BLOCK_BYTES) -> None:
        self._file = file
        self._block_bytes = block_bytes
        self._known: dict[bytes, tuple[str, Facts, SeriesKind] | None] = {}
        self._types: dict[str, str] = {}

    def blocks(self) -> Iterator[HistoryBlock]:
        """The file in order. Raises ValueError for a line that is longer than a block."""
        rest = b""
        while chunk := self._file.read(self._block_bytes):
            text = rest + chunk
            whole = text.rfind(b"\n") + 1
            if not whole and len(text) > self._block_bytes:
                raise ValueError("a line is longer than any sample's")
            rest = text[whole:]
            if whole:
                yield self._block(text[:whole])
        if rest:
            yield self._block(rest + b"\n")

    def _block(self, text: bytes) -> HistoryBlock:
        if b" # " in text:
            text = _EXEMPLAR.sub(b"", text)
        padded = PADDING + text
        codes = np.frombuffer(padded, np.uint8)
        lines, comments, wrong = _sorted_lines(codes)
        self._learn_types(padded, comments)
        times, times_fit = numbers_at(codes, lines.time_from + 1, lines.end)
        values, values_fit = numbers_at(codes, lines.value_from + 1, lines.time_from)
        fits = times_fit & values_fit & np.isfinite(times)
        found: list[Stretch] = []
        for first, last in _runs(padded, lines):
            series = self._series(padded[lines.start[first] : lines.value_from[first] + 1])
            good = fits[first:last] if series is not None else np.zeros(last - first, np.bool_)
            wrong += int((~good).sum())
            if series is not None and good.any():
                at = slice(first, last) if good.all() else first + np.flatnonzero(good)
                found.append(Stretch(*series, np.rint(times[at] * 1000).astype(np.int64), values[at]))
        return HistoryBlock(tuple(found), wrong)

    def _learn_types(self, text: bytes, comments: Positions) -> None:
        for at in comments.tolist():
            if match := _TYPE.match(text, at):
                self._types[match[1].decode("utf-8", "replace")] = match[2].decode()

    def _series(self, prefix: bytes) -> tuple[str, Facts, SeriesKind] | None:
        if prefix not in self._known:
            self._known[prefix] = self._read_series(prefix)
        return self._known[prefix]

    def _read_series(self, prefix: bytes) -> tuple[str, Facts, SeriesKind] | None:
        match = _SERIES.fullmatch(prefix[:_LONGEST_NAME].decode("utf-8", "replace"))
        if match is None:
            return None
        name, inner = match.groups()
        labels = _labels(inner or "")
        if labels is None:
            return None
        family = next((name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending)), name)
        kind = self._types.get(name) or self._types.get(family, "")
        return name, labels, SeriesKind.COUNTER if kind in _COUNTERS and name != family else SeriesKind.GAUGE


def _sorted_lines(codes: npt.NDArray[np.uint8]) -> tuple[_Lines, Positions, int]:
    """Lines with two spaces at least, where comments begin, and how many lines are neither though not empty."""
    ends = np.flatnonzero(codes == _NEWLINE)
    ends = ends[np.searchsorted(ends, len(PADDING)) :]
    starts = np.append(len(PADDING), ends[:-1] + 1)
    spaces = np.flatnonzero(codes == _SPACE)
    last = np.searchsorted(spaces, ends) - 1
    if not len(spaces):
        spaces = np.zeros(1, np.int64)
    time_from, value_from = spaces[np.maximum(last, 0)], spaces[np.maximum(last - 1, 0)]
    is_comment = codes[starts] == _HASH
    told = ~is_comment & (ends > starts)
    good = told & (last > 0) & (value_from > starts)
    lines = _Lines(starts[good], value_from[good], time_from[good], ends[good])
    return lines, starts[is_comment], int((told & ~good).sum())


def _runs(text: bytes, lines: _Lines) -> Iterator[tuple[int, int]]:
    """First line and end of each run of lines of one series."""
    starts, lengths = lines.start.tolist(), lines.value_from - lines.start
    first = 0
    while first < len(starts):
        prefix = text[starts[first] : starts[first] + int(lengths[first]) + 1]
        last = _guessed_end(text, prefix, starts, first)
        told = 1 + text.count(b"\n" + prefix, starts[first], int(lines.end[last - 1]))
        if told != last - first or (lengths[first:last] != len(prefix) - 1).any():
            last = first + 1
            while last < len(starts) and lengths[last] == lengths[first] and text.startswith(prefix, starts[last]):
                last += 1
        yield first, last
        first = last


def _guessed_end(text: bytes, prefix: bytes, starts: list[int], first: int) -> int:
    """Where lines stop to begin alike, found by leaps: right when they lie together."""
    alike, step = first, 1
    while alike + step < len(starts) and text.startswith(prefix, starts[alike + step]):
        alike += step
        step *= 2
    while step:
        if alike + step < len(starts) and text.startswith(prefix, starts[alike + step]):
            alike += step
        step //= 2
    return alike + 1


def _labels(inner: str) -> Facts | None:
    """Labels between the braces; None for what they are not."""
    found: dict[str, str] = {}
    at = 0
    while at < len(inner):
        match = _LABEL.match(inner, at)
        if match is None:
            return None
        found[match[1]] = plain_text(_ESCAPED.sub(lambda one: "\n" if one[1] == "n" else one[1], match[2]))
        at = match.end()
    return facts_of(found)
