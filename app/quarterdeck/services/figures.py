"""Which series of an entity stand for its figures: what its requests, its machine and its queues tell.

A machine tells hundreds of series: each processor, each file system, each direction of each interface. A person looks
for a handful, and each of them has one series here, whoever tells it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.series import Meaning, SeriesInfo
from quarterdeck.services.series_choice import choose_series, speaking_for_it
from quarterdeck.services.signals import KEY_MEANINGS, Reading
from quarterdeck.services.wording import meaning_words

_MEMORY_NAME = "memory_used"
"""How the name of a saturation begins that is the share of a machine's memory; other saturations are not."""
_LOAD_NAMES = frozenset({"load_1min", "load1", "node_load1"})


class Figure(StrEnum):
    """What of an entity is told and charted, in the order in which it is shown."""

    RESPONSE_TIME = "response_time"
    THROUGHPUT = "throughput"
    ERROR_RATE = "error_rate"
    SATURATION = "saturation"
    PROCESSOR = "processing"
    MEMORY = "memory"
    DISK = "storage"
    NETWORK = "network"
    LOAD = "load"
    QUEUE_DEPTH = "queue_depth"


REQUEST_FIGURES = (Figure.RESPONSE_TIME, Figure.THROUGHPUT, Figure.ERROR_RATE, Figure.SATURATION)
"""What is expected of whatever answers requests."""

MACHINE_FIGURES = (Figure.PROCESSOR, Figure.MEMORY, Figure.DISK, Figure.NETWORK)
"""What is expected of a machine."""

FIGURE_MEANINGS = (
    *KEY_MEANINGS,
    Meaning.PROCESSING,
    Meaning.MEMORY,
    Meaning.STORAGE,
    Meaning.NETWORK,
    Meaning.QUEUE_DEPTH,
)
"""The meanings that tell a figure; a load alone has none of them."""

Figures: TypeAlias = Mapping[Figure, SeriesInfo]


@dataclass(frozen=True, slots=True)
class FigureReading:
    """A figure at a moment; `label` says which disk or interface it is of, and is empty for the others."""

    figure: Figure
    reading: Reading
    label: str = ""


def figures_of(series: Iterable[SeriesInfo]) -> dict[str, Figures]:
    """By entity key the one series that stands for each figure, in their order; entities that tell none are absent."""
    told: dict[str, list[SeriesInfo]] = defaultdict(list)
    for info in series:
        told[info.identity.entity_key].append(info)
    return {key: figures for key, infos in told.items() if (figures := _figures(key, infos))}


def figure_words(figure: Figure, statistic: str = "", label: str = "") -> str:
    """A figure's name: `p95 response time`, `fullest disk (/)`."""
    special = {Figure.DISK: "fullest disk", Figure.LOAD: "load over a minute"}
    words = special.get(figure) or meaning_words(Meaning(figure.value), statistic)
    return f"{words} ({label})" if label else words


def part_label(figure: Figure, info: SeriesInfo) -> str:
    """Which disk or interface a figure is of; empty for figures of the whole."""
    if figure not in {Figure.DISK, Figure.NETWORK}:
        return ""
    labels = sorted(info.identity.labels, key=lambda each: each[0] == "direction")
    return " ".join(value for _, value in labels)


def is_memory_share(info: SeriesInfo) -> bool:
    """Whether a series is the share of a machine's memory that is in use."""
    identity = info.identity
    is_memory = identity.meaning is Meaning.MEMORY or identity.name.startswith(_MEMORY_NAME)
    return identity.unit == "ratio" and is_memory


def _figures(key: str, told: Sequence[SeriesInfo]) -> Figures:
    infos = speaking_for_it(told)
    by_meaning: dict[Meaning, list[SeriesInfo]] = defaultdict(list)
    for info in infos:
        by_meaning[info.identity.meaning].append(info)
    memory = _first(info for info in infos if is_memory_share(info)) or _first(by_meaning[Meaning.MEMORY])
    found = {
        **{figure: _first(by_meaning[Meaning(figure.value)]) for figure in REQUEST_FIGURES},
        Figure.PROCESSOR: _first(by_meaning[Meaning.PROCESSING]),
        Figure.MEMORY: memory,
        Figure.DISK: _first(by_meaning[Meaning.STORAGE]),
        Figure.NETWORK: _first(by_meaning[Meaning.NETWORK]),
        Figure.LOAD: _first(info for info in by_meaning[Meaning.OTHER] if info.identity.name in _LOAD_NAMES),
        Figure.QUEUE_DEPTH: _first(by_meaning[Meaning.QUEUE_DEPTH]),
    }
    is_machine = key.startswith(f"{EntityKind.COMPONENT}/") and (found[Figure.PROCESSOR] or memory)
    if is_machine:
        # Its saturations are of many things; what it has most of is told by name.
        found[Figure.SATURATION] = None
    return {figure: info for figure, info in found.items() if info is not None}


def _first(series: Iterable[SeriesInfo]) -> SeriesInfo | None:
    """The one that stands for series of one entity and one meaning."""
    return next((info for found in choose_series(series).values() for info in found.values()), None)
