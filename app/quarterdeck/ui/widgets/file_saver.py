"""Saves what is shown as a file of one of several kinds, where a person says, and tells what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.local_files import replace_file
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.widgets.text import safe_line


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One kind of file: the ending of its name, its name in the dialog, and what makes its bytes, in any thread."""

    ending: str
    words: str
    write: Callable[[], bytes]


class FileSaver(QObject):
    """Asks where to, writes in the `background`, and tells by `notify` where the file is, or why there is none.

    `saved_as` is the sentence told at the end, with `{path}` where the file's path stands.
    """

    def __init__(
        self, owner: QWidget, background: Background, notify: Callable[[str], object], *, saved_as: str
    ) -> None:
        super().__init__(owner)
        self._owner = owner
        self._background = background
        self._notify = notify
        self._saved_as = saved_as

    def ask(self, heading: str, name: str, formats: Sequence[FileFormat]) -> None:
        """Let a person choose the file and its kind; `name`, without an ending, and the first kind are proposed."""
        dialog = QFileDialog(self._owner, heading)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation))
        dialog.setNameFilters([one.words for one in formats])
        dialog.setDefaultSuffix(formats[0].ending)
        dialog.selectFile(name + formats[0].ending)

        def choose_kind(words: str) -> None:
            dialog.setDefaultSuffix(next((one for one in formats if one.words == words), formats[0]).ending)

        def choose(path: str) -> None:
            self.save(Path(path), formats, dialog.selectedNameFilter())

        dialog.filterSelected.connect(choose_kind)
        dialog.fileSelected.connect(choose)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, path: Path, formats: Sequence[FileFormat], words: str = "") -> None:
        """Write the kind that the file's name says; a name without an ending gets that of the first.

        Of several kinds with the same ending it is the one of these `words`.
        """
        ending = path.suffix.lower()
        fitting = [one for one in formats if one.ending == ending]
        chosen = next((one for one in fitting if one.words == words), fitting[0] if fitting else None)
        if chosen is None and ending:
            known = ", ".join(one.ending for one in formats)
            words = self.tr("Nothing was saved: the name of the file must end with one of {endings}.")
            self._notify(words.format(endings=known))
            return
        kind = chosen or formats[0]
        target = path if chosen else path.with_suffix(kind.ending)
        self._background.run_change(partial(_write, kind.write, target), on_result=self._tell, on_error=self._explain)

    def _tell(self, path: Path) -> None:
        self._notify(self._saved_as.format(path=safe_line(str(path))))

    def _explain(self, error: OperatorError) -> None:
        self._notify(f"{error.message} {error.next_step}")


def _write(write: Callable[[], bytes], path: Path) -> Path:
    replace_file(path, write())
    return path
