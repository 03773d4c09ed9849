"""The flowchart: a node is a line, a state a shape and a word, and no name ends a quotation."""

from quarterdeck.domain.health import HealthState
from quarterdeck.services.mermaid import FlowEdge, FlowNode, flowchart

LAYERS = ("External", "Integration", "Service")
PAYHUB = FlowNode(0, "PayHub", HealthState.DOWN)
BILL_PAY = FlowNode(1, "Bill Pay → PayHub", HealthState.HEALTHY)


def test_a_graph_is_written_layer_by_layer() -> None:
    text = flowchart("Demo bank", LAYERS, (PAYHUB, BILL_PAY), (FlowEdge(0, 1, "HTTPS/JSON"),))
    assert text == (
        "%% Demo bank\n"
        "flowchart LR\n"
        '  subgraph layer0["External"]\n'
        '    n0{{"PayHub · down"}}\n'
        "  end\n"
        '  subgraph layer1["Integration"]\n'
        '    n1["Bill Pay → PayHub"]\n'
        "  end\n"
        '  n0 -->|"HTTPS/JSON"| n1\n'
        "  classDef healthy stroke:#10704f\n"
        "  class n1 healthy\n"
        "  classDef down stroke:#c43423,stroke-width:3px\n"
        "  class n0 down\n"
    )


def test_a_relation_that_was_only_seen_is_dotted() -> None:
    assert "n0 -.-> n1" in flowchart("", LAYERS, (PAYHUB, BILL_PAY), (FlowEdge(0, 1, is_dotted=True),))


def test_no_name_ends_a_quotation_or_begins_markup() -> None:
    text = flowchart('a"]\nend', LAYERS, (FlowNode(0, '"]; click n0 <img src=x> `#x;` & \\', HealthState.HEALTHY),), ())
    line = next(line for line in text.splitlines() if "n0[" in line)
    inside = line.removeprefix('    n0["').removesuffix('"]')
    assert not set('"<>&`\\[]') & set(inside)
    assert text.splitlines()[0] == "%% a#34;#93; end"


def test_a_name_without_an_end_is_cut() -> None:
    text = flowchart("", LAYERS, (FlowNode(0, "A" * 100_000, HealthState.HEALTHY),), ())
    assert len(text) < 500


def test_every_state_has_a_style_of_its_own() -> None:
    nodes = [FlowNode(0, state.value, state) for state in HealthState]
    text = flowchart("", LAYERS, nodes, ())
    styles = [line.split(maxsplit=2)[2] for line in text.splitlines() if line.startswith("  classDef")]
    assert len(set(styles)) == len(HealthState)
