"""The map with its controls: what a person chooses on it, and how much of the estate it shows."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.ui.panels.relationships.map_bar import COLLAPSED, FITTING, OPEN, MapBar
from quarterdeck.ui.panels.relationships.map_export import MapDrawing
from quarterdeck.ui.panels.relationships.map_hands import MapKeys, MapPointer, MapWalk
from quarterdeck.ui.panels.relationships.map_overlay import Pointed
from quarterdeck.ui.panels.relationships.map_view import PlacedMapView
from quarterdeck.ui.panels.relationships.state import (
    Answer,
    EdgeChoice,
    Focus,
    RelationshipsState,
    Selection,
    Wish,
)
from quarterdeck.ui.theme.looks import FixedLooks
from quarterdeck.ui.theme.theme import Theme

USUAL_STEPS = 2


class MapPage(QWidget):
    """`bar` are its controls, placed by whoever shows the page.

    `entity_chosen` carries the key of an entity that a person moved to, `entity_opened` of one to open.
    `relation_chosen` carries a MapEdge with its two MapNodes, or None when the keyboard is on no relation any more.
    `wished` comes when another part of the estate is to be shown, with a Wish; `drawing_requested` with a MapDrawing,
    `menu_requested` with the key of the entity of which a person wants to know what can be done with it.
    """

    entity_chosen = Signal(str)
    entity_opened = Signal(str)
    relation_chosen = Signal(object)
    wished = Signal(object)
    drawing_requested = Signal(object)
    menu_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state: RelationshipsState | None = None
        self._wish = Wish()
        self._entity_key = ""
        self._told_edge = ""
        self.view = PlacedMapView(theme)
        self.walk = MapWalk(self.view)
        self.bar = MapBar(theme)
        self._pointer = MapPointer(self.view)
        self._keys = MapKeys(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self._connect()

    def show_state(self, state: RelationshipsState) -> None:
        """Show another moment, or another part of it."""
        is_other = self._state is None or _extent(self._state) != _extent(state)
        focus = state.wish.focus
        is_around = focus is not None and state.scene.node_of(focus.entity_key) >= 0
        self._state, self._wish = state, state.wish if is_around else replace(state.wish, focus=None)
        self.view.show_scene(state.scene)
        self._show_domains(state)
        self.bar.show_steps(focus.steps if focus and is_around else 0)
        if is_other:
            self.view.sight.fit()
        if self.view.current.edge < 0:
            self.view.restore(state.scene.node_of(self._entity_key))
        if self._told_edge:
            self._tell(next((at for at, one in enumerate(state.scene.edges) if one.id == self._told_edge), -1))

    def draw_edges(self, choice: EdgeChoice) -> None:
        """Draw relations as they were drawn before, without a signal."""
        self.bar.show_edges(choice)
        self._choose_edges(choice)

    def narrow(self, words: str, selection: Selection, answer: Answer | None) -> None:
        """Let stand out what holds some words, is in some states, or is part of an answer."""
        highlight = replace(self.view.sight.highlight, words=words, selection=selection, answer=answer)
        self.view.sight.show_highlight(highlight)

    def select(self, entity_key: str) -> bool:
        """Put the keyboard on an entity, without a signal, and bring it into view; whether it is on the map."""
        self._entity_key = entity_key
        self._told_edge = ""
        node = self.view.rows.scene.node_of(entity_key) if entity_key else -1
        if node != self.view.current.node or node < 0:
            self.view.restore(node)
            self._highlight_chosen()
        if node >= 0:
            self.view.sight.reveal(node)
        return node >= 0

    def show_relation(self, source_key: str, target_key: str) -> None:
        """Tell of the relation between two entities, or of the one between the groups they are in."""
        scene = self.view.rows.scene
        ends = scene.node_of(source_key), scene.node_of(target_key)
        edge = next((at for at, one in enumerate(scene.edges) if (one.source, one.target) == ends), -1)
        if edge >= 0:
            self._tell(edge)

    def forget_relation(self) -> None:
        """Tell of no relation any more; the keyboard stays where it is."""
        if self._told_edge:
            self._tell(-1)

    def open_current(self) -> None:
        """Open the entity, the group or the other end of the relation that the keyboard is on."""
        current = self.view.current
        if current.node >= 0:
            self._open(current.node)
        elif current.edge >= 0:
            self.view.setCurrentIndex(self.view.rows.node_row(self.walk.far_end(current.edge)))

    def toggle_focus(self) -> None:
        """Show only what is around the selected entity, or everything again."""
        self._focus(0 if self._wish.focus else USUAL_STEPS)

    def toggle_domain(self) -> None:
        """Collapse the domain of what the keyboard is on, or open it."""
        node = self.view.current.node
        if node < 0 or self._state is None:
            return
        self._collapse(self._state.collapsed ^ {self._state.scene.nodes[node].domain})

    def save(self) -> None:
        """Ask for the map as it is drawn to be saved."""
        looks = FixedLooks(self._theme.tokens, self._theme.fonts)
        title = self._state.title if self._state else ""
        self.drawing_requested.emit(MapDrawing(title, self.view.sight.drawing, looks))

    def _connect(self) -> None:
        self.view.chosen.connect(self._choose)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._ask_menu)
        self.view.sight.camera_changed.connect(self._show_scale)
        self._pointer.opened.connect(self._open)
        self.bar.steps_chosen.connect(self._focus)
        self.bar.domains_chosen.connect(self._choose_domains)
        self.bar.edges_chosen.connect(self._choose_edges)
        self.bar.zoom_requested.connect(self._zoom)
        self.bar.save_requested.connect(self.save)

    def spot_of_current(self) -> QPoint:
        """Where on the screen the node or edge is that the keyboard is on, else the middle of the map."""
        viewport = self.view.viewport()
        found = self.view.visualRect(self.view.currentIndex()).center() if self.view.current.is_something else None
        is_seen = found is not None and viewport.rect().contains(found)
        return viewport.mapToGlobal(found if found is not None and is_seen else viewport.rect().center())

    def _ask_menu(self, position: QPoint) -> None:
        """The pointer asks about what it is on, the keyboard about what is selected."""
        node = self.view.sight.under(QPointF(position)).node
        if node >= 0 and not self.view.rows.scene.nodes[node].is_group:
            self.view.setCurrentIndex(self.view.rows.node_row(node))
        self.menu_requested.emit(self._entity_key)

    def _choose(self, chosen: Pointed) -> None:
        scene = self.view.rows.scene
        self.walk.follow(chosen)
        self._highlight_chosen()
        self._tell(chosen.edge)
        if chosen.edge >= 0:
            return
        entity_key = scene.nodes[chosen.node].entity_key if chosen.node >= 0 else ""
        if entity_key != self._entity_key:
            self._entity_key = entity_key
            self.entity_chosen.emit(entity_key)

    def _tell(self, edge: int) -> None:
        """Have a relation told of; none below zero."""
        scene = self.view.rows.scene
        if edge < 0:
            self._told_edge = ""
            self.relation_chosen.emit(None)
            return
        one = scene.edges[edge]
        self._told_edge = one.id
        self.relation_chosen.emit((one, scene.nodes[one.source], scene.nodes[one.target]))

    def _highlight_chosen(self) -> None:
        sight = self.view.sight
        sight.show_highlight(replace(sight.highlight, chosen_node=self.view.current.node))

    def _open(self, node: int) -> None:
        one = self.view.rows.scene.nodes[node]
        if one.is_group and self._state is not None:
            self._collapse(self._state.collapsed - {one.domain})
        elif not one.is_group:
            self.entity_opened.emit(one.entity_key)

    def _focus(self, steps: int) -> None:
        focus = Focus(self._entity_key, steps) if steps and self._entity_key else None
        self.bar.show_steps(steps if focus else 0)
        self._wish_for(replace(self._wish, focus=focus))

    def _choose_domains(self, key: str) -> None:
        domains = self._state.domains if self._state else frozenset[str]()
        choices = {FITTING: None, OPEN: frozenset[str](), COLLAPSED: domains}
        self._wish_for(replace(self._wish, collapsed=choices[key]))

    def _collapse(self, domains: frozenset[str]) -> None:
        self._wish_for(replace(self._wish, collapsed=domains))

    def _choose_edges(self, key: str) -> None:
        sight = self.view.sight
        sight.show_highlight(replace(sight.highlight, edges=EdgeChoice(key), chosen_node=self.view.current.node))

    def _wish_for(self, wish: Wish) -> None:
        self._wish = wish
        self.wished.emit(wish)

    def _zoom(self, steps: int) -> None:
        if steps:
            self.walk.zoom(steps)
        else:
            self.view.sight.fit()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_scale(self) -> None:
        self.bar.show_scale(self.view.sight.camera.scale)

    def _show_domains(self, state: RelationshipsState) -> None:
        if state.wish.collapsed is None:
            self.bar.show_domains(FITTING)
        else:
            self.bar.show_domains(COLLAPSED if state.collapsed == state.domains else OPEN)


def _extent(state: RelationshipsState) -> tuple[Focus | None, frozenset[str]]:
    """What of the estate is on the map."""
    return state.wish.focus, state.collapsed
