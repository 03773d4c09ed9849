"""YAML to the tree, from the parser's events: no tags, no anchors, no aliases, so that nothing can unfold.

Values mean what they look like in YAML 1.2's JSON part (true, false, null, decimal numbers); all else is text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, cast

from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.documents.tree import (
    DocumentFault,
    DocumentFaults,
    Entry,
    Listing,
    Mapping,
    Node,
    Scalar,
    quoted,
    refuse_count,
    refuse_depth,
)
from quarterdeck.sdk.texts import one_line

_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class _Mark(Protocol):
    line: int
    column: int


class _Event(Protocol):
    """What is used of the parser's events; `value` and `implicit` are a scalar's only."""

    start_mark: _Mark
    value: str
    implicit: tuple[bool, bool]


class _Parser(Protocol):
    def parse(self, stream: str) -> Iterator[_Event]: ...


def read_yaml(text: str, faults: DocumentFaults) -> Node:
    """The tree of one YAML document; raises DocumentFault. Of a key that stands twice the first counts; it is noted."""
    builder = _TreeBuilder(faults)
    _build(text, builder)
    return builder.result()


def read_yaml_documents(text: str, faults: DocumentFaults) -> tuple[Node, ...]:
    """The trees of all YAML documents of a text, without empty ones; otherwise like `read_yaml`."""
    builder = _TreeBuilder(faults, takes_several=True)
    _build(text, builder)
    return tuple(node for node in builder.roots if not (isinstance(node, Scalar) and node.value is None))


def _build(text: str, builder: _TreeBuilder) -> None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    parser = cast("_Parser", YAML(typ="safe", pure=True))
    try:
        for event in parser.parse(text):
            builder.take(event)
    except MarkedYAMLError as fault:
        mark = cast("_Mark | None", getattr(fault, "problem_mark", None))
        problem = str(getattr(fault, "problem", None) or "it cannot be read")
        where = _Place(mark.line + 1, mark.column + 1) if mark else builder.place
        raise DocumentFault(where, f"this is not YAML: {one_line(problem, 160)}.") from fault
    except (YAMLError, ValueError, OverflowError) as fault:
        raise DocumentFault(builder.place, "this is not YAML: a character that cannot stand there.") from fault


def plain_value(text: str) -> SettingValue | None:
    """What an unquoted text means: a flag, a number, nothing, or itself."""
    if text in _NOTHING:
        return None
    if text in _FLAGS:
        return _FLAGS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the text, counted from 1."""

    line: int
    column: int


@dataclass(slots=True)
class _Open:
    """A sequence or mapping whose end has not come yet."""

    place: _Place
    is_mapping: bool
    nodes: list[Node] = field(default_factory=list["Node"])
    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    key: tuple[_Place, str] | None = None

    def closed(self) -> Node:
        if self.is_mapping:
            return Mapping(self.place.line, tuple(self.entries.values()), self.place.column)
        return Listing(self.place.line, tuple(self.nodes), self.place.column)


class _TreeBuilder:
    """Builds the tree from events without recursion, refusing what a document does not need."""

    def __init__(self, faults: DocumentFaults, *, takes_several: bool = False) -> None:
        self.place = _Place(1, 0)
        self.roots: list[Node] = []
        self._faults = faults
        self._takes_several = takes_several
        self._open: list[_Open] = []
        self._count = 0

    def take(self, event: _Event) -> None:
        self.place = _Place(event.start_mark.line + 1, event.start_mark.column + 1)
        kind = type(event).__name__
        self._refuse_unneeded(event, kind)
        if kind == "ScalarEvent":
            self._take_scalar(event.value, is_plain=event.implicit[0])
        elif kind in {"MappingStartEvent", "SequenceStartEvent"}:
            self._refuse_as_key()
            refuse_depth(len(self._open) + 1, self.place.line)
            self._open.append(_Open(self.place, kind == "MappingStartEvent"))
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            self._put(self._open.pop().closed())

    def result(self) -> Node:
        if not self.roots:
            raise DocumentFault(1, "the document is empty.")
        return self.roots[0]

    def _refuse_unneeded(self, event: _Event, kind: str) -> None:
        self._count += 1
        refuse_count(self._count, self.place.line)
        if kind == "DocumentStartEvent" and self.roots and not self._takes_several:
            raise DocumentFault(self.place, "a second document begins here.", "Keep one document to a file.")
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            raise DocumentFault(self.place, "anchors and aliases (& and *) are not read.", "Write the values out.")
        if getattr(event, "tag", None):
            raise DocumentFault(self.place, "tags (!) are not read.", "Remove the tag.")

    def _take_scalar(self, text: str, *, is_plain: bool) -> None:
        top = self._open[-1] if self._open else None
        if top is not None and top.is_mapping and top.key is None:
            if text in top.entries:
                first = top.entries[text].line
                words = f"the key {quoted(text)} stands a second time; first in line {first}."
                self._faults.add(DocumentFault(self.place, words))
            top.key = (self.place, text)
            return
        self._put(Scalar(self.place.line, text, plain_value(text) if is_plain else text, self.place.column))

    def _refuse_as_key(self) -> None:
        top = self._open[-1] if self._open else None
        if top is not None and top.is_mapping and top.key is None:
            raise DocumentFault(self.place, "a key must be a simple word.")

    def _put(self, node: Node) -> None:
        if not self._open:
            self.roots.append(node)
            return
        top = self._open[-1]
        if not top.is_mapping:
            top.nodes.append(node)
        elif top.key is not None:
            place, key = top.key
            top.entries.setdefault(key, Entry(place.line, key, node, place.column))
            top.key = None
