"""The list of an entity's series and the course of one as words and arrays: pure functions, safe in any thread."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from quarterdeck.analysis.courses import held_until_ms
from quarterdeck.domain.instants import duration_words, from_ms
from quarterdeck.domain.series import Meaning
from quarterdeck.services.entity_series import ListedSeries, SeriesCourse
from quarterdeck.services.moments import Moment
from quarterdeck.services.wording import NO_VALUE, meaning_words, moment_words, quantity
from quarterdeck.ui.charts.line_data import LineData
from quarterdeck.ui.shell.inspector.state import ChartedSeries, SeriesList

_MS = 1000.0


def series_list(entity_key: str, listed: Sequence[ListedSeries], moment: Moment) -> SeriesList:
    """All series in their order."""
    ages = [(moment.at - one.reading.at).total_seconds() if one.reading else float("nan") for one in listed]
    return SeriesList(
        entity_key=entity_key,
        ids=tuple(str(one.info.id) for one in listed),
        names=tuple(_name(one) for one in listed),
        meanings=tuple(_meaning(one) for one in listed),
        values=tuple(quantity(one.reading.value, one.reading.unit) if one.reading else NO_VALUE for one in listed),
        amounts=np.array([one.reading.value if one.reading else np.nan for one in listed], dtype=np.float64),
        ages=tuple(NO_VALUE if math.isnan(age) else duration_words(age) for age in ages),
        age_seconds=np.array(ages, dtype=np.float64),
        are_fresh=tuple(one.reading is not None and one.reading.fresh for one in listed),
        tips=tuple("\n".join(part for part in (_name(one), _meaning(one)) if part) for one in listed),
    )


def charted_series(found: SeriesCourse, moment: Moment) -> ChartedSeries:
    """The course of one series as a line, or why there is none."""
    time_range, identity, course = moment.time_range, found.info.identity, found.course
    held_ms = held_until_ms(course, time_range.end_at.timestamp() * _MS)
    line = LineData(
        found.name,
        identity.unit,
        course.times_ms / _MS,
        course.low,
        course.high,
        course.mean,
        held_until_s=None if held_ms is None else held_ms / _MS,
    )
    return ChartedSeries(
        series_id=str(found.info.id),
        line=line,
        start_s=time_range.start_at.timestamp(),
        end_s=time_range.end_at.timestamp(),
        play_head_s=None if moment.live else moment.at.timestamp(),
        failure=found.failure,
        silent_since=_silent_since(found, moment),
        is_sharp=found.is_sharp,
    )


def _name(one: ListedSeries) -> str:
    """With the statistic, which tells series of one name apart."""
    statistic = one.info.identity.statistic
    return f"{one.name} {statistic}" if statistic else one.name


def _meaning(one: ListedSeries) -> str:
    identity = one.info.identity
    if identity.meaning is Meaning.OTHER:
        return ""
    return meaning_words(identity.meaning, identity.statistic)


def _silent_since(found: SeriesCourse, moment: Moment) -> str:
    if found.course.silent_from_ms is None:
        return ""
    from_at, last_at = from_ms(int(found.course.silent_from_ms)), found.info.last_at
    return moment_words(from_at if last_at is None else min(last_at, from_at), moment.at)
