"""Workspaces: which store a console looks at, and where its own files lie; one profile never sees another's.

Nothing is made here: whoever first writes a file makes its folder, so that reading commands run where nothing may be
written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
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

    config_folder: Path
    data_folder: Path
    cache_folder: Path
    runtime_folder: Path


@dataclass(frozen=True, slots=True)
class Workspace:
    """A profile's name, the address of its store (a path or a database's URL) and its folders, none of them made yet.

    `store_url` may hold a password; `store_words` is what may be shown. `arguments` are the options that lead another
    process started in the same folder to the same workspace.
    """

    name: str
    store_url: str
    places: Places
    arguments: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The workspace as the window heads it: the profile's name as a word, the program's for the usual one."""
        return "Quarterdeck" if self.name == DEFAULT_PROFILE else self.name.replace("-", " ").capitalize()

    @property
    def subtitle(self) -> str:
        """Where the store lies, as the window says it below the title."""
        return self.store_words[0].upper() + self.store_words[1:]

    @property
    def store_exists(self) -> bool:
        """Whether there is a store to read; one on a server, or where nobody can look, counts as being there."""
        try:
            return self.store_path is None or self.store_path.exists()
        except OSError:
            return True

    @property
    def runtime_folder(self) -> Path:
        """Where the running processes of this workspace meet; whoever first writes there makes it."""
        return self.places.runtime_folder

    @property
    def store_path(self) -> Path | None:
        """The file the store lies in; None for a store on a server."""
        return None if "://" in self.store_url else Path(self.store_url)

    @property
    def store_words(self) -> str:
        """Where the store lies, in a few words: `local store`, `store on db.bank.example`."""
        if self.store_path is not None:
            return "local store"
        try:
            host = urlsplit(self.store_url).hostname
        except ValueError:
            host = None
        return f"store on {one_line(host, 80)}" if host else "store on a server"

    @property
    def preferences_file(self) -> Path:
        """What the person set in the console."""
        return self.places.config_folder / "preferences.toml"

    @property
    def policies_folder(self) -> Path:
        """Where a person puts packs of policies, beside those that the program carries."""
        return self.places.config_folder / "policies"

    @property
    def patterns_folder(self) -> Path:
        """Where a person puts patterns, beside those that the program carries."""
        return self.places.config_folder / "patterns"

    @property
    def secrets_file(self) -> Path:
        """The encrypted file of secrets, for computers without a keyring."""
        return self.places.config_folder / "secrets.json"

    @property
    def log_file(self) -> Path:
        """Where the collector of the window writes what happens; every store has its own."""
        if self.store_path == self.places.data_folder / STORE_FILE:
            return self.places.cache_folder / "collector.log"
        return self.places.cache_folder / f"collector-{self._store_mark}.log"

    @property
    def map_file(self) -> Path:
        """How the map of relationships was last seen; every store has its own."""
        return self.places.config_folder / f"map-{self._store_mark}.json"

    @property
    def _store_mark(self) -> str:
        return sha256(self.store_url.encode()).hexdigest()[:8]


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
    address = str(places.data_folder / STORE_FILE) if store_url is None else _address(store_url)
    arguments = ["--profile", name]
    arguments += ["--portable"] if portable else []
    arguments += ["--store", address] if store_url is not None else []
    return Workspace(name, address, places, tuple(arguments))


def _portable_places(name: str) -> Places:
    root = Path.cwd() / PORTABLE_FOLDER / name
    return Places(root / "config", root / "data", root / "cache", root / "run")


def _usual_places(name: str, environment: Mapping[str, str]) -> Places:
    import platformdirs

    state = platformdirs.user_state_path(APPLICATION) / name
    # The session's own folder ends with the session; without one, locks and sockets lie beside the state.
    session = environment.get("XDG_RUNTIME_DIR", "")
    return Places(
        config_folder=platformdirs.user_config_path(APPLICATION) / name,
        data_folder=platformdirs.user_data_path(APPLICATION) / name,
        cache_folder=platformdirs.user_cache_path(APPLICATION) / name,
        runtime_folder=Path(session) / APPLICATION / name if Path(session).is_absolute() else state / "run",
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
