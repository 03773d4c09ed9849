"""Of several series of one meaning, every reader takes the same one."""

from datetime import datetime, timedelta
from itertools import count

import pytest

from quarterdeck.domain.facts import Facts, facts_of
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesInfo
from quarterdeck.services.series_choice import SILENT_AFTER, choose_series
from tests.support.pictured_bank import NOON

KEY = "component/node"
INSTANCE = {"instance": "127.0.0.1:9100"}
SHARES = frozenset({Meaning.PROCESSING, Meaning.SATURATION, Meaning.STORAGE, Meaning.ERROR_RATE, Meaning.AVAILABILITY})
_numbers = count(1)


def told(
    name: str, meaning: Meaning, value: float | None = 0.5, labels: dict[str, str] | None = None, *, unit: str = ""
) -> SeriesInfo:
    """A series of which something was told at noon."""
    found: Facts = facts_of(labels or {})
    identity = SeriesIdentity(KEY, name, meaning, unit or ("ratio" if meaning in SHARES else "1/s"), labels=found)
    return SeriesInfo(next(_numbers), identity, "c", NOON, NOON, value)


def at(info: SeriesInfo, when: datetime | None, connection: str = "c") -> SeriesInfo:
    return SeriesInfo(info.id, info.identity, connection, when, when, info.last_value)


def flow(device: str, direction: str, value: float | None) -> SeriesInfo:
    name = f"node_network_{direction}_bytes_total"
    return told(name, Meaning.NETWORK, value, {"device": device} | INSTANCE, unit="By/s")


def chosen(*series: SeriesInfo) -> SeriesInfo | None:
    """The one that stands for the meaning of the first, in whatever order they come."""
    meaning = series[0].identity.meaning
    found = {choose_series(order)[KEY].get(meaning) for order in (series, series[::-1])}
    (one,) = found
    return one


BUSY = told("processors_busy", Meaning.PROCESSING, 0.109, INSTANCE)
MEMORY = told("memory_used_share", Meaning.SATURATION, 0.079, INSTANCE)
OWN_PROCESSOR = told("process_cpu_seconds_total", Meaning.PROCESSING, 0.9, INSTANCE, unit="1")
OWN_MEMORY = told("process_resident_memory_bytes", Meaning.MEMORY, 2e7, INSTANCE, unit="By")
OWN_FILES = told("process_file_descriptors_used_share", Meaning.SATURATION, 0.99, INSTANCE)
WORK = told("requests_total", Meaning.THROUGHPUT, 9.0)


def test_what_a_process_tells_of_itself_does_not_stand_for_the_host_it_measures() -> None:
    assert choose_series([OWN_FILES, OWN_PROCESSOR, OWN_MEMORY, BUSY, MEMORY])[KEY] == {
        Meaning.PROCESSING: BUSY,
        Meaning.SATURATION: MEMORY,
    }


def test_a_program_that_measures_nothing_else_is_told_by_its_process() -> None:
    assert choose_series([OWN_FILES, OWN_PROCESSOR, OWN_MEMORY, WORK])[KEY] == {
        Meaning.SATURATION: OWN_FILES,
        Meaning.PROCESSING: OWN_PROCESSOR,
        Meaning.MEMORY: OWN_MEMORY,
        Meaning.THROUGHPUT: WORK,
    }


def test_a_program_s_pool_comes_before_the_files_of_its_process() -> None:
    pool = told("pool_used", Meaning.SATURATION, 0.1)
    assert chosen(OWN_FILES, pool) is pool


def test_the_whole_comes_before_its_parts_however_busy_they_are() -> None:
    parts = [told("processors_busy", Meaning.PROCESSING, 1.0, {"cpu": number} | INSTANCE) for number in "01"]
    assert chosen(*parts, BUSY) is BUSY


def test_of_parts_without_a_whole_the_busiest_stands() -> None:
    queues = [told("depth", Meaning.QUEUE_DEPTH, value, {"queue": name}) for name, value in (("a", 1.0), ("b", 7.0))]
    assert chosen(*queues) is queues[1]


def test_of_two_wholes_the_busier_stands() -> None:
    engine = told("engine_count", Meaning.THROUGHPUT, 0.0)
    assert chosen(engine, WORK) is WORK


@pytest.mark.parametrize("meaning", [Meaning.AVAILABILITY, Meaning.EXPIRY], ids=["availability", "expiry"])
def test_where_little_is_bad_the_least_stands(meaning: Meaning) -> None:
    good, bad = told("a", meaning, 1.0), told("b", meaning, 0.5)
    assert chosen(good, bad) is bad


def test_of_those_that_are_equal_the_first_by_name_and_labels_stands() -> None:
    first = told("a", Meaning.QUEUE_DEPTH, 2.0, {"queue": "a"})
    others = (told("a", Meaning.QUEUE_DEPTH, 2.0, {"queue": "b"}), told("b", Meaning.QUEUE_DEPTH, 2.0, {"queue": "a"}))
    assert chosen(*others, first) is first


@pytest.mark.parametrize("unknown", [None, float("nan"), float("inf")], ids=["none", "nan", "inf"])
def test_what_tells_no_number_is_not_the_busiest(unknown: float | None) -> None:
    idle = told("b", Meaning.QUEUE_DEPTH, 0.0)
    assert chosen(told("a", Meaning.QUEUE_DEPTH, unknown), idle) is idle


def test_what_fell_silent_stands_for_nothing_that_still_speaks() -> None:
    gone = at(told("depth", Meaning.QUEUE_DEPTH, 900.0, {"queue": "gone"}), NOON - SILENT_AFTER - timedelta(seconds=1))
    never = at(told("depth", Meaning.QUEUE_DEPTH, None), None)
    speaking = told("depth", Meaning.QUEUE_DEPTH, 1.0, {"queue": "here"})
    assert chosen(gone, never, speaking) is speaking


def test_a_connection_that_is_asked_seldom_is_not_silent_for_that() -> None:
    hourly = at(told("depth", Meaning.QUEUE_DEPTH, 9.0, {"queue": "a"}), NOON - timedelta(minutes=50), "hourly")
    often = told("depth", Meaning.QUEUE_DEPTH, 1.0, {"queue": "b"})
    assert chosen(hourly, often) is hourly


def test_the_busiest_device_stands_for_the_network_counted_in_both_directions() -> None:
    eth0 = flow("eth0", "receive", 10.0)
    ifb0 = flow("ifb0", "receive", 40.0)
    others = (flow("aaa", "receive", 0.0), flow("aaa", "transmit", None), flow("ifb0", "transmit", 0.0))
    assert chosen(*others, ifb0, eth0, flow("eth0", "transmit", 900.0)) is eth0


def test_the_loopback_never_stands_for_the_network() -> None:
    eth0, loopback = flow("eth0", "receive", 0.0), flow("lo", "receive", 9e6)
    assert chosen(loopback, eth0) is eth0
    assert chosen(loopback) is None
