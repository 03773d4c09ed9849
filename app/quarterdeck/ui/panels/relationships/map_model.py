"""Nodes and edges of the map as rows of a Qt model: what makes them reachable by key and by a screen reader."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from quarterdeck.ui.panels.relationships.state import NO_SCENE, MapScene
from quarterdeck.ui.widgets.text import safe_line

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_SPOKEN = frozenset({Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole})


class MapModel(QAbstractListModel):
    """First a row for each node, then one for each edge, in the scene's order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._scene = NO_SCENE

    @property
    def scene(self) -> MapScene:
        """What the rows are of."""
        return self._scene

    def show(self, scene: MapScene) -> bool:
        """Show a scene; whether its rows are others than before."""
        before, self._scene = self._scene, scene
        if scene is before:
            return False
        if scene.number == before.number and self._count(scene) == self._count(before):
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))
            return False
        # The scene is replaced already: what asks between the two signals is told of rows that are there.
        self.beginResetModel()
        self.endResetModel()
        return True

    def node_row(self, node: int) -> QModelIndex:
        """The row of a node; an invalid one below zero."""
        return self.index(node) if node >= 0 else QModelIndex()

    def edge_row(self, edge: int) -> QModelIndex:
        """The row of an edge; an invalid one below zero."""
        return self.index(len(self._scene.nodes) + edge) if edge >= 0 else QModelIndex()

    def node_at(self, row: int) -> int:
        """The node of a row; -1 for that of an edge, or none."""
        return row if 0 <= row < len(self._scene.nodes) else -1

    def edge_at(self, row: int) -> int:
        """The edge of a row; -1 for that of a node, or none."""
        edge = row - len(self._scene.nodes)
        return edge if 0 <= edge < len(self._scene.edges) else -1

    def row_of(self, row_id: str) -> int:
        """The row of a node's or an edge's id; -1 where there is none."""
        for at, one in enumerate((*self._scene.nodes, *self._scene.edges)):
            if one.id == row_id:
                return at
        return -1

    def id_at(self, row: int) -> str:
        """The id of a row's node or edge; empty outside."""
        node, edge = self.node_at(row), self.edge_at(row)
        if node >= 0:
            return self._scene.nodes[node].id
        return self._scene.edges[edge].id if edge >= 0 else ""

    @override
    def rowCount(self, parent: Index = _ROOT, /) -> int:
        return 0 if parent.isValid() else self._count(self._scene)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        if role not in _SPOKEN:
            return None
        node, edge = self.node_at(index.row()), self.edge_at(index.row())
        if node >= 0:
            return safe_line(self._scene.nodes[node].spoken)
        return safe_line(self._scene.edges[edge].spoken) if edge >= 0 else None

    @staticmethod
    def _count(scene: MapScene) -> int:
        return len(scene.nodes) + len(scene.edges)
