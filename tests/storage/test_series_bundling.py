"""What the head gives up reaches its bundles whole and in the order received, whichever way it is laid out."""

from collections.abc import Sequence

import numpy as np
import pytest

from quarterdeck.storage.series_bundles import BUNDLE_SERIES
from quarterdeck.storage.series_bundling import HeadToBundle
from quarterdeck.storage.series_codec import HeadColumns

BEGIN_MS = 1_700_000_000_000


def polled(series: Sequence[int], second: int) -> HeadColumns:
    """One sample of each series at one instant, as a poll brings them."""
    return scattered(series, [second] * len(series))


def scattered(series: Sequence[int], seconds: Sequence[int]) -> HeadColumns:
    """One sample of each series, each at an instant of its own."""
    numbers = np.array(series, np.int32)
    return HeadColumns(
        numbers,
        BEGIN_MS + 1000 * np.array(seconds, np.int64),
        (numbers * 1000.0 + np.array(seconds)).astype(np.float64),
    )


HISTORIES = {
    "one source": [polled(range(40), second) for second in range(9)],
    "two sources that share a bundle": [
        polled(series, second) for second in range(9) for series in (range(40), range(40, 90))
    ],
    "a source that lost a series for a while": [
        polled(range(40) if second < 5 else range(1, 40), second) for second in range(9)
    ],
    "late and again": [*(polled(range(40), second) for second in (3, 1, 1, 2)), polled(range(40), 1)],
    "out of order within a batch": [scattered((5, 2, 60, 2), (1, 2, 3, 1)), polled(range(70), 4)],
    "far apart": [polled((3, 100_000), 1), polled((3, 100_000), 2), polled((70_000,), 2)],
}


def brought(batches: Sequence[HeadColumns]) -> dict[int, list[tuple[int, float]]]:
    """By series, its samples in the order received."""
    found: dict[int, list[tuple[int, float]]] = {}
    for batch in batches:
        for number, at, value in zip(batch.series.tolist(), batch.times.tolist(), batch.values.tolist(), strict=True):
            found.setdefault(number, []).append((at, value))
    return found


@pytest.mark.parametrize("name", HISTORIES)
def test_every_sample_lies_in_the_bundle_of_its_series_in_the_order_received(name: str) -> None:
    head = HeadToBundle.of(1, 1, HISTORIES[name])
    found: dict[int, list[tuple[int, float]]] = {}
    numbers: list[int] = []
    for number, bundle, _ in head.bundles_after(-1):
        numbers.append(number)
        for series_id in bundle.series.tolist():
            samples = bundle.samples(series_id)
            assert samples is not None
            assert series_id // BUNDLE_SERIES == number
            found[series_id] = list(zip(samples[0].tolist(), samples[1].tolist(), strict=True))
    assert found == brought(HISTORIES[name])
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("name", HISTORIES)
def test_what_is_newest_is_noted_with_each_bundle(name: str) -> None:
    head = HeadToBundle.of(1, 1, HISTORIES[name])
    noted = {row["series_id"]: row for _, _, latest in head.bundles_after(-1) for row in latest}
    for series_id, samples in brought(HISTORIES[name]).items():
        times = [at for at, _ in samples]
        newest = [value for at, value in samples if at == max(times)][-1]
        row = noted[series_id]
        assert (row["first_ms"], row["last_ms"], row["last_value"]) == (min(times), max(times), newest)


def test_bundling_goes_on_after_the_bundle_it_had_reached() -> None:
    head = HeadToBundle.of(1, 1, HISTORIES["two sources that share a bundle"])
    every = [number for number, _, _ in head.bundles_after(-1)]
    assert [number for number, _, _ in head.bundles_after(every[1])] == every[2:]
