"""Which stretches of the past are judged, and what a batch adds to them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from quarterdeck.sdk.records import Samples
from quarterdeck.services.late_samples import late_spans, newest_of_each
from quarterdeck.services.past_agenda import PastAgenda, Task
from tests.unit.collection.fakes import IDENTITY

HOUR_MS = 3_600_000
OTHER = replace(IDENTITY, entity_key="service/accounts")


def columns(series: list[int], times_ms: list[int]) -> Samples:
    numbers, times = np.array(series, np.int32), np.array(times_ms, np.int64)
    return Samples((IDENTITY, OTHER), numbers, times, np.ones(len(times)))


def taken(agenda: PastAgenda, slice_ms: int = 1000) -> list[Task]:
    tasks: list[Task] = []
    while (task := agenda.take(slice_ms)) is not None:
        tasks.append(task)
    return tasks


def test_stretches_of_one_entity_that_touch_are_one() -> None:
    agenda = PastAgenda()
    for from_ms, to_ms in ((0, 10), (20, 30), (10, 20)):
        agenda.add("a", from_ms, to_ms)
    assert taken(agenda) == [Task("a", 0, 30)]


def test_distant_stretches_do_not_draw_in_what_lies_between_them() -> None:
    agenda = PastAgenda()
    agenda.add("a", 0, 10)
    agenda.add("a", 10_000, 10_010)
    assert taken(agenda) == [Task("a", 10_000, 10_010), Task("a", 0, 10)]


def test_the_newest_is_judged_first_in_slices() -> None:
    agenda = PastAgenda()
    agenda.add("a", 0, 2500)
    agenda.add("b", 0, 2000)
    assert taken(agenda) == [
        Task("a", 1500, 2500),
        Task("b", 1000, 2000),
        Task("a", 500, 1500),
        Task("b", 0, 1000),
        Task("a", 0, 500),
    ]


def test_nothing_is_due_of_an_entity_that_is_forgotten() -> None:
    agenda = PastAgenda()
    agenda.add("a", 0, 10)
    agenda.forget("a")
    assert taken(agenda) == []


def test_an_empty_stretch_is_nothing() -> None:
    agenda = PastAgenda()
    agenda.add("a", 10, 10)
    assert taken(agenda) == []


def test_late_samples_concern_their_own_entity_from_the_first_on() -> None:
    spans = late_spans(columns([0, 1, 0, 1], [5 * HOUR_MS, 9 * HOUR_MS, HOUR_MS, 3 * HOUR_MS]), 4 * HOUR_MS)
    assert {key: span[0] for key, span in spans.items()} == {
        IDENTITY.entity_key: HOUR_MS,
        OTHER.entity_key: 3 * HOUR_MS,
    }


def test_late_samples_concern_what_follows_them_longer_the_less_often_they_come() -> None:
    hourly = late_spans(columns([0, 0, 0], [HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS]), 9 * HOUR_MS)
    assert hourly[IDENTITY.entity_key][1] == 3 * HOUR_MS + 2.5 * HOUR_MS


def test_samples_in_time_concern_no_past() -> None:
    assert late_spans(columns([0, 1], [10, 20]), 5) == {}


def test_of_old_samples_only_the_last_few_of_each_series_are_worth_remembering() -> None:
    kept = newest_of_each(columns([0, 0, 0, 0, 1], [4, 2, 1, 3, 1]), 1000)
    assert sorted(zip(kept.series_index.tolist(), kept.times_ms.tolist(), strict=True)) == [
        (0, 2),
        (0, 3),
        (0, 4),
        (1, 1),
    ]


def test_recent_samples_are_all_worth_remembering() -> None:
    samples = columns([0, 0, 0, 0, 0], [1001, 1002, 1003, 1004, 1])
    assert len(newest_of_each(samples, 1000)) == 4
