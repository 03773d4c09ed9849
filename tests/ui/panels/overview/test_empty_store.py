"""An empty store: what the Overview offers in place of its page, and this machine watched by one press."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.connector import SettingProblem
from quarterdeck.sdk.manifest import Manifest
from quarterdeck.sdk.registry import EntryPointRegistry
from quarterdeck.services.connection_drafts import ConnectionDraft
from quarterdeck.services.connections import ConnectorKinds, SaveOutcome
from quarterdeck.ui.panels.overview.presenter import OverviewPresenter
from quarterdeck.ui.panels.overview.view import OverviewView
from quarterdeck.ui.theme.theme import Theme
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.overview.reports import LIVE, report
from tests.ui.panels.overview.test_presenter import LOCKED, Bench, Source, later

MACHINE = EntryPointRegistry().manifest("this_machine")


@dataclass
class Setup:
    """Keeps the drafts that are saved; refuses with a fault or a problem when told to."""

    manifests: tuple[Manifest, ...] = (MACHINE,)
    problems: tuple[SettingProblem, ...] = ()
    fault: OperatorError | None = None
    drafts: list[ConnectionDraft] = field(default_factory=list[ConnectionDraft])

    def kinds(self) -> ConnectorKinds:
        return ConnectorKinds(self.manifests)

    def names(self) -> tuple[str, ...]:
        return ("This machine",)

    def save(self, draft: ConnectionDraft) -> SaveOutcome:
        if self.fault is not None:
            raise self.fault
        self.drafts.append(draft)
        if self.problems:
            return SaveOutcome(None, self.problems)
        return SaveOutcome(Connection("this-machine-2", draft.connector_id, draft.name))


@dataclass
class EmptyBench(Bench):
    """A presenter over an empty store that offers to watch this machine."""

    source: Source = field(default_factory=lambda: Source(report(is_empty=True)))
    setup: Setup = field(default_factory=Setup)
    said: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.presenter = OverviewPresenter(
            self.source, self.background, self.surface, str, setup=self.setup, notify=self.said.append
        )
        self.show()


def test_an_empty_store_is_offered_to_watch_this_machine_too_while_live() -> None:
    bench = EmptyBench()
    assert bench.surface.messages[-1].watch == "Watch this machine"
    bench.show(replace(later(0), live=False))
    assert bench.surface.messages[-1].watch == ""


def test_watching_this_machine_adds_its_connection_with_defaults_once_and_reads_anew() -> None:
    bench = EmptyBench()
    bench.presenter.watch_machine()
    bench.presenter.watch_machine()
    bench.source.answer = report()
    bench.background.finish()
    bench.background.finish()
    assert bench.setup.drafts == [ConnectionDraft("this_machine", "This machine 2")]
    assert bench.said == ["This machine 2 is watched from now on. Its card stands here once its first figures came."]
    assert bench.surface.told[-1] == "page"


@pytest.mark.parametrize(
    ("setup", "words"),
    [
        (Setup(fault=LOCKED), "The store is locked. End the other program."),
        (Setup(problems=(SettingProblem("entity", "Name an entity."),)), "Name an entity."),
        (Setup(manifests=()), "The connector for this machine is not installed. Install the program again."),
    ],
    ids=["locked", "problem", "absent"],
)
def test_what_keeps_this_machine_from_being_watched_is_said(setup: Setup, words: str) -> None:
    bench = EmptyBench(setup=setup)
    bench.presenter.watch_machine()
    bench.background.finish()
    assert bench.said == [words]


def test_without_a_setup_this_machine_is_not_offered() -> None:
    bench = Bench(Source(report(is_empty=True)))
    bench.show()
    bench.presenter.watch_machine()
    assert bench.surface.messages[-1].watch == ""
    assert bench.background.active == []


def test_an_empty_store_leads_to_the_kinds_that_can_be_added(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    view, background = OverviewView(theme), HeldBackground()
    view.present(OverviewPresenter(Source(report(is_empty=True)), background, view, str))
    show(view)
    view.show_moment(LIVE)
    background.finish()
    asked = QSignalSpy(view.panel_requested)
    button = next(one for one in view.findChildren(QAbstractButton) if one.text() == "Add a connection")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.at(0) == ["connectors", "add"]


def test_an_empty_store_is_filled_with_this_machine_by_one_press(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    view, background, setup = OverviewView(theme), HeldBackground(), Setup()
    view.present(OverviewPresenter(Source(report(is_empty=True)), background, view, str, setup=setup))
    show(view)
    view.show_moment(LIVE)
    background.finish()
    button = next(one for one in view.findChildren(QAbstractButton) if one.text() == "Watch this machine")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    background.finish()
    assert [draft.connector_id for draft in setup.drafts] == ["this_machine"]
