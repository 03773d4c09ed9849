"""What a server has to offer under a selector: metrics by name with their form, folded from its list of series."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quarterdeck.connectors.prometheus.meanings import is_signal
from quarterdeck.connectors.prometheus.promql import METRIC_NAME

Labels = Mapping[str, str]
STATUS_LABELS = ("code", "status", "status_code", "http_status", "http_response_code")
_PARTS = ("_bucket", "_count", "_sum")


class Form(StrEnum):
    """How a metric is laid out at the source; one letter, as it is remembered between polls."""

    GAUGE = "g"
    COUNTER = "c"
    HISTOGRAM = "h"
    SUMMARY = "s"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric family: its name, its form, how many series it has, and the label that tells a reply's status.

    `is_summed` says whether a distribution comes with its sum and count.
    """

    name: str
    form: Form
    series_count: int
    status_label: str = ""
    is_summed: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The metrics taken, sorted by name, and how many series were left out beyond the limit."""

    metrics: tuple[Metric, ...] = ()
    left_out: int = 0

    @property
    def series_count(self) -> int:
        """How many of the source's series are taken."""
        return sum(metric.series_count for metric in self.metrics)


def catalogue_of(series: Sequence[Labels], types: Mapping[str, str], limit: int) -> Catalogue:
    """Fold label sets into metrics: buckets, sums and counts into their family, up to a limit of source series.

    `types` are the server's own words for forms by family name, where it has any.
    """
    counts = Counter(labels.get(METRIC_NAME, "") for labels in series)
    families = _families(series, types, frozenset(counts))
    status_labels = _status_labels(series)
    metrics: list[Metric] = []
    taken = left_out = 0
    for family in sorted(families):
        form, names = families[family]
        count = sum(counts[name] for name in names)
        if taken + count > limit:
            left_out += count
            continue
        taken += count
        status = next((status_labels[name] for name in sorted(names) if name in status_labels), "")
        metrics.append(Metric(family, form, count, status, names.issuperset(_summed(family))))
    return Catalogue(tuple(metrics), left_out)


def _summed(family: str) -> tuple[str, str]:
    return f"{family}_sum", f"{family}_count"


def _families(
    series: Sequence[Labels], types: Mapping[str, str], names: frozenset[str]
) -> dict[str, tuple[Form, set[str]]]:
    histograms = {name.removesuffix("_bucket") for name in _names_with("le", series) if name.endswith("_bucket")}
    summaries = _names_with("quantile", series) | {name for name, form in types.items() if form == "summary"}
    members: dict[str, set[str]] = defaultdict(set)
    for name in names - {""}:
        members[_family_of(name, histograms | summaries)].add(name)
    return {
        family: (_form_of(family, histograms, summaries, types), parts)
        for family, parts in members.items()
        if is_signal(family)
    }


def _names_with(label: str, series: Iterable[Labels]) -> set[str]:
    return {labels.get(METRIC_NAME, "") for labels in series if label in labels}


def _family_of(name: str, distributions: set[str]) -> str:
    stems = (name.removesuffix(part) for part in _PARTS if name.endswith(part))
    return next((stem for stem in stems if stem in distributions), name)


def _form_of(family: str, histograms: set[str], summaries: set[str], types: Mapping[str, str]) -> Form:
    if family in histograms:
        return Form.HISTOGRAM
    if family in summaries:
        return Form.SUMMARY
    if types.get(family) == "counter" or family.endswith("_total"):
        return Form.COUNTER
    return Form.GAUGE


def _status_labels(series: Iterable[Labels]) -> dict[str, str]:
    """By metric name, the label whose values are HTTP status codes."""
    found: dict[str, str] = {}
    for labels in series:
        name = labels.get(METRIC_NAME, "")
        if name not in found:
            status = next((label for label in STATUS_LABELS if labels.get(label, "")[:1].isdigit()), "")
            if status:
                found[name] = status
    return found
