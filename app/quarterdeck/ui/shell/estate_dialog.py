"""Importing an estate: files are chosen, what they would change is shown, and only then is it done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import DeclaredEstate
from quarterdeck.services.estate_desk import EstatePreview
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.text import PlainBlock, PlainLabel, safe_line

_WIDTH, _HEIGHT = 760, 480
_LONGEST_NAME = 80
_USUAL_NAME = "imported"


class EstateFiles(Protocol):
    """What reads files and applies them; asked in a worker."""

    def preview(self, paths: Sequence[Path], document: str) -> EstatePreview:
        """What the files would change."""
        ...

    def apply(self, declared: DeclaredEstate, *, withdraw: bool = False) -> str:
        """Apply what was previewed, and say what it changed."""
        ...


class EstateDialog(QDialog):
    """`applied` carries what was changed, in a line."""

    applied = Signal(str)

    def __init__(self, theme: Theme, desk: EstateFiles, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._desk = desk
        self._background: Background | None = None
        self._paths: tuple[Path, ...] = ()
        self._shown: EstatePreview | None = None
        self._files = PlainLabel(theme, self.tr("No file is chosen yet."), tone=Tone.SECONDARY, wraps=True)
        self._name = QLineEdit(_USUAL_NAME)
        self._preview = PlainBlock(theme, accessible_name=self.tr("What it would change"))
        self._step = PlainLabel(theme, "", tone=Tone.SECONDARY, wraps=True)
        self._withdraw = QCheckBox(self.tr("Withdraw them all the same"))
        self._choose = Button(theme, self.tr("Choose files…"))
        self._cancel = Button(theme, self.tr("Cancel"))
        self.accept_button = Button(theme, self.tr("Import"), kind=ButtonKind.PRIMARY)
        self._build()

    def work_in(self, background: Background) -> None:
        """Take what reads and writes away from the window."""
        self._background = background

    def choose(self) -> None:
        """Let a person choose files."""
        picker = QFileDialog(self, self.tr("Estate documents, Backstage catalogues and OpenSLO files"))
        picker.setFileMode(QFileDialog.FileMode.ExistingFiles)
        picker.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        picker.setNameFilters([self.tr("Documents (*.yaml *.yml *.toml *.json)"), self.tr("All files (*)")])
        picker.filesSelected.connect(self._take_names)
        picker.finished.connect(picker.deleteLater)
        picker.open()

    def _take_names(self, names: list[str]) -> None:
        self.take([Path(name) for name in names])

    def take(self, paths: Sequence[Path]) -> None:
        """Show what these files would change."""
        self._paths = tuple(paths)
        self._files.setText(safe_line(", ".join(path.name for path in paths)))
        self._read()

    def _read(self) -> None:
        self._forget()
        if self._background is None or not self._paths:
            return
        name = self._name.text().strip()
        self._preview.set_text(self.tr("Reading…"))
        self._background.run_query(
            partial(self._desk.preview, self._paths, name),
            on_result=self._show,
            on_error=self._explain,
            key="estate.preview",
        )

    def _show(self, preview: EstatePreview) -> None:
        self._shown = preview
        self._preview.set_text(preview.text)
        self._step.setText(safe_line(preview.withdrawal or preview.next_step))
        self._withdraw.setVisible(bool(preview.withdrawal))
        self._allow()

    def _allow(self) -> None:
        shown = self._shown
        is_asked = shown is not None and bool(shown.withdrawal)
        is_fit = shown is not None and shown.differs
        self.accept_button.setEnabled(is_fit and (not is_asked or self._withdraw.isChecked()))

    def _explain(self, error: OperatorError) -> None:
        self._forget()
        self._preview.set_text(error.message)
        self._step.setText(safe_line(error.next_step))

    def _forget(self) -> None:
        self._shown = None
        self._step.setText("")
        self._withdraw.setChecked(False)
        self._withdraw.hide()
        self.accept_button.setEnabled(False)

    def _apply(self) -> None:
        declared = self._shown.declared if self._shown is not None else None
        if self._background is None or declared is None:
            return
        work: Callable[[], str] = partial(self._desk.apply, declared, withdraw=self._withdraw.isChecked())
        self._forget()
        self._background.run_change(work, on_result=self._finish, on_error=self._explain)

    def _finish(self, words: str) -> None:
        self.applied.emit(words)
        self.accept()

    def _build(self) -> None:
        self.setWindowTitle(self.tr("Import an estate"))
        self.resize(_WIDTH, _HEIGHT)
        self._name.setMaxLength(_LONGEST_NAME)
        self._name.setAccessibleName(self.tr("Name of the document"))
        self._name.setToolTip(self.tr("Catalogues and objectives are declared under it; a document has its own name."))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(PlainLabel(self._theme, self.tr("Import an estate"), role=FontRole.STRONG))
        column.addLayout(self._build_files())
        column.addWidget(self._preview, 1)
        column.addWidget(self._step)
        column.addWidget(self._withdraw)
        column.addLayout(self._build_buttons())
        self._withdraw.hide()
        self._withdraw.toggled.connect(self._allow)
        self.accept_button.setEnabled(False)
        self.accept_button.clicked.connect(self._apply)
        self._cancel.clicked.connect(self.reject)
        self._choose.clicked.connect(self.choose)
        self._name.editingFinished.connect(self._read_if_renamed)
        self._named = self._name.text()

    def _read_if_renamed(self) -> None:
        if self._name.text() != self._named:
            self._named = self._name.text()
            self._read()

    def _build_files(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._choose)
        row.addWidget(self._files, 1, Qt.AlignmentFlag.AlignVCenter)
        label = PlainLabel(self._theme, self.tr("Document"), tone=Tone.SECONDARY)
        label.setBuddy(self._name)
        row.addWidget(label)
        row.addWidget(self._name)
        return row

    def _build_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.setAlignment(Qt.AlignmentFlag.AlignRight)
        row.addWidget(self._cancel)
        row.addWidget(self.accept_button)
        return row
