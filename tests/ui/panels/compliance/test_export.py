"""Every verdict of the moment shown as a file: which moment and kinds, and what is told where none can be written."""

import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from quarterdeck.services.verdict_files import VerdictFormat
from quarterdeck.ui.panels.compliance.verdict_saver import VerdictSaver
from quarterdeck.ui.theme.theme import Theme
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.compliance.reports import LOCKED, NOTHING, Source, written
from tests.ui.panels.compliance.test_presenter import Bench
from tests.ui.panels.compliance.test_view import Desk
from tests.ui.panels.overview.reports import NOON


@pytest.fixture
def desk(theme: Theme, show: Callable[[QWidget], QWidget]) -> Desk:
    return Desk(theme, show, Source())


class Saving:
    """A saver of files with what it told."""

    def __init__(self, owner: QWidget) -> None:
        self.told: list[str] = []
        self.background = HeldBackground()
        self.saver = VerdictSaver(owner, self.background, self.told.append)

    def save(self, bench: Bench, path: Path, kind: int = 0) -> str:
        """Save as the kind at a place of the list; what was told."""
        files = bench.presenter.files()
        assert files is not None
        formats = self.saver.formats(files)
        self.saver._saver.save(path, formats, formats[kind].words)
        self.background.finish()
        return self.told[-1]


@pytest.fixture
def saving(theme: Theme, show: Callable[[QWidget], QWidget]) -> Saving:
    return Saving(show(QWidget()))


def test_nothing_can_be_saved_before_verdicts_are_shown() -> None:
    assert Bench().presenter.files() is None
    assert Bench(Source(told=NOTHING)).shown().presenter.files() is None


def test_the_files_are_of_the_moment_that_is_shown_and_not_of_the_present() -> None:
    bench = Bench().shown()
    yesterday = NOON - timedelta(days=1)
    bench.presenter.choose_day(yesterday)
    assert bench.presenter.files() is None
    bench.background.finish()
    files = bench.presenter.files()
    assert files is not None
    assert files.at == yesterday
    assert files.write(VerdictFormat.CSV) == f"csv of {yesterday.isoformat()}".encode()


def test_a_moment_that_could_not_be_read_can_not_be_saved() -> None:
    bench = Bench().shown()
    bench.source.fault = LOCKED
    bench.presenter.retry()
    bench.background.finish()
    assert bench.presenter.files() is None


def test_each_kind_is_written_where_a_person_says(saving: Saving, tmp_path: Path) -> None:
    bench = Bench().shown()
    told = saving.save(bench, tmp_path / "verdicts.xlsx")
    assert told == f"The verdicts are saved as {tmp_path / 'verdicts.xlsx'}."
    assert (tmp_path / "verdicts.xlsx").read_bytes() == f"xlsx of {NOON.isoformat()}".encode()
    assert stat.S_IMODE((tmp_path / "verdicts.xlsx").stat().st_mode) == 0o600


def test_of_two_kinds_with_the_same_ending_the_chosen_one_is_written(saving: Saving, tmp_path: Path) -> None:
    bench = Bench().shown()
    saving.save(bench, tmp_path / "results.json", 2)
    saving.save(bench, tmp_path / "poam.json", 3)
    saving.save(bench, tmp_path / "typed.json", 0)
    begins = [(tmp_path / f"{name}.json").read_text().split(" ")[0] for name in ("results", "poam", "typed")]
    assert begins == ["oscal-results", "oscal-poam", "oscal-results"]


@pytest.mark.skipif(os.geteuid() == 0, reason="whoever may do everything is refused nothing")
def test_a_folder_that_may_not_be_written_is_told_with_the_next_step(saving: Saving, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    told = saving.save(Bench().shown(), closed / "verdicts.csv")
    assert "See whether the disk is full, and whether this user may write there." in told
    assert list(closed.iterdir()) == []


def test_a_folder_that_is_not_there_is_told_with_the_next_step(saving: Saving, tmp_path: Path) -> None:
    told = saving.save(Bench().shown(), tmp_path / "gone" / "verdicts.csv")
    assert "whether this user may write there." in told


def test_a_store_that_cannot_be_read_is_told_and_nothing_is_written(saving: Saving, tmp_path: Path) -> None:
    bench = Bench().shown()
    bench.source.fault = LOCKED
    assert saving.save(bench, tmp_path / "verdicts.csv") == "The store is locked. End the other program."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("qt_settings")
def test_the_key_asks_where_and_as_what_of_which_moment(desk: Desk, tmp_path: Path) -> None:
    desk.key("E")
    (dialog,) = desk.view.findChildren(QFileDialog)
    assert dialog.windowTitle() == f"Save every verdict of {NOON.astimezone():%Y-%m-%d %H:%M:%S}"
    dialog.selectNameFilter(dialog.nameFilters()[3])
    dialog.fileSelected.emit(str(tmp_path / "open.json"))
    dialog.reject()
    dialog.setParent(None)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.settle()
    assert (tmp_path / "open.json").read_text().startswith("oscal-poam of ")
    assert desk.noticed == [f"The verdicts are saved as {tmp_path / 'open.json'}."]


def test_where_nothing_is_shown_the_button_says_so(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = Desk(theme, show, Source(told=NOTHING))
    desk.press("Export…")
    assert desk.noticed == ["Nothing is saved: no verdict is shown. Choose a moment that has some."]


def test_the_export_is_found_in_the_palette(desk: Desk) -> None:
    listed = [action.spec.text for action in desk.view.panel_actions() if action.spec.is_listed]
    assert "Export every verdict…" in listed


def test_what_stands_for_a_writer_tells_its_kind_and_moment() -> None:
    assert written(Source().export(NOON), VerdictFormat.CSV).decode() == f"csv of {NOON.isoformat()}"
