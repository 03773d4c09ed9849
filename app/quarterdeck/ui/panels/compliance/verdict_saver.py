"""Every verdict of the moment shown as a file: the same kinds that the command `policies export` writes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from quarterdeck.services.verdict_files import VerdictFormat
from quarterdeck.ui.panels.compliance.presenter import VerdictFiles
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.widgets.file_saver import FileFormat, FileSaver


class VerdictSaver(QObject):
    """Tells at the foot of the window what became of it."""

    def __init__(self, owner: QWidget, background: Background, notify: Callable[[str], object]) -> None:
        super().__init__(owner)
        self._notify = notify
        self._saver = FileSaver(owner, background, notify, saved_as=self.tr("The verdicts are saved as {path}."))

    def ask(self, files: VerdictFiles | None) -> None:
        """Let a person choose where and as what; without verdicts say that there are none."""
        if files is None:
            self._notify(self.tr("Nothing is saved: no verdict is shown. Choose a moment that has some."))
            return
        local = files.at.astimezone()
        heading = self.tr("Save every verdict of {time}").format(time=local.strftime("%Y-%m-%d %H:%M:%S"))
        self._saver.ask(heading, f"verdicts-{local:%Y-%m-%d-%H%M}", self.formats(files))

    def formats(self, files: VerdictFiles) -> tuple[FileFormat, ...]:
        """The kinds of file, the proposed one first."""
        words = {
            VerdictFormat.XLSX: self.tr("Workbook (*.xlsx)"),
            VerdictFormat.CSV: self.tr("Table (*.csv)"),
            VerdictFormat.OSCAL_RESULTS: self.tr("OSCAL assessment results (*.json)"),
            VerdictFormat.OSCAL_POAM: self.tr("OSCAL plan of action and milestones (*.json)"),
        }
        return tuple(FileFormat(kind.ending, text, partial(files.write, kind)) for kind, text in words.items())
