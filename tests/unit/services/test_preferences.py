"""Preferences survive a restart; a file that cannot be used costs nothing but the preferences."""

import os
import stat
from pathlib import Path

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.preferences import LoadedPreferences, ThemePreference, TomlPreferences, UiPreferences

CHANGED = UiPreferences(ThemePreference.DARK, False, True, True, False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    return folder / "preferences.toml"


def test_a_first_start_has_the_defaults_and_no_remark(path: Path) -> None:
    assert TomlPreferences(path).load() == LoadedPreferences(UiPreferences())
    assert not path.exists()


def test_what_was_saved_is_loaded_again(path: Path) -> None:
    TomlPreferences(path).save(CHANGED)
    assert TomlPreferences(path).load() == LoadedPreferences(CHANGED)


def test_the_file_and_its_folder_are_the_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "preferences.toml"
    TomlPreferences(path).save(CHANGED)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_keys_of_another_version_are_passed_over(path: Path) -> None:
    path.write_text('theme = "light"\nsomething_new = [1, 2]\n')
    assert TomlPreferences(path).load() == LoadedPreferences(UiPreferences(theme=ThemePreference.LIGHT))


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"theme = ",
        b'theme = "pink"',
        b"theme = {}",
        b"tray_shown = 1",
        b'reduced_motion = "yes"',
        b"a = " + b"[" * 50_000,
        b"\0" * 100,
    ],
    ids=["bytes", "cut off", "colour", "table", "number", "word", "deep", "zeros"],
)
def test_a_file_that_cannot_be_used_is_kept_aside_and_told_of(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    loaded = TomlPreferences(path).load()
    assert loaded.preferences == UiPreferences()
    assert "It was kept as preferences.unusable.toml." in loaded.remark
    assert path.with_name("preferences.unusable.toml").read_bytes() == data
    assert TomlPreferences(path).load().remark == ""


def test_a_file_too_large_or_no_file_at_all_is_told_of_and_left_alone(path: Path) -> None:
    path.write_bytes(b"#" * 100_000)
    assert "larger than" in TomlPreferences(path).load().remark
    path.unlink()
    os.mkfifo(path)
    assert "is a pipe" in TomlPreferences(path).load().remark
    assert path.is_fifo()


def test_preferences_that_cannot_be_written_are_told_of(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way")
    with pytest.raises(OperatorError, match="is not a folder"):
        TomlPreferences(tmp_path / "config" / "preferences.toml").save(CHANGED)
