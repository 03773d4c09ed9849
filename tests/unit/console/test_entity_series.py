"""All series of an entity at a moment, and the course of one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning
from quarterdeck.services.entity_series import EntitySeriesReader
from quarterdeck.services.ports import Envelope, Precision
from quarterdeck.storage.store import SqlStore
from tests.unit.console.test_readers import LIVE

PAYHUB = "integration/payhub-processor"


def test_every_series_is_listed_with_what_it_told_last_known_meanings_first(bank: SqlStore) -> None:
    listed = EntitySeriesReader(bank).all_series(PAYHUB, LIVE)
    assert {one.info.identity.meaning for one in listed} >= {Meaning.RESPONSE_TIME, Meaning.ERROR_RATE}
    names = [one.name for one in listed]
    assert names == sorted(names)
    readings = [one.reading for one in listed]
    assert all(reading is not None and reading.fresh for reading in readings)


def test_what_was_told_last_is_that_of_the_moment_in_the_past(bank: SqlStore) -> None:
    past = replace(LIVE, at=LIVE.at - timedelta(hours=2), live=False)
    now = EntitySeriesReader(bank).all_series(PAYHUB, LIVE)
    before = EntitySeriesReader(bank).all_series(PAYHUB, past)
    assert [one.name for one in before] == [one.name for one in now]
    assert [one.reading for one in before] != [one.reading for one in now]


def test_an_unknown_entity_has_no_series_and_an_unknown_series_no_course(bank: SqlStore) -> None:
    reader = EntitySeriesReader(bank)
    assert reader.all_series("service/nobody", LIVE) == ()
    assert reader.course(PAYHUB, 987_654, LIVE, 400) is None


def test_the_course_of_a_series_runs_over_the_range(bank: SqlStore) -> None:
    reader = EntitySeriesReader(bank)
    first = reader.all_series(PAYHUB, LIVE)[0]
    found = reader.course(PAYHUB, first.info.id, LIVE, 400)
    assert found is not None
    assert (found.name, found.failure) == (first.name, "")
    assert found.course.silent_from_ms is None
    assert np.isfinite(found.course.mean).sum() > 50


def test_the_course_is_asked_of_the_envelopes_that_also_read_through(bank: SqlStore) -> None:
    class Through:
        """Answers for series whose samples stay in their source."""

        def envelope(
            self, series_ids: Sequence[int], time_range: TimeRange, pixels: int, precision: Precision = Precision.EXACT
        ) -> tuple[Envelope, ...]:
            found = bank.envelope(series_ids, time_range, pixels, precision)
            return tuple(replace(one, failure="The source does not answer.") for one in found)

    reader = EntitySeriesReader(bank, Through())
    first = reader.all_series(PAYHUB, LIVE)[0]
    found = reader.course(PAYHUB, first.info.id, LIVE, 400)
    assert found is not None
    assert found.failure == "The source does not answer."
