import numpy as np

from quarterdeck.analysis.assessment import levels_of
from quarterdeck.demo.estate import estate_document
from quarterdeck.demo.metrics import labelled_series
from quarterdeck.domain.expectations import expectations_for
from quarterdeck.domain.instants import from_ms
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.estate_document import parse_estate
from tests.demo.worlds import ADDRESSES, DAY_MS, OPENED_MS, PaperBank, grid, paper_bank


def test_the_same_seed_gives_the_same_numbers() -> None:
    times_ms = grid(3)
    one, other = paper_bank(seed=7).model.everything(times_ms), paper_bank(seed=7).model.everything(times_ms)
    np.testing.assert_array_equal(one, other)


def test_another_seed_gives_other_numbers_of_the_same_size() -> None:
    times_ms = grid(3)
    one = paper_bank(seed=7).values("integration/core-accounts", Meaning.THROUGHPUT, "", times_ms)
    other = paper_bank(seed=8).values("integration/core-accounts", Meaning.THROUGHPUT, "", times_ms)
    assert not np.array_equal(one, other)
    assert 0.9 < one.mean() / other.mean() < 1.1


def test_history_asked_in_one_piece_equals_single_live_readings() -> None:
    bank = paper_bank(opening=None)
    times_ms = grid(1, 3607)
    whole = bank.model.everything(times_ms)
    singly = np.concatenate([bank.model.everything(times_ms[i : i + 1]) for i in range(len(times_ms))], axis=1)
    np.testing.assert_array_equal(whole, singly)


def test_a_bank_opened_later_tells_the_same_past() -> None:
    times_ms = grid(2, until_ms=OPENED_MS - 3 * DAY_MS)
    bank = paper_bank()
    bank_of_tomorrow = paper_bank(opened_ms=OPENED_MS + DAY_MS)
    np.testing.assert_array_equal(bank.model.everything(times_ms), bank_of_tomorrow.model.everything(times_ms))


def test_nothing_jumps_where_history_meets_the_present() -> None:
    bank = paper_bank(speed=20.0)
    times_ms = np.arange(OPENED_MS - 600_000, OPENED_MS + 600_000, 1000, dtype=np.int64)
    values = bank.values("integration/core-accounts", Meaning.THROUGHPUT, "", times_ms)
    steps = np.abs(np.diff(values)) / values[:-1]
    seam = len(steps) // 2
    assert steps[seam - 1 : seam + 1].max() <= np.delete(steps, [seam - 1, seam]).max()


def test_weekends_are_quieter_than_weekdays_and_nights_than_days() -> None:
    bank = paper_bank()
    times_ms = grid(84)
    values = bank.values("service/payment-order-initiation", Meaning.THROUGHPUT, "", times_ms)
    weekday = (times_ms // DAY_MS + 3) % 7
    hour = times_ms % DAY_MS // 3_600_000
    assert values[weekday >= 5].mean() < 0.7 * values[weekday < 5].mean()
    assert values[hour == 3].mean() < 0.4 * values[hour == 20].mean()


def test_salary_days_bring_more_payments() -> None:
    bank = paper_bank()
    times_ms = grid(84)
    values = bank.values("integration/payhub-processor", Meaning.THROUGHPUT, "", times_ms)
    day = times_ms.astype("datetime64[ms]").astype("datetime64[D]")
    day_of_month = (day - day.astype("datetime64[M]")).astype(int) + 1
    assert values[day_of_month == 26].mean() > 1.2 * values[(day_of_month > 6) & (day_of_month < 22)].mean()


def test_a_fast_calendar_brings_the_evening_within_minutes() -> None:
    bank = paper_bank(speed=60.0)
    hours_later = np.array([OPENED_MS, OPENED_MS + 8 * 60_000], np.int64)  # 12:32 and, by the calendar, 20:32
    noon, evening = bank.values("integration/core-accounts", Meaning.THROUGHPUT, "", hours_later)
    assert evening > 1.3 * noon


def test_percentiles_stand_in_their_order() -> None:
    bank = paper_bank(opening=None)
    times_ms = grid(20)
    p50, p95, p99 = (
        bank.values("integration/account-aggregation", Meaning.RESPONSE_TIME, statistic, times_ms)
        for statistic in ("p50", "p95", "p99")
    )
    assert (p50 < p95).all()
    assert (p95 < p99).all()


def test_the_noise_has_heavy_tails() -> None:
    values = paper_bank().values("integration/statements", Meaning.RESPONSE_TIME, "p99", grid(60))
    away = (values - np.median(values)) / values.std()
    assert away.max() > 6.0
    assert np.percentile(away, 95) < 2.5


def test_storage_grows_slowly_and_is_cleared_at_once() -> None:
    steps = np.diff(paper_bank().values("component/ledger-db", Meaning.STORAGE, "", grid(90, 86_400)))
    assert (steps > 0).mean() > 0.85
    assert steps.min() < -0.2


def test_no_series_is_told_twice() -> None:
    labels = [series.labels for series in labelled_series(paper_bank().model)]
    assert len(labels) == len(set(labels))
    assert 130 <= len(labels) <= 180


def test_ninety_calm_days_break_hardly_any_expectation() -> None:
    bank = paper_bank()
    times_ms = grid(90)
    frame = bank.model.everything(times_ms)
    felt = bank.faults.felt(times_ms)
    calm = ~np.any([share > 0 for share in felt.values()], axis=0)
    assert calm.mean() > 0.9
    assert _breaches(bank, frame[:, calm]) <= 6


def _breaches(bank: PaperBank, frame: np.ndarray) -> int:
    estate = parse_estate(estate_document(ADDRESSES, from_ms(OPENED_MS)).encode(), "estate.yaml")
    expectations = {entity.key: expectations_for(entity.expectations) for entity in estate.entities}
    return sum(
        int((levels_of(frame[row], expectation) > 0).sum())
        for row, series in enumerate(bank.model.series)
        for expectation in expectations[series.entity_key]
        if (expectation.meaning, expectation.statistic) == (series.meaning, series.statistic)
    )
