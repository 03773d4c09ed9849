"""What moved in a range: out of the samples of the store, the furthest first, honest about what cannot be compared."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.moments import Moment
from quarterdeck.services.moved import STEPS, MovedReader
from quarterdeck.services.ports import EstateChange
from quarterdeck.services.wording import moment_words
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from quarterdeck.ui.panels.performance.moved_words import moved_state
from tests.support.stores import take_in

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LIVE = Moment(TimeRange.ending(NOON, 4 * 3600), NOON)
STEP_S = 60
TIMES = np.arange(to_ms(NOON - timedelta(hours=8)), to_ms(NOON), STEP_S * 1000)
HALF = len(TIMES) // 2
ONSET = HALF + 90


def wobble(seed: int, level: float, spread: float) -> np.ndarray:
    return level + spread * np.random.default_rng(seed).normal(size=len(TIMES))


def series(key: str, meaning: Meaning, unit: str) -> SeriesIdentity:
    return SeriesIdentity(key, meaning.value, meaning, unit)


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(str(tmp_path / "console.db"))
    entities = tuple(Entity(f"service/{name}", EntityKind.SERVICE, name) for name in ("payments", "accounts", "mail"))
    store.writer.change_estate(EstateChange(NOON - timedelta(days=1), "test", put_entities=entities)).result()
    yield store
    store.close()


def fill(store: SqlStore, identity: SeriesIdentity, values: np.ndarray, times: np.ndarray = TIMES) -> None:
    take_in(store, Batch(samples=Samples.of_series(identity, times, values)))


def test_what_moved_is_told_with_the_medians_of_its_samples_and_since_when(estate: SqlStore) -> None:
    slower = wobble(1, 0.1, 0.005)
    slower[ONSET:] += 0.3
    fill(estate, series("service/payments", Meaning.RESPONSE_TIME, "s"), slower)
    fill(estate, series("service/accounts", Meaning.RESPONSE_TIME, "s"), wobble(2, 0.1, 0.005))
    report = MovedReader(estate).moved(LIVE)
    (one,) = report.moved
    assert (one.entity.name, report.unmoved, report.untold) == ("payments", 1, 0)
    steps = np.arange(2 * STEPS + 1) * (8 * 3600_000 / (2 * STEPS)) + TIMES[0]
    means = [slower[(a <= TIMES) & (b > TIMES)].mean() for a, b in pairwise(steps)]
    assert one.shift.before == pytest.approx(float(np.median(means[:STEPS])), abs=1e-12)
    assert one.shift.after == pytest.approx(float(np.median(means[STEPS:])), abs=1e-12)
    assert one.since_at is not None
    began_at = NOON - timedelta(hours=8) + timedelta(seconds=STEP_S * ONSET)
    assert abs(one.since_at - began_at) <= timedelta(seconds=2 * 8 * 3600 / (2 * STEPS))


def test_the_furthest_from_what_was_usual_stands_first(estate: SqlStore) -> None:
    for number, (name, step) in enumerate((("accounts", 0.02), ("payments", 0.2), ("mail", 0.05))):
        moved = wobble(number, 0.1, 0.005)
        moved[HALF:] += step
        fill(estate, series(f"service/{name}", Meaning.RESPONSE_TIME, "s"), moved)
    assert [one.entity.name for one in MovedReader(estate).moved(LIVE).moved] == ["payments", "mail", "accounts"]


def test_what_began_within_the_range_cannot_be_compared(estate: SqlStore) -> None:
    fill(estate, series("service/mail", Meaning.THROUGHPUT, "1/s"), wobble(1, 5, 1)[HALF:], TIMES[HALF:])
    report = MovedReader(estate).moved(LIVE)
    assert (report.moved, report.unmoved, report.untold) == ((), 0, 1)
    state = moved_state(report, LIVE, str)
    assert state.absence == "Too little is kept on either side to compare anything."


def test_an_estate_without_any_figure_has_nothing_to_compare(estate: SqlStore) -> None:
    report = MovedReader(estate).moved(LIVE)
    assert (report.moved, report.unmoved, report.untold) == ((), 0, 0)
    assert moved_state(report, LIVE, str).lines == ()


def test_the_past_is_compared_as_it_was(estate: SqlStore) -> None:
    later = wobble(3, 10, 1)
    later[HALF:] += 50
    fill(estate, series("service/mail", Meaning.THROUGHPUT, "1/s"), later)
    at = NOON - timedelta(hours=4)
    assert MovedReader(estate).moved(Moment(TimeRange.ending(at, 2 * 3600), at, live=False)).moved == ()
    assert len(MovedReader(estate).moved(LIVE).moved) == 1


def test_a_line_says_how_far_and_how_sure_in_a_sentence(estate: SqlStore) -> None:
    errors = np.abs(wobble(5, 0.002, 0.0004))
    errors[HALF:] += 0.3
    fill(estate, series("service/payments", Meaning.ERROR_RATE, "ratio"), errors)
    fill(estate, series("service/mail", Meaning.ERROR_RATE, "ratio"), np.abs(wobble(6, 0.002, 0.0004)))
    state = moved_state(MovedReader(estate).moved(LIVE), LIVE, str)
    (line,) = state.lines
    assert line.name == "payments · error rate"
    assert line.change.startswith("0.20% → 30% since ")
    assert "times its usual spread" in line.detail
    assert "of 100 values 100 lie above one from before" in line.detail
    assert "in less than 1 of 1,000 cases" in line.detail
    assert state.others == "1 other did not, or not surely."
    before_at, at = (NOON - timedelta(hours=hours) for hours in (8, 4))
    assert state.compared.endswith(f"beside {moment_words(before_at, NOON)} – {moment_words(at, NOON)}")


@pytest.mark.parametrize("values", [np.full(len(TIMES), np.nan), np.full(len(TIMES), np.inf), np.zeros(len(TIMES))])
def test_numbers_that_are_none_move_nothing(estate: SqlStore, values: np.ndarray) -> None:
    fill(estate, series("service/mail", Meaning.SATURATION, "ratio"), values)
    assert MovedReader(estate).moved(LIVE).moved == ()
