"""Long histories out of text: every number exact, every line counted, whatever lies between."""

import io
import math
import random

import numpy as np
import pytest

from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.series import SeriesKind
from quarterdeck.sdk.history_text import HistoryBlock, HistoryReader
from quarterdeck.sdk.numbers_in_text import PADDING, numbers_at

ODD = [
    *("0", "-0.0", "1", "-1", "+5", "1.", ".5", "-.5", "00012", "1e5", "1e-05", "-2.5e+09", "1e-100", "1E+3"),
    *("5e-324", "1.7976931348623157e+308", "123456789012345.67", "9007199254740993.0", "9007199254740992"),
    *("12345678901234567890", "123456789012345678", "NaN", "+Inf", "-Inf", "0.30000000000000004"),
]
NONE = ["abc", "", "-", ".", "1.2.3", "1_0", "1e", "--1", "0x10", "1-2"]


def blocks(text: str, *, block_bytes: int = 2**20) -> list[HistoryBlock]:
    return list(HistoryReader(io.BytesIO(text.encode()), block_bytes=block_bytes).blocks())


def samples(found: list[HistoryBlock]) -> dict[tuple[str, tuple[tuple[str, str], ...]], list[tuple[int, float]]]:
    told: dict[tuple[str, tuple[tuple[str, str], ...]], list[tuple[int, float]]] = {}
    for block in found:
        for one in block.stretches:
            pairs = zip(one.times_ms.tolist(), one.values.tolist(), strict=True)
            told.setdefault((one.name, one.labels), []).extend(pairs)
    return told


def read(words: list[str]) -> tuple[np.ndarray, np.ndarray]:
    text = PADDING + " ".join(words).encode()
    ends = len(PADDING) + np.cumsum([len(word) + 1 for word in words]) - 1
    starts = ends - np.array([len(word) for word in words])
    return numbers_at(np.frombuffer(text, np.uint8), starts, ends)


def test_numbers_are_read_as_exactly_as_one_by_one() -> None:
    chance = random.Random(3)
    words = ODD + [
        repr(chance.choice((chance.gauss(0, 1), chance.randrange(10**12), 10 ** chance.uniform(-30, 30))))
        for _ in range(3000)
    ]
    values, fits = read(words)
    assert fits.all()
    expected = np.array([float(word) for word in words])
    assert np.array_equal(values.view(np.int64)[~np.isnan(values)], expected.view(np.int64)[~np.isnan(expected)])
    assert np.array_equal(np.isnan(values), np.isnan(expected))


def test_what_is_no_number_is_told_apart() -> None:
    values, fits = read(["1", *NONE, "2"])
    assert fits.tolist() == [True, *[False] * len(NONE), True]
    assert (values[0], values[-1]) == (1.0, 2.0)


def test_series_come_with_their_labels_and_instants_in_milliseconds() -> None:
    labelled = 'up{job="a b",x="1"} 1 1700000000.5\nup{job="a b",x="1"} 0 1700000001\n'
    text = f"# TYPE up gauge\n{labelled}load 2.5 1700000000\n# EOF\n"
    assert samples(blocks(text)) == {
        ("up", facts_of({"job": "a b", "x": "1"})): [(1700000000500, 1.0), (1700000001000, 0.0)],
        ("load", ()): [(1700000000000, 2.5)],
    }


def test_interleaved_series_are_told_apart_as_well() -> None:
    lines = [f'up{{n="{number % 3}"}} {number} {1700000000 + number}\n' for number in range(30)]
    told = samples(blocks("".join(lines)))
    assert [value for _, value in told["up", facts_of({"n": "1"})]] == [float(n) for n in range(1, 30, 3)]
    assert sum(map(len, told.values())) == 30


@pytest.mark.parametrize("block_bytes", [40, 97, 1000])
def test_a_file_read_in_small_blocks_says_the_same(block_bytes: int) -> None:
    text = (
        "".join(f'up{{n="{n}"}} {at} {1700000000 + at}\n' for n in range(4) for at in range(20)) + "last 1 1700000000"
    )
    assert samples(blocks(text, block_bytes=block_bytes)) == samples(blocks(text))
    assert samples(blocks(text))["last", ()] == [(1700000000000, 1.0)]


def test_kinds_are_learnt_from_the_families() -> None:
    counters = '# TYPE http counter\nhttp_total 1 1700000000\n# TYPE took histogram\ntook_bucket{le="1"} 1 1700000000\n'
    text = f"{counters}heap 3 1700000000\n"
    kinds = {one.name: one.kind for block in blocks(text) for one in block.stretches}
    assert kinds == {"http_total": SeriesKind.COUNTER, "took_bucket": SeriesKind.COUNTER, "heap": SeriesKind.GAUGE}


def test_escaped_labels_and_exemplars_are_understood() -> None:
    text = 'a{x="say \\"hi\\" \\\\ there"} 1 1700000000 # {trace="t"} 0.5 1700000000.1\n'
    assert samples(blocks(text)) == {("a", facts_of({"x": 'say "hi" \\ there'})): [(1700000000000, 1.0)]}


def test_lines_that_hold_no_sample_are_counted_and_the_others_kept() -> None:
    wrong = "up 2\nup one 1700000000\nup 3 NaN\n9up 1 1700000000\nup{x=1} 1 1700000000\n\n"
    text = f"up 1 1700000000\n{wrong}up 4 1700000004\n"
    found = blocks(text)
    assert samples(found) == {("up", ()): [(1700000000000, 1.0), (1700000004000, 4.0)]}
    assert sum(block.not_understood for block in found) == 5


def test_not_a_number_is_a_value_and_stays_one() -> None:
    ((_, value),) = samples(blocks("up NaN 1700000000\n"))["up", ()]
    assert math.isnan(value)


def test_text_without_any_space_or_line_end_is_nothing() -> None:
    assert samples(blocks("abc\n\n")) == {}
    assert blocks("") == []
    with pytest.raises(ValueError, match="longer"):
        blocks("x" * 5000, block_bytes=1000)
