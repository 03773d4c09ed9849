"""Everything the Relationships panel draws, in words and places: immutable, without Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.tokens import Tone

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NODE_WIDTH, NODE_HEIGHT = 172.0, 36.0
LANE_WIDTH, ROW_HEIGHT = 226.0, 46.0
"""Sizes on the map in pixels at its natural size; a lane and a row hold a node and the room beside and below it."""


Assumed: TypeAlias = tuple[tuple[str, HealthState], ...]
"""Entities by key with the state each is assumed to be in, in the order in which they were assumed."""


class Arrangement(StrEnum):
    """The views of the panel."""

    MAP = "map"
    TABLE = "table"
    RELATIONS = "relations"
    PATTERNS = "patterns"
    DRIFT = "drift"


class Inquiry(StrEnum):
    """What is asked of the selected entity."""

    NOTHING = ""
    IMPACT = "impact"
    CAUSES = "causes"


class EdgeChoice(StrEnum):
    """Which relations the map draws, and how."""

    FITTING = "fitting"
    ALL = "all"
    BUNDLED = "bundled"
    TROUBLED = "troubled"
    CHOSEN = "chosen"


class Selection(StrEnum):
    """Which entities are meant; the others are faint on the map and left out of the tables."""

    ALL = "all"
    ATTENTION = "attention"
    DOWN = "down"
    DEGRADED = "degraded"
    SILENT = "silent"
    MAINTENANCE = "maintenance"
    HEALTHY = "healthy"


@dataclass(frozen=True, slots=True)
class Focus:
    """One entity with everything at most so many steps up and down from it."""

    entity_key: str
    steps: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be shown of the estate.

    `collapsed` are the domains drawn as one node in each layer; None leaves that to the size of the estate.
    `assumed` are entities with the states they are assumed to be in; None shows what is.
    """

    collapsed: frozenset[str] | None = None
    focus: Focus | None = None
    inquiry: Inquiry = Inquiry.NOTHING
    inquiry_key: str = ""
    assumed: Assumed | None = None


@dataclass(frozen=True, slots=True)
class MapNode:
    """An entity, or all entities of one domain in one layer, as one node.

    `id` is the entity's key or the group's own. `line` stands below the name. `spoken` is what a screen reader says,
    `sought` all words it is found by, regardless of case.
    """

    id: str
    entity_keys: tuple[str, ...]
    layer: int
    domain: str
    state: HealthState
    name: str
    line: str
    tip: str
    spoken: str
    sought: str
    is_group: bool = False
    is_missing: bool = False

    @property
    def entity_key(self) -> str:
        """The entity it stands for; empty for a group."""
        return "" if self.is_group else self.entity_keys[0]


@dataclass(frozen=True, slots=True)
class MapEdge:
    """One relation, or several between the same two nodes; `source` and `target` are indices of nodes.

    `state` is that of the end the other depends on where both are in trouble, else None.
    """

    id: str
    source: int
    target: int
    state: HealthState | None
    count: int
    is_observed_only: bool
    title: str
    facts: tuple[tuple[str, str], ...]
    spoken: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a layer, and the stretch of the map it stands above."""

    title: str
    left: float
    width: float


@dataclass(frozen=True, slots=True, eq=False)
class EdgeLines:
    """The lines of edges: `points` float64 (m, p, 2), and the corners `low` and `high` (m, 2) of what they fill."""

    points: FloatArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def of(cls, points: FloatArray) -> EdgeLines:
        """The lines through some points."""
        if not len(points):
            return cls(points, np.empty((0, 2)), np.empty((0, 2)))
        return cls(points, points.min(axis=1), points.max(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class MapScene:
    """The map: nodes and edges with where they are, in pixels at natural size.

    `centres` float64 (n, 2) of the nodes; `ends` int64 (m, 2) of the edges, `edge_codes` int64 (m) how each looks while
    it is faint. `routes` are the edges' lines, `bundles` the same with lines between the same two domains drawn
    together. `number` differs from scene to scene of other shape.
    """

    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]
    centres: FloatArray
    ends: IntArray
    edge_codes: IntArray
    routes: EdgeLines
    bundles: EdgeLines
    headings: tuple[Heading, ...]
    width: float
    height: float
    number: int = 0

    def node_of(self, entity_key: str) -> int:
        """The node that stands for an entity, alone or with others; -1 for none."""
        return next((at for at, node in enumerate(self.nodes) if entity_key in node.entity_keys), -1)


_NO_LINES = EdgeLines.of(np.empty((0, 2, 2)))
NO_SCENE = MapScene(
    (),
    (),
    np.empty((0, 2)),
    np.empty((0, 2), dtype=np.int64),
    np.empty(0, dtype=np.int64),
    _NO_LINES,
    _NO_LINES,
    headings=(),
    width=NODE_WIDTH,
    height=NODE_HEIGHT,
)


@dataclass(frozen=True, slots=True)
class InquiryLine:
    """One entity in the answer: what it is to the question in a few words."""

    entity_key: str
    state: HealthState
    name: str
    note: str
    tip: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an inquiry found, in words, and what of it is on the map: ids of nodes and of edges.

    `relation_keys` are all relations of it, also those that are drawn together.
    """

    inquiry: Inquiry
    entity_key: str
    title: str
    state: HealthState
    sentences: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[InquiryLine, ...] = ()
    node_ids: frozenset[str] = frozenset()
    edge_ids: frozenset[str] = frozenset()
    relation_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AssumedLine:
    """One assumption in words; `is_absent` says that the estate of the moment does not hold the entity."""

    entity_key: str
    words: str
    is_absent: bool = False


@dataclass(frozen=True, slots=True)
class WhatIfState:
    """`banner` stands above everything, `answer` beside the map, `text` is all of it to take along.

    `real_states` are those that are, of every entity by key.
    """

    banner: str
    lines: tuple[AssumedLine, ...]
    answer: Answer
    text: str
    real_states: Mapping[str, HealthState] = field(default_factory=dict[str, HealthState])


@dataclass(frozen=True, slots=True)
class EntityColumns:
    """The table of the entities, column by column; `ids` are entity keys. Ranks order, NaN for what is not known."""

    ids: tuple[str, ...] = ()
    states: tuple[HealthState, ...] = ()
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    whys: tuple[str, ...] = ()
    why_tones: tuple[Tone, ...] = ()
    sinces: tuple[str, ...] = ()
    needs: tuple[float, ...] = ()
    needed_by: tuple[float, ...] = ()
    figures: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    tiers: tuple[float, ...] = ()
    tips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RelationColumns:
    """The table of the relations, column by column; `ids` are relation keys, `ends` their two entity keys.

    A state is told where both ends are in trouble: that of the end which the other depends on.
    """

    ids: tuple[str, ...] = ()
    ends: tuple[tuple[str, str], ...] = ()
    states: tuple[HealthState | None, ...] = ()
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    seen_ranks: tuple[float, ...] = ()
    tips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RelationshipsState:
    """One moment of the panel. `stale` is a phrase when old states are shown, else empty.

    `collapsed` are the domains that are drawn as one node, `domains` all there are.
    With `what_if` every state is assumed.
    """

    scene: MapScene
    entities: EntityColumns
    relations: RelationColumns
    answer: Answer | None
    summary: str
    wish: Wish
    collapsed: frozenset[str]
    domains: frozenset[str]
    stale: str = ""
    title: str = ""
    what_if: WhatIfState | None = None

    @property
    def real_states(self) -> Mapping[str, HealthState]:
        """The states that are, by entity key, whatever is assumed."""
        if self.what_if is not None:
            return self.what_if.real_states
        return dict(zip(self.entities.ids, self.entities.states, strict=True))


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table to be saved: a name without an ending, and what makes its bytes, in any thread."""

    name: str
    write: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What stands in the page's place: a sentence, what to do about it, and the verb on the button, where one helps."""

    sentence: str
    explanation: str
    button: str = ""


Page: TypeAlias = RelationshipsState | PageMessage
