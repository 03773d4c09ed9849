"""How an OpenSLO indicator tells good from bad, as it is kept here: queries as text, and whom to ask by name.

Field names are those of the OpenSLO specification, version 1. What could be a login in a query's settings is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from quarterdeck.domain.objectives import Indicator, IndicatorKind
from quarterdeck.sdk.documents.objectives import LONGEST_QUERY
from quarterdeck.sdk.documents.section import LONGEST_TEXT
from quarterdeck.sdk.documents.tree import DocumentFault, Listing, Node, Scalar
from quarterdeck.sdk.documents.tree import Mapping as MappingNode
from quarterdeck.sdk.texts import one_line, plain_text
from quarterdeck.services.foreign_documents import ForeignDocument, node_at

_SECRET = re.compile("secret|password|passwd|token|credential|accesskey|apikey|api_key|access_key", re.IGNORECASE)
_QUERY_NAMES = ("query", "promql")
_RAW_TYPES = {"success": False, "failure": True}


def indicator_of(node: Node, document: ForeignDocument, sources: Mapping[str, str]) -> Indicator:
    """The indicator that a `spec` declares; `sources` are the kinds of known data sources. Raises DocumentFault."""
    ratio, threshold = node_at(node, "ratioMetric"), node_at(node, "thresholdMetric")
    if (ratio is None) == (threshold is None):
        raise DocumentFault(node, "an indicator has either ratioMetric or thresholdMetric.")
    if threshold is not None:
        return _asked(Indicator(IndicatorKind.THRESHOLD), (("raw", threshold),), document, sources)
    if ratio is None:
        raise DocumentFault(node, "an indicator has either ratioMetric or thresholdMetric.")
    return _ratio(ratio, document, sources)


def _ratio(node: Node, document: ForeignDocument, sources: Mapping[str, str]) -> Indicator:
    parts = [(name, part) for name in ("good", "bad", "total", "raw") if (part := node_at(node, name)) is not None]
    named = {name for name, _ in parts}
    if named not in ({"good", "total"}, {"bad", "total"}, {"raw"}):
        raise DocumentFault(node, "a ratioMetric has good or bad with total, or raw alone.")
    indicator = Indicator(IndicatorKind.RATIO)
    if named == {"raw"}:
        kind = node_at(node, "rawType")
        word = kind.text if isinstance(kind, Scalar) else ""
        if word not in _RAW_TYPES:
            raise DocumentFault(kind or node, "a raw ratio says rawType: success or failure.")
        indicator = replace(indicator, raw_is_bad=_RAW_TYPES[word])
    return _asked(indicator, parts, document, sources)


def _asked(
    indicator: Indicator,
    parts: tuple[tuple[str, Node], ...] | list[tuple[str, Node]],
    document: ForeignDocument,
    sources: Mapping[str, str],
) -> Indicator:
    """The indicator with its queries and whom they ask; a second source than the first is remarked."""
    asked: list[tuple[str, str]] = []
    for name, part in parts:
        source = node_at(part, "metricSource")
        if source is None:
            raise DocumentFault(part, f"{name} needs a metricSource.")
        indicator = replace(indicator, **{name: _query(source)})
        asked.append(_whom(source, document, sources))
    if len(set(asked)) > 1:
        document.remark(parts[1][1], "its parts are asked of different sources; only the first source is kept by name.")
    return replace(indicator, source=asked[0][0], source_kind=asked[0][1])


def _whom(node: Node, document: ForeignDocument, sources: Mapping[str, str]) -> tuple[str, str]:
    reference, kind = node_at(node, "metricSourceRef"), node_at(node, "type")
    name = one_line(reference.text, LONGEST_TEXT) if isinstance(reference, Scalar) else ""
    if reference is not None and name not in sources:
        document.remark(reference, f"the data source “{one_line(name, 60)}” is in none of the files; its name is kept.")
    told = one_line(kind.text, LONGEST_TEXT) if isinstance(kind, Scalar) else ""
    return name, told or sources.get(name, "")


def _query(source: Node) -> str:
    """What is asked, as text. Raises DocumentFault when nothing is, or too much."""
    spec = node_at(source, "spec") or source
    named = [node_at(spec, name) for name in _QUERY_NAMES]
    texts = [node.text for node in named if isinstance(node, Scalar) and node.value is not None]
    text = texts[0] if texts else "\n".join(f"{name}: {value}" for name, value in _pairs(spec, ""))
    shown = plain_text(text, LONGEST_QUERY)
    if not shown or len(text) > LONGEST_QUERY:
        raise DocumentFault(spec, f"a query has between 1 and {LONGEST_QUERY:,} characters.")
    return shown.replace("\ufeff", "").replace("\r", " ").strip()


def _pairs(node: Node, before: str) -> Iterator[tuple[str, str]]:
    """Every value by its path, but what names a secret."""
    if isinstance(node, Scalar):
        yield before, one_line(node.text, LONGEST_TEXT)
        return
    entries = [(entry.key, entry.node) for entry in node.entries] if isinstance(node, MappingNode) else []
    entries += [(str(place), item) for place, item in enumerate(node.items)] if isinstance(node, Listing) else []
    for key, value in entries:
        if not _SECRET.search(key) and key not in {"metricSourceRef", "type"}:
            yield from _pairs(value, f"{before}.{key}" if before else key)
