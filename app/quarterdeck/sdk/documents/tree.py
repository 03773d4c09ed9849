"""The tree both forms of document become: scalars, sequences and mappings, each with where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.texts import one_line

MAX_DEPTH = 16
MAX_NODES = 200_000
NEXT_STEP = "Correct the document and apply it again; nothing was changed."
_LONGEST_QUOTE = 60


class Placed(Protocol):
    """Whatever stands somewhere in a document; lines and columns count from 1, column 0 is one not known."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


class DocumentFault(Exception):
    """What is wrong with a document: `words` without a full stop's company, the `line` (from 1), and what to do.

    `column` counts from 1; it is 0 where only the line is known.
    """

    def __init__(self, where: int | Placed, words: str, next_step: str = NEXT_STEP) -> None:
        line, column = (where, 0) if isinstance(where, int) else (where.line, where.column)
        super().__init__(f"Line {line}: {words}")
        self.line = line
        self.column = column
        self.words = words
        self.next_step = next_step


class DocumentFaults:
    """The faults found in a document so far. As a context it takes in what is raised inside, and reading goes on."""

    def __init__(self) -> None:
        self.found: list[DocumentFault] = []

    def add(self, fault: DocumentFault) -> None:
        """Note a fault; reading goes on."""
        self.found.append(fault)

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> bool:
        if not isinstance(fault, DocumentFault):
            return False
        self.found.append(fault)
        return True


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: its text as written and what it means as a setting; None for an empty one."""

    line: int
    text: str
    value: SettingValue | None
    column: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A sequence of nodes."""

    line: int
    items: tuple[Node, ...]
    column: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with the line of the key."""

    line: int
    key: str
    node: Node
    column: int = 0


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the order of the document, none twice."""

    line: int
    entries: tuple[Entry, ...]
    column: int = 0


Node = Scalar | Listing | Mapping


def quoted(text: str) -> str:
    """A word from a document as a message shows it: short, on one line, nothing invisible."""
    return f"“{one_line(text, _LONGEST_QUOTE)}”"


def refuse_depth(depth: int, line: int) -> None:
    """Raise DocumentFault when something lies deeper than any document needs."""
    if depth > MAX_DEPTH:
        raise DocumentFault(line, f"more than {MAX_DEPTH} levels lie inside one another.")


def refuse_count(count: int, line: int) -> None:
    """Raise DocumentFault when a document holds more values than are read."""
    if count > MAX_NODES:
        raise DocumentFault(line, f"the document holds more than {MAX_NODES:,} values.", "Split it into several.")
