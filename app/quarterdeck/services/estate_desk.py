"""Estate files chosen in the window: what applying them would change is shown first, then it is done, all or nothing.

An estate document is taken as it is; Backstage and OpenSLO files are taken together, under a document's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from quarterdeck.domain.errors import InvalidEstate, OperatorError
from quarterdeck.domain.estate import DeclaredEstate
from quarterdeck.sdk.estate_document import parse_estate, read_document
from quarterdeck.services.documents_beside import documents_beside
from quarterdeck.services.estate import EstateApplication
from quarterdeck.services.estate_difference import difference_words
from quarterdeck.services.estate_import import ForeignFile, read_foreign_estate

MOST_LINES = 500
"""How many lines of a preview are shown; nobody reads more, and drawing them would be felt."""

_OWN = re.compile(rb"^\s*quarterdeck\s*[:=]", re.MULTILINE)
_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class EstatePreview:
    """What files would change, in lines; `declared` is None where they are refused, `differs` where anything would."""

    lines: tuple[str, ...]
    declared: DeclaredEstate | None = None
    differs: bool = False
    next_step: str = ""
    withdrawal: str = ""
    """What a person must say yes to first: that most of what the document declared would be withdrawn."""

    @property
    def text(self) -> str:
        """The lines, as many as anybody reads; the last one always, for it sums up."""
        if len(self.lines) <= MOST_LINES:
            return "\n".join(self.lines)
        left = len(self.lines) - MOST_LINES
        return "\n".join((*self.lines[: MOST_LINES - 1], f"… and {left:,} lines more", self.lines[-1]))


class EstateDesk:
    """Previews and applies estate files through the same path as the command; reads files, so call it in a worker."""

    def __init__(self, application: EstateApplication, read: Callable[[Path], bytes] = read_document) -> None:
        self._application = application
        self._read = read

    def preview(self, paths: Sequence[Path], document: str) -> EstatePreview:
        """What the files would change, or every fault of them with its place. Raises OperatorError for no such file."""
        try:
            declared, remarks = self._declared(paths, document)
            difference = self._application.plan(declared, documents_beside(paths[0]))
        except InvalidEstate as fault:
            return EstatePreview(fault.lines or (fault.message,), next_step=fault.next_step)
        lines = (*remarks, *difference_words(difference))
        return EstatePreview(lines, declared, differs=bool(difference), withdrawal=difference.withdrawal)

    def apply(self, declared: DeclaredEstate, *, withdraw: bool = False) -> str:
        """Apply what was previewed, and say in a line what it changed. Raises OperatorError; then nothing was."""
        return difference_words(self._application.apply(declared, withdraw=withdraw))[-1]

    def _declared(self, paths: Sequence[Path], document: str) -> tuple[DeclaredEstate, tuple[str, ...]]:
        files = [ForeignFile(path.name, self._read(path)) for path in paths]
        own = [file for file in files if _is_own(file)]
        if not own:
            found = read_foreign_estate(files, document)
            return found.declared, (*(remark.sentence for remark in found.remarks), found.taken)
        if len(files) > 1:
            words = f"{own[0].name} is an estate document of its own, which goes alone."
            raise OperatorError(words, "Choose it by itself, and the others without it.")
        return parse_estate(own[0].data, own[0].name), ()


def _is_own(file: ForeignFile) -> bool:
    return file.name.lower().endswith(".toml") or _OWN.search(file.data[:_HEAD_BYTES]) is not None
