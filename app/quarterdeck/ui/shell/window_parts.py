"""The parts of the window's frame: rail, top bar, page, inspector and time lens, made and laid out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from quarterdeck.ui.shell.banner import ChildBanner, RowsBanner, StoreBanner
from quarterdeck.ui.shell.dock_area import DockArea
from quarterdeck.ui.shell.panels import PanelSpec
from quarterdeck.ui.shell.places import Place, extent_of, window_of
from quarterdeck.ui.shell.rail import Rail, RailEntry
from quarterdeck.ui.shell.range_button import RangeButton
from quarterdeck.ui.shell.side_area import SideArea
from quarterdeck.ui.shell.time_lens import LensView, TimeLens
from quarterdeck.ui.shell.top_bar import TopBar
from quarterdeck.ui.shell.window_setup import WindowSetup
from quarterdeck.ui.widgets.cards import hairline
from quarterdeck.ui.widgets.text import safe_line

SETTINGS_ENTRY: Final = "settings"
COMMAND_KEY: Final = "Ctrl+K"
_PROGRAM: Final = "Quarterdeck"


@dataclass(frozen=True, slots=True)
class WindowParts:
    """What the conductor plays."""

    rail: Rail
    range_button: RangeButton
    top_bar: TopBar
    banner: StoreBanner
    rows_banner: RowsBanner
    child_banner: ChildBanner
    area: DockArea
    side: SideArea
    lens: TimeLens
    split: QSplitter


def make_parts(window: QWidget, setup: WindowSetup) -> WindowParts:
    """Make the parts of a window and lay them out in it."""
    theme = setup.theme
    entries = [*map(_entry, setup.panels), _settings_entry(window)]
    range_button = RangeButton(theme)
    parts = WindowParts(
        rail=Rail(theme, entries, is_collapsed=setup.keeper.preferences.rail_collapsed),
        range_button=range_button,
        top_bar=TopBar(theme, range_button, COMMAND_KEY),
        banner=StoreBanner(theme),
        rows_banner=RowsBanner(theme),
        child_banner=ChildBanner(theme),
        area=DockArea(theme, [(spec.id, spec.shown_title) for spec in setup.panels]),
        side=SideArea(),
        lens=TimeLens(theme, lens_view(setup.first_place, setup.now())),
        split=QSplitter(Qt.Orientation.Horizontal),
    )
    parts.rail.set_workspace(setup.title, setup.subtitle)
    _lay_out(window, parts)
    parts.split.setSizes([window.width(), setup.keeper.memory.inspector_width])
    return parts


def _lay_out(window: QWidget, parts: WindowParts) -> None:
    split = parts.split
    split.setHandleWidth(1)
    split.setChildrenCollapsible(False)
    split.addWidget(parts.area)
    split.addWidget(parts.side)
    split.setStretchFactor(0, 1)
    split.setStretchFactor(1, 0)
    column = QVBoxLayout()
    column.setSpacing(0)
    for part in (parts.top_bar, parts.banner, parts.rows_banner, parts.child_banner):
        column.addWidget(part)
    column.addWidget(split, 1)
    column.addWidget(parts.lens)
    row = QHBoxLayout(window)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(parts.rail)
    row.addWidget(hairline(vertical=True))
    row.addLayout(column, 1)
    for before, after in ((parts.rail, parts.top_bar), (parts.top_bar, parts.area), (parts.area, parts.lens)):
        QWidget.setTabOrder(before, after)


def lens_view(place: Place, now: datetime) -> LensView:
    """What the lens shows of a place."""
    return LensView(extent_of(place, now), window_of(place, now), place.at or now, is_live=place.is_live)


def window_title(workspace: str) -> str:
    """What the desktop calls the window: the workspace and the program, once where both are called alike."""
    return _PROGRAM if workspace == _PROGRAM else safe_line(f"{workspace} – {_PROGRAM}")


def _entry(spec: PanelSpec) -> RailEntry:
    return RailEntry(spec.id, spec.shown_title, spec.icon, spec.key, is_lower=spec.is_lower)


def _settings_entry(window: QWidget) -> RailEntry:
    return RailEntry(SETTINGS_ENTRY, window.tr("Settings"), "gear", "Ctrl+,", is_lower=True)
