"""The bar above the page: what it says of the time, and what gives way where there is little room."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from quarterdeck.ui.shell.top_bar import LiveToggle, TopBar
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.folding_segments import FoldingSegments
from quarterdeck.ui.widgets.segments import Segment
from quarterdeck.ui.widgets.text import ElidedLabel


class Host(QWidget):
    """A window whose size is not the bar's."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.bar = TopBar(theme, QPushButton("Last 6 hours"), "Ctrl+K")
        self.bar.setParent(self)
        self.bar.show_panel("overview", "Overview")

    @property
    def live(self) -> LiveToggle:
        return next(iter(self.bar.findChildren(LiveToggle)))

    def settle(self, width: int) -> None:
        self.bar.setGeometry(0, 0, width, self.bar.height())
        QCoreApplication.processEvents()


@pytest.fixture
def host(theme: Theme, show: Callable[[QWidget], QWidget]) -> Host:
    made = Host(theme)
    show(made)
    return made


def test_the_way_back_to_live_stands_beside_the_moment_shown(host: Host) -> None:
    host.settle(900)
    host.bar.show_live(is_live=False, words="As of 12:18")
    assert host.live.text() == "As of 12:18 · Back to live"
    host.bar.show_live(is_live=True, words="")
    assert host.live.text() == "Live"


def test_the_way_back_to_live_gives_way_where_there_is_no_room_and_stays_in_the_tip(host: Host) -> None:
    host.bar.show_live(is_live=False, words="As of 12:18")
    host.settle(420)
    assert host.live.text() == "As of 12:18"
    assert host.live.toolTip().endswith("L goes back to live.")
    assert host.live.accessibleName() == "As of 12:18. Back to live"
    host.settle(900)
    assert host.live.text() == "As of 12:18 · Back to live"


@pytest.mark.parametrize("width", range(420, 1000, 20))
def test_the_command_field_never_shows_words_cut_short(host: Host, width: int) -> None:
    host.settle(width)
    field = next(iter(host.bar.findChildren(QLineEdit)))
    words = field.placeholderText()
    assert field.fontMetrics().horizontalAdvance(words) <= field.width() - field.textMargins().right()
    assert words in {"Find anything or run a command", "Find or run", ""}
    assert field.accessibleName() == field.toolTip() == "Find anything or run a command"


def test_the_command_field_gets_its_words_back_with_the_room(host: Host) -> None:
    field = next(iter(host.bar.findChildren(QLineEdit)))
    host.settle(420)
    assert not field.placeholderText()
    host.settle(1000)
    assert field.placeholderText() == "Find anything or run a command"


@pytest.mark.parametrize("width", range(540, 1000, 20))
def test_a_filter_gives_way_before_the_title_of_the_panel(host: Host, theme: Theme, width: int) -> None:
    line = FilterLine(theme, "Filter")
    host.bar.take_controls("relationships", [QPushButton("Impact of the selected"), line])
    host.bar.show_panel("relationships", "Relationships")
    host.settle(width)
    title = next(iter(host.bar.findChildren(ElidedLabel)))
    assert title.width() >= title.sizeHint().width() or line.width() == line.minimumWidth()


def test_a_filter_gets_its_room_back(host: Host, theme: Theme) -> None:
    line = FilterLine(theme, "Filter")
    host.bar.take_controls("relationships", [line])
    host.bar.show_panel("relationships", "Relationships")
    host.settle(500)
    assert line.width() < line.sizeHint().width()
    host.settle(1000)
    assert line.width() == line.sizeHint().width()


def test_live_says_where_nothing_is_collected_also_to_a_screen_reader(host: Host) -> None:
    host.settle(900)
    host.bar.show_collecting(is_collecting=False)
    assert (host.live.text(), host.live.accessibleName()) == ("Live · not collecting", "Live. not collecting")
    assert "no new data comes" in host.live.toolTip()
    host.bar.show_live(is_live=False, words="As of 12:18")
    assert host.live.text() == "As of 12:18 · Back to live"
    host.bar.show_live(is_live=True, words="")
    host.bar.show_collecting(is_collecting=True)
    assert (host.live.text(), host.live.toolTip()) == ("Live", "The console follows the present")


def test_live_is_lit_only_while_somebody_is_known_to_collect(host: Host, theme: Theme) -> None:
    host.settle(900)
    lit: list[bool] = []
    for is_collecting in (True, False, None):
        host.bar.show_collecting(is_collecting=is_collecting)
        inside = host.live.grab().toImage().pixelColor(QPoint(14, host.live.height() // 2))
        lit.append(inside == theme.colour(Tone.HEALTHY))
    assert lit == [True, False, False]


def test_views_fold_only_where_title_and_controls_would_be_cut(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    host = Host(theme)
    views = FoldingSegments(
        theme, tuple(Segment(str(each), "A view of many") for each in range(6)), accessible_name="By"
    )
    host.bar.take_controls("compliance", [views, FilterLine(theme, "Filter")])
    host.bar.show_panel("compliance", "Compliance")
    show(host)
    folded: list[bool] = []
    for width in (1600, 700, 1600):
        host.settle(width)
        folded.append(views.is_folded)
        title = next(label for label in host.bar.findChildren(ElidedLabel) if label.text() == "Compliance")
        assert title.width() >= title.sizeHint().width()
    assert folded == [False, True, False]
