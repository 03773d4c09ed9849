"""Reasons, names and notes from outside are text in the Maintenance panel, whatever they look like."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.ui.panels.maintenance.state import (
    BoardState,
    FormAnswer,
    FormState,
    PreviewState,
    RecordLine,
    Remark,
    ScopePick,
    WindowDetail,
    WindowLine,
)
from quarterdeck.ui.panels.maintenance.view import MaintenanceView
from quarterdeck.ui.theme.theme import Theme
from tests.support.markup import HostileText, faults_below, hostile_text, shows_the_image
from tests.ui.panels.hosting import hosted


@pytest.fixture
def hostile(tmp_path: Path) -> HostileText:
    return hostile_text(tmp_path)


def board(text: str) -> BoardState:
    line = WindowLine(text, True, False, text, text, text, 0.0, text, text, text, text, text)
    detail = WindowDetail(text, text, True, text, ((text, text),), ())
    return BoardState((line,), (detail,), text, text, text)


def form(text: str) -> FormState:
    pick = ScopePick(text, text, HealthState.DOWN)
    scope = MaintenanceScope((text,), (text,))
    return FormState("new", text, text, text, scope, (pick,), (pick,), (("reason", text), ("by", text)))


@pytest.mark.parametrize("kind", ["markup", "long_line"])
def test_markup_and_endless_lines_are_shown_as_short_text(
    kind: str, hostile: HostileText, theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    text = getattr(hostile, kind)
    view = MaintenanceView(theme)
    side, window = view.side, QWidget()
    row = QHBoxLayout(window)
    row.addWidget(hosted(view))
    row.addWidget(side)
    side.show()
    show(window)
    view.show_page(board(text))
    view.side.show_detail(board(text).details[0])
    view.show_records(text, (RecordLine(text, text, text),), text)
    QApplication.processEvents()
    assert faults_below(window) == []
    assert not shows_the_image(side)
    view.side.show_form(form(text))
    remarks = (Remark(text, HealthState.DOWN), Remark(text))
    view.side.show_preview("new", PreviewState(text, 1, text, (text,), text, remarks, (text,)))
    view.side.show_answer("new", FormAnswer((("reason", text),), text, (text,)))
    QApplication.processEvents()
    assert faults_below(side) == []
    assert not shows_the_image(side)
    view.side.show_form(replace(form(text), key="import", takes_calendar=True))
    view.side.show_answer("import", FormAnswer(fault=text, lines=(text,)))
    QApplication.processEvents()
    assert (faults_below(side), shows_the_image(side)) == ([], False)
