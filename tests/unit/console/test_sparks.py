"""Small courses end at the play-head: what came after it was not known then."""

from datetime import timedelta

import numpy as np
import pytest

from quarterdeck.domain.series import Meaning
from quarterdeck.services.integrations import SPARK_POINTS, IntegrationReader
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.services.signals import SignalReader
from quarterdeck.storage.store import SqlStore
from tests.unit.console.test_readers import LIVE

PAYHUB = "integration/payhub-processor"


def spark(bank: SqlStore, moment: Moment) -> np.ndarray:
    found = bank.find(SeriesQuery(entity_keys=(PAYHUB,)))
    number = next(one.id for one in found if one.identity.meaning is Meaning.RESPONSE_TIME)
    return SignalReader(bank).sparks([number], moment, 60)[number]


@pytest.mark.parametrize(("hours_ago", "drawn"), [(3, 30), (1, 50), (5.9, 1), (0, 60)])
def test_a_course_of_six_hours_is_drawn_up_to_the_play_head_and_no_further(
    bank: SqlStore, hours_ago: float, drawn: int
) -> None:
    moment = Moment(LIVE.time_range, LIVE.at - timedelta(hours=hours_ago), live=False)
    values = spark(bank, moment)
    assert len(values) == 60
    assert np.flatnonzero(np.isfinite(values)).tolist() == list(range(drawn))


def test_up_to_the_play_head_a_course_is_that_of_the_present(bank: SqlStore) -> None:
    past = Moment(LIVE.time_range, LIVE.at - timedelta(hours=3), live=False)
    assert np.allclose(spark(bank, past)[:30], spark(bank, LIVE)[:30])


@pytest.mark.parametrize("hours_ago", [6, 9])
def test_before_the_range_nothing_of_it_was_known(bank: SqlStore, hours_ago: float) -> None:
    moment = Moment(LIVE.time_range, LIVE.at - timedelta(hours=hours_ago), live=False)
    values = spark(bank, moment)
    assert (len(values), np.isfinite(values).any()) == (60, False)


def test_the_list_of_integrations_ends_its_courses_at_the_play_head(bank: SqlStore) -> None:
    moment = Moment(LIVE.time_range, LIVE.at - timedelta(hours=3), live=False)
    rows = IntegrationReader(bank).integrations(moment).rows
    later = [row.spark[SPARK_POINTS // 2 :] for row in rows if len(row.spark)]
    assert later
    assert not np.isfinite(np.concatenate(later)).any()
