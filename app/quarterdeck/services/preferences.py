"""What a person set in the console: kept in a small file that people may read and mend, never trusted."""

from __future__ import annotations

import contextlib
import tomllib
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.local_files import make_private_folder, read_regular_file, replace_file
from quarterdeck.sdk.texts import one_line

_MAX_FILE_BYTES = 64 * 1024
_HEAD = "# Preferences of Quarterdeck; written by the program when something is changed in its window.\n"


class ThemePreference(StrEnum):
    """Which theme the window wears: the system's, or always one."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class UiPreferences:
    """Everything the window remembers but its layout; the defaults are those of a first start."""

    theme: ThemePreference = ThemePreference.SYSTEM
    inspector_shown: bool = True
    rail_collapsed: bool = False
    reduced_motion: bool = False
    tray_shown: bool = True
    stays_in_tray: bool = False


@dataclass(frozen=True, slots=True)
class LoadedPreferences:
    """Preferences, and a sentence for the person when those of the file could not be used; empty otherwise."""

    preferences: UiPreferences
    remark: str = ""


class PreferenceStore(Protocol):
    """Where the window's preferences are kept."""

    def load(self) -> LoadedPreferences:
        """What was saved last, or the defaults. Never fails."""
        ...

    def save(self, preferences: UiPreferences) -> None:
        """Keep preferences. Raises OperatorError when they cannot be written."""
        ...


class TomlPreferences:
    """Preferences in a TOML file, replaced whole; a file that cannot be used is moved aside and told of."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> LoadedPreferences:
        """The file's preferences; keys it does not hold keep their defaults, keys nobody knows are passed over."""
        try:
            data = read_regular_file(self._path, _MAX_FILE_BYTES).data
        except Unreachable:
            return LoadedPreferences(UiPreferences())
        except OperatorError as fault:
            return LoadedPreferences(UiPreferences(), f"{fault.message} The preferences are those of a first start.")
        try:
            return LoadedPreferences(_preferences(data))
        except (ValueError, RecursionError):
            aside = self._move_aside()
            kept = f" It was kept as {one_line(aside.name)}." if aside else ""
            remark = (
                f"The file {one_line(self._path)} is not one of preferences; those of a first start are used.{kept}"
            )
            return LoadedPreferences(UiPreferences(), remark)

    def save(self, preferences: UiPreferences) -> None:
        """Replace the file. Raises OperatorError when it cannot be written."""
        make_private_folder(self._path.parent)
        lines = [f"{name} = {_toml(value)}\n" for name, value in asdict(preferences).items()]
        replace_file(self._path, (_HEAD + "".join(lines)).encode())

    def _move_aside(self) -> Path | None:
        aside = self._path.with_name(f"{self._path.stem}.unusable{self._path.suffix}")
        with contextlib.suppress(OSError):
            return self._path.replace(aside)
        return None


def _preferences(data: bytes) -> UiPreferences:
    table = tomllib.loads(data.decode("utf-8"))
    known: dict[str, object] = {field.name: table[field.name] for field in fields(UiPreferences) if field.name in table}
    flags = {name: value for name, value in known.items() if name != "theme"}
    theme = ThemePreference(known.get("theme", ThemePreference.SYSTEM))
    if not all(isinstance(value, bool) for value in flags.values()):
        raise ValueError("a switch is neither true nor false")
    return UiPreferences(theme=theme, **{name: bool(value) for name, value in flags.items()})


def _toml(value: bool | str) -> str:  # noqa: FBT001 - a value of the file, not a switch of the function
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'
