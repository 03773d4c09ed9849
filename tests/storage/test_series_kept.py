"""What readers keep decoded: within a number of bytes, and only while its row is there."""

import pytest

from quarterdeck.storage.series_kept import Kept


def kept(limit_bytes: int = 100) -> Kept[bytes]:
    return Kept[bytes](limit_bytes, len)


def test_a_value_is_made_once_while_it_is_kept() -> None:
    values = kept()
    assert values.get(1, 7, lambda: b"first") == b"first"
    assert values.get(1, 7, lambda: b"second") == b"first"
    assert values.find(2, 7) is None


def test_beyond_the_limit_the_least_lately_used_goes() -> None:
    values = kept(10)
    for row_id in (1, 2):
        values.get(1, row_id, lambda: b"12345")
    values.find(1, 1)
    values.get(1, 3, lambda: b"12345")
    assert [values.find(1, row_id) is not None for row_id in (1, 2, 3)] == [True, False, True]
    assert values.nbytes == 10


def test_rows_that_left_the_store_are_let_go() -> None:
    values = kept()
    for generation, row_id in ((0, 9), (1, 1), (1, 2), (1, 3)):
        values.get(generation, row_id, lambda: b"12345")
    values.forget_before(1, 3)
    assert [values.find(1, row_id) is not None for row_id in (1, 2, 3)] == [False, False, True]
    assert values.find(0, 9) is None
    assert values.nbytes == 5


def test_what_cannot_be_made_is_not_kept() -> None:
    def fail() -> bytes:
        raise ValueError("no value")

    values = kept()
    with pytest.raises(ValueError, match="no value"):
        values.get(1, 1, fail)
    assert values.find(1, 1) is None
    assert values.nbytes == 0
