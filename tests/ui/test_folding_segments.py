"""The views of a panel side by side, or one with a menu of the others: the same choice either way."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.folding_segments import FoldingSegments
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl

VIEWS = (Segment("status", "Status"), Segment("risks", "Risks"), Segment("policies", "Policies"))


@pytest.fixture
def views(theme: Theme, show: Callable[[QWidget], QWidget]) -> FoldingSegments:
    made = FoldingSegments(theme, VIEWS, accessible_name="Compliance by")
    show(made)
    return made


def actions(views: FoldingSegments) -> list[QAction]:
    (menu,) = views.findChildren(QMenu)
    return menu.actions()


def test_folded_it_is_narrower_and_says_what_is_chosen(views: FoldingSegments) -> None:
    whole = views.sizeHint().width()
    views.set_current("risks")
    views.set_folded(is_folded=True)
    (button,) = views.findChildren(ChoiceButton)
    assert (views.is_folded, button.isVisible(), button.text()) == (True, True, "Risks")
    assert views.sizeHint().width() < whole == views.unfolded_width


def test_what_is_chosen_folded_is_chosen_unfolded(views: FoldingSegments, qtbot: QtBot) -> None:
    views.set_folded(is_folded=True)
    with qtbot.waitSignal(views.chosen) as told:
        actions(views)[2].trigger()
    assert told.args == ["policies"]
    views.set_folded(is_folded=False)
    (control,) = views.findChildren(SegmentedControl)
    assert (control.isVisible(), control.current, views.current) == (True, "policies", "policies")


def test_a_choice_that_is_set_is_no_choice_of_a_person(views: FoldingSegments, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(views.chosen):
        views.set_current("risks")
    assert [action.isChecked() for action in actions(views)] == [False, True, False]


def test_an_unknown_choice_is_refused(views: FoldingSegments) -> None:
    with pytest.raises(KeyError):
        views.set_current("nowhere")
