"""Names, reasons and addresses from outside are text on the Overview, whatever they look like."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.services.expiries import Expiry
from quarterdeck.services.machines import MachineRow, Part, PartUse
from quarterdeck.services.overview import DomainGroup, OverviewReport
from quarterdeck.ui.panels.overview.state import PageMessage
from quarterdeck.ui.panels.overview.view import OverviewView
from quarterdeck.ui.panels.overview.words import overview_state
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.tool_tips import PlainToolTips
from tests.support.markup import HostileText, faults_below, hostile_text, shows_the_image, tip_faults_below
from tests.ui.panels.overview.reports import FIGURES, NOON, before, item, machine, report, row


@pytest.fixture
def hostile(tmp_path: Path) -> HostileText:
    return hostile_text(tmp_path)


@pytest.fixture
def plain_tips(qapp: QApplication) -> Iterator[None]:
    tips = PlainToolTips(qapp)
    yield
    qapp.removeEventFilter(tips)
    tips.deleteLater()


def hostile_machine(text: str) -> MachineRow:
    usual = machine("host", HealthState.DEGRADED, reason=text)
    uses = (*usual.uses[:2], PartUse(Part.FULLEST_DISK, 0.5, text))
    return replace(usual, entity=replace(usual.entity, name=text), uses=uses)


def hostile_report(text: str) -> OverviewReport:
    integration = row("A", HealthState.DOWN)
    named = replace(
        integration, entity=replace(integration.entity, name=text, domain=text), reason=text, partner_name=text
    )
    resting = replace(named, state=HealthState.MAINTENANCE, entity=replace(named.entity, key="integration/b"))
    expiry = Expiry("partner/a", text, EntityKind.PARTNER, text, before(0), 9.0, HealthState.DEGRADED, before(1))
    return report(
        figures=replace(FIGURES, next_expiry=expiry),
        attention=(item("a", sentence=text), replace(item("b"), name=text, sentence=text, entity_key=text)),
        domains=(DomainGroup(text, (named, resting)),),
        machines=(hostile_machine(text),),
        machine_count=1,
    )


@pytest.mark.parametrize("kind", ["markup", "long_line"])
def test_markup_and_endless_lines_are_shown_as_short_text(
    kind: str,
    hostile: HostileText,
    plain_tips: None,
    theme: Theme,
    show: Callable[[QWidget], QWidget],
) -> None:
    view = OverviewView(theme)
    view.resize(1244, 788)
    show(view)
    view.show_overview(overview_state(hostile_report(getattr(hostile, kind)), NOON, str))
    QApplication.processEvents()
    assert faults_below(view) == []
    assert tip_faults_below(view) == []
    assert not shows_the_image(view)


def test_what_the_store_says_of_its_failure_is_text(
    hostile: HostileText, theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    view = OverviewView(theme)
    show(view)
    view.show_failed(PageMessage(hostile.long_line, hostile.markup, "Try again"))
    QApplication.processEvents()
    assert (faults_below(view), shows_the_image(view)) == ([], False)
    view.show_overview(overview_state(report(), NOON, str))
    view.show_old(hostile.long_line)
    QApplication.processEvents()
    assert (faults_below(view), shows_the_image(view)) == ([], False)


def test_a_screen_reader_gets_short_text_from_the_list(
    hostile: HostileText, theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    view = OverviewView(theme)
    show(view)
    view.show_overview(overview_state(hostile_report(hostile.long_line), NOON, str))
    model = view.findChildren(QTableView)[0].model()
    texts = [str(model.index(0, column).data()) for column in range(model.columnCount())]
    assert max(map(len, texts)) <= 400
