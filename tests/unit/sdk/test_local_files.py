"""Only a regular file of a bounded size is read; everything else is refused in words."""

import errno
import stat
from pathlib import Path

import pytest

from quarterdeck.sdk.errors import ConnectorError, Denied, Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.local_files import explain_file_error, read_regular_file, replace_file


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


def test_a_replaced_file_is_private_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o644)
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_replacing_a_link_leaves_what_it_led_to_alone(tmp_path: Path) -> None:
    other, link = tmp_path / "other", tmp_path / "link"
    other.write_text("old")
    link.symlink_to(other)
    replace_file(link, b"new")
    assert other.read_text() == "old"
    assert not link.is_symlink()


def test_a_file_that_cannot_be_written_is_told_in_words_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    (target / "inside").touch()
    with pytest.raises(Unreachable, match="cannot be written"):
        replace_file(target, b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["folder"]
