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


class _Event(Protocol):
    """What is used of the parser's events; `value` and `implicit` are a scalar's only."""

    start_mark: _Mark
    value: str
    implicit: tuple[bool, bool]


class _Parser(Protocol):
    def parse(self, stream: str) -> Iterator[_Event]: ...


def read_yaml(text: str, faults: DocumentFaults) -> Node:
    """The tree of one YAML document; raises DocumentFault. Of a key that stands twice the first counts; it is noted."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    builder = _TreeBuilder(faults)
    parser = cast("_Parser", YAML(typ="safe", pure=True))
    try:
        for event in parser.parse(text):
            builder.take(event)
    except MarkedYAMLError as fault:
        mark = cast("_Mark | None", getattr(fault, "problem_mark", None))
        problem = str(getattr(fault, "problem", None) or "it cannot be read")
        line = mark.line + 1 if mark else builder.line
        raise DocumentFault(line, f"this is not YAML: {one_line(problem, 160)}.") from fault
    except (YAMLError, ValueError, OverflowError) as fault:
        raise DocumentFault(builder.line, "this is not YAML: a character that cannot stand there.") from fault
    return builder.result()


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


@dataclass(slots=True)
class _Open:
    """A sequence or mapping whose end has not come yet."""

    line: int
    is_mapping: bool
    nodes: list[Node] = field(default_factory=list["Node"])
    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    key: tuple[int, str] | None = None

    def closed(self) -> Node:
        if self.is_mapping:
            return Mapping(self.line, tuple(self.entries.values()))
        return Listing(self.line, tuple(self.nodes))


class _TreeBuilder:
    """Builds the tree from events without recursion, refusing what a document does not need."""

    def __init__(self, faults: DocumentFaults) -> None:
        self.line = 1
        self._faults = faults
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._count = 0

    def take(self, event: _Event) -> None:
        self.line = event.start_mark.line + 1
        kind = type(event).__name__
        self._refuse_unneeded(event, kind)
        if kind == "ScalarEvent":
            self._take_scalar(event.value, is_plain=event.implicit[0])
        elif kind in {"MappingStartEvent", "SequenceStartEvent"}:
            self._refuse_as_key()
            refuse_depth(len(self._open) + 1, self.line)
            self._open.append(_Open(self.line, kind == "MappingStartEvent"))
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            self._place(self._open.pop().closed())

    def result(self) -> Node:
        if self._root is None:
            raise DocumentFault(1, "the document is empty.")
        return self._root

    def _refuse_unneeded(self, event: _Event, kind: str) -> None:
        self._count += 1
        refuse_count(self._count, self.line)
        if kind == "DocumentStartEvent" and self._root is not None:
            raise DocumentFault(self.line, "a second document begins here.", "Keep one document to a file.")
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            raise DocumentFault(self.line, "anchors and aliases (& and *) are not read.", "Write the values out.")
        if getattr(event, "tag", None):
            raise DocumentFault(self.line, "tags (!) are not read.", "Remove the tag.")

    def _take_scalar(self, text: str, *, is_plain: bool) -> None:
        top = self._open[-1] if self._open else None
        if top is not None and top.is_mapping and top.key is None:
            if text in top.entries:
                first = top.entries[text].line
                words = f"the key {quoted(text)} stands a second time; first in line {first}."
                self._faults.add(DocumentFault(self.line, words))
            top.key = (self.line, text)
            return
        self._place(Scalar(self.line, text, plain_value(text) if is_plain else text))

    def _refuse_as_key(self) -> None:
        top = self._open[-1] if self._open else None
        if top is not None and top.is_mapping and top.key is None:
            raise DocumentFault(self.line, "a key must be a simple word.")

    def _place(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        top = self._open[-1]
        if not top.is_mapping:
            top.nodes.append(node)
        elif top.key is not None:
            line, key = top.key
            top.entries.setdefault(key, Entry(line, key, node))
            top.key = None
