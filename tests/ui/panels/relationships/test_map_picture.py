"""How the map looks: in the colours of the theme, every state a shape of its own, never blank while it moves."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from quarterdeck.domain.estate import Origin
from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from tests.support.graphs import BUSINESS, PAYHUB, PROCESSOR, crowd, link, report, thing
from tests.ui.panels.relationships.desk import Desk


def colours(widget: QWidget) -> set[str]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    spots = ((x, y) for x in range(image.width()) for y in range(0, image.height(), 2))
    return {QColor(image.pixel(x, y)).name() for x, y in spots}


@pytest.mark.parametrize("choice", [ThemeChoice.DARK, ThemeChoice.LIGHT], ids=["dark", "light"])
def test_the_map_has_the_colours_of_the_theme(choice: ThemeChoice, desk: Desk, theme: Theme) -> None:
    theme.choose(choice)
    desk.settle()
    found = colours(desk.map.viewport())
    tokens = theme.tokens
    assert {tokens.down, tokens.degraded, tokens.healthy, tokens.raised} <= found


@pytest.mark.parametrize("scale", [0.2, 0.5, 1.0, 2.0])
def test_every_state_is_told_by_a_shape_at_every_size(
    scale: float, theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Desk(theme, show, report([thing(f"service/{state.value}", state) for state in HealthState]))
    middle = desk.map.sight.area.center()
    desk.map.sight.look(desk.map.sight.camera.zoomed(scale / desk.map.sight.camera.scale, middle))
    desk.settle()
    pictures: list[bytes] = []
    for state in (HealthState.UNREACHABLE, HealthState.STALE, HealthState.DOWN, HealthState.MAINTENANCE):
        area = desk.map.visualRect(desk.map.rows.node_row(desk.node(state.value.capitalize())))
        grey = desk.map.viewport().grab(area).toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        pictures.append(bytes((grey.scaled(60, 20).convertToFormat(QImage.Format.Format_Mono)).constBits()))
    assert len(set(pictures)) == 4


def test_names_that_differ_at_their_ends_look_different_where_they_are_cut(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Desk(theme, show, report([thing(f"component/settlement-node-of-payments-{end}") for end in "ab"]))
    middle = desk.map.sight.area.center()
    desk.map.sight.look(desk.map.sight.camera.zoomed(0.5 / desk.map.sight.camera.scale, middle))
    desk.settle()
    pictures = {bytes(picture.constBits()) for picture in map(partial(grabbed, desk), range(2))}
    assert len(pictures) == 2
    assert all(node.tip.startswith(node.name) for node in desk.scene.nodes)


def grabbed(desk: Desk, node: int) -> QImage:
    """A node as it is painted."""
    area = desk.map.visualRect(desk.map.rows.node_row(node))
    return desk.map.viewport().grab(area).toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_old_states_lose_their_colours(desk: Desk, theme: Theme) -> None:
    desk.view.show_old("The store is locked. Shown as of 12:00")
    desk.map.grab()
    desk.settle()
    assert desk.map.sight.drawing.is_old
    assert theme.tokens.down not in colours(desk.map.viewport())


def test_a_map_that_is_moved_is_never_blank(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = Desk(theme, show, crowd(500))
    quiet = theme.tokens.line
    assert quiet in colours(desk.map.viewport())
    desk.map.sight.look(desk.map.sight.camera.zoomed(1.3, desk.map.sight.area.center()))
    assert quiet in colours(desk.map.viewport())
    desk.settle()


def test_a_large_map_is_painted_in_several_turns(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = Desk(theme, show, crowd(700))
    desk.map.sight.look(desk.map.sight.camera.zoomed(1.5, desk.map.sight.area.center()))
    turns = 0
    while desk.map.sight._painting.isActive():
        desk.map.sight._paint_some()
        turns += 1
    assert turns > 2


def test_many_lines_are_drawn_in_bundles_unless_each_is_wanted(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Desk(theme, show, crowd(500))
    assert desk.map.sight.drawing.lines is desk.scene.bundles
    desk.hands.choose("Relations drawn", "Each relation")
    assert desk.map.sight.drawing.lines is desk.scene.routes
    desk.hands.choose("Relations drawn", "Bundled relations")
    assert desk.map.sight.drawing.lines is desk.scene.bundles


def test_many_lines_in_trouble_are_thickened_without_a_wide_pen(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    services = [thing(f"service/s{at:02}", HealthState.DOWN) for at in range(20)]
    partner = thing("partner/p", HealthState.DOWN)
    desk = Desk(theme, show, report((partner, *services), [link(BUSINESS, partner.key, one.key) for one in services]))
    assert theme.tokens.down in colours(desk.map.viewport())


def test_a_line_that_was_only_seen_is_dashed(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    seen = replace(link(BUSINESS, PAYHUB.key, PROCESSOR.key), origins=frozenset({Origin.OBSERVED}))
    desk = Desk(theme, show, report((PAYHUB, PROCESSOR), (seen,)))
    ends = [desk.map.visualRect(desk.map.rows.node_row(at)) for at in range(2)]
    middle = desk.spot_on_line("Payhub → Processor")
    gap = QRect(ends[0].right() + 4, middle.y() - 1, ends[1].left() - ends[0].right() - 8, 3)
    line = desk.map.viewport().grab(gap).toImage()
    row = [QColor(line.pixel(x, 1)).name() for x in range(line.width())]
    assert {theme.tokens.down, theme.tokens.window} <= set(row) or len(set(row)) > 2


def test_what_nothing_declares_has_a_frame_of_its_own(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    ghost = replace(thing("partner/ghost", HealthState.UNKNOWN), is_missing=True)
    pictures: list[QImage] = []
    for one in (ghost, replace(ghost, is_missing=False)):
        desk = Desk(theme, show, report((one,)))
        pictures.append(desk.map.viewport().grab(desk.map.visualRect(desk.map.rows.node_row(0))).toImage())
    assert pictures[0] != pictures[1]


def test_a_picture_that_is_given_up_half_way_leaves_nothing_behind(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Desk(theme, show, crowd(500))
    desk.map.sight.look(desk.map.sight.camera.zoomed(1.5, desk.map.sight.area.center()))
    for _ in range(3):
        desk.map.sight._paint_some()
    assert desk.map.sight._picture.is_painting
    theme.choose(ThemeChoice.LIGHT)
    desk.settle()
    assert theme.tokens.raised in colours(desk.map.viewport())
    theme.choose(ThemeChoice.DARK)
