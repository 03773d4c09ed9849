"""Names, reasons, claims and certificates from outside are text in the Integrations panel, whatever they look like."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.services.expiries import Expiry
from quarterdeck.services.expiry_calendar import ExpiryCalendar, ExpiryKind, UndatedEntry
from quarterdeck.services.integrations import IntegrationList
from quarterdeck.ui.panels.integrations.calendar_words import calendar_state
from quarterdeck.ui.panels.integrations.expiry_words import expiry_state
from quarterdeck.ui.panels.integrations.state import PageMessage
from quarterdeck.ui.panels.integrations.view import IntegrationsView
from quarterdeck.ui.panels.integrations.words import integrations_state
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.tool_tips import PlainToolTips
from tests.support.markup import (
    HostileText,
    faults_below,
    hostile_text,
    remove_tool_tips,
    shows_the_image,
    tool_tip_shown,
)
from tests.ui.panels.hosting import hosted
from tests.ui.panels.integrations.lists import PAYHUB, claim, ending
from tests.ui.panels.overview.reports import LIVE, before


@pytest.fixture
def hostile(tmp_path: Path) -> HostileText:
    return hostile_text(tmp_path)


@pytest.fixture
def plain_tips(qapp: QApplication) -> Iterator[None]:
    tips = PlainToolTips(qapp)
    yield
    qapp.removeEventFilter(tips)
    tips.deleteLater()


def hostile_list(text: str) -> IntegrationList:
    entity = replace(PAYHUB.entity, name=text, domain=text, owner=text, description=text)
    claimed = claim(HealthState.HEALTHY, text)
    return IntegrationList((replace(PAYHUB, entity=entity, reason=text, partner_name=text, claimed=claimed),))


def hostile_expiry(text: str) -> Expiry:
    return Expiry(
        entity_key=text,
        name=text,
        kind=EntityKind.PARTNER,
        label=text,
        ends_at=before(-9000),
        days_left=6.0,
        state=HealthState.DEGRADED,
        seen_at=before(1),
        used_by=(text, text),
        subject=text,
        issuer=text,
        is_verified=False,
    )


def hostile_calendar(text: str) -> ExpiryCalendar:
    entry = ending(ExpiryKind.KEY, text, 4.0, seen_at=None, declared_on=text, used_by=(text,))
    return ExpiryCalendar((entry,), (UndatedEntry(text, text, (ExpiryKind.KEY,), ((ExpiryKind.KEY, text),)),))


def tip_faults(view: QWidget) -> list[str]:
    """The faults of the tool tips of every cell in the tables in sight."""
    faults: list[str] = []
    for table in view.findChildren(QTableView):
        if not table.isVisible():
            continue
        for line in range(table.model().rowCount()):
            for column in range(table.model().columnCount()):
                spot: QPoint = table.visualRect(table.model().index(line, column)).center()
                label = tool_tip_shown(table.viewport(), spot)
                if label is not None and (len(label.text()) > 1000 or "PlainText" not in str(label.textFormat())):
                    faults.append(f"cell {line}, {column}: {len(label.text())} characters")
    remove_tool_tips()
    return faults


@pytest.mark.parametrize("kind", ["markup", "long_line"])
def test_markup_and_endless_lines_are_shown_as_short_text(
    kind: str, hostile: HostileText, plain_tips: None, theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    text = getattr(hostile, kind)
    view = IntegrationsView(theme)
    window = show(hosted(view))
    view.show_page(integrations_state(hostile_list(text), LIVE, str))
    QApplication.processEvents()
    assert (faults_below(window), tip_faults(view), shows_the_image(window)) == ([], [], False)
    view.show_target("expiry")
    view.show_page(expiry_state((hostile_expiry(text),), LIVE, str))
    QApplication.processEvents()
    assert (faults_below(window), tip_faults(view), shows_the_image(window)) == ([], [], False)
    view.show_target("calendar")
    view.show_page(calendar_state(hostile_calendar(text), LIVE, str))
    QApplication.processEvents()
    assert (faults_below(window), tip_faults(view), shows_the_image(window)) == ([], [], False)


def test_what_the_store_says_of_its_failure_is_text(
    hostile: HostileText, theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    view = IntegrationsView(theme)
    window = show(hosted(view))
    view.show_failed(PageMessage(hostile.long_line, hostile.markup, "Try again"))
    QApplication.processEvents()
    assert (faults_below(window), shows_the_image(window)) == ([], False)
