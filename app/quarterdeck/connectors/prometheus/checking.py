"""What a test of a connection finds: which server, its clock, what matches, and how much history would be fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quarterdeck.connectors.prometheus.api import QueryApi, ServerFacts
from quarterdeck.connectors.prometheus.catalogue import Form, Metric
from quarterdeck.connectors.prometheus.collection import LOOK_BACK_SECONDS, Collection, Sight
from quarterdeck.connectors.prometheus.meanings import counter_reading, distribution_reading, gauge_reading
from quarterdeck.connectors.prometheus.plan import plan_of
from quarterdeck.connectors.prometheus.settings import PrometheusSettings
from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.connector import CheckReport, PreviewRow

MAX_PREVIEW = 200
BYTES_PER_SAMPLE = 0.52
SAMPLES_PER_SECOND = 170_000
_DAY_SECONDS = 86400
_MINUTE_SECONDS = 60
_IN_STEP_SECONDS = 0.1
_WRITING_FLAGS = {
    "web.enable-admin-api": "Its admin API is on: whoever reaches this address can delete data there.",
    "web.enable-lifecycle": "Whoever reaches this address can stop or reload the server.",
    "web.enable-remote-write-receiver": "Whoever reaches this address can write samples into it.",
}


@dataclass(frozen=True, slots=True)
class _OwnCount:
    """How many series one of the operator's queries yields just now."""

    row: PreviewRow
    is_empty: bool


async def examine(api: QueryApi, settings: PrometheusSettings, now: float) -> CheckReport:
    """Ask the server a little and put it in words. Raises ConnectorError."""
    ahead, is_victoria = await api.clock_ahead()
    facts = await api.facts()
    sight = await Collection(api, settings, now).look_around(now - LOOK_BACK_SECONDS, now)
    own = [await _own_count(api, settings, number) for number in range(len(settings.queries))]
    return CheckReport(
        words=f"{server_words(facts, is_victoria=is_victoria)}, {clock_words(ahead)}, this connection only reads.",
        preview=(*(each.row for each in own), *_preview(sight.surroundings.catalogue.metrics)),
        remarks=tuple(_remarks(settings, sight, facts, own)),
        estimate=_estimate(settings, sight, own),
    )


async def _own_count(api: QueryApi, settings: PrometheusSettings, number: int) -> _OwnCount:
    query = settings.queries[number]
    count = len((await api.at(query.expression)).rows)
    return _OwnCount(PreviewRow(query.name, _meaning_words(query.meaning, query.statistic), count), count == 0)


def server_words(facts: ServerFacts, *, is_victoria: bool) -> str:
    """The server by name and version, as far as it tells."""
    name = facts.name or ("VictoriaMetrics" if is_victoria else "Prometheus" if facts.version else "A query API")
    version = "" if is_victoria else re.split(r"[^0-9.]", facts.version[:40])[0]
    return f"{name[:40]} {'.'.join(version.split('.')[:2])}".strip()


def clock_words(ahead_seconds: float) -> str:
    """How the server's clock stands to ours."""
    off = abs(ahead_seconds)
    if off < _IN_STEP_SECONDS:
        return "clock in step"
    amount = f"{off:.1f} s" if off < _MINUTE_SECONDS else duration_words(off)
    return f"clock {amount} {'ahead' if ahead_seconds > 0 else 'behind'}"


def _preview(metrics: Sequence[Metric]) -> list[PreviewRow]:
    rows = [(_meaning_of(metric), metric) for metric in metrics]
    rows.sort(key=lambda pair: (pair[0] is Meaning.OTHER, -pair[1].series_count, pair[1].name))
    return [
        PreviewRow(metric.name, _meaning_words(meaning), metric.series_count) for meaning, metric in rows[:MAX_PREVIEW]
    ]


def _meaning_of(metric: Metric) -> Meaning:
    if metric.form in {Form.HISTOGRAM, Form.SUMMARY}:
        return distribution_reading(metric.name).meaning
    if metric.form is Form.COUNTER:
        return counter_reading(metric.name).meaning
    return Meaning.AVAILABILITY if metric.name in {"up", "probe_success"} else gauge_reading(metric.name).meaning


def _meaning_words(meaning: Meaning, statistic: str = "") -> str:
    words = "as it is" if meaning is Meaning.OTHER else meaning.replace("_", " ")
    return f"{words} {statistic}".strip()


def _remarks(settings: PrometheusSettings, sight: Sight, facts: ServerFacts, own: Sequence[_OwnCount]) -> list[str]:
    remarks: list[str] = []
    catalogue = sight.surroundings.catalogue
    if settings.selector is not None:
        found = catalogue.series_count + catalogue.left_out
        if found == 0:
            remarks.append(f"No series matches {settings.selector.text[:200]} in the last ten minutes.")
        else:
            remarks.append(f"{found:,} series match; the limit is {settings.series_limit:,}.")
    if catalogue.left_out:
        remarks.append(f"{catalogue.left_out:,} of them would be left out; narrow the selector or raise the limit.")
    remarks += [f"The query {each.row.name} yields nothing just now." for each in own if each.is_empty]
    return remarks + _rights(facts.flags)


def _rights(flags: Mapping[str, str]) -> list[str]:
    return [words for flag, words in _WRITING_FLAGS.items() if flags.get(flag) == "true"]


def _estimate(settings: PrometheusSettings, sight: Sight, own: Sequence[_OwnCount]) -> str:
    if settings.read_through:
        return "Nothing is copied; charts ask the server."
    if not settings.history_days:
        return "No history is fetched."
    plan = plan_of(sight.surroundings.catalogue, ())
    grouped = len({labels.get(settings.placing.label, "") for labels in sight.series}) or 1
    series = sum(grouped if "$by" in query.template else query.series_count for query in plan)
    series += sum(each.row.count for each in own)
    samples = series * settings.history_days * _DAY_SECONDS / settings.sampling.history_step_seconds
    return (
        f"About {_amount(samples)} samples, {_size(samples * BYTES_PER_SAMPLE)}, "
        f"{duration_words(max(1.0, samples / SAMPLES_PER_SECOND))} in the background."
    )


def _amount(count: float) -> str:
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if count >= limit:
            return f"{count / limit:.0f} {unit}"
    return f"{count:.0f}"


def _size(size_bytes: float) -> str:
    for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size_bytes >= limit:
            return f"{size_bytes / limit:.0f} {unit}"
    return f"{size_bytes:.0f} bytes"
