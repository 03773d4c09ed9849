"""Reading files that other programs' catalogues are kept in: several YAML documents to a file, faults with their place.

What is wrong is gathered over all files before anything is refused; what is merely not taken becomes a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quarterdeck.domain.errors import InvalidEstate
from quarterdeck.sdk.documents.section import Section
from quarterdeck.sdk.documents.tree import (
    NEXT_STEP,
    DocumentFault,
    DocumentFaults,
    Mapping,
    Node,
    Placed,
    Scalar,
    quoted,
)
from quarterdeck.sdk.documents.yaml_text import read_yaml_documents
from quarterdeck.sdk.texts import one_line, plain_text

MOST_FILES = 500
MOST_BYTES = 64 * 1024 * 1024
IMPORT_STEP = "Correct the files and import them again; nothing was changed."
_LONGEST_FILE_NAME = 120
_UNKEPT = re.compile("[\ufeff\t\r]")


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file as it was read: its name for messages, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Remark:
    """What was not taken, or taken otherwise than it stands there, and why; by place."""

    file: str
    line: int
    column: int
    words: str

    @property
    def sentence(self) -> str:
        """The remark as a line: `catalog-info.yaml:12:3: kind Template is not taken: …`."""
        return f"{_place(self.file, self.line, self.column)}: {self.words}"


@dataclass(slots=True)
class Notes:
    """What is found while reading: faults refuse the import, remarks do not."""

    faults: dict[str, DocumentFaults] = field(default_factory=dict[str, DocumentFaults])
    remarks: list[Remark] = field(default_factory=list[Remark])

    def faults_of(self, file: str) -> DocumentFaults:
        """Where to note what is wrong with a file."""
        return self.faults.setdefault(file, DocumentFaults())

    def remark(self, file: str, where: Placed, words: str) -> None:
        """Note what was not taken."""
        self.remarks.append(Remark(file, where.line, where.column, words))

    def refuse_faults(self) -> None:
        """Raise InvalidEstate with every fault, in the order of the files and lines, when there is any."""
        told = [
            (f"{_place(name, fault.line, fault.column)}: {fault.words}", _step(fault))
            for name, faults in self.faults.items()
            for fault in sorted(faults.found, key=lambda each: (each.line, each.column))
        ]
        if told:
            raise InvalidEstate.of(told, IMPORT_STEP)


@dataclass(slots=True)
class ForeignDocument:
    """One document of a file: which form it has, and what it is called there.

    `within` takes in what is wrong with it, so that reading goes on.
    """

    file: str
    node: Mapping
    form: str
    kind: str
    notes: Notes
    faults: DocumentFaults
    metadata: Section
    spec: Section

    def remark(self, where: Placed, words: str) -> None:
        """Note what was not taken of it."""
        self.notes.remark(self.file, where, words)

    def kept_text(self, section: Section, key: str, longest: int) -> str:
        """A text without what cannot be kept of it, shortened with a remark; empty when it is not there."""
        node = node_at(section.node, key)
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return ""
        if not isinstance(node, Scalar):
            self.faults.add(DocumentFault(node, f"{key} must be a text."))
            return ""
        return self.shortened(node, key, longest)

    def shortened(self, node: Scalar, what: str, longest: int) -> str:
        """A scalar's text without unseen characters, cut with a remark where it is too long."""
        if len(node.text) > longest:
            words = f"{quoted(what)} is {len(node.text):,} characters long; its first {longest:,} are taken."
            self.remark(node, words)
        return _UNKEPT.sub(" ", plain_text(node.text, longest)).strip()


def documents_of(files: Sequence[ForeignFile], notes: Notes) -> Iterator[ForeignDocument]:
    """Every document of the files that says what it is; what is wrong with the others is noted."""
    _refuse_flood(files)
    for file in files:
        faults = notes.faults_of(file.name)
        with faults:
            for node in read_yaml_documents(_text(file.data), faults):
                with faults:
                    document = _document(file.name, node, notes)
                    if document is not None:
                        yield document


def node_at(node: Node, key: str) -> Node | None:
    """What stands at a key of a mapping; None when there is no such key."""
    entries = node.entries if isinstance(node, Mapping) else ()
    return next((entry.node for entry in entries if entry.key == key), None)


def _refuse_flood(files: Sequence[ForeignFile]) -> None:
    if len(files) > MOST_FILES:
        raise InvalidEstate(f"More than {MOST_FILES} files are not taken at once.", "Import them in several parts.")
    if sum(len(file.data) for file in files) > MOST_BYTES:
        words = f"The files are larger than {MOST_BYTES // 1024 // 1024} MiB together."
        raise InvalidEstate(words, "Import them in several parts.")


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise DocumentFault(line, "the file is not UTF-8 text.", "Save it as UTF-8.") from fault


def _document(file: str, node: Node, notes: Notes) -> ForeignDocument | None:
    """The document; None with a fault noted where it does not say what it is. Raises DocumentFault."""
    faults = notes.faults_of(file)
    head = Section(node, "a document", None, faults)
    form, kind = head.text("apiVersion", required=True), head.text("kind", required=True)
    metadata = Section(_filled(node_at(node, "metadata"), node), "metadata", None, faults)
    spec = Section(_filled(node_at(node, "spec"), node), "spec", None, faults)
    if not isinstance(node, Mapping) or not form or not kind:
        return None
    return ForeignDocument(file, node, form, kind, notes, faults, metadata, spec)


def _filled(node: Node | None, around: Node) -> Node:
    is_nothing = node is None or (isinstance(node, Scalar) and node.value is None)
    return Mapping(around.line, (), around.column) if node is None or is_nothing else node


def _step(fault: DocumentFault) -> str:
    return IMPORT_STEP if fault.next_step == NEXT_STEP else fault.next_step


def _place(file: str, line: int, column: int) -> str:
    name = one_line(file, _LONGEST_FILE_NAME)
    return f"{name}:{line}:{column}" if column else f"{name}:{line}"
