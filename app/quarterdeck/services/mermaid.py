"""The graph as a Mermaid flowchart, for pages and reports that draw it themselves.

The text follows https://mermaid.js.org/syntax/flowchart.html. Every name is quoted, and what could end a quotation or
begin markup is written as a character code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quarterdeck.domain.health import HealthState
from quarterdeck.services.wording import state_words

_LONGEST_NAME = 120
_PLAIN = frozenset(" .,:/()+-→·%_'")
_SHAPES = {
    HealthState.DEGRADED: ("[/", "\\]"),
    HealthState.DOWN: ("{{", "}}"),
    HealthState.UNREACHABLE: ("{{", "}}"),
    HealthState.MAINTENANCE: ("(", ")"),
    HealthState.STALE: ("[[", "]]"),
    HealthState.UNKNOWN: ("([", "])"),
}
_BOX = ("[", "]")
_STYLES = {
    HealthState.HEALTHY: "stroke:#10704f",
    HealthState.DEGRADED: "stroke:#865500,stroke-width:2px",
    HealthState.DOWN: "stroke:#c43423,stroke-width:3px",
    HealthState.UNREACHABLE: "stroke:#c43423,stroke-dasharray:4 3",
    HealthState.MAINTENANCE: "stroke:#6a55d6",
    HealthState.STALE: "stroke:#5f6a78,stroke-dasharray:4 3",
    HealthState.UNKNOWN: "stroke:#5f6a78,stroke-dasharray:1 3",
}


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A node: its layer by index, its name, its state."""

    layer: int
    name: str
    state: HealthState


@dataclass(frozen=True, slots=True)
class FlowEdge:
    """An edge between two nodes by index; a dotted one was seen and never declared."""

    source: int
    target: int
    words: str = ""
    is_dotted: bool = False


def flowchart(title: str, layers: Sequence[str], nodes: Sequence[FlowNode], edges: Iterable[FlowEdge]) -> str:
    """A flowchart from left to right, one subgraph for each layer that has nodes; state is shape, word and colour."""
    return "\n".join((*_front(title), *_layers(layers, nodes), *map(_edge, edges), *_styles(nodes), ""))


def _front(title: str) -> Iterator[str]:
    yield f"%% {_quoted(title)}"
    yield "flowchart LR"


def _layers(layers: Sequence[str], nodes: Sequence[FlowNode]) -> Iterator[str]:
    for number, layer in enumerate(layers):
        inside = [(at, node) for at, node in enumerate(nodes) if node.layer == number]
        if inside:
            yield f'  subgraph layer{number}["{_quoted(layer)}"]'
            yield from (f"    {_node(at, node)}" for at, node in inside)
            yield "  end"


def _node(at: int, node: FlowNode) -> str:
    opening, closing = _SHAPES.get(node.state, _BOX)
    words = node.name if node.state is HealthState.HEALTHY else f"{node.name} · {state_words(node.state)}"
    return f'n{at}{opening}"{_quoted(words)}"{closing}'


def _edge(edge: FlowEdge) -> str:
    arrow = "-.->" if edge.is_dotted else "-->"
    words = f'|"{_quoted(edge.words)}"|' if edge.words else ""
    return f"  n{edge.source} {arrow}{words} n{edge.target}"


def _styles(nodes: Sequence[FlowNode]) -> Iterator[str]:
    for state, style in _STYLES.items():
        own = [f"n{at}" for at, node in enumerate(nodes) if node.state is state]
        if own:
            yield f"  classDef {state.value} {style}"
            yield f"  class {','.join(own)} {state.value}"


def _quoted(text: str) -> str:
    """A name between quotation marks: whatever is no letter, digit or plain sign becomes `#code;`."""
    line = " ".join(text.split())
    cut = line if len(line) <= _LONGEST_NAME else line[: _LONGEST_NAME - 1] + "…"
    return "".join(sign if sign.isalnum() or sign in _PLAIN else f"#{ord(sign)};" for sign in cut)
