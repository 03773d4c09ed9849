"""Text from outside in list, bars, details, kinds, forms and tests is never more than text."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from quarterdeck.domain.connections import ConnectionState
from quarterdeck.ui.panels.connectors.form_page import FormPage
from quarterdeck.ui.panels.connectors.kinds_page import KindButton
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.tool_tips import PlainToolTips
from tests.support.markup import faults_below, hostile_text, shows_the_image, tip_faults_below
from tests.ui.panels.connectors.lists import METRICS, PASSED, connection, health, row, source_list
from tests.ui.panels.connectors.window import Window


def test_text_from_outside_is_plain_in_list_bars_details_forms_and_tests(
    theme: Theme, show: Callable[[QWidget], QWidget], qapp: QApplication, tmp_path: Path
) -> None:
    tips = PlainToolTips(qapp)
    made = Window(theme)
    show(made)
    for number, text in enumerate(hostile_text(tmp_path).all):
        poison(made, number, text)
        made.open()
        made.view.show_target(f"c{number}")
        made.press("Test")
        made.background.finish()
        check(made)
        made.press("Add connection")
        made.background.finish()
        check(made)
        made.side.findChildren(KindButton)[-1].click()
        made.background.finish()
        made.side.findChildren(FormPage)[-1].test_requested.emit(f"new hostile{number}", {})
        made.background.finish()
        check(made)
    tips.deleteLater()


def poison(window: Window, number: int, text: str) -> None:
    """Put a text wherever one may come from outside."""
    kind = f"hostile{number}"
    held = connection(f"c{number}", name=text, connector_id=kind, managed_by="" if number else text)
    told = health(ConnectionState.FAILING, words=text, next_step=text)
    window.source.answer = source_list(row(held, told))
    spec = METRICS.settings[0].model_copy(update={"label": text, "hint": text, "choices": (text,)})
    settings = (spec, *METRICS.settings[1:])
    changes = {"id": kind, "title": text, "summary": text, "settings": settings}
    window.setup.manifests = [METRICS.model_copy(update=changes)]
    window.setup.faults = (text,)
    window.setup.held = {held.id: held}
    preview = (replace(PASSED.preview[0], name=text, meaning=text),)
    window.setup.outcome = replace(PASSED, words=text, remarks=(text,), estimate=text, preview=preview)


def check(window: Window) -> None:
    QApplication.processEvents()
    assert faults_below(window) == []
    assert tip_faults_below(window) == []
    assert not shows_the_image(window)
