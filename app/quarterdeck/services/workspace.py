"""Workspaces: which store a console looks at, and where its own files lie; one profile never sees another's.

Nothing is made here: whoever first writes a file makes its folder, so that reading commands run where nothing may be
written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.texts import one_line

APPLICATION = "quarterdeck"
DEFAULT_PROFILE = "default"
PORTABLE_FOLDER = "quarterdeck-data"
STORE_FILE = "quarterdeck.db"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_SQLITE = "sqlite:///"
_LONGEST_ADDRESS = 4096


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one workspace: what a person set, what was gathered, what can be made again, what ends with us."""

    config_dir: Path
    data_dir: Path
    cache_dir: Path
    runtime_dir: Path


@dataclass(frozen=True, slots=True)
class Workspace:
    """A profile's name, the address of its store (a path or a database's URL) and its folders, none of them made yet.

    `store_url` may hold a password; `store_words` is what may be shown.
    """

    name: str
    store_url: str
    places: Places
    is_portable: bool = False

    @property
    def store_path(self) -> Path | None:
        """The file the store lies in; None for a store on a server."""
        return None if "://" in self.store_url else Path(self.store_url)

    @property
    def store_words(self) -> str:
        """Where the store lies, in a few words: `local store`, `store on db.bank.example`."""
        if self.store_path is not None:
            return "local store"
        host = urlsplit(self.store_url).hostname
        return f"store on {one_line(host, 80)}" if host else "store on a server"

    @property
    def preferences_file(self) -> Path:
        """What the person set in the console."""
        return self.places.config_dir / "preferences.toml"

    @property
    def secrets_file(self) -> Path:
        """The encrypted file of secrets, for computers without a keyring."""
        return self.places.config_dir / "secrets.json"


def open_workspace(
    *,
    store_url: str | None = None,
    profile: str | None = None,
    portable: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Workspace:
    """The workspace that these options name; touches no file. Raises OperatorError for a name or address that is none.

    `portable` keeps everything in `quarterdeck-data` in the current folder.
    """
    name = profile or DEFAULT_PROFILE
    if not _NAME.fullmatch(name):
        message = f"“{one_line(name, 60)}” cannot be the name of a profile."
        raise OperatorError(message, "Use small letters, digits and hyphens, such as production.")
    places = (
        _portable_places(name) if portable else _usual_places(name, os.environ if environment is None else environment)
    )
    address = str(places.data_dir / STORE_FILE) if store_url is None else _address(store_url)
    return Workspace(name, address, places, is_portable=portable)


def _portable_places(name: str) -> Places:
    root = Path.cwd() / PORTABLE_FOLDER / name
    return Places(root / "config", root / "data", root / "cache", root / "run")


def _usual_places(name: str, environment: Mapping[str, str]) -> Places:
    import platformdirs

    state = platformdirs.user_state_path(APPLICATION) / name
    # The session's own folder ends with the session; without one, locks and sockets lie beside the state.
    session = environment.get("XDG_RUNTIME_DIR", "")
    return Places(
        config_dir=platformdirs.user_config_path(APPLICATION) / name,
        data_dir=platformdirs.user_data_path(APPLICATION) / name,
        cache_dir=platformdirs.user_cache_path(APPLICATION) / name,
        runtime_dir=Path(session) / APPLICATION / name if Path(session).is_absolute() else state / "run",
    )


def _address(text: str) -> str:
    """A store's address as one spelling: files by their whole path, so that one store has one name."""
    if not text.strip() or len(text) > _LONGEST_ADDRESS or not text.isprintable():
        raise OperatorError("That is not the address of a store.", "Give a file's path or a database URL.")
    if text.startswith(_SQLITE) and "?" not in text:
        text = text.removeprefix(_SQLITE)
    if "://" in text:
        return text
    try:
        return os.path.abspath(Path(text).expanduser())  # noqa: PTH100 - resolves ".." without following links
    except RuntimeError as fault:
        raise OperatorError(
            "The home folder of that user is not known.", "Give the whole path of the store."
        ) from fault
