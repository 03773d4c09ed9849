"""Bars of shares in a table: in words, ordered by the share, full above 1, and a dash where nothing is known."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from quarterdeck.services.wording import percent
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import NOTHING, ColumnSpec, ShareCells, TableData
from quarterdeck.ui.widgets.share_bars import paint_share_bar

Show = Callable[[QWidget], QWidget]
SHARES = np.array([0.5, np.nan, 1.12, 0.1])


def cells(shares: np.ndarray = SHARES) -> ShareCells:
    return ShareCells(shares, percent, 0.8, [Tone.ACCENT] * len(shares))


def painted(theme: Theme, share: float, width: float = 100.0) -> QImage:
    image = QImage(120, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff00ff"))
    painter = QPainter(image)
    paint_share_bar(painter, QRectF(10, 0, width, 20), share, 0.8, (theme.tokens, Tone.ACCENT))
    painter.end()
    return image


def test_shares_are_told_in_words_and_ordered_by_their_size(theme: Theme, show: Show) -> None:
    table = ColumnTable(theme, (ColumnSpec("share", "Share"),), accessible_name="Shares")
    table.set_data(TableData(("a", "b", "c", "d"), (cells(),)))
    show(table)
    table.sort_by("share", is_descending=True)
    QApplication.processEvents()
    model = table.findChildren(QTableView)[0].model()
    assert [model.index(row, 0).data() for row in range(4)] == ["112%", "50%", "10%", NOTHING]


def test_other_shares_are_painted_and_equal_ones_are_the_same(theme: Theme, show: Show) -> None:
    table = ColumnTable(theme, (ColumnSpec("share", "Share"),), accessible_name="Shares")
    table.set_data(TableData(("a", "b", "c", "d"), (cells(),)))
    show(table)
    QApplication.processEvents()
    before = table.grab().toImage()
    table.set_data(TableData(("a", "b", "c", "d"), (cells(np.array([0.9, 0.9, 0.9, 0.9])),)))
    QApplication.processEvents()
    assert table.grab().toImage() != before


def test_a_bar_reaches_as_far_as_its_share_and_never_further(theme: Theme) -> None:
    used, track = QColor(theme.tokens.accent), QColor(theme.tokens.hover)
    half, over = painted(theme, 0.5), painted(theme, 1.12)
    assert (half.pixelColor(40, 10), half.pixelColor(80, 10)) == (used, track)
    assert over.pixelColor(105, 10) == used
    assert over.pixelColor(115, 10) == QColor("#ff00ff")


def test_the_tick_stands_at_the_limit(theme: Theme) -> None:
    assert painted(theme, 0.2).pixelColor(90, 5) == QColor(theme.tokens.text_secondary)


def test_without_a_share_or_room_nothing_is_painted(theme: Theme) -> None:
    for image in (painted(theme, float("nan")), painted(theme, 0.5, width=4.0)):
        assert image.pixelColor(12, 10) == QColor("#ff00ff")
