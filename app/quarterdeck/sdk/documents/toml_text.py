"""TOML to the tree.

The standard library's reader tells no lines, so they are found again by a look at the text: headers and
keys at the start of a line are exact, what stands inside them gets the line of what holds it.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping as AnyMapping
from typing import cast

from quarterdeck.sdk.documents.tree import (
    DocumentFault,
    Entry,
    Listing,
    Mapping,
    Node,
    Scalar,
    refuse_count,
    refuse_depth,
)
from quarterdeck.sdk.texts import one_line

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]\n]{1,400})\]", re.ASCII)
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')\s*=", re.ASCII)
_LINE_OF_FAULT = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
_LARGEST = 1e18
# Time and memory of the reader grow with the square of a dotted key's length.
_ENDLESS_KEY = re.compile(r"(?<![\w\"'.-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){32}")


def read_toml(text: str) -> Node:
    """The tree of a TOML document; raises DocumentFault."""
    if endless := _ENDLESS_KEY.search(text):
        raise DocumentFault(text.count("\n", 0, endless.start()) + 1, "more than 32 names are joined by dots.")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        where = _LINE_OF_FAULT.search(str(fault))
        line = int(where[1]) if where and where[1] else text.count("\n") + 1
        problem = _LINE_OF_FAULT.sub("", str(fault)).strip()
        raise DocumentFault(line, f"this is not TOML: {one_line(problem, 160)}.") from fault
    except RecursionError as fault:
        raise DocumentFault(1, "too many levels lie inside one another.") from fault
    except ValueError as fault:
        raise DocumentFault(1, "this is not TOML: a number or date in it is out of bounds.") from fault
    return _TreeMaker(_lines_by_path(text)).node(values, ())


class _TreeMaker:
    """Turns the reader's values into nodes, counting them and minding their depth."""

    def __init__(self, lines: dict[Path, int]) -> None:
        self._lines = lines
        self._count = 0

    def node(self, value: object, path: Path) -> Node:
        line = self._line(path)
        self._count += 1
        refuse_count(self._count, line)
        refuse_depth(len(path), line)
        if isinstance(value, dict):
            return self._mapping(cast("AnyMapping[str, object]", value), path)
        if isinstance(value, list):
            items = cast("list[object]", value)
            return Listing(line, tuple(self.node(item, (*path, n)) for n, item in enumerate(items)))
        return _scalar(value, line)

    def _mapping(self, values: AnyMapping[str, object], path: Path) -> Mapping:
        entries = [
            Entry(self._line((*path, key)), key, self.node(value, (*path, key))) for key, value in values.items()
        ]
        return Mapping(self._line(path), tuple(entries))

    def _line(self, path: Path) -> int:
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def _scalar(value: object, line: int) -> Scalar:
    if isinstance(value, bool):
        return Scalar(line, str(value).lower(), value)
    if isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) > _LARGEST:
            raise DocumentFault(line, "a number is out of bounds.")
        return Scalar(line, str(value), value)
    return Scalar(line, str(value), str(value))


def _lines_by_path(text: str) -> dict[Path, int]:
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    here: Path = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            here = _path_of_header(header[2], counts, starts_item=header[1] == "[[")
            lines.setdefault(here, number)
        elif key := _KEY.match(line):
            lines.setdefault((*here, key[1].strip("\"'")), number)
    return lines


def _path_of_header(text: str, counts: dict[Path, int], *, starts_item: bool) -> Path:
    path: Path = ()
    names = [name.strip().strip("\"'") for name in text.split(".")]
    for position, name in enumerate(names):
        path = (*path, name)
        if starts_item and position == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
