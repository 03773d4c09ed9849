"""What readers keep decoded: within a number of bytes, and only while somebody asks for it."""

import pytest

from quarterdeck.storage.series_kept import Kept


def kept(limit_bytes: int = 100, *, idle_uses: int = 1000) -> Kept[bytes]:
    return Kept[bytes](limit_bytes, len, idle_uses=idle_uses)


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


def test_what_nobody_asks_for_any_more_is_let_go() -> None:
    values = kept(idle_uses=20)
    values.get(1, 1, lambda: b"old")
    values.get(1, 2, lambda: b"used")
    for row_id in range(10, 20):
        values.get(1, row_id, lambda: b"x")
        values.find(1, 2)
        values.find(1, 2)
    assert values.find(1, 1) is None
    assert values.find(1, 2) == b"used"


def test_what_cannot_be_made_is_not_kept() -> None:
    def fail() -> bytes:
        raise ValueError("no value")

    values = kept()
    with pytest.raises(ValueError, match="no value"):
        values.get(1, 1, fail)
    assert values.find(1, 1) is None
    assert values.nbytes == 0
