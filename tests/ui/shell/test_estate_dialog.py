"""Importing an estate in the window: nothing is written before the difference was shown; a refusal is told whole."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QLineEdit, QWidget

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.estate import DeclaredEstate
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.services.estate_desk import EstatePreview
from quarterdeck.ui.shell.estate_dialog import EstateDialog
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import PlainBlock
from tests.support.backgrounds import HeldBackground
from tests.support.consoles import ConsoleBench
from tests.support.markup import faults_below, hostile_text, shows_the_image
from tests.ui.shell.test_names import nameless

DECLARED = DeclaredEstate("imported")
FINE = EstatePreview(("+ entity service/a (A, tier 3)", "imported: 1 added."), DECLARED, differs=True)
REFUSED = EstatePreview(("The document has 2 faults.", "a.yaml:3:1: no.", "b.yaml:1:1: no."), next_step="Correct it.")


@dataclass
class Files:
    """Answers with a preview, or fails; keeps what it was asked and what it applied."""

    told: EstatePreview = FINE
    fault: OperatorError | None = None
    asked: list[tuple[tuple[Path, ...], str]] = field(default_factory=list[tuple[tuple[Path, ...], str]])
    withdrawn: list[bool] = field(default_factory=list[bool])
    applied: list[DeclaredEstate] = field(default_factory=list[DeclaredEstate])

    def preview(self, paths: Sequence[Path], document: str) -> EstatePreview:
        self.asked.append((tuple(paths), document))
        if self.fault is not None:
            raise self.fault
        return self.told

    def apply(self, declared: DeclaredEstate, *, withdraw: bool = False) -> str:
        self.withdrawn.append(withdraw)
        if self.fault is not None:
            raise self.fault
        self.applied.append(declared)
        return "imported: 1 added."


@pytest.fixture
def _qt_settings(tmp_path: Path) -> Iterator[None]:
    """Qt's own dialog for files remembers its size in a file of its own."""
    native, user = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    usual = Path(QSettings(native, user, "QtProject").fileName()).parent
    QSettings.setPath(native, user, str(tmp_path / "settings"))
    yield
    QSettings.setPath(native, user, str(usual))


class Opened:
    """A dialog in the hands of a test."""

    def __init__(self, theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
        self.files, self.background, self.said = Files(), HeldBackground(), list[str]()
        self.owner = QWidget()
        show(self.owner)
        self.dialog = EstateDialog(theme, self.files, self.owner)
        self.dialog.work_in(self.background)
        self.dialog.applied.connect(self.said.append)
        self.dialog.show()

    @property
    def shown(self) -> str:
        return self.dialog.findChildren(PlainBlock)[0].toPlainText()

    def take(self, *names: str) -> None:
        self.dialog.take([Path(name) for name in names])
        self.settle()

    def settle(self) -> None:
        while self.background.waiting:
            self.background.finish()


@pytest.fixture
def opened(theme: Theme, show: Callable[[QWidget], QWidget]) -> Iterator[Opened]:
    bench = Opened(theme, show)
    yield bench
    bench.dialog.close()


def test_nothing_can_be_imported_before_files_are_chosen(opened: Opened) -> None:
    assert not opened.dialog.accept_button.isEnabled()
    assert opened.files.asked == []


def test_the_difference_is_shown_first_and_then_applied_once(opened: Opened) -> None:
    opened.take("a.yaml", "b.yaml")
    assert opened.files.asked == [((Path("a.yaml"), Path("b.yaml")), "imported")]
    assert opened.shown == "+ entity service/a (A, tier 3)\nimported: 1 added."
    assert opened.files.applied == []
    opened.dialog.accept_button.click()
    opened.dialog.accept_button.click()
    opened.settle()
    assert (opened.files.applied, opened.said) == ([DECLARED], ["imported: 1 added."])
    assert not opened.dialog.isVisible()


def test_a_withdrawal_of_most_is_imported_only_after_a_person_said_so(opened: Opened) -> None:
    opened.files.told = replace(FINE, withdrawal="The document withdraws 9 of 9 things it declared before.")
    opened.take("a.yaml")
    box = opened.dialog.findChildren(QCheckBox)[0]
    assert box.isVisible()
    assert not opened.dialog.accept_button.isEnabled()
    box.click()
    opened.dialog.accept_button.click()
    opened.settle()
    assert opened.files.withdrawn == [True]


def test_a_yes_to_one_withdrawal_is_not_one_to_the_next(opened: Opened) -> None:
    opened.files.told = replace(FINE, withdrawal="The document withdraws 9 of 9 things it declared before.")
    opened.take("a.yaml")
    opened.dialog.findChildren(QCheckBox)[0].click()
    opened.take("b.yaml")
    assert not opened.dialog.accept_button.isEnabled()
    opened.files.told = FINE
    opened.take("c.yaml")
    assert not opened.dialog.findChildren(QCheckBox)[0].isVisible()
    opened.dialog.accept_button.click()
    opened.settle()
    assert opened.files.withdrawn == [False]


def test_refused_files_show_every_fault_and_cannot_be_imported(opened: Opened) -> None:
    opened.files.told = REFUSED
    opened.take("a.yaml")
    assert opened.shown.splitlines() == list(REFUSED.lines)
    assert not opened.dialog.accept_button.isEnabled()


def test_a_file_that_cannot_be_read_is_told_and_another_can_be_chosen(opened: Opened) -> None:
    opened.files.fault = Unreachable("There is no file a.yaml.", "Choose another.")
    opened.take("a.yaml")
    assert opened.shown == "There is no file a.yaml."
    opened.files.fault = None
    opened.take("b.yaml")
    assert opened.dialog.accept_button.isEnabled()


def test_a_store_that_cannot_be_written_is_told_and_the_dialog_stays(opened: Opened) -> None:
    opened.take("a.yaml")
    opened.files.fault = StoreUnavailable("The store is read-only.", "Open another one.")
    opened.dialog.accept_button.click()
    opened.settle()
    assert opened.shown == "The store is read-only."
    assert opened.dialog.isVisible()
    assert opened.said == []


def test_another_name_is_previewed_anew(opened: Opened) -> None:
    opened.take("a.yaml")
    name = opened.dialog.findChildren(QLineEdit)[0]
    name.setText("catalogue")
    name.editingFinished.emit()
    name.editingFinished.emit()
    opened.settle()
    assert [document for _, document in opened.files.asked] == ["imported", "catalogue"]


@pytest.mark.usefixtures("_qt_settings")
def test_files_are_chosen_in_a_dialog_of_their_own(opened: Opened) -> None:
    opened.dialog.choose()
    picker = next(one for one in opened.dialog.findChildren(QFileDialog))
    picker.filesSelected.emit(["/documents/a.yaml"])
    opened.settle()
    picker.close()
    assert opened.files.asked[0][0] == (Path("/documents/a.yaml"),)


def test_everything_that_can_be_used_has_a_name(opened: Opened) -> None:
    opened.take("a.yaml")
    assert nameless(opened.dialog) == []


@pytest.mark.parametrize("kind", ["markup", "long_line"])
def test_what_files_say_is_text(opened: Opened, tmp_path: Path, kind: str) -> None:
    text: str = getattr(hostile_text(tmp_path), kind)
    opened.files.told = EstatePreview((text,), DECLARED, differs=True, next_step=text)
    opened.take(f"{text[:60].replace('/', '')}.yaml")
    assert (faults_below(opened.dialog), shows_the_image(opened.dialog)) == ([], False)


@pytest.mark.usefixtures("_qt_settings")
def test_the_command_opens_the_dialog_over_the_store(bench: ConsoleBench, tmp_path: Path) -> None:
    document = tmp_path / "own.yaml"
    document.write_text("quarterdeck: 1\nname: own\nentities: [{key: partner/hub, kind: partner, name: Hub}]\n")
    bench.console.registry.trigger("estate.import")
    bench.settle()
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, EstateDialog) and one.isVisible())
    for picker in dialog.findChildren(QFileDialog):
        picker.close()
    dialog.take([document])
    bench.settle()
    assert "own: 1 added, 0 changed, 0 removed." in dialog.findChildren(PlainBlock)[0].toPlainText()
    dialog.accept_button.click()
    bench.settle()
    assert not any(isinstance(one, EstateDialog) for one in QApplication.topLevelWidgets())
