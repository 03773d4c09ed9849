"""Of all that is told of an entity, one series stands for each figure a person looks for."""

from itertools import count

import pytest

from quarterdeck.domain.facts import Facts
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesInfo
from quarterdeck.services.figures import Figure, figure_words, figures_of, part_label

HOST = "component/host"
_numbers = count(1)


def told(
    name: str, meaning: Meaning, unit: str = "ratio", value: float = 0.5, *, labels: Facts = (), key: str = HOST
) -> SeriesInfo:
    return SeriesInfo(next(_numbers), SeriesIdentity(key, name, meaning, unit, labels=labels), "c", last_value=value)


def flow(interface: str, direction: str, value: float) -> SeriesInfo:
    return told(
        "network",
        Meaning.NETWORK,
        "By/s",
        value,
        labels=(("direction", direction), ("interface", interface)),
    )


WHOLE = told("processors_busy", Meaning.PROCESSING)
SHARE = told("memory_used_share", Meaning.SATURATION, labels=(("resource", "memory"),))
SIZE = told("memory_used", Meaning.MEMORY, "By")
ROOT = told("storage_used_share", Meaning.STORAGE, value=0.4, labels=(("mount", "/"),))
DATA = told("storage_used_share", Meaning.STORAGE, value=0.8, labels=(("mount", "/data"),))
INODES = told("inodes_used_share", Meaning.STORAGE, value=0.9, labels=(("mount", "/"), ("resource", "inodes")))
LOAD = told("load_1min", Meaning.OTHER, "1")
SENT, RECEIVED, IDLE = flow("eth0", "sent", 900.0), flow("eth0", "received", 10.0), flow("eth1", "received", 50.0)
MACHINE = (
    told("processors_busy", Meaning.PROCESSING, labels=(("processor", "0"),)),
    *(SIZE, SHARE, INODES, ROOT, DATA, LOAD, SENT, IDLE, RECEIVED, WHOLE),
    told("load_15min", Meaning.OTHER, "1"),
    told("file_handles_share", Meaning.SATURATION, labels=(("resource", "file_handles"),)),
)


def test_a_machine_has_its_processors_memory_fullest_disk_busiest_interface_and_load() -> None:
    figures = figures_of(MACHINE)[HOST]
    assert list(figures.items()) == [
        (Figure.PROCESSOR, WHOLE),
        (Figure.MEMORY, SHARE),
        (Figure.DISK, DATA),
        (Figure.NETWORK, RECEIVED),
        (Figure.LOAD, LOAD),
    ]


def test_a_memory_that_is_told_as_a_size_only_is_its_size() -> None:
    assert figures_of([SIZE])[HOST] == {Figure.MEMORY: SIZE}


def test_a_service_keeps_its_saturation_beside_its_processors() -> None:
    busy = told("busy", Meaning.PROCESSING, key="service/a")
    full = told("full", Meaning.SATURATION, key="service/a")
    assert figures_of([busy, full])["service/a"] == {Figure.SATURATION: full, Figure.PROCESSOR: busy}


def test_a_component_of_which_nothing_else_is_told_has_its_saturation() -> None:
    pool = told("connections_used", Meaning.SATURATION)
    assert figures_of([pool])[HOST] == {Figure.SATURATION: pool}


def test_a_disk_of_which_only_the_size_is_told_is_told_all_the_same() -> None:
    size = told("storage_used", Meaning.STORAGE, "By")
    assert figures_of([size])[HOST] == {Figure.DISK: size}


def test_what_tells_no_figure_is_absent() -> None:
    assert figures_of([told("uptime", Meaning.OTHER, "s")]) == {}


@pytest.mark.parametrize(
    ("figure", "info", "label"),
    [(Figure.DISK, DATA, "/data"), (Figure.NETWORK, RECEIVED, "eth0 received"), (Figure.MEMORY, SHARE, "")],
    ids=["disk", "network", "memory"],
)
def test_disks_and_interfaces_are_named(figure: Figure, info: SeriesInfo, label: str) -> None:
    assert part_label(figure, info) == label


@pytest.mark.parametrize(
    ("figure", "statistic", "label", "words"),
    [
        (Figure.RESPONSE_TIME, "p95", "", "p95 response time"),
        (Figure.PROCESSOR, "", "", "processor use"),
        (Figure.DISK, "", "/data", "fullest disk (/data)"),
        (Figure.LOAD, "", "", "load over a minute"),
    ],
)
def test_figures_have_names_in_words(figure: Figure, statistic: str, label: str, words: str) -> None:
    assert figure_words(figure, statistic, label) == words
