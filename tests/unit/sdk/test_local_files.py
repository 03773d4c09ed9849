"""Only a regular file of a bounded size is read; everything else is refused in words."""

import errno
from pathlib import Path

import pytest

from quarterdeck.sdk.errors import ConnectorError, Denied, Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.local_files import explain_file_error, read_regular_file


def test_a_file_of_just_the_limit_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 1000)
    assert read_regular_file(path, 1000).data == b"x" * 1000


def test_a_file_of_a_byte_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 1001)
    with pytest.raises(UnexpectedReply, match="larger than 1 kB"):
        read_regular_file(path, 1000)


def test_a_file_whose_size_is_said_to_be_zero_is_read_to_its_end() -> None:
    assert read_regular_file("/proc/self/status", 100_000).data.startswith(b"Name:")


def test_a_name_no_file_can_have_is_refused() -> None:
    with pytest.raises(Misconfigured):
        read_regular_file("a\0b", 10)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOENT, Unreachable),
        (errno.ENOTDIR, Unreachable),
        (errno.EACCES, Denied),
        (errno.EPERM, Denied),
        (errno.ELOOP, Misconfigured),
        (errno.EIO, Unreachable),
    ],
)
def test_each_failure_of_the_system_is_told_as_what_it_is(number: int, kind: type[ConnectorError]) -> None:
    explained = explain_file_error(OSError(number, "x"), "estate.yaml")
    assert type(explained) is kind
    assert "estate.yaml" in explained.message
    assert explained.next_step
